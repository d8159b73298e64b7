/**
 * Ends a log-in war: two programs with one account and `ForceIn` throw each other out for ever.
 * At most three sign-ins in ten minutes, for whatever reason; then we wait and say why.
 */

const WINDOW_MS = 600_000;
const MOST = 3;

export class LoginGuard {
  private times: number[] = [];

  /** Counts a sign-in that Five9 answered; `now` is monotonic. */
  note(now: number): void {
    this.times = [...this.within(now), now];
  }

  /** How long to wait before the next sign-in, ms; 0 when it may be made now. */
  waitMs(now: number): number {
    const recent = this.within(now);
    const first = recent[0];
    return recent.length < MOST || first === undefined ? 0 : first + WINDOW_MS - now;
  }

  private within(now: number): number[] {
    return this.times.filter((time) => time > now - WINDOW_MS);
  }
}
