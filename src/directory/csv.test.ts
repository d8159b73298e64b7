import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as holds, constantFrom, oneof, property, string } from 'fast-check';
import { guardCell, joinTeams, splitTeams, unguardCell } from './columns.ts';
import { parseCsv, writeCsv } from './csv.ts';

function rows(text: string): readonly (readonly string[])[] {
  const result = parseCsv(text);
  return result.ok ? result.rows.map(({ cells }) => cells) : assert.fail(result.message);
}

void describe('reading CSV', () => {
  void it('knows quotes, line ends, a byte order mark and other separators', () => {
    const wanted = [
      ['a', 'b'],
      ['x,"\r\ny', ''],
      ['5" pipe', 'z'],
    ];
    assert.deepEqual(rows('a,b\r\n"x,""\r\ny",\r\n5" pipe,z\r\n'), wanted);
    assert.deepEqual(rows('\uFEFFa,b\n"x,""\r\ny",\n5" pipe,z'), wanted);
    assert.deepEqual(rows('a;b\r"x,""\r\ny";\r5" pipe;z'), wanted);
    assert.deepEqual(rows('a\tb\n"x,""\r\ny"\t\n5" pipe\tz'), wanted);
    assert.deepEqual(rows(''), []);
    assert.deepEqual(rows('a,'), [['a', '']]);
  });

  void it('leaves empty rows out and keeps the numbers of the others', () => {
    const result = parseCsv('a\n\n , \n"b\nc"\nd\n');
    assert.ok(result.ok);
    assert.deepEqual(
      result.rows.map(({ number }) => number),
      [1, 4, 5],
    );
  });

  void it('refuses a broken quote and says in which row', () => {
    for (const text of ['a\n"b', 'a\n"b"c\n', `a\n"${'x'.repeat(2_000_000)}`]) {
      const result = parseCsv(text);
      assert.equal(result.ok ? 0 : result.row, 2);
    }
  });

  void it('reads back whatever it writes', () => {
    const cell = oneof(
      string({ maxLength: 6 }),
      constantFrom('"', ',', '\r\n', '\uFEFF', ' ', '\u{1F600}'),
    );
    const table = array(array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    holds(
      property(table, (cells) => {
        const kept = cells.filter((row) => row.some((one) => one.trim() !== ''));
        assert.deepEqual(rows(`"a","b"\r\n${writeCsv(cells)}`).slice(1), kept);
      }),
    );
  });
});

void describe('cells', () => {
  void it('never begin like a formula, and come back as they were', () => {
    for (const text of ['=1+1', '+1', '-1', '@x', "'=x", "''=x", '\t=x', '＝x', "'x", 'x=1', "'"]) {
      const guarded = guardCell(text);
      assert.doesNotMatch(guarded, /^[=+\-@\t\r\n＝＋－＠]/);
      assert.equal(unguardCell(guarded), text);
    }
    assert.equal(guardCell('=HYPERLINK("a")'), '\'=HYPERLINK("a")');
    assert.equal(guardCell('Agent'), 'Agent');
    holds(property(string(), (text) => unguardCell(guardCell(text)) === text));
  });

  void it('hold lists of teams, whatever their names', () => {
    assert.deepEqual(splitTeams('Sales | Support||'), ['Sales', 'Support']);
    assert.deepEqual(splitTeams('a\\|b|c\\\\'), ['a|b', 'c\\']);
    const team = string({ minLength: 1 }).filter((one) => one === one.trim() && one !== '');
    holds(property(array(team), (teams) => assert.deepEqual(splitTeams(joinTeams(teams)), teams)));
  });
});
