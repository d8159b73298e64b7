/**
 * Damage to every part of a journal's files: bits turned over and ends cut off, at the end of every
 * record, at every frame of the log, in every header and at random. A damaged journal may refuse,
 * recover or say what it lost; it may never serve a wrong record, crash, hang or lose in silence.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../../src/lib/random.ts';
import type { Random } from '../../src/lib/random.ts';
import { compile } from './compiled.ts';
import type { Compiled } from './compiled.ts';
import { judge } from './damage.ts';
import type { Damage, Found, Verdict } from './damage.ts';
import { RECORDS, WAL_HEADER, framesOf, makeImage, recordEnds } from './damage-image.ts';
import type { Image } from './damage-image.ts';
import { runDamages } from './damage-run.ts';
import { tell } from '../../simulation/trust/facts.ts';

const SEED = 31;
const AT_RANDOM = 150;
const DB_HEADER = 100;
const PAGE = 4_096;
const FRAME_FIELDS = {
  page: 0,
  size: 4,
  'first salt': 8,
  'second salt': 12,
  'first sum': 16,
  'second sum': 20,
  content: 24,
};

/** Collects damages and numbers them. */
class Damages {
  readonly all: Damage[] = [];
  readonly #image: Image;
  readonly #random: Random;

  constructor(image: Image) {
    this.#image = image;
    this.#random = seededRandom(`${SEED}/${image.name}`);
  }

  below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }

  cut(file: Damage['file'], at: number, what: string): void {
    if (at >= 0 && at < this.#image[file].length) {
      this.all.push({ id: this.all.length, file, at, what: `cut ${what}` });
    }
  }

  flip(file: Damage['file'], at: number, what: string, bit = this.below(8)): void {
    if (at >= 0 && at < this.#image[file].length) {
      this.all.push({ id: this.all.length, file, at, bit, what: `flip ${what}` });
    }
  }
}

function damagesOf(image: Image): readonly Damage[] {
  const damages = new Damages(image);
  for (const file of ['db', 'wal'] as const) {
    // What was moved into the database is the same there as after a close.
    if (image.name !== 'half moved') atRecords(damages, file, image);
    for (let n = 0; n < AT_RANDOM; n += 1) {
      const at = damages.below(image[file].length);
      damages.flip(file, at, 'anywhere');
      if (n % 4 === 0) damages.cut(file, at, 'anywhere');
    }
  }
  inDatabase(damages, image);
  inLog(damages, image);
  return damages.all;
}

function atRecords(damages: Damages, file: Damage['file'], image: Image): void {
  for (const end of recordEnds(image[file], image.contents)) {
    damages.cut(file, end, 'at the end of a record');
    damages.flip(file, end - 1, 'the last byte of a record');
    damages.flip(file, end, 'the first byte behind a record');
  }
}

function inDatabase(damages: Damages, { name, db }: Image): void {
  if (name === 'killed') damages.cut('db', 0, 'to nothing');
  for (let at = 0; at < DB_HEADER; at += 1) damages.flip('db', at, 'the header of the database');
  // The texts of the tables; a seventh bit makes them no text at all.
  for (let at = db.readUInt16BE(DB_HEADER + 5); at < PAGE; at += 5)
    damages.flip('db', at, 'the page of the tables', 7);
  for (let page = PAGE; page < db.length; page += PAGE) {
    damages.cut('db', page, 'at a page');
    for (const at of [0, 2, 4, 6, 7, 8, 9, 11]) damages.flip('db', page + at, 'a page header');
  }
}

