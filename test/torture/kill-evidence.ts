/**
 * What the children of one journal have said before they were killed, and what must therefore be in
 * its files. Only what was acknowledged counts; what was merely begun may be there or not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';

/** `lapsed`: its removal was begun, never acknowledged, and yet the next opening did not find it. */
type Identity = 'remembering' | 'known' | 'forgetting' | 'forgotten' | 'lapsed';

type Work = 'opening' | 'saving' | 'remembering' | 'forgetting';

const NAME = 'Name:';

export interface Evidence {
  /** Acknowledged records. */
  readonly hashes: Map<number, string>;
  readonly identities: Map<string, Identity>;
  readonly faults: string[];
  /** What the present child has begun and not ended. */
  readonly begun: Set<Work>;
  /** Highest acknowledged sequence number. */
  last: number;
  /** The newest acknowledged snapshot. */
  saved: number;
  cutBytes: number;
  snapshots: number;
  forgotten: number;
}

export function newEvidence(): Evidence {
  return {
    hashes: new Map(),
    identities: new Map(),
    faults: [],
    begun: new Set(),
    last: 0,
    saved: 0,
    cutBytes: 0,
    snapshots: 0,
    forgotten: 0,
  };
}

/** Takes in one line of a child. */
export function note(line: string, evidence: Evidence): void {
  const [word = '', ...words] = line.split(' ');
  const fact = FACTS.get(word);
  if (fact === undefined) evidence.faults.push(line);
  else fact(evidence, words);
}

type Fact = (evidence: Evidence, words: readonly string[]) => void;

const FACTS: ReadonlyMap<string, Fact> = new Map<string, Fact>([
  ['opening', (evidence) => void evidence.begun.add('opening')],
  ['knows', (evidence, agents) => checkIdentities(new Set(agents), evidence)],
  [
    'holds',
    ({ saved, faults }, [seq]) => {
      if (Number(seq) < saved) faults.push(`snapshot ${saved} was saved, the newest is ${seq}`);
    },
  ],
  [
    'ready',
    (evidence, [seq, lost, cut]) => {
      evidence.begun.delete('opening');
      checkFound(Number(seq), Number(lost), evidence);
      evidence.cutBytes += Number(cut);
    },
  ],
  [
    'ack',
    (evidence, [seq, hash = '']) => {
      evidence.hashes.set(Number(seq), hash);
      evidence.last = Math.max(evidence.last, Number(seq));
    },
  ],
  ['saving', (evidence) => void evidence.begun.add('saving')],
  [
    'saved',
    (evidence, [seq]) => {
      evidence.begun.delete('saving');
      evidence.saved = Number(seq);
      evidence.snapshots += 1;
    },
  ],
  ['remembering', (evidence, [agent]) => begin(evidence, 'remembering', agent)],
  ['remembered', (evidence, [agent]) => end(evidence, 'remembering', agent, 'known')],
  ['forgetting', (evidence, [agent]) => begin(evidence, 'forgetting', agent)],
  [
    'forgot',
    (evidence, [agent]) => {
      end(evidence, 'forgetting', agent, 'forgotten');
      evidence.forgotten += 1;
    },
  ],
]);

function begin(evidence: Evidence, work: 'remembering' | 'forgetting', agent = ''): void {
  evidence.begun.add(work);
  evidence.identities.set(agent, work);
}

function end(evidence: Evidence, work: Work, agent = '', is: Identity = 'known'): void {
  evidence.begun.delete(work);
  evidence.identities.set(agent, is);
}

/** What was begun is settled by what is found; what was acknowledged must be so. */
function checkIdentities(found: ReadonlySet<string>, { identities, faults }: Evidence): void {
  for (const [agent, was] of identities) {
    const isThere = found.has(agent);
    if (was === 'known' && !isThere) faults.push(`${agent} was remembered, is gone`);
    if ((was === 'forgotten' || was === 'lapsed') && isThere)
      faults.push(`${agent} was forgotten, is back`);
    if (was === 'remembering' && !isThere) identities.delete(agent);
    else if (was !== 'forgotten') identities.set(agent, isThere ? 'known' : 'lapsed');
  }
  for (const agent of found)
    if (!identities.has(agent)) faults.push(`${agent} is known, nobody said so`);
}

function checkFound(found: number, lost: number, { last: acknowledged, faults }: Evidence): void {
  if (found < acknowledged) faults.push(`${acknowledged} records acknowledged, ${found} found`);
  if (lost > 0) faults.push(`opening reports ${lost} lost records`);
}

/**
 * No byte of a forgotten identity may be in the files; nobody may have them open. Returns how many
 * are left of those whose removal was never acknowledged.
 */
export function lookForForgotten(path: string, { identities, faults }: Evidence): number {
  const found = new Set([...namesIn(path), ...namesIn(`${path}-wal`)]);
  let lapsed = 0;
  for (const agent of found) {
    const is = identities.get(agent);
    if (is === 'forgotten') faults.push(`${agent} was forgotten, its name is still in the file`);
    if (is === 'lapsed') lapsed += 1;
  }
  return lapsed;
}

/** The names that the children write into identities, found in the file byte by byte. */
function* namesIn(file: string): Generator<string> {
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf(NAME); at >= 0; at = bytes.indexOf(NAME, at + 1)) {
    const stop = bytes.indexOf(';', at);
    if (stop > 0 && stop - at < 100) yield bytes.toString('utf8', at + NAME.length, stop);
  }
}

/** Reads all of it: no gap, and each acknowledged record is the one that was acknowledged. */
export async function lastLook(path: string, evidence: Evidence): Promise<number> {
  const journal = await openSqliteJournal({ path });
  try {
    checkFound(journal.head().seq, journal.recovered.lostRecords, evidence);
    checkIdentities(new Set((await journal.identities()).keys()), evidence);
    const { ok, detail } = await journal.verify();
    if (!ok) evidence.faults.push(`the chain does not verify: ${detail}`);
    const missing = new Map(evidence.hashes);
    let count = 0;
    for await (const { seq, hash } of journal.read()) {
      count += 1;
      if (seq !== count) evidence.faults.push(`record ${count} is missing, found ${seq}`);
      if (missing.get(seq) === hash) missing.delete(seq);
    }
    for (const seq of missing.keys())
      evidence.faults.push(`record ${seq} was acknowledged, is gone`);
    return count;
  } finally {
    await journal.close();
  }
}
