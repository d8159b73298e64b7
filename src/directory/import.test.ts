import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  array,
  assert as holds,
  constantFrom,
  nat,
  option,
  property,
  shuffledSubarray,
  string,
  tuple,
  uuid,
} from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Account } from '../connectors/connector.ts';
import type { Agent } from '../model/agent.ts';
import { derivedAgentId } from './agent-ids.ts';
import type { Directory } from './directory.ts';
import { EMPTY_DIRECTORY, createDirectory } from './directory.ts';
import { exportDirectory } from './export.ts';
import type { ImportResult } from './import.ts';
import { importDirectory } from './import.ts';

const GUID = '00000000-0000-0000-0000-00000000000';

function account(id: string, upn: string, more: Partial<Account> = {}): Account {
  return { id, name: `Agent ${id}`, upn, active: true, ...more };
}

const LISTS = new Map([
  [
    'five9',
    [
      account('300000000000001', 'agent.001'),
      account('300000000000002', 'agent.002', { active: false }),
      account('300000000000003', 'twin'),
      account('300000000000004', 'twin'),
    ],
  ],
  ['teams', [1, 2, 3, 4].map((n) => account(`${GUID}${n}`, `Agent00${n}@example.com`))],
]);

function take(
  text: string,
  current = EMPTY_DIRECTORY,
  accounts: ReadonlyMap<string, readonly Account[]> = LISTS,
): ImportResult {
  return importDirectory({ text, accounts, current, newAgentId: derivedAgentId('main') });
}

function directoryOf(result: ImportResult): Directory {
  return result.kind === 'imported' ? result.directory : assert.fail(JSON.stringify(result));
}

function mistakesOf(result: ImportResult): string[] {
  if (result.kind === 'imported') return assert.fail('it was imported');
  return result.mistakes.map(({ row, column, value, message, fix }) => {
    assert.notEqual(fix, '');
    return `${row} ${column} "${value}" ${message}`;
  });
}

