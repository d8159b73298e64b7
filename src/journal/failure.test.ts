import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SqliteFailure, journalFailure } from './failure.ts';
import { JournalError } from './journal.ts';

describe('journalFailure', () => {
  it('says what is wrong and what to do, for whatever SQLite reports', () => {
    const cases: readonly [
      code: number,
      kind: JournalError['code'],
      problem: RegExp,
      fix: RegExp,
    ][] = [
      [1, 'JOURNAL_CORRUPT', /is damaged/, /Restore the journal from a backup/],
      [5, 'JOURNAL_LOCKED', /in use by another process/, /Stop the other Lockstep/],
      [8, 'JOURNAL_IO', /read-only/, /right to write/],
      [10, 'JOURNAL_IO', /could not be read or written/, /Check the disk/],
      [11, 'JOURNAL_CORRUPT', /is damaged/, /Restore the journal from a backup/],
      [13, 'JOURNAL_IO', /disk is full/, /Free space/],
      [14, 'JOURNAL_IO', /cannot be opened/, /folder exists/],
      [26, 'JOURNAL_CORRUPT', /is not a journal/, /move it aside/],
    ];
    for (const [code, kind, problem, fix] of cases) {
      const failure = journalFailure('data/journal.db', new SqliteFailure(code, 'as SQLite says'));
      assert.equal(failure.code, kind);
      assert.match(failure.message, problem);
      assert.match(failure.message, /^The journal data\/journal\.db .*\(as SQLite says\)\.$/);
      assert.match(failure.fix, fix);
    }
  });

  it("leaves the journal's own errors as they are, and takes anything else for a broken disk", () => {
    const own = new JournalError('JOURNAL_CLOSED', 'closed', 'open it');
    assert.equal(journalFailure('x', own), own);
    assert.equal(journalFailure('x', new Error('odd')).code, 'JOURNAL_IO');
    assert.match(journalFailure('x', 'text').message, /\(text\)/);
  });
});
