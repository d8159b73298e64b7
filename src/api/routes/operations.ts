/** Health, readiness, metrics and the description of the API itself. */
import type { FastifyInstance } from 'fastify';
import { openApi } from '../openapi.ts';
import type { Reader } from '../reader.ts';

export interface Exposition {
  readonly contentType: string;
  text(): Promise<string>;
}

export function operationRoutes(
  server: FastifyInstance,
  reader: Reader,
  metrics: Exposition,
): void {
  server.get('/v1/health', () => reader.health());
  server.get('/v1/summary', () => reader.summary());
  server.get('/v1/openapi.json', () => openApi(reader.version));

  /** The process runs. */
  server.get('/healthz', () => ({ status: 'ok' }));

  /** It can do its work: the journal takes records and both platforms are fresh. */
  server.get('/readyz', (_request, reply) => {
    const { status } = reader.health();
    return reply.code(status === 'ok' ? 200 : 503).send({ status });
  });

  server.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.text()),
  );
}
