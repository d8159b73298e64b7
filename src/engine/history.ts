/** The past as a sequence of states, from the journal: the same records give the same sequence. */
import type { World } from '../core/world.ts';
import { platformIds } from '../core/world.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import type { AgentState } from '../model/face.ts';
import type { AgentId } from '../model/ids.ts';
import { Population } from './population.ts';
import { worldOfRecord } from './records.ts';
import { replayRecord } from './recover.ts';

export interface HistoryVisitor {
  /** What was known of the agent from `at` on (epoch ms); `isLive`: every platform was read. */
  state(agent: AgentId, state: AgentState, at: number, isLive: boolean): void;
  /** Nobody was watched from `at` on: the process ended. */
  gap(at: number): void;
}

/**
 * Every change before `to`, in order. The last state lasts on: whether the process that wrote it still
 * runs is for the caller to know. Rejects with `JournalError`.
 */
export async function walkHistory(
  journal: Journal,
  world: World,
  to: number,
  visitor: HistoryVisitor,
): Promise<void> {
  const walk = new Walk(world, visitor);
  for await (const record of journal.read(1)) {
    if (record.at >= to) break;
    walk.take(record);
  }
  walk.end();
}

class Walk {
  private readonly population: Population;
  private readonly visitor: HistoryVisitor;
  private readonly known = new Set<AgentId>();
  private last: number | undefined;
  /**
   * A feed that fell, and what came before it. A process that starts takes every feed for down
   * before it writes that it has taken over, so only the next record tells which of the two it was.
   */
  private fallen: { readonly before: number | undefined; readonly at: number } | undefined;

  constructor(world: World, visitor: HistoryVisitor) {
    this.population = new Population(world);
    this.visitor = visitor;
  }

  take(record: JournalRecord): void {
    const { at, agent, kind } = record;
    const change = worldOfRecord(record);
    if (change?.kind === 'epoch') this.restart();
    else if (change?.kind !== 'feed' || change.live) this.fall();
    replayRecord(this.population, record);
    if (change?.kind === 'feed') {
      if (change.live) this.everybody(at);
      else this.fallen ??= { before: this.last, at };
    }
    this.last = at;
    if (agent === undefined || kind === 'decided') return;
    this.known.add(agent);
    this.tell(agent, at);
  }

  end(): void {
    this.fall();
  }

  private restart(): void {
    const until = this.fallen === undefined ? this.last : this.fallen.before;
    if (until !== undefined) this.visitor.gap(until);
    this.fallen = undefined;
  }

  private fall(): void {
    if (this.fallen !== undefined) this.everybody(this.fallen.at);
    this.fallen = undefined;
  }

  private everybody(at: number): void {
    for (const agent of this.known) this.tell(agent, at);
  }

  private tell(agent: AgentId, at: number): void {
    const { world } = this.population;
    const isLive = platformIds(world).every((platform) => world.live[platform] === true);
    this.visitor.state(agent, this.population.state(agent), at, isLive);
  }
}
