/** The `Retry-After` header as a wait, whatever a server writes into it. Pure. */

const MIN_MS = 1_000;
const MAX_MS = 3_600_000;
const SECONDS = /^\d+(\.\d+)?(e\d{1,3})?$/i;
/** The one date form that servers may send: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7 */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Seconds, also fractional, or a date, as ms between 1 s and 1 h. Undefined when the header is
 * missing or unreadable (a negative number too): then the caller waits by its own judgement.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) return bounded(Number(text) * 1_000);
  if (!HTTP_DATE.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : bounded(at - now);
}

function bounded(ms: number): number {
  return Math.min(MAX_MS, Math.max(MIN_MS, Math.round(ms)));
}
