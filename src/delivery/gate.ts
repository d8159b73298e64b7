/**
 * The gate of a lane: closed while the vendor says so, or after repeated failures (the breaker).
 *
 * G1  A 429 closes it for as long as the vendor told, whatever the length (F01).
 * G2  Without a time it closes for a decorrelated, jittered pause of 2 to 60 s (F02).
 * G3  Failures in a row open the breaker; each further one doubles the pause up to a minute (F05).
 * G4  After any closing one probe goes alone; the rest follows when it succeeded.
 */
import type { Random } from '../lib/random.ts';

const FAILURES_TO_OPEN = 5;
const PAUSE_MIN_MS = 2_000;
const PAUSE_MAX_MS = 60_000;
const BREAKER_MIN_MS = 1_000;
/** A probe that never reports back (its caller gave up) does not close the gate for ever. */
const PROBE_MAX_MS = 30_000;

export type GateState =
  | { readonly kind: 'open' }
  | { readonly kind: 'probing' }
  | { readonly kind: 'closed'; readonly until: number; readonly why: string };

export class Gate {
  private readonly random: Random;
  private closedUntil = 0;
  private why = '';
  private probe: 'none' | 'wanted' | 'out' = 'none';
  private probeAt = 0;
  private failures = 0;
  private lastPauseMs = PAUSE_MIN_MS;

  constructor(random: Random) {
    this.random = random;
  }

  state(now: number): GateState {
    if (now < this.closedUntil) return { kind: 'closed', until: this.closedUntil, why: this.why };
    return this.probe === 'none' ? { kind: 'open' } : { kind: 'probing' };
  }

  /** Whether one more may pass now. */
  mayPass(now: number): boolean {
    if (now < this.closedUntil) return false;
    return this.probe !== 'out' || now - this.probeAt >= PROBE_MAX_MS;
  }

  passed(now: number): void {
    if (this.probe === 'none') return;
    this.probe = 'out';
    this.probeAt = now;
  }

  /** What had passed sent nothing: the probe is still to be made. */
  skipped(): void {
    if (this.probe === 'out') this.probe = 'wanted';
  }

  succeeded(): void {
    this.failures = 0;
    this.probe = 'none';
    this.lastPauseMs = PAUSE_MIN_MS;
  }

  throttled(now: number, retryAfterMs: number | undefined): void {
    this.close(now + (retryAfterMs ?? this.nextPause()), 'throttled');
  }

  failed(now: number): void {
    this.failures += 1;
    if (this.probe === 'out') this.probe = 'wanted';
    if (this.failures < FAILURES_TO_OPEN) return;
    const doubled = BREAKER_MIN_MS * 2 ** (this.failures - FAILURES_TO_OPEN);
    this.close(now + Math.min(PAUSE_MAX_MS, doubled) * (0.75 + this.random.next() / 2), 'failing');
  }

  private nextPause(): number {
    const span = Math.max(0, this.lastPauseMs * 3 - PAUSE_MIN_MS);
    this.lastPauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS + this.random.next() * span);
    return this.lastPauseMs;
  }

  private close(until: number, why: string): void {
    if (until > this.closedUntil) {
      this.closedUntil = until;
      this.why = why;
    }
    this.probe = 'wanted';
  }
}
