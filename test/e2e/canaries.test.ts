/** The search for canaries finds one wherever it gets out: otherwise its silence proves nothing. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import {
  assertJournalKept,
  CALL_PARTY,
  guard,
  leaksIn,
  listedAs,
  SECRETS,
  STATUS_MESSAGE,
} from './canaries.ts';
import { endHard, getJson, getMetrics, lockstep, newFolder, verb } from './kit.ts';

const WITHIN_MS = 30_000;
const ALWAYS = [...Object.values(SECRETS), CALL_PARTY, STATUS_MESSAGE];

describe('the search for canaries', () => {
  it('finds each in plain text, JSON, a URL, a form and base64 at every offset', () => {
    for (const canary of ALWAYS) {
      const hidden = [
        `before ${canary} after`,
        JSON.stringify({ a: canary }),
        `x=${encodeURIComponent(canary)}&y`,
        new URLSearchParams({ a: canary }).toString(),
        ...['', 'a', 'ab', 'abc'].flatMap((before) =>
          (['base64', 'base64url'] as const).map((encoding) =>
            Buffer.from(`${before}${canary} and more`).toString(encoding),
          ),
        ),
      ];
      for (const text of hidden) assert.ok(leaksIn(text, 'verb').length > 0, text);
    }
  });

  it('finds what a platform has made up, and signed tokens', () => {
    guard(() => ['made-up-while-it-ran']);
    assert.equal(leaksIn('a made-up-while-it-ran b', 'verb').length, 1);
    assert.equal(leaksIn('Bearer eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJnIn0.c2ln', 'verb').length, 1);
  });

  it('lets verbs show whom the platforms list, and a process not', () => {
    for (const text of Object.values(listedAs('a-0001'))) {
      assert.deepEqual(leaksIn(text, 'verb'), []);
      assert.ok(leaksIn(text, 'process').length > 0, text);
    }
    assert.deepEqual(leaksIn('3 agents in step, a-0001 among them', 'process'), []);
  });

  it('fails whoever ends a process that has said one', async () => {
    const running = lockstep(listedAs('a-0001').name);
    await assert.rejects(running.ended(WITHIN_MS), /the output must not hold Canary Person/);
    await assert.rejects(endHard(running), /must not hold/);
  });

  it('fails a verb that has said one', async () => {
    await assert.rejects(verb(CALL_PARTY), /must not hold Canary Customer/);
  });

  it('fails who reads an answer that holds one', async () => {
    const server = createServer((_, response) => response.end(`{"a":"${STATUS_MESSAGE}"}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    try {
      await assert.rejects(getJson(url, z.unknown()), /must not hold Canary: at/);
      await assert.rejects(getMetrics(url), /must not hold Canary: at/);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('fails when the journal, or what stands beside it, holds one', () => {
    const folder = newFolder();
    try {
      writeFileSync(join(folder.path, 'journal.db'), 'nothing');
      assertJournalKept(join(folder.path, 'lockstep.yaml'));
      writeFileSync(join(folder.path, 'journal.db-wal'), `\0\0${SECRETS.password}\0`);
      assert.throws(() => assertJournalKept(join(folder.path, 'lockstep.yaml')), /journal\.db-wal/);
    } finally {
      folder.remove();
    }
  });
});
