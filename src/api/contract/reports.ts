/** Reports over a period. */
import { z } from 'zod';

const spans = z
  .object({
    available_on_contact: z.number(),
    routable_while_busy: z.number(),
    available_in_wrap_up: z.number(),
    busy_after_contact: z.number(),
  })
  .describe('Seconds by kind of disagreement, the worst first');

const totals = {
  watchedSeconds: z.number().describe('Seconds in which both platforms were read'),
  was: spans,
  without: spans.describe('The same, had nothing been written: what each platform says by itself'),
};

export const mismatchSchema = z.object({
  from: z.string(),
  to: z.string(),
  all: z.object(totals),
  teams: z.array(z.object({ team: z.string(), agents: z.number().int(), ...totals })),
  agents: z.array(z.object({ id: z.string(), name: z.string(), ...totals })),
});

export type MismatchReport = z.infer<typeof mismatchSchema>;

const DAY_MS = 86_400_000;

export const periodQuerySchema = z
  .object({
    from: z.iso.datetime({ offset: true }).optional().describe('RFC 3339; a day before `to`'),
    to: z.iso.datetime({ offset: true }).optional().describe('RFC 3339; now'),
  })
  .describe('A period; its end does not belong to it');

/** Epoch ms. */
export function periodOf(
  { from, to }: z.infer<typeof periodQuerySchema>,
  now: number,
): { readonly from: number; readonly to: number } {
  const end = to === undefined ? now : Date.parse(to);
  return { from: from === undefined ? end - DAY_MS : Date.parse(from), to: end };
}
