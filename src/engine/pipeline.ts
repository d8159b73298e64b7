/**
 * The sentence in code: an input is written down, the core decides, and the difference is handed
 * to delivery.
 *
 *     observation -> journal -> core -> plans -> lanes
 *
 * E1  Every input is appended to the journal before its effect can leave the process (rule 7).
 * E2  What the core decides is a fold of the journal: `apply` is the one way in.
 */
import type { Input } from '../core/input.ts';
import { harmOf, HARM_URGENT } from '../core/harm.ts';
import { isNews } from '../core/observe.ts';
import { isOverdue } from '../core/overdue.ts';
import { platformIds } from '../core/world.ts';
import type { Lane } from '../delivery/delivery.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../lib/clock.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { Observation } from '../model/observation.ts';
import type { Freshness } from './freshness.ts';
import type { Applied, Population } from './population.ts';
import { entryOfDecision, entryOfInput, entryOfNotice, entryOfWorld } from './records.ts';
import type { WorldChange } from './records.ts';
import type { Wakes } from './wakes.ts';

export interface PipelineParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly population: Population;
  readonly freshness: Freshness;
  readonly lanes: ReadonlyMap<PlatformId, Lane>;
  readonly wakes: Wakes;
  /** Told after every input, for views, measurements and the sweep's interest. */
  readonly onApplied: (agent: AgentId, input: Input, applied: Applied, now: number) => void;
  readonly count: (event: string) => void;
}

export class Pipeline {
  private readonly parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.parts = parts;
  }

  observe(observation: Observation): void {
    const { population, freshness, count } = this.parts;
    const { platform, account, asOf } = observation;
    const agent = population.owner(platform, account);
    if (agent === undefined) {
      count('unmapped');
      return;
    }
    const what = this.judge(agent, observation);
    if (what !== 'overdue') freshness.confirmAgent(platform, agent, asOf);
    if (what !== 'known') {
      this.apply(agent, { kind: 'observed', observation });
    } else {
      // The plan stands; a guarded write may have waited for exactly this confirmation.
      this.offer(agent, platform);
    }
  }

  private judge(agent: AgentId, observation: Observation): 'news' | 'known' | 'overdue' {
    const { population, clock } = this.parts;
    const face = population.state(agent).faces[observation.platform];
    const context = { timing: population.world.policy.timing, now: clock.now() };
    try {
      if (face === undefined) return 'news';
      if (isOverdue(face, observation, context)) return 'overdue';
      return isNews(face, observation, context) ? 'news' : 'known';
    } catch {
      // What cannot even be compared is for the core to set aside, so that it is written down.
      return 'news';
    }
  }

  /** Takes one input in. Returns the sequence number after which its effects may leave. */
  apply(agent: AgentId, input: Input): number {
    const { clock, journal, population, wakes, onApplied } = this.parts;
    const now = clock.now();
    const applied = population.apply(agent, input, now);
    const { before, step } = applied;
    let seq = journal.head().seq;
    // A tick that changes nothing is nothing to replay.
    if (input.kind !== 'tick' || step.state !== before) {
      seq = journal.append(entryOfInput(agent, input, now));
    }
    if (step.state.desired !== before.desired) {
      seq = journal.append(entryOfDecision(agent, step.state.desired, now));
    }
    wakes.set(agent, step.wakeAt);
    for (const platform of platformIds(population.world)) this.offer(agent, platform);
    onApplied(agent, input, applied, now);
    return seq;
  }

  /** Written down before it is acknowledged; what has changed the next read tells. */
  noticed(platform: PlatformId, agents: readonly AgentId[]): Promise<void> {
    const { clock, journal } = this.parts;
    return journal.durable(journal.append(entryOfNotice(platform, agents, clock.now())));
  }

  /** A change that concerns everybody: written down once, then everyone is asked again. */
  applyWorld(change: WorldChange): number {
    const { clock, journal, population } = this.parts;
    const seq = journal.append(entryOfWorld(change, clock.now()));
    population.applyWorld(change);
    for (const agent of population.ids()) this.apply(agent, { kind: 'tick' });
    return seq;
  }

  private offer(agent: AgentId, platform: PlatformId): void {
    const { lanes, population } = this.parts;
    const plan = population.plan(agent, platform);
    const lane = lanes.get(platform);
    if (lane === undefined) return;
    if (plan?.kind !== 'write') {
      lane.drop(agent);
      return;
    }
    const harm = harmOf(population.state(agent), platform, plan, population.world);
    lane.want(agent, { harm, urgent: harm >= HARM_URGENT, since: plan.since });
  }
}
