/** One timer for all agents: the earliest time at which the core asked to be asked again. */
import type { Clock, Timer } from '../lib/clock.ts';
import { Heap } from '../lib/heap.ts';
import type { AgentId } from '../model/ids.ts';

/** Agents woken in one turn; the rest follow in the next, so that the loop stays free. */
const BATCH = 500;

export class Wakes {
  private readonly heap = new Heap<AgentId, number>((a, b) => a < b);
  private readonly clock: Clock;
  private readonly wake: (agent: AgentId) => void;
  private timer: Timer | undefined;
  private timerAt = Number.POSITIVE_INFINITY;
  private stopped = false;

  constructor(clock: Clock, wake: (agent: AgentId) => void) {
    this.clock = clock;
    this.wake = wake;
  }

  set(agent: AgentId, at: number | undefined): void {
    if (at === undefined) this.heap.delete(agent);
    else this.heap.set(agent, at);
    this.arm();
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private arm(): void {
    const next = this.heap.top()?.value;
    if (this.stopped || next === undefined || next >= this.timerAt) return;
    this.timer?.cancel();
    this.timerAt = next;
    this.timer = this.clock.after(Math.max(1, next - this.clock.now()), () => this.ring());
  }

  private ring(): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    const now = this.clock.now();
    for (let woken = 0; woken < BATCH; woken += 1) {
      const top = this.heap.top();
      if (top === undefined || top.value > now) break;
      this.heap.delete(top.key);
      this.wake(top.key);
    }
    this.arm();
  }
}
