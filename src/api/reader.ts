/** What the API reads from the engine, as the contract's shapes. No route touches the engine itself. */
import type { Engine } from '../engine/engine.ts';
import type { HistoryVisitor } from '../engine/history.ts';
import type { Past } from '../engine/past.ts';
import type { Situation } from '../engine/situation.ts';
import type { Clock } from '../lib/clock.ts';
import type { Agent } from '../model/agent.ts';
import type { Explanation } from '../model/explanation.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { DelaySummary } from '../telemetry/delays.ts';
import { boardRow } from '../views/board.ts';
import { readOnlyWords } from '../views/read-only.ts';
import type {
  AgentDetail,
  BoardItem,
  BoardPage,
  ExplanationView,
  Summary,
} from './contract/board.ts';
import type { HealthView } from './contract/common.ts';
import type { MismatchReport } from './contract/reports.ts';
import { mismatchReport } from './mismatch.ts';

export interface ReaderOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly version: string;
  /** Bytes on the wire in both directions since the start. */
  readonly wireBytes: () => number;
  /** The situation and its explanation as they were at a past moment, from the journal. */
  readonly past: (agent: AgentId, at: number) => Promise<Past | undefined>;
  /** Every state before a moment, from the journal. */
  readonly history: (to: number, visitor: HistoryVisitor) => Promise<void>;
}

export class Reader {
  private readonly options: ReaderOptions;
  private readonly startedAt: number;
  private sorted: readonly AgentId[] = [];
  private roster = -1;

  constructor(options: ReaderOptions) {
    this.options = options;
    this.startedAt = options.clock.monotonic();
  }

  now(): number {
    return this.options.clock.now();
  }

  get version(): string {
    return this.options.version;
  }

  /** Ids in ascending order: the order of pages and of the stream's ages. */
  ids(): readonly AgentId[] {
    const { population } = this.options.engine;
    if (population.roster !== this.roster) {
      this.roster = population.roster;
      this.sorted = [...population.ids()].sort();
    }
    return this.sorted;
  }

  /** Who was how long in disagreement, as it was and without us. */
  mismatch(period: { readonly from: number; readonly to: number }): Promise<MismatchReport> {
    const { engine, history } = this.options;
    const { population } = engine;
    const person = (id: AgentId): Agent | undefined => population.person(id);
    return mismatchReport({ platforms: population.world.platforms, person, history }, period);
  }

  row(id: AgentId): BoardItem | undefined {
    const situation = this.options.engine.situation(id);
    return situation === undefined ? undefined : this.rowOf(situation);
  }

  page(limit: number, cursor: string | undefined): BoardPage {
    const ids = this.ids();
    const start = cursor === undefined ? 0 : firstAfter(ids, cursor);
    const slice = ids.slice(start, start + limit);
    const last = slice.at(-1);
    const more = last !== undefined && start + limit < ids.length;
    return {
      items: slice.flatMap((id) => this.row(id) ?? []),
      total: ids.length,
      serverTime: this.now(),
      ...(more ? { nextCursor: last } : {}),
    };
  }

  detail(id: AgentId): AgentDetail | undefined {
    const situation = this.options.engine.situation(id);
    if (situation === undefined) return undefined;
    return { ...this.rowOf(situation), explanation: this.explanationNow(situation) };
  }

  explanation(id: AgentId): ExplanationView | undefined {
    const situation = this.options.engine.situation(id);
    return situation === undefined ? undefined : this.explanationNow(situation);
  }

  /** Reads that only confirmed are not in the journal, so the ages of the past are upper bounds. */
  async explanationAt(id: AgentId, at: number): Promise<ExplanationView | undefined> {
    const past = await this.options.past(id, at);
    if (past === undefined) return undefined;
    const { situation, explanation } = past;
    const written = (platform: PlatformId): number | undefined =>
      situation.state.faces[platform]?.seen?.asOf;
    return { ...this.explanationOf(situation, explanation, at, written), past: true };
  }

  /** Ages of a platform's data in tenths of a second, in the order of `ids`. */
  ages(platform: PlatformId): number[] {
    const now = this.now();
    return this.ids().map((id) => {
      const at = this.options.engine.freshness.confirmedAt(platform, id);
      return at === undefined ? -1 : Math.max(0, Math.round((now - at) / 100));
    });
  }

  platforms(): readonly PlatformId[] {
    return Object.keys(this.options.engine.population.world.platforms).sort();
  }

