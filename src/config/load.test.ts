import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { Config, LoadResult, Problem } from './config.ts';
import { formatProblems } from './format-problems.ts';
import { loadConfig } from './load.ts';
import type { MemoryFile } from './memory-io.ts';
import { memoryIo } from './memory-io.ts';
import { secretsOf } from './redact.ts';
import { systemIo } from './system-io.ts';

const FILE = '/etc/lockstep/lockstep.yaml';
const PASSWORD = 'hunter2-canary';

const GOOD = `
tenant: { id: main, name: Customer service }
five9:
  username: lockstep@example.com
  password: { file: secrets/five9 }
teams:
  tenantId: 11111111-2222-3333-4444-555555555555
  clientId: 11111111-2222-3333-4444-666666666666
  credential: { secret: { env: TEAMS_SECRET } }
sync:
  reasonCodes: { dnd: Teams, busy: 1001 }
`;

const SECRETS = { '/etc/lockstep/secrets/five9': `${PASSWORD}\n` };

function load(
  text: string,
  files: Readonly<Record<string, string | MemoryFile>> = SECRETS,
  env: Readonly<Record<string, string>> = { TEAMS_SECRET: 'teams-canary' },
): LoadResult {
  return loadConfig(FILE, memoryIo({ [FILE]: text, ...files }, env));
}

function configOf(result: LoadResult): Config {
  if (result.ok) return result.config;
  return assert.fail(formatProblems(result.problems));
}

function problemsOf(result: LoadResult): readonly Problem[] {
  return result.ok ? assert.fail('it loaded') : result.problems;
}

function only(result: LoadResult): Problem {
  const problems = problemsOf(result);
  assert.equal(problems.length, 1, formatProblems(problems));
  return problems[0] ?? assert.fail('no problem');
}

/** The good file with one piece exchanged; fails when the piece is not there. */
function having(piece: string, other: string): string {
  assert.ok(GOOD.includes(piece), `no ${piece}`);
  return GOOD.replace(piece, other);
}

