/** Whatever is wrong at the start ends in one clear message with its fix, never in a stack trace. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { EXIT } from '../../src/cli/cli.ts';
import type { Ended, Platforms, Wishes } from './kit.ts';
import {
  CLIENT_SECRET,
  endHard,
  lockstep,
  mappingOf,
  newFolder,
  openPlatforms,
  SUPERVISOR,
  SYNC,
  verb,
  writeConfig,
} from './kit.ts';

/** Hard limit for a busy machine; a quiet one needs two or three seconds. */
const END_MS = 30_000;

interface Case {
  readonly name: string;
  readonly wishes?: Wishes;
  readonly exit: number;
  /** As a process of its own, to see that it really ends. */
  readonly alone?: boolean;
  /** Words that the message must hold: what is wrong, and where. */
  readonly says: readonly RegExp[];
}

describe('a start that cannot succeed', { concurrency: 2 }, () => {
  let platforms: Platforms;
  let powerless: Platforms;

  before(async () => {
    platforms = await openPlatforms({ agents: 3, seed: 1 });
    powerless = await openPlatforms({ agents: 3, seed: 1, roles: ['User.ReadBasic.All'] });
  });
  after(() => Promise.all([platforms.close(), powerless.close()]));

  const cases: readonly Case[] = [
    {
      name: 'a wrong Five9 password',
      alone: true,
      wishes: { password: 'not-the-password' },
      exit: EXIT.refused,
      says: [/Five9/, /password|credential|sign-?in|log-?in/i],
    },
    {
      name: 'a wrong Teams secret',
      alone: true,
      wishes: { secret: 'not-the-secret' },
      exit: EXIT.refused,
      says: [/Teams|Microsoft/, /secret/i],
    },
    {
      name: 'a reason code that does not exist',
      alone: true,
      wishes: { sync: SYNC.replace('"Teams: Busy"', '"No such code"') },
      exit: EXIT.config,
      says: [/sync\.reasonCodes\.busy/, /No such code/],
    },
    {
      name: 'a mapped reason that does not exist',
      wishes: { sync: SYNC.replace('Lunch', 'Elevenses') },
      exit: EXIT.config,
      says: [/sync\.notReady/, /Elevenses/],
    },
    {
      name: 'a Five9 user in the mapping whom Five9 does not know',
      wishes: {
        mapping: mappingOf([], '399999999999999,00000000-0000-4000-8000-000000000001,Nobody,'),
      },
      exit: EXIT.config,
      says: [/agents\.csv row 2/, /five9_user_id/, /399999999999999/],
    },
    {
      name: 'a Teams user in the mapping whom Teams does not know',
      wishes: {
        mapping: mappingOf([], '300000000510001,99999999-0000-4000-8000-000000000001,Nobody,'),
      },
      exit: EXIT.config,
      says: [/agents\.csv row 2/, /teams_user_id/, /99999999-0000-4000-8000-000000000001/],
    },
    {
      name: 'a mapping file that is missing',
      wishes: { withoutMapping: true },
      exit: EXIT.config,
      says: [/agents\.file/, /lockstep\.yaml:\d+:\d+|agents\.csv/],
    },
  ];
  for (const { name, wishes, exit, says, alone } of cases) {
    it(`names ${name}`, async () => {
      const folder = newFolder();
      try {
        const config = writeConfig(folder.path, platforms, wishes);
        const ended = await (alone === true ? run : verb)('start', '-c', config);
        assertClear(ended, exit, says);
      } finally {
        folder.remove();
      }
    });
  }

  it('names the Presence permission that the application lacks', async () => {
    const folder = newFolder();
    try {
      const ended = await verb('start', '-c', writeConfig(folder.path, powerless));
      assertClear(ended, EXIT.refused, [/Teams|Microsoft/, /Presence\.Read(?:Write)?\.All/]);
    } finally {
      folder.remove();
    }
  });

  it('names the line of a broken YAML', async () => {
    const folder = newFolder();
    try {
      const config = writeConfig(folder.path, platforms);
      writeFileSync(config, 'tenant: { id: e2e, name: "End to end }\nfive9:\n  - [\n');
      const ended = await run('start', '-c', config);
      assertClear(ended, EXIT.config, [/lockstep\.yaml:\d+:\d+/]);
    } finally {
      folder.remove();
    }
  });

  it('refuses a literal secret and does not repeat it', async () => {
    const folder = newFolder();
    try {
      const config = writeConfig(folder.path, platforms);
      const text = readFileSync(config, 'utf8');
      writeFileSync(config, text.replace('{ file: five9-password }', SUPERVISOR.password));
      const ended = await verb('start', '-c', config);
      assertClear(ended, EXIT.config, [/lockstep\.yaml:\d+:\d+/, /five9\.password/, /reference/]);
      assert.equal(ended.err.includes(SUPERVISOR.password), false, 'the secret is not printed');
    } finally {
      folder.remove();
    }
  });

  it('names a configuration file that is not there', async () => {
    const folder = newFolder();
    try {
      const ended = await verb('start', '-c', join(folder.path, 'absent.yaml'));
      assertClear(ended, EXIT.config, [/absent\.yaml/, /cannot be read/]);
    } finally {
      folder.remove();
    }
  });

  it('names the port, or the journal, that a running service holds', async () => {
    const first = newFolder();
    const second = newFolder();
    const config = writeConfig(first.path, platforms);
    const running = lockstep('start', '-c', config);
    try {
      const [, url = ''] = await running.line(/Console (http:\S+)\//, END_MS);
      const port = Number(new URL(url).port);

      const same = await run('start', '-c', writeConfig(second.path, platforms, { port }));
      assertClear(same, EXIT.config, [new RegExp(`127\\.0\\.0\\.1:${port}`)]);

      const locked = await verb('start', '-c', config);
      assertClear(locked, EXIT.journal, [/journal/i, /journal\.db|in use|locked|another/i]);

      running.kill('SIGTERM');
      const ended = await running.ended(END_MS);
      assert.equal(ended.code, EXIT.ok, ended.err);
    } finally {
      await endHard(running);
      first.remove();
      second.remove();
    }
  });
});

describe('a command line that is wrong', { concurrency: 2 }, () => {
  const lines: readonly (readonly [readonly string[], number, readonly RegExp[]])[] = [
    [['begin'], EXIT.usage, [/"begin"/]],
    [['start', '--config-file', 'x'], EXIT.usage, [/--config-file/]],
    [['sandbox', '--agents', 'many'], EXIT.usage, [/--agents/, /"many"/, /5000/]],
    [['explain'], EXIT.usage, [/no agent/]],
    [['explain', 'x', '--at', 'yesterday'], EXIT.usage, [/--at/, /"yesterday"/]],
    [['status', '--url', 'http://127.0.0.1:9'], EXIT.unreachable, [/127\.0\.0\.1:9/]],
    [['status', '--url', 'not a url'], EXIT.usage, [/--url|not a url/]],
    [['replay', 'absent.db'], EXIT.notFound, [/absent\.db/]],
  ];
  for (const [args, exit, says] of lines) {
    it(`is refused: ${args.join(' ')}`, async () => {
      assertClear(await verb(...args), exit, says);
    });
  }

  it('says what the verbs are when none is given, and answers --help with exit code 0', async () => {
    const [none, help] = await Promise.all([run(), verb('start', '--help')]);
    assert.equal(none.code, EXIT.usage);
    assert.match(none.out, /sandbox/);
    assert.equal(help.code, EXIT.ok);
  });
});

describe('config check', () => {
  it('reports every mistake at once, each with line and column', async () => {
    const folder = newFolder();
    const config = join(folder.path, 'lockstep.yaml');
    try {
      writeFileSync(config, MANY_MISTAKES);
      const [text, json] = await Promise.all([
        verb('config', 'check', '-c', config),
        verb('config', 'check', '-c', config, '--json'),
      ]);
      assert.equal(text.code, EXIT.config);
      assert.equal(json.code, EXIT.config);
      for (const [path, line] of MISTAKES) {
        assert.match(text.out, new RegExp(`lockstep\\.yaml:${line}:\\d+: ${path} `), path);
        assert.match(json.out, new RegExp(`"path": "${path}",\\s+"line": ${line},\\s+"column"`));
      }
      const blocks = text.out.match(/lockstep\.yaml:/g)?.length ?? 0;
      assert.equal(blocks, text.out.match(/^ +fix: \S/gm)?.length, 'every mistake has its fix');
      assert.equal(/^ {4}at /m.test(text.out + text.err), false);
      assert.equal(text.out.includes(CLIENT_SECRET), false);
    } finally {
      folder.remove();
    }
  });

  it('accepts a good file and the sample', async () => {
    const platforms = await openPlatforms({ agents: 1, seed: 1 });
    const folder = newFolder();
    try {
      const [good, sample] = await Promise.all([
        verb('config', 'check', '-c', writeConfig(folder.path, platforms)),
        verb('config', 'sample'),
      ]);
      assert.equal(good.code, EXIT.ok, good.out);
      assert.match(sample.out, /^tenant:/m);
    } finally {
      folder.remove();
      await platforms.close();
    }
  });
});

const MANY_MISTAKES = `tenant: { id: "Not Good", name: E2e }
five9:
  username: bridge@example.com
  password: { file: absent-file }
  policy: Sometimes
teams:
  tenantId: not-a-guid
  clientId: 66666666-7777-4888-8999-aaaaaaaaaaaa
  credential: { secret: ${CLIENT_SECRET} }
sync:
  afterCallwork: busy
  callMarkLife: 90
server: { port: 99999 }
`;

const MISTAKES: readonly (readonly [string, number])[] = [
  ['tenant.id', 1],
  ['five9.password', 4],
  ['five9.policy', 5],
  ['teams.tenantId', 7],
  ['teams.credential.secret', 9],
  ['sync.afterCallwork', 11],
  ['sync.callMarkLife', 12],
  ['server.port', 13],
];

async function run(...args: readonly string[]): Promise<Ended> {
  const started = lockstep(...args);
  try {
    return await started.ended(END_MS);
  } finally {
    await endHard(started);
  }
}

/** One message: what is wrong, a line with the fix, the exit code, and nothing of our insides. */
function assertClear(ended: Ended, exit: number, says: readonly RegExp[]): void {
  const { code, err, out } = ended;
  assert.equal(code, exit, `exit code ${code}: ${err}${out}`);
  assert.equal(/^ {4}at /m.test(err + out), false, `a stack trace: ${err}`);
  assert.equal(err.match(/^lockstep\b/gm)?.length, 1, `one message: ${err}`);
  assert.match(err, /^Fix: \S/m);
  for (const words of says) assert.match(err, words);
}
