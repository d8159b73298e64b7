/**
 * What the API says of agents. The schemas are the one source: OpenAPI, the console's types and
 * the routes' answers all come from here.
 */
import { z } from 'zod';

/** Epoch milliseconds on Lockstep's clock; no more than a date can hold. */
const time = z.number().int().min(0).max(8_640_000_000_000_000);

const platformViewSchema = z.object({
  platform: z.string().describe('Connector id, such as five9 or teams'),
  preset: z.string().describe('What the platform shows, as a preset name'),
  label: z.string().describe('The same in words'),
  raw: z.string().describe('The platform’s own words, untouched'),
  reason: z.string().optional().describe('Reason code’s label, where the platform has one'),
  cause: z
    .string()
    .describe('Cause kind: human, call, calendar, idle, expiry, ours, other, unknown'),
  since: time.optional().describe('When Lockstep first saw this state'),
  confirmedAt: time.optional().describe('When the platform last confirmed it'),
  stale: z.boolean().describe('Older than the limit for this platform'),
  ours: z.boolean().describe('Shown because Lockstep put it there'),
  pending: z.string().optional().describe('Accepted by the platform, applied later'),
  desired: z.string().optional().describe('Preset that Lockstep wants shown; absent: leave alone'),
  blocked: z
    .object({ reason: z.string(), words: z.string(), since: time, detail: z.string().optional() })
    .optional(),
});

const boardItemSchema = z.object({
  id: z.string(),
  name: z.string(),
  teams: z.array(z.string()),
  platforms: z.array(platformViewSchema),
  step: z
    .enum(['in_step', 'moving', 'blocked', 'unknown'])
    .describe(
      'in_step: shown is as desired; moving: a write is under way; blocked: it cannot be shown, with the reason; unknown: data too old or no data yet',
    ),
  stepSince: time,
  why: z.string().describe('One sentence'),
});

export const boardPageSchema = z.object({
  items: z.array(boardItemSchema),
  nextCursor: z.string().optional(),
  total: z.number().int().nonnegative(),
  serverTime: time,
});

export const summarySchema = z.object({
  serverTime: time,
  agents: z.number().int(),
  inStep: z.number().int(),
  moving: z.number().int(),
  blocked: z.number().int(),
  unknown: z.number().int(),
  /** Mean delay from the moment Lockstep saw a change to the moment its effect was confirmed. */
  delays: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      meanMs: z.number().nullable(),
      p95Ms: z.number().nullable(),
      count: z.number().int(),
    }),
  ),
  quotaUsed: z.number().describe('Share of the presence quota used in the last window, 0 to 1'),
  bytesPerAgentSecond: z.number().nullable(),
  platforms: z.array(
    z.object({
      platform: z.string(),
      label: z.string(),
      state: z.string(),
      detail: z.string(),
      action: z.string().optional(),
      readOnly: z
        .string()
        .optional()
        .describe('The direction that is read only, such as "Teams → Five9: read only"'),
      confirmedAt: time.optional(),
    }),
  ),
});

export const explanationSchema = z.object({
  agent: z.string(),
  name: z.string(),
  at: time,
  past: z.boolean().describe('Whether it was rebuilt from the journal for a past moment'),
  sentence: z.string(),
  facts: z.array(
    z.object({
      platform: z.string(),
      says: z.string(),
      raw: z.string(),
      cause: z.string(),
      certainty: z.string(),
      note: z.string().optional(),
      ageMs: z
        .number()
        .optional()
        .describe('Age of the data, ms; of the past: at most, since only changes are written down'),
      since: time.optional(),
      counts: z.boolean().describe('Whether it was an input to the decision'),
    }),
  ),
  decisions: z.array(
    z.object({
      platform: z.string(),
      desired: z.string().describe('Preset, or leave_alone'),
      rule: z.string(),
      because: z.string(),
      shown: z.string(),
      blocked: z.string().optional(),
      marks: z.array(z.string()),
    }),
  ),
  trace: z.array(z.string()).describe('One line per step of the decision'),
  policyVersion: z.string(),
});

export const agentDetailSchema = boardItemSchema.extend({
  explanation: explanationSchema,
});

/** Server-sent events on /v1/stream, by event name. */
export const streamEvents = {
  hello: z.object({ serverTime: time, version: z.string(), total: z.number().int() }),
  /** Rows that changed since the last event; at most one event per 250 ms. */
  agents: z.object({ items: z.array(boardItemSchema) }),
  /** Ids that left the board. */
  gone: z.object({ ids: z.array(z.string()) }),
  /** Ages of each platform's data in tenths of a second (-1: never), in ascending order of agent id. */
  ages: z.object({
    serverTime: time,
    platforms: z.record(z.string(), z.array(z.number().int())),
  }),
  summary: summarySchema,
} as const;

export type PlatformView = z.infer<typeof platformViewSchema>;
export type BoardItem = z.infer<typeof boardItemSchema>;
export type BoardPage = z.infer<typeof boardPageSchema>;
export type Summary = z.infer<typeof summarySchema>;
export type ExplanationView = z.infer<typeof explanationSchema>;
export type AgentDetail = z.infer<typeof agentDetailSchema>;
