/**
 * The engine: a tenant's life from start to stop. It owns the population, the journal's end, one
 * lane a platform and the watch over each platform's freshness. Everything it needs is handed in.
 */
import type { Input } from '../core/input.ts';
import { explain } from '../core/explain.ts';
import type { Connector, Health, Sink } from '../connectors/connector.ts';
import { Lane } from '../delivery/delivery.ts';
import type { Timer } from '../lib/clock.ts';
import type { Agent } from '../model/agent.ts';
import type { Explanation } from '../model/explanation.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { Policy } from '../policy/policy.ts';
import type { DelaySummary } from '../telemetry/delays.ts';
import { DirectionDelays } from './delays.ts';
import { dispatch } from './dispatch.ts';
import { askInDoubt, judgeFeeds } from './feeds.ts';
import { Freshness } from './freshness.ts';
import { Healths } from './healths.ts';
import { Interests } from './interests.ts';
import type { EngineOptions } from './options.ts';
import { firstWorld } from './options.ts';
import { countEarlier, laneOptionsOf, staleAfterOf } from './platform-lane.ts';
import { Pipeline } from './pipeline.ts';
import type { Applied } from './population.ts';
import { Population } from './population.ts';
import type { Recovery } from './recover.ts';
import { checkTenant, recover, saveSnapshot } from './recover.ts';
import { forgetOldAccounts, remap } from './remap.ts';
import type { Situation, StepStatus } from './situation.ts';
import { budgetOf, sinkOf } from './sinks.ts';
import { Wakes } from './wakes.ts';

const WATCH_MS = 1_000;
const SNAPSHOT_RECORDS = 20_000;

export class Engine {
  readonly population: Population;
  readonly freshness = new Freshness();
  private readonly options: EngineOptions;
  private readonly lanes = new Map<PlatformId, Lane>();
  private readonly healths: Healths;
  private readonly wakes: Wakes;
  private readonly pipeline: Pipeline;
  private readonly interests: Interests;
  private readonly delays: DirectionDelays;
  private readonly listeners = new Set<(agent: AgentId) => void>();
  private timer: Timer | undefined;
  private snapshotSeq = 0;
  private fatal: string | undefined;

  constructor(options: EngineOptions) {
    this.options = options;
    const { clock, connectors, journal } = options;
    this.population = new Population(firstWorld(options));
    this.healths = new Healths(options.log);
    this.delays = new DirectionDelays((from, to, ms) => options.observer?.delay?.(from, to, ms));
    this.interests = new Interests(clock, connectors);
    this.wakes = new Wakes(clock, (agent) => {
      if (this.population.person(agent) !== undefined) this.pipeline.apply(agent, { kind: 'tick' });
    });
    this.pipeline = new Pipeline({
      clock,
      journal,
      population: this.population,
      freshness: this.freshness,
      lanes: this.lanes,
      wakes: this.wakes,
      onApplied: (agent, input, applied, now) => this.onApplied(agent, input, applied, now),
      count: (event) => options.observer?.noted?.(event),
    });
    for (const connector of connectors)
      this.lanes.set(connector.manifest.id, this.laneFor(connector));
  }

  /** Rebuilds the state, takes the tenant over and begins to watch both platforms. */
  async start(): Promise<Recovery> {
    const { journal, people, policy, connectors, clock } = this.options;
    const recovery = await recover(this.population, journal);
    checkTenant(this.population.world.tenant, this.options.tenant);
    this.options.recovered?.(this.population.allStates());
    if (recovery.lastAt !== undefined) this.options.notBefore?.(recovery.lastAt);
    this.snapshotSeq = recovery.fromSnapshot;
    this.population.setPeople(people);
    await forgetOldAccounts(people, journal, this.pipeline);
    for (const { manifest } of connectors) {
      const lane = this.lanes.get(manifest.id);
      if (lane)
        countEarlier(lane, manifest.quota?.readShare ?? 0, { ...recovery, now: clock.now() });
    }
    const epoch = recovery.epoch + 1;
    // First of all, so that nothing is wanted of what the last owner knew (F82).
    for (const { manifest } of connectors) {
      this.pipeline.applyWorld({ kind: 'feed', platform: manifest.id, live: false });
    }
    this.pipeline.applyWorld({ kind: 'epoch', epoch, tenant: this.options.tenant });
    for (const agent of this.population.ids()) {
      this.pipeline.apply(agent, { kind: 'taken_over', epoch });
    }
    this.pipeline.applyWorld({ kind: 'policy', policy });
    await journal.durable(journal.head().seq);
    for (const connector of connectors)
      connector.start(this.sinkFor(connector), budgetOf(this.lanes.get(connector.manifest.id)));
    this.interests.reset(people);
    this.timer = clock.after(WATCH_MS, () => this.watch());
    return recovery;
  }

  /** Fail static (F98): marks stay and end by themselves; nothing is cleared on the way out. */
  async stop(): Promise<void> {
    const { connectors, journal } = this.options;
    this.timer?.cancel();
    this.wakes.stop();
    for (const lane of this.lanes.values()) lane.stop();
    await Promise.all(connectors.map((connector) => connector.stop()));
    if (this.fatal === undefined) await saveSnapshot(this.population, journal);
  }

  /** Lets go of everything at once, as a crash would, for whoever takes the tenant over next. */
  abandon(): void {
    this.timer?.cancel();
    this.wakes.stop();
    for (const lane of this.lanes.values()) lane.stop();
    for (const connector of this.options.connectors) connector.stop().catch(() => undefined);
  }

