/** What the journal gives back: rows of the file, records, snapshots. */
import { compilePolicy } from '../../src/policy/seed.ts';
import type { World } from '../../src/core/world.ts';
import { MANIFESTS } from '../../src/connectors/registry.ts';
import { pastAt, replayAll } from '../../src/engine/past.ts';
import { Population } from '../../src/engine/population.ts';
import { inputOfRecord, worldOfRecord } from '../../src/engine/records.ts';
import { recover, replayRecord } from '../../src/engine/recover.ts';
import type { Sealed } from '../../src/journal/chain.ts';
import {
  boundedText,
  checkAgent,
  GENESIS,
  parseJson,
  seal,
  unseal,
  verifySequence,
} from '../../src/journal/chain.ts';
import type { Head, Journal, JournalRecord, Snapshot } from '../../src/journal/journal.ts';
import { JournalError, RECORD_KINDS } from '../../src/journal/journal.ts';
import { createMemoryDisk, createMemoryJournal } from '../../src/journal/memory.ts';
import { fromRow, toRow } from '../../src/journal/sqlite-rows.ts';
import type { Json } from '../../src/lib/json.ts';
import { asJson, canonical } from '../../src/lib/json.ts';
import { Bench } from '../../src/core/bench.test-kit.ts';
import { damaged, damagedJson, jsonSeed } from './hostile-text.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const NOW = 1_000_000;

const ENTRY = seal(GENESIS, { kind: 'observed', at: NOW, agent: 'a-1', body: { kind: 'tick' } });
const NEXT = seal(ENTRY, { kind: 'decided', at: NOW, body: ['x', 1, null] });

/** Columns as JSON; a text of a column becomes bytes, as the driver hands them over. */
const ROWS = [ENTRY, NEXT].map((record) => jsonSeed(toRow(record)));

const rows: Target = {
  name: 'journal/rows',
  covers: ['sqlite-rows.ts', 'chain.ts'].map(journal),
  inputs: 60_000,
  text: (random) => damagedJson(random, ROWS),
  read(text): void {
    const columns = parsed(text);
    if (!Array.isArray(columns)) return;
    const record = fromRow(
      columns.map((value: unknown) => {
        if (typeof value === 'string') return Buffer.from(value);
        return typeof value === 'number' ? value : null;
      }),
    );
    if (record === undefined) return;
    const walked = verifySequence(GENESIS, [record]);
    if (walked.broken !== undefined) return;
    check(record.hash === ENTRY.hash, 'only the record that was written has its hash');
    unseal(record);
  },
};

const BODIES = [jsonSeed({ kind: 'tick' }), jsonSeed({ a: [1, { b: 'x' }] })];

const seals: Target = {
  name: 'journal/seal',
  covers: ['chain.ts'].map(journal),
  inputs: 30_000,
  refuses: (error) => error instanceof RangeError || error instanceof SyntaxError,
  text: (random) => damagedJson(random, BODIES),
  read(text): void {
    const body = parseJson(text);
    boundedText('body', body, 1_000_000);
    const record = seal(GENESIS, { kind: 'operator', at: NOW, body });
    check(verifySequence(GENESIS, [record]).broken === undefined, 'what was sealed verifies');
    check(canonical(unseal(record).body) === canonical(body), 'a body comes back');
  },
};

const agents: Target = {
  name: 'journal/agents',
  covers: ['chain.ts'].map(journal),
  inputs: 40_000,
  refuses: (error) => error instanceof RangeError,
  text: (random) => damaged(random, ['a-1', 'ann@example.com']),
  read(text): void {
    checkAgent('agent', text);
    check(Buffer.from(text).toString('utf8') === text, 'an agent id survives the disk');
  },
};

const POLICY = compilePolicy({
  version: '1',
  strategy: 'latest_human',
  afterCallWork: 'busy',
  notReady: [{ code: '410002', show: 'brb' }],
  stopCodes: { busy: '901' },
  dwell: { toTeamsMs: 0, toFive9Ms: 0 },
  contactCentre: 'five9',
  collaboration: 'teams',
});

function world(): World {
  return {
    tenant: 't',
    epoch: 1,
    policy: POLICY,
    platforms: Object.fromEntries(MANIFESTS.map(({ id, traits }) => [id, traits])),
    live: { five9: true, teams: true },
  };
}

const bench = new Bench('latest_human', [{ code: '410002', show: 'brb' }]);
bench.five9('ON_CALL').teams('Available/Available').deliver('teams').teams('Busy/InACall');
const STATE = bench.state;
const COMMAND = STATE.faces['teams']?.ours[0];

const RECORDS = [
  {
    kind: 'observed',
    agent: 'a',
    body: { kind: 'observed', observation: observed('five9', 'READY:0') },
  },
  {
    kind: 'observed',
    agent: 'a',
    body: { kind: 'observed', observation: observed('teams', 'Busy/Busy') },
  },
  { kind: 'missing', agent: 'a', body: { kind: 'missing', platform: 'teams', asOf: NOW } },
  {
    kind: 'sent',
    agent: 'a',
    body: {
      kind: 'sent',
      platform: 'teams',
      command: { ...COMMAND, platform: 'teams', kind: 'put', slotKind: 'session' },
    },
  },
  {
    kind: 'outcome',
    agent: 'a',
    body: { kind: 'outcome', platform: 'teams', intent: 'x', receipt: { kind: 'accepted' } },
  },
  { kind: 'feed', agent: 'a', body: { kind: 'doubted', platform: 'teams', since: 1 } },
  { kind: 'epoch', agent: 'a', body: { kind: 'taken_over', epoch: 2 } },
  { kind: 'operator', agent: 'a', body: { kind: 'paused', paused: true } },
  { kind: 'directory', agent: 'a', body: { kind: 'remapped', platform: 'teams' } },
  { kind: 'feed', body: { kind: 'feed', platform: 'teams', live: false } },
  { kind: 'policy', body: { kind: 'policy', policy: POLICY } },
  { kind: 'epoch', body: { kind: 'epoch', epoch: 3, tenant: 't' } },
  { kind: 'decided', agent: 'a', body: asJson(STATE.desired) },
].map(jsonSeed);