void describe('an import', () => {
  void it('resolves names to immutable ids', () => {
    const result = take(
      'five9_username,Teams_UPN,name,teams\r\nAGENT.001,agent001@EXAMPLE.com,"Doe, J",Sales|Support\r\n',
    );
    const [agent] = directoryOf(result).agents;
    assert.deepEqual(agent?.accounts, { five9: '300000000000001', teams: `${GUID}1` });
    assert.deepEqual([agent?.name, agent?.teams], ['Doe, J', ['Sales', 'Support']]);
    assert.match(agent?.id ?? '', /^a-[0-9a-f]{16}$/);
  });

  void it('takes the name from Five9 when the file has none, and warns of inactive accounts', () => {
    const result = take(`five9_user_id,teams_user_id\n300000000000002,${GUID}2\n`);
    assert.equal(directoryOf(result).agents[0]?.name, 'Agent 300000000000002');
    const warnings =
      result.kind === 'imported' ? result.warnings.map(({ message }) => message) : [];
    assert.deepEqual(warnings, ['300000000000002 is not active in Five9']);
  });

  void it('is refused as a whole, with every mistake', () => {
    const text = [
      'agent_id,five9_user_id,five9_username,teams_user_id,teams_upn,name',
      `a1,300000000000001,,${GUID}1,,Agent 1`,
      `a1,,twin,${GUID}1,,Agent 2`,
      `a 3,3E+14,,,nobody@example.com,Agent 3`,
      `,,,${GUID.slice(1)},,`,
      `,300000000000003,agent.001,${GUID}3,,Agent 5,surplus`,
    ].join('\n');
    assert.deepEqual(mistakesOf(take(text)), [
      '3 five9_username "twin" is the name of 2 accounts',
      '3 agent_id "a1" is already in row 2',
      `3 teams_user_id "${GUID}1" is already in row 2`,
      '4 agent_id "a 3" is not an agent id',
      '4 five9_user_id "3E+14" is a number that a spreadsheet has rounded',
      '4 teams_upn "nobody@example.com" is not a name that Teams lists',
      '5 five9_user_id "" names no Five9 account',
      `5 teams_user_id "${GUID.slice(1)}" is not an id that Teams lists`,
      '5 name "" is empty',
      '6  "surplus" has more cells than the header',
      '6 five9_username "agent.001" belongs to 300000000000001, not to the id beside it',
    ]);
  });

  void it('is refused when the file is not what it should be', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /five9_user_id "" for Five9 is missing/],
      ['five9_user_id,teams_upn,nmae\n', /"nmae" is not a known column/],
      ['five9_user_id,five9_user_id,teams_upn\n', /is there twice/],
      ['five9_user_id,teams_upn\n', /names no agents/],
      ['five9_user_id,teams_upn\n1,"x', /quote/],
      ['five9_user_id,teams_upn\n1,\uFFFD', /UTF-8/],
      ['x'.repeat(16 * 1_048_576 + 1), /longer/],
    ];
    for (const [text, wanted] of cases) assert.match(mistakesOf(take(text)).join('\n'), wanted);
  });

  void it('tells of an endless cell in short', () => {
    const result = take(`five9_user_id,teams_user_id,${'x'.repeat(40_000)}\n1,2,3\n`);
    const [mistake] = result.kind === 'refused' ? result.mistakes : [];
    assert.deepEqual([mistake?.value.length, mistake?.column.length], [200, 200]);
  });

  void it('refuses a row whose account is listed in a way that nobody can be known by', () => {
    const teams = { id: `${GUID}1`, upn: 'ann@example.com', name: 'Ann', active: true };
    for (const [id, name] of [
      ['', 'Ann'],
      [' 7 ', 'Ann'],
      ['7', '\ud800'],
    ] as const) {
      const lists = new Map([
        ['five9', [{ id, name, upn: 'ann', active: true }]],
        ['teams', [teams]],
      ]);
      const told = mistakesOf(
        take('five9_username,teams_upn\nann,ann@example.com\n', EMPTY_DIRECTORY, lists),
      );
      assert.equal(told.length, 1, told.join('\n'));
      assert.match(
        told[0] ?? '',
        id === '7' ? /^2 name "" is empty/ : /^2 five9_username "ann" is/,
      );
    }
  });

  void it('needs ids where a platform lists nobody', () => {
    const upper = `${GUID}A`;
    const text = `five9_user_id,teams_user_id,teams_upn,name\n7,${upper},x@example.com,Agent 7\n`;
    const [agent] = directoryOf(take(text, EMPTY_DIRECTORY, new Map())).agents;
    assert.deepEqual(agent?.accounts, { five9: '7', teams: upper.toLowerCase() });
    const names = 'five9_username,teams_upn,name\nagent.001,x@example.com,Agent 7\n';
    const none = new Map(['five9', 'teams'].map((platform) => [platform, []]));
    assert.equal(mistakesOf(take(names, EMPTY_DIRECTORY, none)).length, 2);
    assert.equal(take(text, EMPTY_DIRECTORY, none).kind, 'imported');
  });

  void it('reads a formula as data', () => {
    const text = `five9_user_id,teams_user_id,name\n300000000000001,${GUID}1,"=HYPERLINK(""x"")"\n`;
    const directory = directoryOf(take(text));
    assert.equal(directory.agents[0]?.name, '=HYPERLINK("x")');
    assert.ok(exportDirectory(directory).includes(`"'=HYPERLINK(""x"")"`));
  });
});

