/** Start-up: the newest snapshot, then the records after it, through the same fold as in life. */
import type { Journal, JournalRecord } from '../journal/journal.ts';
import { JournalError } from '../journal/journal.ts';
import { asJson } from '../lib/json.ts';
import { flag, listOf, maybe, number, shapeOf, tableOf, text } from '../lib/shape.ts';
import type { AgentState } from '../model/face.ts';
import type { World } from '../core/world.ts';
import type { Population } from './population.ts';
import { inputOfRecord, worldOfRecord } from './records.ts';
import { isAgentState, isPolicy } from './shapes.ts';

/** Records before a snapshot in which the sends of the last window are looked for. */
const LOOKED_BACK = 5_000;

export interface Recovery {
  readonly fromSnapshot: number;
  readonly replayed: number;
  /** Highest epoch that was found. */
  readonly epoch: number;
  /** Wall-clock times of the sends in the last window, so that the quota survives a restart. */
  readonly recentSends: readonly number[];
  /** Time of the last record; undefined when there is none. */
  readonly lastAt?: number;
}

interface SnapshotBody {
  readonly states: readonly AgentState[];
  readonly live: World['live'];
  readonly policy: World['policy'];
  readonly epoch: number;
  readonly tenant?: string;
}

const isSnapshotBody = shapeOf<SnapshotBody>({
  states: listOf(isAgentState),
  live: tableOf(flag),
  policy: isPolicy,
  epoch: number,
  tenant: maybe(text),
});

/** Rebuilds the population as it was after record `to` (default: the last). */
export async function recover(
  population: Population,
  journal: Journal,
  to?: number,
): Promise<Recovery> {
  const snapshot = await journal.loadSnapshot(to);
  let epoch = 0;
  let fromSnapshot = 0;
  // One of another shape is left aside: it only saves time, and every record is still there.
  if (snapshot !== undefined && isSnapshotBody(snapshot.body)) {
    const { states, live, policy, tenant = population.world.tenant } = snapshot.body;
    epoch = snapshot.body.epoch;
    fromSnapshot = snapshot.seq;
    population.world = { ...population.world, live, policy, epoch, tenant };
    population.restore(states);
  }
  const recentSends = await sendsBefore(journal, fromSnapshot);
  let replayed = 0;
  for await (const record of journal.read(fromSnapshot + 1, to)) {
    replayRecord(population, record);
    if (record.kind === 'sent') recentSends.push(record.at);
    if (recentSends.length > 10_000) recentSends.splice(0, 5_000);
    replayed += 1;
  }
  epoch = Math.max(epoch, population.world.epoch);
  const lastAt = await timeOfLast(journal, to);
  return {
    fromSnapshot,
    replayed,
    epoch,
    recentSends,
    ...(lastAt === undefined ? {} : { lastAt }),
  };
}

/** A snapshot of an orderly stop may be younger than the quota's window, so its own past counts too. */
async function sendsBefore(journal: Journal, snapshotSeq: number): Promise<number[]> {
  const sends: number[] = [];
  if (snapshotSeq === 0) return sends;
  const from = Math.max(1, snapshotSeq - LOOKED_BACK + 1);
  for await (const { kind, at } of journal.read(from, snapshotSeq)) {
    if (kind === 'sent') sends.push(at);
  }
  return sends;
}

async function timeOfLast(journal: Journal, to = journal.head().seq): Promise<number | undefined> {
  for await (const { at } of journal.read(to, to)) return at;
  return undefined;
}

/** The fold. Records of decisions are results, not inputs. */
export function replayRecord(population: Population, record: JournalRecord): void {
  const change = worldOfRecord(record);
  if (change !== undefined) {
    population.applyWorld(change);
    // In life everybody was asked again; those who then changed have a tick of their own recorded.
    return;
  }
  const input = inputOfRecord(record);
  if (input !== undefined && record.agent !== undefined) {
    population.apply(record.agent, input, record.at);
  }
}

export async function saveSnapshot(population: Population, journal: Journal): Promise<number> {
  const head = journal.head();
  const { live, policy, epoch, tenant } = population.world;
  const body: SnapshotBody = { states: population.allStates(), live, policy, epoch, tenant };
  await journal.saveSnapshot({ seq: head.seq, hash: head.hash, body: asJson(body) });
  return head.seq;
}

/** What another tenant's people do must never decide for this one's (I14). */
export function checkTenant(found: string, configured: string): void {
  if (found === configured) return;
  throw new JournalError(
    'JOURNAL_FOREIGN',
    `The journal belongs to the tenant "${found}", but the configuration names "${configured}".`,
    'Set tenant.id back, or give this tenant a journal of its own.',
  );
}
