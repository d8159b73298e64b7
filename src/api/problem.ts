/** Errors of the API: a stable code, what is wrong, and what to do. Nothing internal gets out. */
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly value?: string;
  readonly fix: string;
}

export function refuse(reply: FastifyReply, status: number, problem: Problem): FastifyReply {
  return reply.code(status).send({ error: problem });
}

/** The query as the schema reads it, or the answer that says which parameter is wrong. */
export function readQuery<S extends z.ZodType>(
  schema: S,
  query: unknown,
):
  | { readonly ok: true; readonly value: z.infer<S> }
  | { readonly ok: false; readonly problem: Problem } {
  const result = schema.safeParse(query);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  return {
    ok: false,
    problem: {
      code: 'BAD_QUERY',
      message: `The parameter ${field} is not valid: ${issue?.message ?? 'unknown'}`,
      field,
      value: valueOf(query, field),
      fix: 'See /v1/openapi.json for what each parameter takes.',
    },
  };
}

function valueOf(query: unknown, field: string): string {
  if (typeof query !== 'object' || query === null) return '';
  const value: unknown = Object.entries(query).find(([name]) => name === field)?.[1];
  return String(value).slice(0, 100);
}
