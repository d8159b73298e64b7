/**
 * A node: the production process of one machine, started, crashed and started again. What a process
 * supervisor does (systemd, a container platform) is done here: whoever ends is started again.
 */
import type { Connector } from '../src/connectors/connector.ts';
import { Engine } from '../src/engine/engine.ts';
import type { EngineOptions } from '../src/engine/options.ts';
import type { Journal } from '../src/journal/journal.ts';
import { JournalError } from '../src/journal/journal.ts';
import type { SteadyClock } from '../src/lib/clock.ts';
import { steadyClock } from '../src/lib/clock.ts';
import type { Random } from '../src/lib/random.ts';
import type { Disk } from './disk.ts';
import type { Evidence } from './evidence.ts';
import { Machine } from './machine.ts';
import type { World } from './world.ts';

const RESTART_MS = 2_000;
const STANDBY_MS = 5_000;
const TROUBLED_MS = 20_000;
const LOOK_MS = 1_000;
/** A process that starts on such a clock takes its own marks for ended: see docs/trust.md. */
const FAR_AHEAD_MS = 60_000;
const MARKS_LIVE_MS = 7 * 60_000;

/** What one life of the process has to itself. */
interface Life {
  readonly machine: Machine;
  readonly clock: SteadyClock;
  readonly journal: Journal;
  readonly random: Random;
}

export interface NodeParts {
  readonly name: string;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly world: () => World;
  /** Everything of an engine that a machine does not change. */
  readonly engine: (life: Life, connectors: readonly Connector[]) => EngineOptions;
  readonly connectors: (life: Life) => readonly Connector[];
}

export class Node {
  readonly name: string;
  private readonly parts: NodeParts;
  private life = 0;
  private offsetMs = 0;
  private wanted = false;
  machine: Machine;
  engine: Engine | undefined;
  journal: Journal | undefined;
  /** The disk that is mounted here. */
  disk: Disk;

  constructor(parts: NodeParts, disk: Disk) {
    this.parts = parts;
    this.name = parts.name;
    this.disk = disk;
    this.machine = new Machine(parts.name, parts.world().clock);
    this.machine.kill();
  }

  start(): void {
    this.wanted = true;
    this.begin();
  }

  isActive(): boolean {
    return this.engine !== undefined && this.machine.isUp;
  }

  /** The process is gone at once; the vendors keep what they have. */
  kill(power: boolean): void {
    this.parts.evidence.count(power ? 'node.power_cut' : 'node.killed');
    this.down();
    if (power) this.disk.cutPower();
    this.again(RESTART_MS);
  }

  /** Dead, and nobody starts it again. */
  halt(): void {
    this.wanted = false;
    this.down();
  }

  resume(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.begin();
  }

  freeze(): void {
    this.machine.freeze();
  }

  wake(): void {
    this.parts.evidence.count('node.woken');
    this.machine.wake();
  }

  stepWall(ms: number): void {
    this.offsetMs += ms;
    this.machine.stepWall(ms);
  }

  /** An orderly stop and a new start, as for a new configuration. */
  async restart(): Promise<void> {
    const { engine, journal, machine } = this;
    if (engine === undefined || journal === undefined || !machine.isUp) return this.force();
    this.parts.evidence.count('node.stopped');
    this.engine = undefined;
    // A journal that refuses ends the process all the same.
    await engine.stop().catch(() => this.parts.evidence.count('node.stop_failed'));
    await journal.close().catch(() => undefined);
    if (this.machine !== machine) return;
    this.down();
    this.again(RESTART_MS);
  }

  /** What does not stop when it is asked to (it starts just now, or is frozen) is killed. */
  private force(): void {
    if (this.machine.isDead) return;
    this.parts.evidence.count('node.killed');
    this.down();
    this.again(RESTART_MS);
  }

  private down(): void {
    this.machine.kill();
    this.engine = undefined;
    this.journal = undefined;
  }

  private again(delayMs: number): void {
    const { life } = this;
    this.parts.world().clock.after(delayMs, () => {
      if (this.wanted && this.life === life && this.machine.isDead) this.begin();
    });
  }

  private begin(): void {
    this.life += 1;
    const { clock, calm } = this.parts.world();
    this.machine = new Machine(this.name, clock, this.offsetMs);
    if (this.offsetMs > FAR_AHEAD_MS) calm.lyingUntil = clock.now() + MARKS_LIVE_MS;
    void this.boot(this.machine).catch((error: unknown) => this.failed(error));
  }

  private async boot(machine: Machine): Promise<void> {
    const { parts } = this;
    const random = parts.random.fork(`life/${this.life}`);
    const journal = this.disk.open(machine);
    const log = parts.evidence.log();
    const clock = steadyClock(machine, (ms) => log.warn('the wall clock jumped', { ms }));
    const life: Life = { machine, clock, journal, random };
    const engine = new Engine(parts.engine(life, parts.connectors(life)));
    const recovery = await engine.start();
    if (recovery.replayed + recovery.fromSnapshot > 0) parts.evidence.count('node.recovered');
    this.journal = journal;
    this.engine = engine;
    this.watch(machine, engine);
  }

  /** A process whose journal refuses is of no use: it is ended and started again. */
  private watch(machine: Machine, engine: Engine): void {
    machine.after(LOOK_MS, () => {
      if (this.engine !== engine) return;
      const failure = engine.failure();
      if (failure === undefined) return this.watch(machine, engine);
      this.parts.evidence.count('node.journal_failed');
      this.down();
      return this.again(TROUBLED_MS);
    });
  }

  private failed(error: unknown): void {
    const code = error instanceof JournalError ? error.code : 'OTHER';
    if (code === 'OTHER') throw error;
    this.parts.evidence.count(`node.refused.${code}`);
    this.parts.world().refusedToStart(this, code);
    this.down();
    this.again(code === 'JOURNAL_LOCKED' ? STANDBY_MS : TROUBLED_MS);
  }
}
