/**
 * How often one message may be written. The first few in a window pass, the rest are counted, and
 * the next one that passes says how many were left out.
 *
 * The memory is bounded: when too many different messages are about, the oldest is forgotten.
 */

export interface RepeatLimits {
  /** Lines of one message in one window. */
  readonly max: number;
  readonly windowMs: number;
  /** Lines of all messages together in one window. */
  readonly linesMax: number;
  /** Different messages that are remembered. */
  readonly messagesMax: number;
}

export const REPEAT_LIMITS: RepeatLimits = {
  max: 10,
  windowMs: 60_000,
  linesMax: 2_000,
  messagesMax: 500,
};

type Admission =
  /** `leftOut`: how many of this message were swallowed before this one. */
  { readonly kind: 'write'; readonly leftOut: number } | { readonly kind: 'leave_out' };

export interface Repeats {
  /** `now` is monotonic, ms. */
  admit(message: string, now: number): Admission;
}

interface Seen {
  readonly since: number;
  written: number;
  leftOut: number;
}

export function createRepeats(limits: RepeatLimits): Repeats {
  const seen = new Map<string, Seen>();
  const begin = (message: string, now: number): void => {
    // Taken out first, so that the order of the map is the order of the windows.
    seen.delete(message);
    const [oldest] = seen.size < limits.messagesMax ? [] : seen.keys();
    if (oldest !== undefined) seen.delete(oldest);
    seen.set(message, { since: now, written: 1, leftOut: 0 });
  };
  const all: { since: number; lines: number } = { since: Number.NEGATIVE_INFINITY, lines: 0 };
  const overflows = (now: number): boolean => {
    if (now - all.since >= limits.windowMs) Object.assign(all, { since: now, lines: 0 });
    return all.lines >= limits.linesMax;
  };
  return {
    admit: (message, now): Admission => {
      const entry = seen.get(message);
      const isNew = entry === undefined || now - entry.since >= limits.windowMs;
      if (overflows(now) || (!isNew && entry.written >= limits.max)) {
        if (entry !== undefined) entry.leftOut += 1;
        return { kind: 'leave_out' };
      }
      all.lines += 1;
      if (isNew) begin(message, now);
      else entry.written += 1;
      return { kind: 'write', leftOut: isNew ? (entry?.leftOut ?? 0) : 0 };
    },
  };
}
