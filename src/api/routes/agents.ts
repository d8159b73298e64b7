/** /v1/agents: the board as pages, one agent in detail, and why they are in the state they are in. */
import type { FastifyInstance } from 'fastify';
import { explanationQuerySchema, listQuerySchema } from '../contract/common.ts';
import type { Problem } from '../problem.ts';
import { readQuery, refuse } from '../problem.ts';
import type { Reader } from '../reader.ts';

export function agentRoutes(server: FastifyInstance, reader: Reader): void {
  server.get('/v1/agents', (request, reply) => {
    const query = readQuery(listQuerySchema, request.query);
    if (!query.ok) return refuse(reply, 400, query.problem);
    return reader.page(query.value.limit, query.value.cursor);
  });

  server.get<{ Params: { id: string } }>('/v1/agents/:id', (request, reply) => {
    const detail = reader.detail(request.params.id);
    return detail ?? refuse(reply, 404, unknownAgent(request.params.id));
  });

  server.get<{ Params: { id: string } }>('/v1/agents/:id/explanation', async (request, reply) => {
    const query = readQuery(explanationQuerySchema, request.query);
    if (!query.ok) return refuse(reply, 400, query.problem);
    const { id } = request.params;
    const { at } = query.value;
    const explanation =
      at === undefined ? reader.explanation(id) : await reader.explanationAt(id, Date.parse(at));
    return explanation ?? refuse(reply, 404, unknownAgent(id));
  });
}

function unknownAgent(id: string): Problem {
  return {
    code: 'UNKNOWN_AGENT',
    message: 'There is no agent with this id at that time.',
    field: 'id',
    value: id.slice(0, 100),
    fix: 'Take an id from /v1/agents.',
  };
}
