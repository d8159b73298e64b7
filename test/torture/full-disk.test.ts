/**
 * Places that take nothing more: a disk that is full, a file that may not grow, a file system that
 * is read-only. The journal says so with a fix, keeps all that it acknowledged, and goes on after a
 * new opening once there is room.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import type { Journal } from '../../src/journal/journal.ts';
import { JournalError } from '../../src/journal/journal.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import { compile } from './compiled.ts';
import { fillUp } from './fill-up.ts';

const SIZE = '8m';
const BALLAST_BYTES = 3 * 1024 ** 2;
const FULL = { code: 'JOURNAL_IO', message: /disk is full/, fix: /Free space/ };
const NAME = 'Somebody-Whom-We-Forget';

const refusalSchema = z.object({ code: z.string(), message: z.string(), fix: z.string() });

/** A small disk of our own, or why there is none. */
interface SmallDisk {
  readonly path: string;
  readonly refused: string | false;
  release(): void;
}

function openSmallDisk(): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'lockstep-full-'));
  const mounted = system('mount', '-t', 'tmpfs', '-o', `size=${SIZE}`, 'none', path);
  const refused = mounted.status === 0 ? false : `no small disk: mount says ${mounted.said}`;
  return {
    path,
    refused,
    release: () => {
      if (refused === false) system('umount', '-l', path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** One of the system's own programs. */
function system(program: string, ...args: readonly string[]): { status: number; said: string } {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return { status: status ?? -1, said: error === undefined ? stderr.trim() : error.message };
}

/** All that was acknowledged is in the chain, which verifies. */
async function checkKept(
  journal: Journal,
  acknowledged: ReadonlyMap<number, string>,
): Promise<number> {
  const { ok, detail, records } = await journal.verify();
  assert.equal(ok, true, detail);
  const missing = new Map(acknowledged);
  for await (const { seq, hash } of journal.read())
    if (missing.get(seq) === hash) missing.delete(seq);
  assert.deepEqual([...missing.keys()], [], 'acknowledged and gone');
  return records;
}

async function checkGoesOn(path: string, acknowledged: ReadonlyMap<number, string>): Promise<void> {
  const journal = await openSqliteJournal({ path });
  const records = await checkKept(journal, acknowledged);
  assert.equal(journal.recovered.lostRecords, 0);
  const seq = journal.append({ kind: 'tick', at: 1, body: 'there is room again' });
  await journal.durable(seq);
  assert.equal(seq, records + 1);
  await journal.close();
}

/** Closing flushes what is left; on a full disk it says once more that it cannot. */
async function closeRefused(journal: Journal): Promise<void> {
  await journal.close().catch((error: unknown) => {
    assert.ok(error instanceof JournalError, String(error));
  });
}

describe('no room', () => {
  const disk = openSmallDisk();
  const at = (name: string): string => join(disk.path, name);
  const ballast = (): void => writeFileSync(at('ballast'), Buffer.alloc(BALLAST_BYTES, 1));
  const skip = disk.refused;
  before(() => {
    if (disk.refused === false) ballast();
  });
  after(() => disk.release());

  /** Empties the disk, but for the ballast, which stands for what an operator can free. */
  function clean(): void {
    for (const file of readdirSync(disk.path)) rmSync(at(file));
    ballast();
  }

  it('on the disk: says so, keeps what it acknowledged, goes on with room', { skip }, async (t) => {
    clean();
    const path = at('journal.db');
    const journal = await openSqliteJournal({ path });

    const { acknowledged, failure } = await fillUp(journal, 10_000);

    assert.ok(acknowledged.size > 100, `${acknowledged.size} acknowledged`);
    assert.match(failure.message, FULL.message);
    assert.match(failure.fix, FULL.fix);
    await assert.rejects(journal.remember('a', { name: 'A' }), FULL);
    await assert.rejects(journal.durable(journal.append({ kind: 'tick', at: 0, body: 0 })), FULL);
    await closeRefused(journal);
    t.diagnostic(`${acknowledged.size} records acknowledged on a disk of ${SIZE}`);
    t.diagnostic(`opened while it is full: ${await openingOf(path)}`);
    rmSync(at('ballast'));
    await checkGoesOn(path, acknowledged);
  });

  it('for a snapshot: takes no more, keeps what it acknowledged', { skip }, async () => {
    clean();
    const path = at('snapshot.db');
    const journal = await openSqliteJournal({ path });
    const acknowledged = new Map<number, string>();
    for (let n = 0; n < 50; n += 1) {
      const seq = journal.append({ kind: 'tick', at: n, body: { n } });
      acknowledged.set(seq, journal.head().hash);
    }
    const { seq, hash } = journal.head();
    await journal.durable(seq);
    await journal.saveSnapshot({ seq, hash, body: 'small' });

    // Hexadecimal digits of squares do not pack well.
    const large = Array.from({ length: 900_000 }, (_, n) => (n * n * 7_919).toString(36)).join('');
    await assert.rejects(journal.saveSnapshot({ seq, hash, body: large }), FULL);
    await assert.rejects(journal.durable(journal.append({ kind: 'tick', at: 0, body: 0 })), FULL);
    await closeRefused(journal);

    rmSync(at('ballast'));
    await checkGoesOn(path, acknowledged);
    const again = await openSqliteJournal({ path });
    assert.equal((await again.loadSnapshot())?.body, 'small');
    await again.close();
  });

  it('for forgetting: does not say that it forgot what is still there', { skip }, async (t) => {
    clean();
    const path = at('forget.db');
    const journal = await openSqliteJournal({ path });
    const identity = { aliases: Array.from({ length: 40 }, () => NAME) };
    await journal.remember('a', identity);
    const { seq } = journal.head();
    assert.equal(seq, 0);
    // Not through the journal, which would be dead afterwards.
    fillDisk(at('filler'));

    const [result] = await Promise.allSettled([journal.forget('a')]);

    t.diagnostic(`on a full disk forgetting is ${result.status}`);
    if (result.status === 'fulfilled') assert.equal(isThere('forget.db'), false);
    else assert.ok(result.reason instanceof JournalError, String(result.reason));
    await closeRefused(journal);
    rmSync(at('filler'));
    const again = await openSqliteJournal({ path });
    await again.forget('a');
    assert.equal(isThere('forget.db'), false);
    assert.equal((await again.verify()).ok, true);
    await again.close();
  });

  it('because it is read-only: refuses before anything else', { skip }, async (t) => {
    clean();
    const path = at('readonly.db');
    const journal = await openSqliteJournal({ path });
    await journal.durable(journal.append({ kind: 'tick', at: 0, body: 0 }));
    const acknowledged = new Map([[1, journal.head().hash]]);
    await journal.close();
    assert.equal(system('mount', '-o', 'remount,ro', disk.path).status, 0);
    try {
      for (const file of [path, at('new.db')]) {
        const said = await openingOf(file);
        t.diagnostic(said);
        assert.match(said, /^JOURNAL_IO, \S/);
      }
    } finally {
      assert.equal(system('mount', '-o', `remount,rw,size=${SIZE}`, disk.path).status, 0);
    }
    await checkGoesOn(path, acknowledged);
  });

  it('under a limit of the file size: says so, and is not killed by it', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-limit-'));
    const program = compile('file-limit-child');
    try {
      const path = join(folder, 'journal.db');
      // In blocks of 512 bytes, or of 1,024 in some shells: 2 or 4 MB.
      const line = 'ulimit -f 4096 && exec "$0" "$@"';
      const child = spawnSync('sh', ['-c', line, process.execPath, program.file, path], {
        encoding: 'utf8',
      });

      assert.deepEqual([child.status, child.signal], [0, null], child.stderr);
      const lines = child.stdout.trim().split('\n');
      const acknowledged = new Map(
        lines.slice(0, -1).map((ack) => {
          const [, seq, hash = ''] = ack.split(' ');
          return [Number(seq), hash];
        }),
      );
      const refusal = (lines.at(-1) ?? '').replace(/^refused /, '');
      const { code, message, fix } = refusalSchema.parse(JSON.parse(refusal));
      t.diagnostic(`${acknowledged.size} acknowledged, then: ${message} ${fix}`);
      assert.ok(acknowledged.size > 100, `${acknowledged.size} acknowledged`);
      assert.equal(code, 'JOURNAL_IO');
      assert.ok(fix.length > 10);
      await checkGoesOn(path, acknowledged);
    } finally {
      program.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  function fillDisk(path: string): void {
    for (let bytes = 1024 ** 2; bytes >= 1; bytes /= 4)
      try {
        for (;;) writeFileSync(path, Buffer.alloc(bytes, 2), { flag: 'a' });
      } catch (error) {
        assert.match(String(error), /ENOSPC/);
      }
  }

  function isThere(prefix: string): boolean {
    return readdirSync(disk.path)
      .filter((file) => file.startsWith(prefix))
      .some((file) => readFileSync(at(file)).includes(NAME));
  }
});

/** Whether a journal opens now, in words. */
async function openingOf(path: string): Promise<string> {
  try {
    const journal = await openSqliteJournal({ path });
    await journal.close();
    return 'it opens';
  } catch (error) {
    assert.ok(error instanceof JournalError, String(error));
    assert.ok(error.fix.length > 0);
    return `${error.code}, ${error.fix}`;
  }
}
