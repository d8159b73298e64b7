/** The mapping file, the people that platforms list, and what the journal remembers of them. */
import { readPeople, rememberedDirectory } from '../../src/cli/service/people.ts';
import { CliError } from '../../src/cli/cli.ts';
import type { Account } from '../../src/connectors/connector.ts';
import { derivedAgentId } from '../../src/directory/agent-ids.ts';
import { guardCell, splitTeams, unguardCell } from '../../src/directory/columns.ts';
import { parseCsv, writeCsv } from '../../src/directory/csv.ts';
import type { Directory } from '../../src/directory/directory.ts';
import {
  createDirectory,
  DirectoryError,
  EMPTY_DIRECTORY,
  isAgentId,
} from '../../src/directory/directory.ts';
import { exportDirectory } from '../../src/directory/export.ts';
import { guardChange } from '../../src/directory/guard.ts';
import { importDirectory } from '../../src/directory/import.ts';
import { suggestMatches } from '../../src/directory/match.ts';
import { readTable } from '../../src/directory/read-table.ts';
import { accountsOf } from '../../src/engine/remap.ts';
import { parseJson } from '../../src/journal/chain.ts';
import { damaged, damagedJson, jsonSeed } from './hostile-text.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const MAPPINGS = [
  'five9_user_id,teams_user_id,name,teams\n300000000510001,00000000-0000-4000-8000-000000000001,Ann,Support|Sales\n',
  'agent_id;five9_user_id;teams_upn\r\na-1;300000000510001;ann@example.com\r\n;300000000510002;bob@example.com\r\n',
  '\ufeffname\tfive9_username\tteams_upn\n"An ""A"" n"\tann@example.com\tann@example.com\n',
  'five9_user_id,teams_user_id,name\n"30,01","x",\'=1+1\n3.0E+14,y,Bob\n',
];

const csv: Target = {
  name: 'directory/csv',
  covers: ['csv.ts', 'columns.ts', 'read-table.ts'].map(directory),
  inputs: 30_000,
  text: (random) => damaged(random, MAPPINGS),
  read(text): void {
    const read = parseCsv(text);
    if (read.ok && text.length < 10_000) {
      // A header of its own, because the separator is told by the first row.
      const rows = [['a', 'b'], ...read.rows.map(({ cells }) => cells)];
      const again = parseCsv(writeCsv(rows));
      check(again.ok && again.rows.length === rows.length, 'what is written reads back');
    }
    const table = readTable(text);
    check(table.ok || table.mistakes.length > 0, 'a refusal has a reason');
    if (text.length > 1_000) return;
    check(
      unguardCell(guardCell(text)) === text || text.startsWith("'"),
      'a guard can be taken off',
    );
    check(!/^[=+\-@]/.test(guardCell(text)), 'no formula leaves');
    splitTeams(text);
  },
};

const ACCOUNTS: ReadonlyMap<string, readonly Account[]> = new Map([
  [
    'five9',
    [
      { id: '300000000510001', name: 'Ann', upn: 'ann@example.com', active: true },
      { id: '300000000510002', name: 'Bob', upn: 'bob@example.com', active: false },
    ],
  ],
  [
    'teams',
    [
      {
        id: '00000000-0000-4000-8000-000000000001',
        name: 'Ann',
        upn: 'ann@example.com',
        active: true,
      },
      {
        id: '00000000-0000-4000-8000-000000000002',
        name: 'Bob',
        upn: 'bob@example.com',
        active: true,
      },
    ],
  ],
]);

const NOBODY: ReadonlyMap<string, readonly Account[]> = new Map();

const imports: Target = {
  name: 'directory/import',
  covers: [
    'import.ts',
    'read-row.ts',
    'read-table.ts',
    'columns.ts',
    'directory.ts',
    'agent-ids.ts',
    'accounts.ts',
    'guard.ts',
    'export.ts',
    'normal.ts',
  ].map(directory),
  inputs: 16_000,
  text: (random) => damaged(random, MAPPINGS),
  read(text): void {
    for (const accounts of [NOBODY, ACCOUNTS]) {
      const newAgentId = derivedAgentId('main');
      const current = EMPTY_DIRECTORY;
      const result = importDirectory({ text, accounts, current, newAgentId });
      if (result.kind === 'refused') {
        check(result.mistakes.length > 0, 'a refusal has a reason');
        check(
          result.mistakes.every(({ column, value }) => column.length + value.length <= 400),
          'an echo is bounded',
        );
      } else isSound(result.directory);
    }
  },
};

function isSound(found: Directory): void {
  for (const { id, name } of found.agents) {
    check(isAgentId(id) && name.trim() !== '', 'an agent has an id and a name');
  }
  guardChange(EMPTY_DIRECTORY, found);
  guardChange(found, EMPTY_DIRECTORY);
  const back = importDirectory({
    text: exportDirectory(found),
    accounts: NOBODY,
    current: found,
    newAgentId: derivedAgentId('main'),
  });
  check(back.kind === 'imported', 'what is exported is imported again');
}

const LISTED = jsonSeed([
  { id: '3001', name: 'Ann', upn: 'ann@example.com', email: 'ann@example.com', active: true },
  { id: ' 3002 ', name: '', upn: 'bob@example.com', active: false },
]);

/** Both platforms list hostile people, and a good file names some of them. */
const listings: Target = {
  name: 'directory/listings',
  covers: ['match.ts', 'drift.ts', 'accounts.ts', 'read-row.ts'].map(directory),
  inputs: 8_000,
  refuses: (error) => error instanceof CliError,
  text: (random) => damagedJson(random, [LISTED]),
  read(text): void {
    const listed = accountsIn(text);
    if (listed === undefined) return;
    const upn = listed[0]?.upn ?? 'ann@example.com';
    const accounts = new Map([
      ['five9', listed],
      ['teams', listed],
    ]);
    suggestMatches({ five9: listed, teams: listed, mapping: EMPTY_DIRECTORY });
    readPeople({
      tenant: 'main',
      file: 'agents.csv',
      text: writeCsv([
        ['five9_username', 'teams_upn', 'name'],
        [upn, upn, 'Ann'],
      ]),
      accounts,
      current: EMPTY_DIRECTORY,
    });
  },
};

/** The types are those that the connectors' own readers let through; the texts are any. */
function accountsIn(text: string): readonly Account[] | undefined {
  const list = parsed(text);
  if (!Array.isArray(list)) return undefined;
  return list.filter(isObject).map((item) => ({
    id: (textOf(item['id']) ?? '').slice(0, 128),
    name: textOf(item['name']) ?? '',
    ...optional('upn', textOf(item['upn'])),
    ...optional('email', textOf(item['email'])),
    active: item['active'] === true,
  }));
}

function optional(key: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: value };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const IDENTITY = jsonSeed({ name: 'Ann', accounts: { five9: '3001', teams: 'x' } });

/** The side table of the journal, as somebody may have changed it on the disk. */
const identities: Target = {
  name: 'directory/identities',
  covers: ['src/cli/service/people.ts', 'src/engine/remap.ts'],
  inputs: 16_000,
  // What is no JSON never was in the table.
  refuses: (error) => error instanceof DirectoryError || error instanceof SyntaxError,
  text: (random) => damagedJson(random, [IDENTITY]),
  read(text): void {
    const identity = parseJson(text);
    accountsOf(identity);
    createDirectory(rememberedDirectory(new Map([['a-1', identity]])).agents);
  },
};

function directory(file: string): string {
  return `src/directory/${file}`;
}

export const DIRECTORY_TARGETS: readonly Target[] = [csv, imports, listings, identities];
