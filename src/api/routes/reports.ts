/** /v1/reports: figures over a period, from the journal. */
import type { FastifyInstance } from 'fastify';
import { periodOf, periodQuerySchema } from '../contract/reports.ts';
import { readQuery, refuse } from '../problem.ts';
import type { Reader } from '../reader.ts';

export function reportRoutes(server: FastifyInstance, reader: Reader): void {
  server.get('/v1/reports/mismatch', (request, reply) => {
    const query = readQuery(periodQuerySchema, request.query);
    if (!query.ok) return refuse(reply, 400, query.problem);
    const period = periodOf(query.value, reader.now());
    if (period.from < period.to) return reader.mismatch(period);
    return refuse(reply, 400, {
      code: 'BAD_QUERY',
      message: 'The period ends before it begins.',
      field: 'to',
      value: new Date(period.to).toISOString(),
      fix: 'Give a `to` after `from`; without them it is the last day.',
    });
  });
}
