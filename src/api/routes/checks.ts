/** Doctor for the console: what must be in place on both platforms. */
import type { FastifyInstance } from 'fastify';
import type { Examination } from '../examination.ts';
import { refuse } from '../problem.ts';

export function checkRoutes(server: FastifyInstance, examination: Examination): void {
  server.get('/v1/checks', (_request, reply) => {
    const last = examination.last();
    if (last !== undefined) return reply.send(last);
    return refuse(reply, 404, {
      code: 'NOT_EXAMINED',
      message: 'Nothing was examined since the start.',
      fix: 'Ask for it with POST /v1/checks; it takes up to half a minute.',
    });
  });

  server.post('/v1/checks', () => examination.run());
}