function observed(platform: string, raw: string): unknown {
  const presence = { reach: 'available', acd: 'ready', activity: 'none', raw, channels: ['CALL'] };
  const version = { generation: 1, stamp: '001' };
  return { platform, account: '', presence, version, asOf: NOW, via: 'sweep' };
}

/** A record that verifies, because whoever changed the file has made its hash anew. */
const records: Target = {
  name: 'engine/records',
  covers: [
    'src/engine/records.ts',
    'src/engine/recover.ts',
    'src/engine/shapes.ts',
    'src/lib/shape.ts',
    'src/core/observation-shape.ts',
    'src/engine/population.ts',
    'src/core/absorb.ts',
    'src/core/core.ts',
  ],
  inputs: 16_000,
  refuses: (error) => error instanceof JournalError,
  text: (random) => damagedJson(random, RECORDS),
  read(text): void {
    const record = recordOf(text);
    if (record === undefined) return;
    inputOfRecord(record);
    worldOfRecord(record);
    const population = new Population(world());
    population.restore([{ ...STATE, agent: 'a' }]);
    population.setPeople([{ id: 'a', name: 'Ann', accounts: { five9: '1', teams: 'x' } }]);
    replayRecord(population, record);
    population.apply('a', { kind: 'tick' }, NOW + 1);
    population.situation('a');
  },
};

function recordOf(text: string): JournalRecord | undefined {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || !('body' in value)) return undefined;
  const kind = RECORD_KINDS.find((name) => 'kind' in value && name === value.kind);
  const body = sealable(value.body);
  if (kind === undefined || body === undefined) return undefined;
  const agent = 'agent' in value && typeof value.agent === 'string' ? { agent: 'a' } : {};
  return { kind, at: NOW, ...agent, body, seq: 1, format: 1, hash: 'x' };
}

/** As JSON; undefined when it is nested so deep that nobody can have sealed it. */
function sealable(value: unknown): Json | undefined {
  try {
    const body = value === undefined ? undefined : asJson(value);
    if (body !== undefined) canonical(body);
    return body;
  } catch {
    return undefined;
  }
}

const SNAPSHOT = jsonSeed({
  states: [{ ...STATE, agent: 'a' }],
  live: { five9: true, teams: true },
  policy: POLICY,
  epoch: 3,
  tenant: 't',
});

const snapshots: Target = {
  name: 'engine/snapshots',
  covers: ['src/engine/recover.ts', 'src/engine/shapes.ts', 'src/engine/past.ts'],
  inputs: 4_000,
  text: (random) => damagedJson(random, [SNAPSHOT]),
  async read(text): Promise<void> {
    if (parsed(text) === undefined) return;
    const population = new Population(world());
    population.setPeople([{ id: 'a', name: 'Ann', accounts: { five9: '1', teams: 'x' } }]);
    await recover(population, await journalWith(text));
    population.apply('a', { kind: 'tick' }, NOW + 1);
    population.situation('a');
  },
};

/** A memory journal with one record whose newest snapshot has this body. */
async function journalWith(body: string): Promise<Journal> {
  const disk = createMemoryDisk();
  const kept = createMemoryJournal({ disk });
  const epoch = { kind: 'epoch', epoch: 1, tenant: 't' };
  await kept.durable(kept.append({ kind: 'epoch', at: NOW, body: epoch }));
  const { seq, hash } = kept.head();
  disk.snapshots = [{ seq, hash, body }];
  return kept;
}

/** Whole journals: a record is changed and sealed anew, or changed without. */
const journals: Target = {
  name: 'engine/journals',
  covers: [
    'src/engine/past.ts',
    'src/journal/memory.ts',
    'src/journal/replay.ts',
    'src/journal/group-commit.ts',
  ],
  inputs: 2_500,
  refuses: (error) => error instanceof JournalError,
  text: (random) => damagedJson(random, RECORDS),
  async read(text): Promise<void> {
    const record = recordOf(text);
    if (record === undefined) return;
    const disk = createMemoryDisk();
    let head: Head = GENESIS;
    for (const entry of [RECORDS[0]?.text ?? '', text, RECORDS[11]?.text ?? '']) {
      const made = recordOf(entry);
      if (made === undefined) continue;
      const sealed: Sealed = seal(head, made);
      disk.records.push(sealed);
      head = sealed;
    }
    const kept = createMemoryJournal({ disk });
    const ann = { id: 'a', name: 'Ann', accounts: { five9: '1', teams: 'x' } };
    await replayAll(kept, world());
    await pastAt(kept, world(), ann, NOW);
    const snapshot: Snapshot | undefined = await kept.loadSnapshot();
    check(snapshot === undefined, 'there is no snapshot');
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function journal(file: string): string {
  return `src/journal/${file}`;
}

export const JOURNAL_TARGETS: readonly Target[] = [
  rows,
  seals,
  agents,
  records,
  snapshots,
  journals,
];
