/** The configuration file, what it points to, and what is printed of it. */
import { exampleYaml } from '../../src/config/example.ts';
import { formatProblems } from '../../src/config/format-problems.ts';
import { loadConfig } from '../../src/config/load.ts';
import { memoryIo } from '../../src/config/memory-io.ts';
import { nearest } from '../../src/config/nearest.ts';
import { readYaml } from '../../src/config/read-yaml.ts';
import { createRedactor } from '../../src/config/redact.ts';
import { settingsSchema } from '../../src/config/schema.ts';
import { readSecret } from '../../src/config/secret.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { readPlace, writePlace } from '../../web/src/address.ts';
import { damaged, damagedJson, jsonSeed } from './hostile-text.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const FILE = '/etc/lockstep/lockstep.yaml';
const PASSWORD = 'hunter2-canary';

const GOOD = `tenant: { id: main, name: Customer service }
five9:
  username: lockstep@example.com
  password: { file: secrets/five9 }
  allowedHosts: ["*.five9.com", app.five9.com]
  quietAfter: 15s
teams:
  tenantId: 11111111-2222-3333-4444-555555555555
  clientId: 11111111-2222-3333-4444-666666666666
  credential: { secret: { env: TEAMS_SECRET } }
  sweep: { hot: 2s, warm: 10s, cold: 30s }
sync:
  notReady:
    - { reason: Lunch, show: away }
    - { reason: 1001, show: brb }
  reasonCodes: { dnd: Teams, busy: 1002 }
server: { port: 8430 }
`;

/** Small ones, because they are read often; the whole sample is read in full below. */
const YAMLS = [
  GOOD,
  'a: &x [1, 2]\nb: *x\nc: { <<: *x }\n',
  'tenant:\n  id: main\n  name: "Customer\\u0020service"\n# a comment\nfive9: |\n  text\n',
  '? [complex]\n: value\n',
  '%YAML 1.2\n---\n!!map { a: !!int "1" }\n...\n',
  `${Array.from({ length: 9 }, (_, i) => `l${i}: &l${i} [${i === 0 ? 'x' : `*l${i - 1},*l${i - 1},*l${i - 1}`}]`).join('\n')}\n`,
];

const yaml: Target = {
  name: 'config/yaml',
  covers: ['read-yaml.ts'].map(config),
  inputs: 3_500,
  text: (random) => damaged(random, YAMLS),
  read(text): void {
    const read = readYaml(text);
    if (!read.ok) {
      check(read.problem.message !== '' && read.problem.fix !== '', 'a problem has its fix');
      return;
    }
    for (const path of [[], ['tenant', 'id'], ['__proto__'], ['sync', 'notReady', 0]]) {
      read.reading.placeOf(path);
      read.reading.placeOfKey(path);
    }
  },
};

const files: Target = {
  name: 'config/files',
  covers: [
    'load.ts',
    'read-yaml.ts',
    'schema.ts',
    'five9-schema.ts',
    'teams-schema.ts',
    'sync-schema.ts',
    'fields.ts',
    'checks.ts',
    'explain.ts',
    'nearest.ts',
    'references.ts',
    'secret.ts',
    'json-schema.ts',
    'format-problems.ts',
  ].map(config),
  inputs: 1_000,
  text: (random) => damaged(random, random.next() < 0.02 ? [exampleYaml()] : [GOOD]),
  read(text): void {
    const io = memoryIo(
      { [FILE]: text, '/etc/lockstep/secrets/five9': `${PASSWORD}\n` },
      { TEAMS_SECRET: 'teams-canary' },
    );
    const loaded = loadConfig(FILE, io);
    const problems = loaded.ok ? loaded.warnings : loaded.problems;
    const words = formatProblems(problems, FILE);
    check(!words.includes(PASSWORD) && !words.includes('teams-canary'), 'no secret is told (G3)');
    check(!/(?!\n)[\p{Cc}\p{Cf}]/u.test(words), 'a problem does not steer the terminal');
    check(loaded.ok || problems.length > 0, 'a refusal has a reason');
  },
};

