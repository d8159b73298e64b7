/**
 * Delivery: one lane a platform. What waits is a set of agents, so the backlog is never longer
 * than the number of agents; what is sent is what is wanted at the moment of sending.
 *
 * Q1  One entry per agent: the latest wish wins (coalescing).
 * Q2  Falling harm first, then the oldest wish; routing-critical writes never wait behind others.
 * Q3  At most one write in flight per agent (I10).
 * Q4  Retries happen here and nowhere else: what surely had no effect is simply wanted again.
 * Q5  After a refusal to everybody writes rest; reads do not.
 * Q6  Nothing goes while the gate is closed; reads wait at the same gate and window.
 */
import type { Clock, Timer } from '../lib/clock.ts';
import { Heap } from '../lib/heap.ts';
import type { Random } from '../lib/random.ts';
import type { AgentId } from '../model/ids.ts';
import type { GateState } from './gate.ts';
import { Gate } from './gate.ts';
import type { LimiterOptions } from './limiter.ts';
import { Limiter } from './limiter.ts';

/** How one attempt ended, as far as the lane is concerned. */
export type Report =
  /** Nothing was sent: no longer wanted, or it has to be read first. */
  | { readonly kind: 'skipped' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'throttled'; readonly retryAfterMs?: number }
  | { readonly kind: 'denied' };

export interface Wish {
  readonly harm: number;
  /** May use the reserve of the window. */
  readonly urgent: boolean;
  /** When it began to be wanted; the oldest goes first among equals. */
  readonly since: number;
}

/** Sends what is wanted for the agent now; the request is counted already, and refunded if skipped. */
type Attempt = (agent: AgentId) => Promise<Report>;

export interface LaneOptions extends LimiterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly attempt: Attempt;
  /** Pause after the platform refused everybody, ms. */
  readonly deniedPauseMs: number;
}

/** While a probe is out the lane looks again this often. */
const PROBE_POLL_MS = 1_000;

export class Lane {
  private readonly options: LaneOptions;
  private readonly limiter: Limiter;
  private readonly gate: Gate;
  private readonly waiting = new Heap<AgentId, Wish>(goesBefore);
  private readonly flying = new Set<AgentId>();
  /** Wishes that came while the agent's write was in flight; they wait for its end. */
  private readonly deferred = new Map<AgentId, Wish>();
  private readonly readers: (() => void)[] = [];
  private timer: Timer | undefined;
  private deniedUntil = 0;
  private pumping = false;
  private stopped = false;

  constructor(options: LaneOptions) {
    this.options = options;
    this.limiter = new Limiter(options);
    this.gate = new Gate(options.random);
  }

  want(agent: AgentId, wish: Wish): void {
    if (this.flying.has(agent)) {
      this.deferred.set(agent, wish);
      return;
    }
    this.waiting.set(agent, wish);
    this.pump();
  }

  drop(agent: AgentId): void {
    this.waiting.delete(agent);
    this.deferred.delete(agent);
  }

  get backlog(): number {
    return this.waiting.size + this.deferred.size;
  }

  isFlying(agent: AgentId): boolean {
    return this.flying.has(agent);
  }

  state(): GateState {
    return this.gate.state(this.now());
  }

  used(): number {
    return this.limiter.used(this.now());
  }

  get requests(): number {
    return this.options.requests;
  }

  /** Requests per window that we allow ourselves now. */
  get allowed(): number {
    return this.limiter.cap;
  }

  get windowMs(): number {
    return this.options.windowMs;
  }

  /** Resolves when one read may be sent, and counts it. */
  read(): Promise<void> {
    return new Promise((resolve) => {
      this.readers.push(resolve);
      this.pump();
    });
  }

  /** Counts a request that cannot wait. */
  spend(): void {
    this.limiter.sent(this.now());
  }

  throttled(retryAfterMs: number | undefined): void {
    const now = this.now();
    this.limiter.throttled(now);
    this.gate.throttled(now, retryAfterMs);
    this.pump();
  }

  readSucceeded(): void {
    this.gate.succeeded();
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private now(): number {
    return this.options.clock.monotonic();
  }

  private pump(): void {
    if (this.pumping || this.stopped) return;
    this.pumping = true;
    while (this.sendOne()) {
      // Each turn sends one request; it ends when the gate, the window or the work says so.
    }
    this.pumping = false;
  }

  private sendOne(): boolean {
    const now = this.now();
    // Refused to everybody: writes rest, reads go on (what people choose must still be seen).
    const next = now < this.deniedUntil ? undefined : this.waiting.top();
    const urgent = next?.value.urgent === true;
    const work = (next === undefined ? 0 : this.waiting.size) + this.readers.length;
    if (work === 0) return this.waiting.size > 0 && this.waitFor(this.deniedUntil);
    if (!this.gate.mayPass(now)) return this.waitFor(this.closedUntil(now));
    const leave = this.limiter.mayGo(now, work, urgent || this.readers.length > 0);
    if (leave.kind === 'wait') return this.waitFor(leave.until);
    // Q2: an urgent write goes before reads, reads before everything else.
    const reader = urgent ? undefined : this.readers.shift();
    if (reader !== undefined) {
      this.limiter.sent(now);
      this.gate.passed(now);
      reader();
      return true;
    }
    if (next === undefined) return false;
    this.waiting.delete(next.key);
    this.launch(next.key);
    return true;
  }

  private launch(agent: AgentId): void {
    this.flying.add(agent);
    this.limiter.started();
    this.limiter.sent(this.now());
    this.gate.passed(this.now());
    this.options
      .attempt(agent)
      .catch((): Report => ({ kind: 'failed' }))
      .then((report) => this.land(agent, report))
      .catch(() => undefined);
  }

  private land(agent: AgentId, report: Report): void {
    this.flying.delete(agent);
    this.limiter.finished();
    const now = this.now();
    switch (report.kind) {
      case 'done':
        this.gate.succeeded();
        break;
      case 'failed':
        this.gate.failed(now);
        break;
      case 'throttled':
        this.limiter.throttled(now);
        this.gate.throttled(now, report.retryAfterMs);
        break;
      case 'denied':
        this.deniedUntil = now + this.options.deniedPauseMs;
        break;
      case 'skipped':
        this.limiter.refund();
        this.gate.skipped();
        break;
    }
    const wish = this.deferred.get(agent);
    this.deferred.delete(agent);
    if (wish !== undefined) this.waiting.set(agent, wish);
    this.pump();
  }

  private closedUntil(now: number): number {
    const state = this.gate.state(now);
    return state.kind === 'closed' ? state.until : now + PROBE_POLL_MS;
  }

  private waitFor(until: number | undefined): false {
    this.timer?.cancel();
    this.timer = undefined;
    if (until !== undefined) {
      const delay = Math.max(1, until - this.now());
      this.timer = this.options.clock.after(delay, () => this.pump());
    }
    return false;
  }
}

function goesBefore(a: Wish, b: Wish): boolean {
  return a.harm === b.harm ? a.since < b.since : a.harm > b.harm;
}
