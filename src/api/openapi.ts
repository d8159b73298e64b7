/** OpenAPI 3.1, generated from the schemas that the routes use. */
import { z } from 'zod';
import {
  agentDetailSchema,
  boardPageSchema,
  explanationSchema,
  summarySchema,
} from './contract/board.ts';
import { examinationSchema } from './contract/checks.ts';
import { mismatchSchema, periodQuerySchema } from './contract/reports.ts';
import {
  errorSchema,
  explanationQuerySchema,
  healthSchema,
  listQuerySchema,
} from './contract/common.ts';

interface Operation {
  readonly path: string;
  /** Reading where it is not given. */
  readonly method?: 'get' | 'post';
  readonly summary: string;
  readonly answer: z.ZodType | string;
  readonly query?: z.ZodObject;
}

const OPERATIONS: readonly Operation[] = [
  {
    path: '/v1/agents',
    summary: 'Agents with both platforms’ states, page by page',
    answer: boardPageSchema,
    query: listQuerySchema,
  },
  { path: '/v1/agents/{id}', summary: 'One agent in detail', answer: agentDetailSchema },
  {
    path: '/v1/agents/{id}/explanation',
    summary: 'Why the agent is in this state, now or at a past moment',
    answer: explanationSchema,
    query: explanationQuerySchema,
  },
  { path: '/v1/summary', summary: 'Counts, delays and quota', answer: summarySchema },
  {
    path: '/v1/health',
    summary: 'Health of the service and of each platform',
    answer: healthSchema,
  },
  {
    path: '/v1/reports/mismatch',
    summary: 'How long the platforms disagreed, as it was and without Lockstep',
    answer: mismatchSchema,
    query: periodQuerySchema,
  },
  {
    path: '/v1/checks',
    summary: 'The last examination of what must be in place (404 while there was none)',
    answer: examinationSchema,
  },
  {
    path: '/v1/checks',
    method: 'post',
    summary: 'Examine now; writes nothing on either platform',
    answer: examinationSchema,
  },
  {
    path: '/v1/stream',
    summary: 'Server-sent events: hello, agents, gone, ages, summary',
    answer: 'text/event-stream',
  },
  { path: '/metrics', summary: 'Metrics in Prometheus text format', answer: 'text/plain' },
  { path: '/healthz', summary: 'The process runs', answer: z.object({ status: z.string() }) },
  {
    path: '/readyz',
    summary: 'It can do its work (503 otherwise)',
    answer: z.object({ status: z.string() }),
  },
];

export function openApi(version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: { title: 'Lockstep', version, license: { name: 'Apache-2.0' } },
    paths: pathsOf(OPERATIONS),
  };
}

function pathsOf(operations: readonly Operation[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const each of operations) {
    paths[each.path] = { ...paths[each.path], [each.method ?? 'get']: operationOf(each) };
  }
  return paths;
}

function operationOf(operation: Operation): Record<string, unknown> {
  return {
    summary: operation.summary,
    parameters: [...pathParameters(operation.path), ...queryParameters(operation.query)],
    responses: {
      200: { description: 'OK', content: contentOf(operation.answer) },
      default: { description: 'What is wrong and what to do', content: contentOf(errorSchema) },
    },
  };
}

function contentOf(answer: z.ZodType | string): Record<string, unknown> {
  if (typeof answer === 'string') return { [answer]: { schema: { type: 'string' } } };
  return { 'application/json': { schema: z.toJSONSchema(answer, { target: 'draft-2020-12' }) } };
}

function pathParameters(path: string): Record<string, unknown>[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): Record<string, unknown>[] {
  if (query === undefined) return [];
  return Object.entries(query.shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: z.toJSONSchema(schema, { io: 'input' }),
  }));
}