  situation(agent: AgentId): Situation | undefined {
    const situation = this.population.situation(agent);
    return situation && { ...situation, status: this.status(agent) };
  }

  /** Nobody is called in step on data that is too old, though the others' be fresh (I25). */
  status(agent: AgentId): StepStatus {
    const status = this.population.status(agent);
    return status === 'in_step' && this.isStale(agent) ? 'unknown' : status;
  }

  explain(situation: Situation): Explanation {
    return explain(situation.state, situation.plans, this.population.world);
  }

  journalSeq(): number {
    return this.options.journal.head().seq;
  }

  agents(): readonly AgentId[] {
    return this.population.ids();
  }

  onChange(listener: (agent: AgentId) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  health(platform: PlatformId): Health {
    return this.healths.of(platform);
  }

  lane(platform: PlatformId): Lane | undefined {
    return this.lanes.get(platform);
  }

  delaySummary(): readonly DelaySummary[] {
    return this.delays.summary();
  }

  /** Why nothing can be written down any more; undefined while all is well. */
  failure(): string | undefined {
    return this.fatal;
  }

  setPolicy(policy: Policy): Promise<void> {
    return this.options.journal.durable(this.pipeline.applyWorld({ kind: 'policy', policy }));
  }

  setPeople(people: readonly Agent[]): void {
    const before = new Map(this.population.ids().map((id) => [id, this.population.person(id)]));
    const { left } = this.population.setPeople(people);
    for (const person of people) remap(before.get(person.id)?.accounts, person, this.pipeline);
    for (const agent of left) {
      for (const lane of this.lanes.values()) lane.drop(agent);
      this.wakes.set(agent, undefined);
      this.population.forget(agent);
      this.freshness.forget(agent);
    }
    this.interests.reset(people);
  }

  private isStale(agent: AgentId): boolean {
    const { clock, connectors, platforms } = this.options;
    const now = clock.now();
    return connectors.some(
      ({ manifest: { id } }) =>
        !this.freshness.isCurrent(id, agent, now - staleAfterOf(platforms[id])),
    );
  }

  private onApplied(agent: AgentId, input: Input, { step }: Applied, now: number): void {
    const person = this.population.person(agent);
    if (person !== undefined) this.interests.update(person, step.state);
    this.delays.note(agent, step.state, step.plans, now);
    const platform = input.kind === 'observed' ? input.observation.platform : undefined;
    for (const note of step.notes) this.options.observer?.noted?.(note, platform);
    this.options.observer?.changed?.(agent, platform);
    for (const listener of this.listeners) listener(agent);
  }

  private laneFor(connector: Connector): Lane {
    const { clock, random, platforms, journal } = this.options;
    const { id } = connector.manifest;
    return new Lane({
      ...laneOptionsOf(connector.manifest, platforms[id], this.options.people.length),
      clock,
      random: random.fork(`lane/${id}`),
      attempt: (agent) => {
        // A process that slept wakes to writes that were due long ago, before it has looked around.
        this.judgeFeeds();
        return dispatch(agent, connector, {
          clock,
          journal,
          population: this.population,
          pipeline: this.pipeline,
          freshness: this.freshness,
          mayPass: () => this.lanes.get(id)?.state().kind !== 'closed',
          onOutcome: (platform, outcome) => {
            this.healths.wrote(platform, outcome);
            this.options.observer?.outcome?.(platform, outcome.kind);
          },
          onDurable: (ms) => this.options.observer?.flushed?.(ms),
          onFatal: (error) => this.fail(error),
        });
      },
    });
  }

  private sinkFor(connector: Connector): Sink {
    const { id } = connector.manifest;
    return sinkOf(id, {
      population: this.population,
      pipeline: this.pipeline,
      freshness: this.freshness,
      lane: this.lanes.get(id),
      onHealth: (health) => this.healths.set(id, health),
      onCount: (event) => this.options.observer?.noted?.(event, id),
    });
  }

  /** Once a second: what nobody else would notice while nothing happens. */
  private watch(): void {
    const { clock, connectors, journal } = this.options;
    this.judgeFeeds();
    for (const connector of connectors) askInDoubt(connector, this.population, clock.now());
    // Noticed although nothing has to be sent just now.
    journal.durable(journal.head().seq).catch((error: unknown) => this.fail(error));
    this.snapshotWhenDue();
    this.timer = clock.after(WATCH_MS, () => this.watch());
  }

  private judgeFeeds(): void {
    const { clock, connectors, log, platforms } = this.options;
    const { population, pipeline, freshness } = this;
    const oldest = (id: PlatformId): number => clock.now() - staleAfterOf(platforms[id]);
    const since = new Map(connectors.map(({ manifest: { id } }) => [id, oldest(id)]));
    judgeFeeds(since, { population, pipeline, freshness, log });
  }

  private snapshotWhenDue(): void {
    const { journal } = this.options;
    const { seq } = journal.head();
    if (this.fatal !== undefined || seq < this.snapshotSeq + SNAPSHOT_RECORDS) return;
    this.snapshotSeq = seq;
    saveSnapshot(this.population, journal).catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (this.fatal !== undefined) return;
    this.fatal = error instanceof Error ? error.message : String(error);
    this.options.log.error('journal refuses; nothing is written any more', { reason: this.fatal });
    for (const lane of this.lanes.values()) lane.stop();
  }
}
