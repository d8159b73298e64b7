/** Settings as the connectors take them, and commands and accounts on their way to a vendor's path. */
import { ConnectorError } from '../../src/connectors/connector.ts';
import { settingsFrom } from '../../src/connectors/five9/options.ts';
import { planOf } from '../../src/connectors/five9/write.ts';
import { OPTIONS } from '../../src/connectors/teams/fixtures/scripted-graph.ts';
import type { TeamsOptions } from '../../src/connectors/teams/options.ts';
import { resolveOptions, teamsOrigins } from '../../src/connectors/teams/options.ts';
import { planWrite } from '../../src/connectors/teams/write.ts';
import type { Command } from '../../src/model/mark.ts';
import { resolveCodes } from '../../src/policy/codes.ts';
import { damaged, damagedJson, jsonSeed } from './hostile-text.ts';
import { isSafePath } from './promises.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const FIVE9 = jsonSeed({
  loginUrl: 'https://app.five9.com',
  username: 'bridge@example.com',
  password: 'canary-password',
  allowedHosts: ['five9.com', 'localhost:9005'],
  reservedReasonCodes: ['410009'],
  presencePath: '/supsvcs/agents/{agent}/presence',
  writesPerSecond: 5,
  pingMs: 15_000,
});

const five9: Target = {
  name: 'five9/options',
  covers: ['src/connectors/five9/options.ts'],
  inputs: 8_000,
  refuses: (error) => error instanceof ConnectorError && !error.message.includes('canary-password'),
  text: (random) => damagedJson(random, [FIVE9]),
  read(text): void {
    const value = parsed(text);
    // Whatever a program hands over in place of the settings.
    const settings = settingsFrom(Object(value));
    check(settings.presencePath.includes('{agent}'), 'a path has a place for the agent');
    check(
      !settings.loginUrl.startsWith('http:') || /localhost|127\.|\[::1\]/.test(settings.loginUrl),
      'the password travels with https only',
    );
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const TEXTS = [
  '11111111-2222-4333-8444-555555555555',
  'example.onmicrosoft.com',
  'https://graph.microsoft.com',
  PEM,
];

const teams: Target = {
  name: 'teams/options',
  covers: ['src/connectors/teams/options.ts'],
  inputs: 16_000,
  refuses: (error) => error instanceof ConnectorError,
  text: (random) => damaged(random, TEXTS),
  read(text): void {
    const wishes: readonly Partial<TeamsOptions>[] = [
      { tenantId: text },
      { clientId: text },
      { loginUrl: text },
      { credential: { certificate: text, privateKey: text } },
    ];
    const wish = wishes[text.length % wishes.length];
    const setup = resolveOptions({ ...OPTIONS, ...wish });
    check(URL.canParse(setup.tokenUrl), 'the address of the sign-in is one');
    teamsOrigins({ ...OPTIONS, ...wish });
  },
};

const COMMANDS: readonly Command[] = [
  {
    platform: 'teams',
    kind: 'put',
    slot: 'session',
    slotKind: 'session',
    value: 'Busy/InACall',
    preset: 'in_call',
    shows: ['in_call'],
    lifeMs: 900_000,
  },
  {
    platform: 'five9',
    kind: 'restore',
    slot: 'readiness',
    slotKind: 'shared',
    value: 'not_ready',
    preset: 'ready',
    shows: ['ready'],
    previous: 'CALL,VOICE_MAIL',
  },
];

/** Account ids from a mapping file, and what stood in a slot in the vendor's own words. */
const writes: Target = {
  name: 'connectors/writes',
  covers: ['src/connectors/teams/write.ts', 'src/connectors/five9/write.ts', 'src/policy/codes.ts'],
  inputs: 30_000,
  text: (random) =>
    damaged(random, ['00000000-0000-4000-8000-000000000001', 'CALL,VOICE_MAIL', '410009']),
  read(text): void {
    const [session, restore] = COMMANDS;
    if (session === undefined || restore === undefined) return;
    const planned = planWrite(session, text, 'client');
    if (planned.ok) isSafePath(planned.plan.path);
    planWrite({ ...session, slot: text, value: text }, 'a', 'client');
    planWrite(
      { ...session, kind: 'restore', slot: 'preferred', slotKind: 'shared', previous: text },
      'a',
      'client',
    );
    for (const wish of [
      { previous: text },
      { kind: 'put', reasonCode: text, previous: '' },
    ] as const) {
      const plan = planOf({ ...restore, ...wish }, 'full');
      check(plan.kind === 'refuse' || typeof JSON.parse(plan.body) === 'object', 'a body is JSON');
    }
    resolveCodes({ stop: { busy: text }, notReady: [{ reason: text, show: 'brb' }] }, [
      { code: text, label: text, selectable: text.length % 2 === 0 },
    ]);
  },
};

export const SETTINGS_TARGETS: readonly Target[] = [five9, teams, writes];