void describe('the identity of an agent', () => {
  const first = directoryOf(
    take(
      `five9_user_id,teams_user_id,name\n300000000000001,${GUID}1,A\n300000000000003,${GUID}3,B\n`,
    ),
  );
  const idOf = (directory: Directory, five9: string): string =>
    directory.byAccount.get('five9')?.get(five9)?.id ?? assert.fail(five9);

  void it('stays when a name, a team or one account changes', () => {
    const again = directoryOf(
      take(
        `five9_user_id,teams_user_id,name\n300000000000001,${GUID}2,New\n300000000000004,${GUID}3,B\n`,
        first,
      ),
    );
    assert.equal(idOf(again, '300000000000001'), idOf(first, '300000000000001'));
    assert.equal(idOf(again, '300000000000004'), idOf(first, '300000000000003'));
  });

  void it('follows the Five9 account when two agents swap their Teams accounts', () => {
    const swapped = directoryOf(
      take(
        `five9_user_id,teams_user_id,name\n300000000000001,${GUID}3,A\n300000000000003,${GUID}1,B\n`,
        first,
      ),
    );
    for (const five9 of ['300000000000001', '300000000000003']) {
      assert.equal(idOf(swapped, five9), idOf(first, five9));
    }
  });

  void it('is never passed on to somebody else', () => {
    const a = idOf(first, '300000000000001');
    const moved = createDirectory([
      { id: a, name: 'A', accounts: { five9: '300000000000002', teams: `${GUID}2` } },
    ]);
    const text = `five9_user_id,teams_user_id,name\n300000000000001,${GUID}1,New\n`;
    assert.notEqual(idOf(directoryOf(take(text, moved)), '300000000000001'), a);
  });

  void it('comes from the file when the file says so', () => {
    const text = `agent_id,five9_user_id,teams_user_id,name\nown-1,300000000000001,${GUID}1,A\n`;
    assert.equal(idOf(directoryOf(take(text, first)), '300000000000001'), 'own-1');
  });
});

const NAME = string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
const TEXT = string({ unit: 'binary', minLength: 1, maxLength: 8 });

/** Directories with any names: other scripts, formulas, quotes, line breaks, lone surrogates. */
function directories(): Arbitrary<Directory> {
  const names = tuple(constantFrom('', '=', "'=", '"', '\ud800', '|'), NAME, TEXT);
  const person = tuple(nat(1_000_000), uuid(), names, option(array(TEXT, { maxLength: 3 })));
  return array(person, { minLength: 1, maxLength: 6 }).map((people) =>
    createDirectory(
      people.map(([number, teamsId, parts, teams], index): Agent => {
        const accounts = { five9: `${number}${index}`, teams: teamsId };
        const name = `${parts.join('')}.`;
        return { id: `a-${index}`, name, accounts, ...(teams === null ? {} : { teams }) };
      }),
    ),
  );
}

void describe('for every directory', () => {
  void it('importing the export gives the same directory', () => {
    holds(
      property(directories(), (directory) => {
        const text = exportDirectory(directory);
        assert.deepEqual(directoryOf(take(text, EMPTY_DIRECTORY, new Map())), directory);
      }),
    );
  });

  void it('any order of the rows gives the same new ids, even when ids are scarce', () => {
    const scarce = (rows: readonly string[]): Directory =>
      directoryOf(
        importDirectory({
          text: ['five9_user_id,teams_user_id,name', ...rows].join('\n'),
          accounts: new Map(),
          current: EMPTY_DIRECTORY,
          newAgentId: (_, attempt) => `a-${attempt}`,
        }),
      );
    const rows = ['2,y,B', '1,z,A', '3,x,C'];
    assert.deepEqual(scarce(rows), scarce(rows.toReversed()));
    const many = Array.from({ length: 101 }, (_, index) => `${index},t${index},A`);
    assert.throws(() => scarce(many), /no free id was found/);
  });

  void it('any order of the rows gives the same directory', () => {
    const shuffled = directories().chain((directory) => {
      const [header = '', ...rows] = directory.agents.map(
        ({ accounts }) => `${accounts['five9'] ?? ''},${accounts['teams'] ?? ''},Agent`,
      );
      const all = [header, ...rows];
      return tuple(
        shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        shuffledSubarray([...directory.agents], { maxLength: directory.agents.length }),
      );
    });
    holds(
      property(shuffled, ([one, other, known]) => {
        const current = createDirectory(known);
        const read = (rows: readonly string[]): Directory =>
          directoryOf(
            take(`five9_user_id,teams_user_id,name\n${rows.join('\n')}`, current, new Map()),
          );
        assert.deepEqual(read(one), read(other));
      }),
    );
  });
});