const SETTINGS_SEED = jsonSeed({
  tenant: { id: 'main', name: 'Customer service' },
  five9: {
    loginUrl: 'https://app.five9.com',
    username: 'lockstep@example.com',
    password: { file: 'secrets/five9' },
    allowedHosts: ['*.five9.com'],
    writesPerSecond: 5,
    presencePath: '/supsvcs/agents/{agent}/presence',
  },
  teams: {
    tenantId: '11111111-2222-3333-4444-555555555555',
    clientId: '11111111-2222-3333-4444-666666666666',
    credential: { secret: { env: 'TEAMS_SECRET' } },
  },
  sync: { notReady: [{ reason: 'Lunch', show: 'away' }], callMarkLife: '15m' },
  server: { host: '127.0.0.1', port: 8_430 },
});

const settings: Target = {
  name: 'config/settings',
  covers: [
    'schema.ts',
    'fields.ts',
    'five9-schema.ts',
    'teams-schema.ts',
    'push-schema.ts',
    'sync-schema.ts',
  ].map(config),
  inputs: 12_000,
  text: (random) => damagedJson(random, [SETTINGS_SEED]),
  read(text): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    const read = settingsSchema.safeParse(value);
    if (!read.success) return;
    check(read.data.five9.loginUrl.startsWith('http'), 'an address is an address');
  },
};

const SECRETS = [
  'hunter2',
  '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
  '\ufeff',
];

const secrets: Target = {
  name: 'config/secrets',
  covers: ['secret.ts', 'references.ts'].map(config),
  inputs: 30_000,
  text: (random) => damaged(random, SECRETS),
  read(text): void {
    const io = memoryIo({ '/s/five9': text }, { SECRET: text });
    const locate = (path: string): string => path;
    for (const reference of [{ file: '/s/five9' }, { env: 'SECRET' }, { file: text }]) {
      const found = readSecret(reference, io, locate);
      if (!found.ok) continue;
      const shown = JSON.stringify(found.value) + String(found.value);
      const content = found.value.reveal();
      check(content.length < 8 || !shown.includes(content), 'a secret shows where it came from');
    }
  },
};

const REDACTOR = createRedactor([PASSWORD, 'p%a/s+s w\u00f6rd']);
const REDACTED = [
  `password=${PASSWORD}&client_secret=abc`,
  'Authorization: Bearer abcdefghijklmnop.qrst',
  'https://user:secret@host/path',
  'eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJ4In0.c2ln',
  '-----BEGIN PRIVATE KEY-----\nMIIE',
];

function redactionTarget(): Target {
  const lines: string[] = [];
  let now = 0;
  const log = createLog({
    level: 'info',
    clock: { now: () => now, monotonic: () => now },
    redactor: REDACTOR,
    destination: { write: (line) => void lines.push(line) },
  });
  return {
    name: 'config/redaction',
    covers: ['src/config/redact.ts', 'src/telemetry/log.ts', 'src/telemetry/repeats.ts'],
    inputs: 8_000,
    text: (random) => damaged(random, REDACTED),
    read(text): void {
      // So far apart that nothing is left out as a repetition.
      now += 3_600_000;
      lines.length = 0;
      log.warn(text, { text, [text]: PASSWORD, deep: { list: [text, new Error(text)] } });
      check(lines.length === 1, 'one line');
      for (const line of lines) {
        check(!line.includes(PASSWORD), 'a known secret is taken out (R1)');
        check(line.endsWith('\n') && !line.slice(0, -1).includes('\n'), 'it is one line');
        check(typeof JSON.parse(line) === 'object', 'it is JSON');
      }
      REDACTOR.data(safely(text));
    },
  };
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const names: Target = {
  name: 'config/nearest',
  covers: ['nearest.ts'].map(config),
  inputs: 20_000,
  text: (random) => damaged(random, ['pasword', 'login_url', 'reasonCodes']),
  read(text): void {
    nearest(text, ['password', 'loginUrl', 'reasonCodes', '__proto__']);
  },
};

const addresses: Target = {
  name: 'web/address',
  covers: ['web/src/address.ts'],
  inputs: 40_000,
  text: (random) =>
    damaged(random, [
      '?text=ann&step=blocked,moving&order=name&by=team&agent=a-1',
      '?agent=%F0%9F',
    ]),
  read(text): void {
    const place = readPlace(text);
    check(place.choices.text.length <= 200, 'a text from an address is bounded');
    const again = readPlace(writePlace(place));
    check(again.choices.order === place.choices.order, 'an address reads back');
  },
};

function config(file: string): string {
  return `src/config/${file}`;
}

export const CONFIG_TARGETS: readonly Target[] = [
  yaml,
  files,
  settings,
  secrets,
  redactionTarget(),
  names,
  addresses,
];
