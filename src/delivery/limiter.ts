/**
 * The hybrid limiter of one quota window, shared by everything that is sent: writes, reads,
 * retries and renewals.
 *
 * L1  Never more than `cap` requests in any window, counted at the attempt (I5). The window is
 *     taken a little longer than the vendor's, so that jitter on the way cannot push two of our
 *     bursts into one of the vendor's windows, whatever kind of window the vendor uses.
 * L2  An urgent write goes as long as the window has room.
 * L3  A backlog that fits into the window beside the reserve goes at once (burst).
 * L4  Everything else is paced at the mean rate. Every send moves the pacing clock, so a burst is
 *     paid back and the long-run rate stays within the quota.
 * L5  After a 429 the cap is halved and grows back by a twentieth per quiet window. Where a well
 *     used window met the 429, the vendor's true limit is taken to be: beyond it the cap only feels
 *     its way, the slower the more often it is met there.
 */

export interface LimiterOptions {
  /** Requests that the vendor allows per window. */
  readonly requests: number;
  readonly windowMs: number;
  /** Share kept free against jitter; 0.02 keeps 1,470 of 1,500. */
  readonly margin: number;
  readonly concurrency: number;
  /** Requests kept for urgent writes when a backlog wants to burst. */
  readonly reserve: number;
}

export type Leave =
  | { readonly kind: 'go' }
  /** Ask again at this time, or after a completion when there is none. */
  | { readonly kind: 'wait'; readonly until?: number };

/** How much longer than the vendor's our own window is. */
const JITTER_MS = 1_000;
const SMALLEST_SHARE = 0.1;
const GROWTH = 0.05;
/** Beyond the learned limit. */
const FEELING = { first: 0.01, least: 0.000_5 } as const;
/** Requests that were under way together are refused together: that is one refusal. */
const ONE_REFUSAL_MS = 2_000;
/** A 429 in a window that is hardly used says nothing about the limit. */
const TELLING_SHARE = 0.5;
/** As near as this it is the same limit again. */
const SAME_LIMIT = 0.1;

export class Limiter {
  private readonly options: LimiterOptions;
  private readonly sends: number[] = [];
  private first = 0;
  private next = 0;
  private inFlight = 0;
  private share = 1;
  private shareSince = 0;
  private refusedAt = -Infinity;
  /** The share at which the vendor has refused; undefined while it never has. */
  private learned: number | undefined;
  private feeling: number = FEELING.first;

  constructor(options: LimiterOptions) {
    this.options = options;
  }

  get cap(): number {
    const full = this.options.requests * (1 - this.options.margin);
    return Math.max(1, Math.floor(full * this.share));
  }

  /** `backlog` counts waiting requests, this one included. */
  mayGo(now: number, backlog: number, urgent: boolean): Leave {
    this.forget(now);
    if (this.inFlight >= this.options.concurrency) return { kind: 'wait' };
    const used = this.sends.length - this.first;
    if (used >= this.cap)
      return { kind: 'wait', until: (this.sends[this.first] ?? now) + this.spanMs };
    if (urgent) return { kind: 'go' };
    if (backlog <= this.cap - used - this.options.reserve) return { kind: 'go' };
    return now >= this.next ? { kind: 'go' } : { kind: 'wait', until: this.next };
  }

  sent(now: number): void {
    this.sends.push(now);
    this.next = Math.max(now, this.next) + this.options.windowMs / this.cap;
  }

  /** The request counted last was not sent after all. */
  refund(): void {
    if (this.sends.length <= this.first) return;
    this.sends.pop();
    this.next -= this.options.windowMs / this.cap;
  }

  started(): void {
    this.inFlight += 1;
  }

  finished(): void {
    this.inFlight -= 1;
  }

  throttled(now: number): void {
    this.shareSince = now;
    const isSame = now < this.refusedAt + ONE_REFUSAL_MS;
    this.refusedAt = now;
    if (isSame) return;
    const met = Math.min(this.share, this.used(now));
    if (met >= this.share * TELLING_SHARE) this.learn(met);
    this.share = Math.max(SMALLEST_SHARE, this.share / 2);
  }

  /** Requests per window that the vendor is taken to allow, where it has taught us less than told. */
  get learnedRequests(): number | undefined {
    return this.learned === undefined
      ? undefined
      : Math.floor(this.options.requests * this.learned);
  }

  private learn(met: number): void {
    const isKnown = this.learned !== undefined && Math.abs(met - this.learned) < SAME_LIMIT * met;
    this.feeling = isKnown ? Math.max(FEELING.least, this.feeling / 2) : FEELING.first;
    this.learned = met;
  }

  private grow(): void {
    const step = this.share < (this.learned ?? 1) * (1 - SAME_LIMIT / 2) ? GROWTH : this.feeling;
    this.share = Math.min(1, this.share + step);
    if (this.share === 1) this.learned = undefined;
  }

  /** Share of the vendor's quota used in the window that ends now. */
  used(now: number): number {
    this.forget(now);
    return (this.sends.length - this.first) / this.options.requests;
  }

  private get spanMs(): number {
    return this.options.windowMs + JITTER_MS;
  }

  private forget(now: number): void {
    const oldest = now - this.spanMs;
    while (this.first < this.sends.length && (this.sends[this.first] ?? 0) <= oldest)
      this.first += 1;
    if (this.first > 4_096) {
      this.sends.splice(0, this.first);
      this.first = 0;
    }
    while (this.share < 1 && now - this.shareSince >= this.options.windowMs) {
      this.grow();
      this.shareSince += this.options.windowMs;
    }
  }
}
