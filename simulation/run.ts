/**
 * Runs a plan: first an hour with faults, in which nothing may become unsafe; then everything is
 * healed and everybody rests, and all must be in step again. The trace hash covers every request
 * with its time and answer, and the journal: two runs of a plan are equal or something leaked in.
 */
import { createHash } from 'node:crypto';
import type { Day } from '../emulators/day/day.ts';
import { seededRandom } from '../src/lib/random.ts';
import { CHECKERS } from './checkers/checkers.ts';
import { Court } from './court.ts';
import type { Violation } from './court.ts';
import { FAULTS } from './faults/catalogue.ts';
import type { Fault } from './faults/fault.ts';
import { LINGERS_MS } from './faults/fault.ts';
import type { FaultEvent, Plan } from './plan.ts';
import { MINUTE_MS } from './plan.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

export interface Result {
  readonly seed: number;
  readonly agents: number;
  readonly virtualMs: number;
  readonly hash: string;
  readonly violations: readonly Violation[];
  /** Injections and noticed injections by fault. */
  readonly injected: Readonly<Record<string, number>>;
  readonly noticed: Readonly<Record<string, number>>;
  readonly evidence: Readonly<Record<string, number>>;
  readonly records: number;
  readonly requests: number;
}

export interface RunOptions {
  /** Stops at the first violation. */
  readonly eager?: boolean;
  /** Sees the world before anything happens in it. */
  readonly attend?: (world: World) => void;
}

/** A platform that was disturbed is given this long to be well again before calm is judged. */
const AFTERMATH_MS = 30_000;

export async function runPlan(plan: Plan, options: RunOptions = {}): Promise<Result> {
  const world = createWorld(plan);
  const court = new Court(world, CHECKERS);
  const trace = traced(world);
  const faults = new Faults(world, plan.events);
  options.attend?.(world);
  const day = world.day({ ...plan.day });
  day.start();
  await world.startEngine();
  faults.arm();
  await court.run(plan.minutes * MINUTE_MS, options.eager);
  const isOver = options.eager === true && court.violations.length > 0;
  if (!isOver) await heal(world, day, { faults, court });
  const { injected, noticed } = faults.report();
  return {
    seed: plan.seed,
    agents: plan.agents,
    virtualMs: world.clock.monotonic(),
    hash: trace(),
    violations: court.violations,
    injected,
    noticed,
    evidence: world.evidence.all(),
    records: world.disk.platter.length,
    requests: world.graph.control.counts().requests,
  };
}

async function heal(
  world: World,
  day: Day,
  { faults, court }: { readonly faults: Faults; readonly court: Court },
): Promise<void> {
  faults.end();
  day.stop();
  world.graph.control.faults.clear();
  world.entra.control.faults.clear();
  world.five9.control.faults.clear();
  world.disk.trouble = undefined;
  world.poison = undefined;
  for (const { user } of world.people) {
    if (world.graph.acts.users().includes(user)) world.graph.control.foreignClear(user);
  }
  for (const node of world.nodes) {
    node.wake();
    node.resume();
  }
  await court.rest();
}

/** Brings the events of a plan about at their times, and counts what was noticed of them. */
class Faults {
  private readonly world: World;
  private readonly events: readonly FaultEvent[];
  private readonly byId = new Map<string, Fault>(FAULTS.map((fault) => [fault.id, fault]));
  private readonly ends = new Set<() => void>();
  private readonly begun: { readonly fault: Fault; readonly before: number }[] = [];
  private isOver = false;

  constructor(world: World, events: readonly FaultEvent[]) {
    this.world = world;
    this.events = events;
  }

  arm(): void {
    for (const event of this.events) {
      this.world.clock.after(event.at, () => {
        if (!this.isOver) this.begin(event);
      });
    }
  }

  end(): void {
    this.isOver = true;
    for (const end of this.ends) end();
    this.ends.clear();
  }

  report(): Pick<Result, 'injected' | 'noticed'> {
    const injected: Record<string, number> = {};
    const noticed: Record<string, number> = {};
    for (const { fault, before } of this.begun) {
      injected[fault.id] = (injected[fault.id] ?? 0) + 1;
      if (fault.noticed(this.world) > before) noticed[fault.id] = (noticed[fault.id] ?? 0) + 1;
    }
    return { injected, noticed };
  }

  private begin({ fault: id, lastsMs, draw }: FaultEvent): void {
    const { world } = this;
    const fault = this.byId.get(id);
    if (fault === undefined) throw new Error(`fault: "${id}" is not in the catalogue`);
    this.begun.push({ fault, before: fault.noticed(world) });
    const end = fault.begin({ world, draw: seededRandom(draw), lastsMs });
    this.disturbed(fault, world.clock.now() + lastsMs + LINGERS_MS);
    if (end === undefined) return;
    this.ends.add(end);
    world.clock.after(lastsMs, () => {
      if (this.ends.delete(end)) end();
    });
  }

  private disturbed(fault: Fault, until: number): void {
    if (fault.isPersonal === true) return;
    const { calm } = this.world;
    calm.disturbedUntil = Math.max(calm.disturbedUntil, until + AFTERMATH_MS);
    if (fault.lies === true) calm.lyingUntil = Math.max(calm.lyingUntil, until + AFTERMATH_MS);
  }
}

function traced(world: World): () => string {
  const hash = createHash('sha256');
  world.wire.onEnd(({ order, departedAt, endedAt, url, body, status, failure, machine }) => {
    hash.update(
      `${order} ${departedAt} ${endedAt ?? 0} ${machine.name} ${url} ${status ?? failure?.kind ?? ''}\n`,
    );
    if (body.length < 300) hash.update(body);
  });
  return () => {
    const last = world.disk.platter.at(-1);
    return hash
      .update(last?.hash ?? '')
      .digest('hex')
      .slice(0, 16);
  };
}
