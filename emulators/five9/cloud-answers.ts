/** Replies of the New Platform that say no, in its one error body. */
import type { Reply } from './answers.ts';

export function refused(status: number, code: string, message: string): Reply {
  return { status, json: { traceId: 'emulated', details: [{ code, message }] } };
}

export function tooMany(waitMs: number): Reply {
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1_000)));
  return { ...refused(429, 'TOO_MANY_REQUESTS', 'slow down'), headers: { 'retry-after': seconds } };
}
