import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { openDriver } from './driver.ts';
import { SqliteFailure } from './failure.ts';

describe('driver', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-driver-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('gives values back as they went in, but for text with a zero character', () => {
    const driver = openDriver(join(folder, 'values.db'));
    driver.exec('CREATE TABLE t (v)');
    const put = driver.prepare('INSERT INTO t VALUES (?)');
    const values = [null, 1.5, 2 ** 53 - 1, -7, 'ü 😀', Buffer.from([0, 1, 255])];
    for (const value of values) put.run(value);
    const rows = driver.prepare('SELECT v FROM t').all();
    assert.deepEqual(
      rows.map(([v]) => (v instanceof Uint8Array ? Buffer.from(v) : v)),
      values,
    );
    assert.equal(driver.prepare('SELECT v FROM t WHERE v = 99').get(), undefined);
    put.run('a\0b');
    const last = 'FROM t ORDER BY rowid DESC LIMIT 1';
    assert.deepEqual(driver.prepare(`SELECT v ${last}`).get(), ['a']);
    assert.deepEqual(driver.prepare(`SELECT CAST(v AS BLOB) ${last}`).get(), [Buffer.from('a\0b')]);
    driver.close();
  });

  it('reports the primary result code, also of a failed open', () => {
    const driver = openDriver(join(folder, 'codes.db'));
    driver.exec('CREATE TABLE t (v INTEGER PRIMARY KEY)');
    driver.exec('INSERT INTO t VALUES (1)');
    assert.throws(() => driver.prepare('INSERT INTO t VALUES (?)').run(1), failure(19));
    assert.throws(() => driver.prepare('SELECT nothing FROM t'), failure(1));
    assert.throws(() => openDriver(join(folder, 'nowhere', 'x.db')), failure(14));
    driver.close();
  });
});

function failure(code: number): (error: unknown) => boolean {
  return (error) => error instanceof SqliteFailure && error.code === code;
}