void describe('a good file', () => {
  void it('loads with every default filled in', () => {
    const config = configOf(load(GOOD));
    assert.equal(config.five9.loginUrl, 'https://app.five9.com');
    assert.equal(config.five9.password.reveal(), PASSWORD);
    assert.equal(config.five9.fullStatisticsEvery, 120_000);
    assert.equal(config.teams.graphUrl, 'https://graph.microsoft.com');
    assert.equal(config.teams.credential.kind, 'secret');
    assert.deepEqual(config.teams.quota, { requests: 1_500, window: 30_000 });
    assert.deepEqual(config.sync.reasonCodes, { dnd: 'Teams', busy: '1001' });
    assert.equal(config.server.host, '127.0.0.1');
    assert.equal(config.journal.path, '/etc/lockstep/data/journal.db');
    assert.equal(config.log.level, 'info');
  });

  void it('has the New Platform as a source where it is set up', () => {
    const group =
      'cloud: { clientId: k, clientSecret: { env: KEY }, domainId: "7", events: EVENTS }';
    const events =
      '{ url: https://hooks.example.com/five9/x1, username: u, password: { env: POSTED } }';
    const text = having('five9:\n', `five9:\n  source: both\n  ${group}\n`);
    const env = { TEAMS_SECRET: 'teams-canary', KEY: 'key-canary', POSTED: 'post-canary' };
    const config = configOf(load(text.replace('EVENTS', events), SECRETS, env));
    const { cloud } = config.five9;
    assert.deepEqual([cloud?.url, cloud?.sweepEvery], ['https://api.prod.us.five9.net', 10_000]);
    assert.equal(cloud?.events?.password.reveal(), 'post-canary');
    assert.ok(!JSON.stringify(config).includes('canary'));
    assert.ok(['key-canary', 'post-canary'].every((each) => secretsOf(config).includes(each)));

    const missing = load(text.replace('EVENTS', events), SECRETS, { TEAMS_SECRET: 'x', KEY: 'x' });
    assert.equal(only(missing).path, 'five9.cloud.events.password');
    const plain = events.replace('https:', 'http:');
    assert.equal(
      only(load(text.replace('EVENTS', plain), SECRETS, env)).path,
      'five9.cloud.events.url',
    );
  });

  void it('needs the group for a source that reads it', () => {
    const problem = only(load(having('five9:\n', 'five9:\n  source: cloud\n')));
    assert.deepEqual([problem.path, problem.message], ['five9.source', 'needs five9.cloud']);
  });

  void it('takes the hosts of the cloud, unless they are set', () => {
    const dod = configOf(load(having('teams:\n', 'teams:\n  cloud: dod\n')));
    assert.equal(dod.teams.graphUrl, 'https://dod-graph.microsoft.us');
    const own = configOf(
      load(having('teams:\n', 'teams:\n  graphUrl: "http://127.0.0.1:9000/"\n')),
    );
    assert.equal(own.teams.graphUrl, 'http://127.0.0.1:9000');
    assert.equal(own.teams.loginUrl, 'https://login.microsoftonline.com');
  });

  void it('reads certificate and key', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIICANARY\n-----END PRIVATE KEY-----';
    const certificate = '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----';
    const text = having(
      '{ secret: { env: TEAMS_SECRET } }',
      '{ certificate: c.pem, privateKey: { file: /k.pem } }',
    );
    const files = { ...SECRETS, '/etc/lockstep/c.pem': certificate, '/k.pem': key };
    const { credential } = configOf(load(text, files)).teams;
    assert.equal(credential.kind, 'certificate');
    assert.equal(credential.kind === 'certificate' ? credential.privateKey.reveal() : '', key);
    const swapped = { ...files, '/k.pem': certificate, '/etc/lockstep/c.pem': key };
    assert.deepEqual(
      problemsOf(load(text, swapped)).map(({ path }) => path),
      ['teams.credential.certificate', 'teams.credential.privateKey'],
    );
  });

  void it('reads a token file anew each time, and only warns while it is not there', () => {
    const text = having('{ secret: { env: TEAMS_SECRET } }', '{ assertion: { file: token } }');
    const files: Record<string, string> = { ...SECRETS, [FILE]: text };
    const result = loadConfig(FILE, memoryIo(files));
    const { credential } = configOf(result).teams;
    assert.ok(credential.kind === 'assertion');
    assert.equal(credential.file, '/etc/lockstep/token');
    assert.deepEqual(
      result.ok ? result.warnings.map(({ path, message }) => `${path} ${message}`) : [],
      ['teams.credential.assertion points to a file that does not exist'],
    );
    for (const content of ['first', 'second']) {
      files['/etc/lockstep/token'] = content;
      assert.deepEqual(credential.read(), { ok: true, value: content });
    }
    files['/etc/lockstep/token'] = 'x'.repeat(65_537);
    const read = credential.read();
    assert.match(read.ok ? '' : read.problem.message, /more than 65536 bytes/);
  });

  void it('reads the registration that reads, which must be another', () => {
    const reader = (id: string): string =>
      having(
        'teams:\n',
        `teams:\n  read: { clientId: ${id}, credential: { secret: { env: READ_SECRET } } }\n`,
      );
    const env = { TEAMS_SECRET: 'teams-canary', READ_SECRET: 'read-canary' };
    const other = '11111111-2222-3333-4444-777777777777';
    const config = configOf(load(reader(other), SECRETS, env));
    assert.equal(config.teams.read?.clientId, other);
    const { credential } = config.teams.read;
    assert.equal(credential.kind === 'secret' ? credential.secret.reveal() : '', 'read-canary');
    assert.ok(secretsOf(config).includes('read-canary'));
    assert.equal(configOf(load(GOOD)).teams.read, undefined);
    const same = only(load(reader('11111111-2222-3333-4444-666666666666'), SECRETS, env));
    assert.equal(same.path, 'teams.read.clientId');
    const missing = only(load(reader(other)));
    assert.equal(missing.path, 'teams.read.credential.secret');
  });

  void it('reads what notifications need, before anybody has signed in', () => {
    const push = (more: string): string =>
      having(
        'teams:\n',
        `teams:\n  push:\n    url: https://lockstep.example.com\n    subscribers: [{ name: one@example.com, tokenFile: one.token }]\n${more}`,
      );
    const { push: first } = configOf(load(push(''))).teams;
    assert.equal(first?.subscribers[0]?.tokenFile, '/etc/lockstep/one.token');
    assert.equal(first.subscribers[0].read().ok, false);
    assert.equal(first.content, undefined);
    const files = { ...SECRETS, '/etc/lockstep/one.token': 'refresh-canary\n' };
    const signedIn = configOf(load(push(''), files));
    assert.ok(secretsOf(signedIn).includes('refresh-canary'));
    const pem = { ...SECRETS, '/etc/lockstep/c.pem': '-----BEGIN CERTIFICATE-----' };
    const half = only(load(push('    certificate: c.pem\n'), pem));
    assert.equal(half.path, 'teams.push');
    assert.match(half.message, /both certificate and privateKey/);
  });

  void it('takes one way to prove who it is, and never shows a token in its place', () => {
    const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOjF9.canary';
    for (const wrong of [
      '{ assertion: { file: token }, secret: { env: TEAMS_SECRET } }',
      '{ assertion: { file: token }, certificate: c.pem }',
      `{ assertion: ${jwt} }`,
      `{ assertion: { file: ${jwt} } }`,
      `{ assertion: { env: TOKEN } }`,
    ]) {
      const problems = problemsOf(load(having('{ secret: { env: TEAMS_SECRET } }', wrong)));
      assert.match(problems[0]?.path ?? '', /^teams\.credential/, wrong);
      assert.doesNotMatch(JSON.stringify(problems), /eyJ|canary/);
    }
  });

  void it('takes a group of which everything is commented out for absent', () => {
    assert.equal(load(`${GOOD}\nlog:\n  # level: warn\nserver:\n`).ok, true);
  });

  void it('warns of what works but costs', () => {
    const text = `${having('five9:\n', 'five9:\n  loginUrl: https://five9.example.com\n  policy: ForceIn\n')}server: { host: 0.0.0.0 }\n`;
    const files = { '/etc/lockstep/secrets/five9': { text: PASSWORD, mode: 0o100_644 } };
    const result = load(text.replace('{ dnd: Teams, busy: 1001 }', '{}'), files);
    const warned = result.ok ? result.warnings.map(({ path }) => path) : [];
    assert.deepEqual(warned, [
      'five9.loginUrl',
      'five9.policy',
      'five9.password',
      'sync.reasonCodes',
      'server.host',
    ]);
  });

  void it('loads from a real disk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-config-'));
    try {
      writeFileSync(join(folder, 'pass'), `${PASSWORD}\r\n`, { mode: 0o600 });
      writeFileSync(join(folder, 'a.yaml'), having('secrets/five9', 'pass'));
      const io = { ...systemIo(), env: { TEAMS_SECRET: 'x' } };
      const config = configOf(loadConfig(join(folder, 'a.yaml'), io));
      assert.equal(config.five9.password.reveal(), PASSWORD);
      assert.equal(loadConfig(join(folder, 'none.yaml'), io).ok, false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

void describe('mistakes', () => {
  void it('are all reported at once, in the order of the file, with their place', () => {
    const problems = problemsOf(
      load(`tenant:
  id: Main Office
five9:
  loginurl: https://app.five9.com
  username: 17
  password: ${PASSWORD}
  writesPerSecond: 900
  policy: attach_existing
  quietAfter: 90
teams:
  tenantId: 1234
  clientId: 11111111-2222-3333-4444-666666666666
  credential: { certificate: c.pem }
  sweep: { hot: 9s, warm: 8s }
sync:
  strategy: latest-human
  notReady:
    - { reason: Lunch, show: meal }
serverr: { port: 1 }
`),
    );
    const short = problems.map(({ path, line, message, value }) => [path, line, message, value]);
    assert.deepEqual(short, [
      ['tenant.name', 2, 'is missing', undefined],
      ['tenant.id', 2, 'has a wrong form', '"Main Office"'],
      ['five9.loginurl', 4, 'is not a known setting', undefined],
      ['five9.username', 5, 'must be text', '17'],
      ['five9.password', 6, 'must be a reference to the secret, not the secret itself', undefined],
      ['five9.writesPerSecond', 7, 'is too large', '900'],
      ['five9.policy', 8, 'is not one of the known values', '"attach_existing"'],
      ['five9.quietAfter', 9, 'must be a duration with its unit', '90'],
      ['teams.tenantId', 11, 'must be a GUID in quotes', '1234'],
      [
        'teams.credential',
        13,
        'must hold one of: certificate and privateKey, assertion, secret',
        undefined,
      ],
      ['teams.credential.certificate', 13, 'points to a file that does not exist', undefined],
      ['teams.sweep.warm', 14, 'is shorter than teams.sweep.hot', undefined],
      ['sync.strategy', 16, 'is not one of the known values', '"latest-human"'],
      ['sync.notReady[0].show', 18, 'is not one of the known values', '"meal"'],
      ['serverr', 19, 'is not a known setting', undefined],
    ]);
    const fixes = problems.map(({ fix }) => fix).join('\n');
    for (const hint of [
      '"loginUrl"',
      '"AttachExisting"',
      '"latest_human"',
      '"server"',
      'add name:',
    ]) {
      assert.ok(fixes.includes(hint), `${hint} in\n${fixes}`);
    }
    for (const { column, fix } of problems) assert.ok((column ?? 0) > 0 && fix !== '');
  });

  void it('show how to write a reference and never show the literal', () => {
    const literals = [
      PASSWORD,
      `{ file: ${PASSWORD} }`,
      `{ env: ${PASSWORD} }`,
      `{ env: HUNTER2CANARY }`,
      `{ ${PASSWORD}: x }`,
      `{ value: ${PASSWORD} }`,
      `[${PASSWORD}]`,
      `{ file: { text: ${PASSWORD} } }`,
      `{ file: a, env: ${PASSWORD} }`,
      `*${PASSWORD}`,
      `!${PASSWORD}`,
      `&a ${PASSWORD}`,
      `"${PASSWORD}`,
      `%${PASSWORD}`,
      `a: ${PASSWORD}: b`,
      `|\n    ${PASSWORD}`,
    ];
    for (const literal of literals) {
      const problems = problemsOf(load(having('{ file: secrets/five9 }', literal)));
      const text = formatProblems(problems) + JSON.stringify(problems);
      assert.doesNotMatch(text, /hunter2-?canary/i, literal);
    }
    const { fix } = only(load(having('{ file: secrets/five9 }', PASSWORD)));
    assert.equal(fix, 'write password: { file: secrets/five9-password }, and put the secret there');
  });

  void it('never echo a key that was pasted into the wrong place', () => {
    const pasted = `"-----BEGIN PRIVATE KEY-----\\n${PASSWORD}"`;
    for (const place of ['username: lockstep@example.com', 'name: Customer service']) {
      const [key = ''] = place.split(':');
      const problem = only(load(having(place, `${key}: ${pasted}`)));
      assert.match(problem.message, /more than one line/);
      assert.doesNotMatch(JSON.stringify(problem), /canary/);
    }
  });

  void it('in the YAML itself give one sentence with its place', () => {
    const broken = only(load(having('name: Customer', 'name: a: Customer')));
    assert.equal(broken.line, 2);
    assert.equal(formatProblems([broken]).split('\n').length, 2);
    assert.match(only(load('a: 1\na: 2\n')).message, /same key twice/);
    assert.match(only(load('a:\n\t- b\n')).message, /tab/);
    assert.match(only(load('')).message, /is empty/);
    assert.match(only(load('- a')).message, /does not hold settings/);
    assert.match(only(load(having('1001', '0123'))).message, /begins with 0/);
    assert.match(only(load('a'.repeat(1_048_577))).message, /longer/);
  });

  void it('in secrets name the field and the reason', () => {
    const messageFor = (files: Readonly<Record<string, string>>, env = {}): string[] =>
      problemsOf(load(GOOD, files, env)).map(({ path, message }) => `${path} ${message}`);
    assert.deepEqual(messageFor({}), [
      'five9.password points to a file that does not exist',
      'teams.credential.secret points to an environment variable that is not set',
    ]);
    assert.deepEqual(messageFor({ '/etc/lockstep/secrets/five9': ' \n' }, { TEAMS_SECRET: '' }), [
      'five9.password points to an empty file',
      'teams.credential.secret points to an environment variable that is empty',
    ]);
  });

  void it('between settings are found', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['five9:\n', 'five9:\n  loginUrl: http://app.five9.com\n', 'five9.loginUrl'],
      ['five9:\n', 'five9:\n  loginUrl: https://a:b@app.five9.com\n', 'five9.loginUrl'],
      ['five9:\n', 'five9:\n  allowedHosts: ["*.com"]\n', 'five9.allowedHosts[0]'],
      ['five9:\n', 'five9:\n  quietAfter: 40s\n', 'sync.staleAfter.five9'],
      ['sync:\n', 'sync:\n  staleAfter: { teams: 19s }\n', 'sync.staleAfter.teams'],
      ['sync:\n', 'sync:\n  notReady: [{ reason: teams, show: dnd }]\n', 'sync.notReady[0].reason'],
      ['sync:\n', 'agents: { file: none.csv }\nsync:\n', 'agents.file'],
      ['sync:\n', 'agents: { match: automatic }\nsync:\n', 'agents.match'],
    ];
    for (const [piece, other, path] of cases)
      assert.equal(only(load(having(piece, other))).path, path);
    const twice = '  notReady: [{ reason: 7, show: dnd }, { reason: "7", show: away }]\n';
    assert.equal(only(load(having('sync:\n', `sync:\n${twice}`))).path, 'sync.notReady[1].reason');
  });

  void it('do not come through inherited names or odd keys', () => {
    for (const key of ['__proto__', 'constructor', 'toString', '1', '"\\u001b[2J"']) {
      const problem = only(load(`${GOOD}${key}: { a: 1 }\n`));
      assert.equal(problem.message, 'is not a known setting');
      assert.ok(!formatProblems([problem]).includes('\u001b'));
    }
  });
});

void describe('a loaded secret', () => {
  void it('does not show itself', () => {
    const config = configOf(load(GOOD));
    const prints = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      String(config.five9.password),
    ];
    for (const print of prints) assert.doesNotMatch(print, /canary/);
    assert.equal(String(config.five9.password), '[secret from file /etc/lockstep/secrets/five9]');
  });
});
