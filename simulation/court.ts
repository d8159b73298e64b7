/**
 * The court: runs a world on, shows every checker what happens, and collects what they report.
 * Checkers share no code with the core; they judge from the emulators' truth, the wire and the disk.
 */
import type { World } from './world.ts';
import type { Trip } from './wire.ts';

export interface Checker {
  departed?(trip: Trip): void;
  ended?(trip: Trip): void;
  opened?(url: string): void;
  /** Every few seconds of virtual time. */
  looked?(): void;
  /** At the end, when nobody is on a contact and no fault is left. */
  rested?(): void | Promise<void>;
}

type Report = (words: string, who?: string) => void;

export interface CheckerKind {
  /** Its number in the list of promises: `I7`, `L1`. */
  readonly id: string;
  /** The promise in plain words. */
  readonly promise: string;
  open(world: World, report: Report): Checker;
}

export interface Violation {
  readonly id: string;
  readonly at: number;
  readonly words: string;
  /** Agent id or account, when it concerns one. */
  readonly who?: string;
}

const LOOK_MS = 5_000;
/** Longer than the life of a mark in the shared slot. */
const REST_MS = 7 * 60_000;
const LONGEST_WAIT_MINUTES = 11;
const KEPT = 50;
const SETTLED = new Set(['in_step', 'blocked']);

export class Court {
  private readonly world: World;
  private readonly checkers: readonly Checker[];
  private readonly found: Violation[] = [];

  constructor(world: World, kinds: readonly CheckerKind[]) {
    this.world = world;
    this.checkers = kinds.map((kind) =>
      kind.open(world, (words, who) => this.report(kind.id, words, who)),
    );
    world.wire.onDeparture((trip) => this.checkers.forEach((checker) => checker.departed?.(trip)));
    world.wire.onSocket((url) => this.checkers.forEach((checker) => checker.opened?.(url)));
    world.wire.onEnd(({ kind, host, account, status, departedAt, body }) => {
      if (host !== 'graph') return;
      if (kind === 'read' && status === 200) world.truths.wasRead(departedAt, body);
      const isUser = kind === 'write' && account !== undefined;
      if (isUser && world.graph.acts.users().includes(account)) world.truths.look(account);
    });
    world.wire.onEnd((trip) => this.checkers.forEach((checker) => checker.ended?.(trip)));
  }

  get violations(): readonly Violation[] {
    return this.found;
  }

  /** Stops early at the first violation when `eager`. */
  async run(ms: number, eager = false): Promise<void> {
    for (let left = ms; left > 0; left -= LOOK_MS) {
      await this.world.clock.run(Math.min(left, LOOK_MS));
      this.look();
      if (eager && this.found.length > 0) return;
    }
  }

  /** Everybody hangs up and finishes; then marks have time to go, and the short ones to expire. */
  async rest(): Promise<void> {
    endContacts(this.world);
    await this.run(REST_MS);
    // Some waits are meant to be long: after a war of logins ten minutes, and what a vendor asks.
    for (let minutes = 0; minutes < LONGEST_WAIT_MINUTES && !this.isQuiet(); minutes += 1) {
      await this.run(60_000);
    }
    for (const checker of this.checkers) await checker.rested?.();
  }

  private isQuiet(): boolean {
    const engine = this.world.active();
    if (engine === undefined || engine.health('five9').state !== 'live') return false;
    return engine.agents().every((id) => SETTLED.has(engine.status(id)));
  }

  private look(): void {
    for (const { user } of this.world.people) this.world.truths.look(user);
    for (const checker of this.checkers) checker.looked?.();
  }

  private report(id: string, words: string, who: string | undefined): void {
    if (this.found.length >= KEPT) return;
    this.found.push({
      id,
      at: this.world.clock.now(),
      words,
      ...(who === undefined ? {} : { who }),
    });
  }
}

function endContacts({ five9, people }: World): void {
  const { acts } = five9;
  const known = new Set(acts.agents());
  for (const { agent } of people) {
    if (!known.has(agent)) continue;
    if (acts.truth(agent).state === 'RINGING') acts.answer(agent);
    if (acts.truth(agent).state === 'ON_CALL') acts.hangUp(agent);
    if (acts.truth(agent).state === 'ACW') acts.finishWrapUp(agent);
    const { state, madeBy } = acts.truth(agent);
    if (state === 'NOT_READY' && madeBy === 'agent') acts.ready(agent);
  }
}
