/** Shapes shared by every resource: errors, health, and the query of lists. */
import { z } from 'zod';

export const errorSchema = z.object({
  error: z.object({
    code: z.string().describe('Stable, never reused'),
    message: z.string(),
    field: z.string().optional(),
    value: z.string().optional(),
    fix: z.string(),
  }),
});

export const healthSchema = z.object({
  serverTime: z.number().int(),
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  journal: z.object({ seq: z.number().int(), failure: z.string().optional() }),
  platforms: z.array(
    z.object({
      platform: z.string(),
      label: z.string(),
      state: z.string(),
      detail: z.string(),
      action: z.string().optional(),
      readOnly: z.string().optional(),
      live: z.boolean(),
      confirmedAt: z.number().int().optional(),
      backlog: z.number().int(),
      lane: z.string(),
      quotaUsed: z.number(),
    }),
  ),
});

export const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(200).optional(),
});

export const explanationQuerySchema = z.object({
  at: z.iso.datetime({ offset: true }).optional().describe('A past moment, RFC 3339'),
});

export type HealthView = z.infer<typeof healthSchema>;
