/** The emulated vendors of a world, with their addresses and credentials. */
import { createEntraEmulator } from '../emulators/entra/entra.ts';
import type { EntraEmulator } from '../emulators/entra/entra.ts';
import { createFive9Emulator } from '../emulators/five9/emulator.ts';
import type { Five9Emulator } from '../emulators/five9/emulator.ts';
import { createGraphEmulator } from '../emulators/graph/graph.ts';
import type { GraphEmulator } from '../emulators/graph/graph.ts';
import type { Clock } from '../src/lib/clock.ts';
import type { Random } from '../src/lib/random.ts';
import type { Person } from './truths.ts';
import type { WorldOptions } from './world.ts';

export const FIVE9 = 'https://app.five9.sim';
export const GRAPH = 'https://graph.sim';
export const LOGIN = 'https://login.sim';
export const DIRECTORY_ID = '11111111-2222-4333-8444-555555555555';
/** The id of our application; also of its presence sessions. */
export const OURS = '66666666-7777-4888-8999-aaaaaaaaaaaa';
export const FIRST_SECRET = 'first-S3CR3T-of-the-application';
export const NEXT_SECRET = 'next-S3CR3T-of-the-application';
export const SUPERVISOR = { userName: 'bridge@example.com', password: 'S3CR3T-of-the-bridge' };
/** What must never stand in a log line, a record or a message. */
export const SECRETS = [FIRST_SECRET, NEXT_SECRET, SUPERVISOR.password];

export interface Vendors {
  readonly five9: Five9Emulator;
  readonly graph: GraphEmulator;
  readonly entra: EntraEmulator;
}

export function emulate(parts: {
  readonly clock: Clock;
  readonly random: Random;
  readonly people: readonly Person[];
  readonly options: WorldOptions;
}): Vendors {
  const { clock, random, people, options } = parts;
  const latencyMs = options.latencyMs ?? 80;
  const five9 = createFive9Emulator({
    clock,
    random: random.fork('five9'),
    baseUrl: FIVE9,
    supervisor: SUPERVISOR,
    seedUsers: people.map(({ agent }) => ({
      id: agent,
      userName: `${agent}@example.com`,
      email: `${agent}@example.com`,
    })),
    latency: { restMs: latencyMs, restJitterMs: 20, socketMs: 10 },
    ...options.five9,
  });
  const entra = createEntraEmulator({
    clock,
    random: random.fork('entra'),
    baseUrl: LOGIN,
    tenantId: DIRECTORY_ID,
    resources: [GRAPH],
    apps: [
      {
        clientId: OURS,
        secrets: [{ value: FIRST_SECRET }, { value: NEXT_SECRET }],
        roles: ['Presence.Read.All', 'Presence.ReadWrite.All', 'User.ReadBasic.All'],
      },
    ],
  });
  const graph = createGraphEmulator({
    clock,
    random: random.fork('graph'),
    baseUrl: GRAPH,
    tenantId: DIRECTORY_ID,
    entra,
    users: people.map(({ user, agent }) => ({
      id: user,
      userPrincipalName: `${agent}@example.com`,
    })),
    behaviour: { latencyMs, latencyJitterMs: 20, ...options.graph },
  });
  return { five9, graph, entra };
}