function inLog(damages: Damages, { wal }: Image): void {
  for (let n = 0; n < WAL_HEADER * 8; n += 1)
    damages.flip('wal', Math.floor(n / 8), 'the header of the log', n % 8);
  for (let at = 0; at <= WAL_HEADER; at += 4) damages.cut('wal', at, 'in the header of the log');
  for (const [index, start] of framesOf(wal).starts.entries()) {
    // Salts tell frames from leftovers, so each counts; of the rest half at every other frame.
    for (const [n, [field, offset]] of Object.entries(FRAME_FIELDS).entries())
      if (field.endsWith('salt') || (n + index) % 2 === 0)
        damages.flip('wal', start + offset, `the ${field} of a frame`);
    for (const off of [-1, 0, 1]) damages.cut('wal', start + off, 'at a frame');
  }
}

/**
 * A log that ends with a whole commit is one that was never longer: no byte of what is left tells
 * of the rest. Only what is kept elsewhere could.
 */
function isUnprovable({ file, at, bit }: Damage, { wal }: Image): boolean {
  const ends = [0, WAL_HEADER, ...framesOf(wal).commitEnds];
  return file === 'wal' && bit === undefined && ends.includes(at);
}

describe('damage to the files of a journal', () => {
  let program: Compiled;
  before(() => {
    program = compile('damage-child');
  });
  after(() => program.remove());

  for (const name of ['closed', 'killed', 'half moved'] as const) {
    it(`is repaired, refused or told of: ${name}`, async (t) => {
      const image = makeImage(name);
      const damages = damagesOf(image);
      const { findings, faults } = await runDamages(image, damages, program.file);

      const verdicts = new Map<Verdict, Damage[]>();
      for (const damage of damages) {
        const finding = findings.get(damage.id);
        if (finding === undefined) continue;
        const verdict = judge(finding, RECORDS);
        verdicts.set(verdict, [...(verdicts.get(verdict) ?? []), damage]);
      }
      const silent = verdicts.get('silent loss') ?? [];
      const unprovable = silent.filter((damage) => isUnprovable(damage, image));
      t.diagnostic(`${damages.length} damages to ${RECORDS} records: ${countsOf(verdicts)}`);
      t.diagnostic(`${unprovable.length} logs ended with a whole commit, which nothing can tell`);
      tell('damage', name, {
        journal: name,
        damages: damages.length,
        records: RECORDS,
        untold: unprovable.length,
      });
      assert.deepEqual(faults, []);
      assert.equal(findings.size, damages.length);
      assert.deepEqual(verdicts.get('wrong record') ?? [], []);
      assert.deepEqual(verdicts.get('no words') ?? [], []);
      assert.deepEqual(
        silent.filter((damage) => !unprovable.includes(damage)),
        [],
      );
    });
  }

  it('is found by the judgement itself', () => {
    const recovery = { cutBytes: 0, cutRecords: 0, lostRecords: 0, droppedSnapshots: 0 };
    const sides = { identities: 'same', snapshot: 'same' } as const;
    const good: Found = { recovery, head: 9, served: 9, wrong: 0, brokenAt: 0, ...sides };
    const cases: readonly [Partial<Found>, Verdict][] = [
      [{}, 'whole'],
      [{ wrong: 1, brokenAt: 3 }, 'wrong record'],
      [{ served: 8, head: 8 }, 'silent loss'],
      [{ served: 8, head: 8, brokenAt: 9 }, 'reported'],
      [{ served: 8, recovery: { ...recovery, lostRecords: 1 } }, 'reported'],
      [{ identities: 'wrong' }, 'wrong side table'],
    ];
    for (const [change, verdict] of cases)
      assert.equal(judge({ id: 0, found: { ...good, ...change } }, 9), verdict);
    const refusal = { code: 'JOURNAL_CORRUPT', message: 'It is damaged.' } as const;
    assert.equal(judge({ id: 0, refused: { ...refusal, fix: 'Restore it.' } }, 9), 'refused');
    assert.equal(judge({ id: 0, refused: { ...refusal, fix: '' } }, 9), 'no words');
  });
});

function countsOf(verdicts: ReadonlyMap<Verdict, readonly Damage[]>): string {
  return [...verdicts].map(([verdict, { length }]) => `${length} ${verdict}`).join(', ');
}
