/** The past: one agent's situation at a moment, and a whole journal replayed, from the records. */
import { explain } from '../core/explain.ts';
import type { World } from '../core/world.ts';
import type { Journal } from '../journal/journal.ts';
import { asJson, canonical } from '../lib/json.ts';
import type { Agent } from '../model/agent.ts';
import type { Explanation } from '../model/explanation.ts';
import { Population } from './population.ts';
import { replayRecord } from './recover.ts';
import type { Situation } from './situation.ts';

export interface Past {
  readonly situation: Situation;
  /** Under the policy and the freshness of that moment. */
  readonly explanation: Explanation;
}

/** Undefined when the journal knew nothing of the agent then. */
export async function pastAt(
  journal: Journal,
  world: World,
  agent: Agent,
  at: number,
): Promise<Past | undefined> {
  const population = new Population(world);
  population.setPeople([agent]);
  let known = false;
  for await (const record of journal.read(1)) {
    if (record.at > at) break;
    if (record.agent !== undefined && record.agent !== agent.id) continue;
    known ||= record.agent === agent.id;
    replayRecord(population, record);
  }
  if (!known) return undefined;
  population.apply(agent.id, { kind: 'tick' }, at);
  const situation = population.situation(agent.id);
  if (situation === undefined) return undefined;
  const explanation = explain(situation.state, situation.plans, population.world);
  return { situation, explanation };
}

export interface Replayed {
  readonly records: number;
  readonly decisions: number;
  /** Decisions whose recomputation gave something else, by sequence number. */
  readonly different: readonly number[];
  /** Canonical text of the final states; equal runs have equal texts. */
  readonly finalStates: string;
}

const DIFFERENT_MAX = 100;

/** Runs the whole journal through the core again and compares every decision (I9, I20). */
export async function replayAll(
  journal: Journal,
  world: World,
  progress?: (records: number) => void,
): Promise<Replayed> {
  const population = new Population(world);
  const different: number[] = [];
  let records = 0;
  let decisions = 0;
  for await (const record of journal.read(1)) {
    records += 1;
    if (record.kind === 'decided' && record.agent !== undefined) {
      decisions += 1;
      const now = canonical(asJson(population.state(record.agent).desired));
      if (now !== canonical(record.body) && different.length < DIFFERENT_MAX)
        different.push(record.seq);
    } else {
      replayRecord(population, record);
    }
    if (records % 10_000 === 0) progress?.(records);
  }
  return { records, decisions, different, finalStates: population.fingerprint() };
}
