/**
 * The machine that a node runs on: the place where a process is frozen, killed, and where its wall
 * clock jumps. Everything that reaches product code (timers, answers, frames, flushes) goes through
 * `run`, so that a frozen process sees nothing until it wakes and a dead one never again.
 */
import type { Clock, Timer } from '../src/lib/clock.ts';
import type { Exchange, HttpResponse } from '../src/lib/exchange.ts';
import type { OpenSocket } from '../src/lib/socket.ts';

type State = 'up' | 'frozen' | 'dead';

export class Machine implements Clock {
  readonly name: string;
  private readonly world: Clock;
  private readonly held: (() => void)[] = [];
  private state: State = 'up';
  private offsetMs = 0;

  constructor(name: string, world: Clock, offsetMs = 0) {
    this.name = name;
    this.world = world;
    this.offsetMs = offsetMs;
  }

  now(): number {
    return this.world.now() + this.offsetMs;
  }

  monotonic(): number {
    return this.world.monotonic();
  }

  after(delayMs: number, task: () => void): Timer {
    let isLive = true;
    const timer = this.world.after(delayMs, () => {
      this.run(() => {
        if (isLive) task();
      });
    });
    return {
      cancel: (): void => {
        isLive = false;
        timer.cancel();
      },
    };
  }

  /** Runs what arrives at the process: now, when it wakes, or never. */
  run(task: () => void): void {
    if (this.state === 'up') task();
    else if (this.state === 'frozen') this.held.push(task);
  }

  get isUp(): boolean {
    return this.state === 'up';
  }

  get isDead(): boolean {
    return this.state === 'dead';
  }

  get wallOffsetMs(): number {
    return this.offsetMs;
  }

  freeze(): void {
    if (this.state === 'up') this.state = 'frozen';
  }

  /** Everything that came meanwhile is handled at once, in order, one turn each. */
  wake(): void {
    if (this.state !== 'frozen') return;
    this.state = 'up';
    for (const task of this.held.splice(0)) this.world.after(0, () => this.run(task));
  }

  kill(): void {
    this.state = 'dead';
    this.held.length = 0;
  }

  stepWall(ms: number): void {
    this.offsetMs += ms;
  }

  /** The exchange as this process sees it. A request that is on its way goes on without it. */
  exchange(inner: Exchange): Exchange {
    return (request) =>
      new Promise<HttpResponse>((resolve, reject) => {
        inner(request).then(
          (response) => this.run(() => resolve(response)),
          (error: unknown) => this.run(() => reject(error)),
        );
      });
  }

  openSocket(inner: OpenSocket): OpenSocket {
    return (request, handlers) =>
      inner(request, {
        onOpen: () => this.run(() => handlers.onOpen()),
        onText: (text) => this.run(() => handlers.onText(text)),
        onClose: (code, reason) => this.run(() => handlers.onClose(code, reason)),
      });
  }
}