  summary(): Summary {
    const { engine } = this.options;
    const counts = { in_step: 0, moving: 0, blocked: 0, unknown: 0 };
    for (const id of engine.agents()) counts[engine.status(id)] += 1;
    const platforms = this.platforms();
    const seconds = (this.options.clock.monotonic() - this.startedAt) / 1000;
    const agents = engine.agents().length;
    return {
      serverTime: this.now(),
      agents,
      inStep: counts.in_step,
      moving: counts.moving,
      blocked: counts.blocked,
      unknown: counts.unknown,
      delays: directions(platforms, engine.delaySummary()),
      quotaUsed: Math.max(
        0,
        ...platforms.filter(hasQuota(engine)).map((id) => engine.lane(id)?.used() ?? 0),
      ),
      bytesPerAgentSecond:
        agents === 0 || seconds < 1 ? null : this.options.wireBytes() / agents / seconds,
      platforms: platforms.map((id) => this.platformHealth(id)),
    };
  }

  health(): HealthView {
    const { engine, version } = this.options;
    const failure = engine.failure();
    const platforms = this.platforms().map((id) => ({
      ...this.platformHealth(id),
      live: engine.population.world.live[id] === true,
      backlog: engine.lane(id)?.backlog ?? 0,
      lane: engine.lane(id)?.state().kind ?? 'closed',
      quotaUsed: engine.lane(id)?.used() ?? 0,
    }));
    const allLive = platforms.every((each) => each.live && each.state === 'live');
    return {
      serverTime: this.now(),
      status: failure === undefined ? (allLive ? 'ok' : 'degraded') : 'down',
      version,
      journal: { seq: engine.journalSeq(), ...(failure === undefined ? {} : { failure }) },
      platforms,
    };
  }

  private platformHealth(id: PlatformId): Summary['platforms'][number] {
    const { engine } = this.options;
    const { state, detail, action, readOnly } = engine.health(id);
    const confirmedAt = engine.freshness.pulse(id);
    const direction = readOnlyWords(id, engine.population.world, readOnly === true);
    return {
      platform: id,
      label: engine.population.world.platforms[id]?.label ?? id,
      state,
      detail,
      ...(action === undefined ? {} : { action }),
      ...(direction === undefined ? {} : { readOnly: direction }),
      ...(confirmedAt === undefined ? {} : { confirmedAt }),
    };
  }

  private rowOf(situation: Situation): BoardItem {
    const { engine } = this.options;
    const { world } = engine.population;
    return boardRow({
      ...situation,
      sentence: engine.explain(situation).sentence,
      live: world.live,
      confirmedAt: (platform) => engine.freshness.confirmedAt(platform, situation.agent.id),
    });
  }

  private explanationNow(situation: Situation): ExplanationView {
    const { engine } = this.options;
    const confirmed = (platform: PlatformId): number | undefined =>
      engine.freshness.confirmedAt(platform, situation.agent.id);
    return this.explanationOf(situation, engine.explain(situation), this.now(), confirmed);
  }

  private explanationOf(
    { agent }: Situation,
    explained: Explanation,
    at: number,
    confirmedAt: (platform: PlatformId) => number | undefined,
  ): ExplanationView {
    const platforms = this.platforms();
    return {
      agent: agent.id,
      name: agent.name,
      at,
      past: false,
      sentence: explained.sentence,
      facts: explained.facts.map((fact, index) => {
        const confirmed = confirmedAt(platforms[index] ?? '');
        return {
          ...fact,
          ...(confirmed === undefined ? {} : { ageMs: Math.max(0, at - confirmed) }),
        };
      }),
      decisions: explained.decisions.map((each) => ({ ...each, marks: [...each.marks] })),
      trace: [...explained.trace],
      policyVersion: explained.policyVersion,
    };
  }
}

/** Both directions are always there, also before the first sample. */
function directions(
  platforms: readonly PlatformId[],
  measured: readonly DelaySummary[],
): DelaySummary[] {
  return platforms.flatMap((from) =>
    platforms
      .filter((to) => to !== from)
      .map(
        (to) =>
          measured.find((each) => each.from === from && each.to === to) ?? {
            from,
            to,
            meanMs: null,
            p95Ms: null,
            count: 0,
          },
      ),
  );
}

function hasQuota(engine: Engine): (id: PlatformId) => boolean {
  return (id) => engine.population.world.platforms[id]?.kind === 'collaboration';
}

function firstAfter(ids: readonly AgentId[], cursor: string): number {
  const index = ids.findIndex((id) => id > cursor);
  return index < 0 ? ids.length : index;
}
