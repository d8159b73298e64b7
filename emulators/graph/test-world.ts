/** A small world for the emulators' own tests: a virtual clock, one app with every role, users. */
import { seededRandom } from '../../src/lib/random.ts';
import { createEntraEmulator, type EntraEmulator } from '../entra/entra.ts';
import { isRecord, type JsonRecord } from '../entra/json-body.ts';
import { virtualClock, type VirtualClock } from '../virtual-clock.ts';
import type { AppSpec } from '../entra/registration.ts';
import { perform } from './act.ts';
import type { Behaviour } from './behaviour.ts';
import type { GraphSubject } from './conformance.ts';
import {
  graphClient,
  type ClientSubject,
  type GraphClient,
  type GraphReply,
} from './graph-client.ts';
import { createGraphEmulator, type GraphEmulator } from './graph.ts';
import type { UserSpec } from './users.ts';

const START = Date.UTC(2026, 10, 24, 8);
export const TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
export const CLIENT = 'bbbbbbbb-0000-4000-8000-000000000001';
export const SECRET = 'emulated-secret';

export const APP: AppSpec = {
  clientId: CLIENT,
  displayName: 'Emulated bridge',
  secrets: [{ value: SECRET }],
  roles: ['Presence.Read.All', 'Presence.ReadWrite.All', 'User.Read.All'],
};

export function testUsers(count: number): readonly UserSpec[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `cccccccc-0000-4000-8000-${String(at + 1).padStart(12, '0')}`,
    displayName: `Agent ${String(at + 1).padStart(3, '0')}`,
  }));
}

export interface TestWorld {
  readonly clock: VirtualClock;
  readonly entra: EntraEmulator;
  readonly graph: GraphEmulator;
  readonly client: GraphClient;
  readonly subject: ClientSubject;
  readonly user: string;
}

export function testWorld(
  behaviour: Partial<Behaviour> = {},
  apps: readonly AppSpec[] = [APP],
): TestWorld {
  const clock = virtualClock(START);
  const random = seededRandom(1);
  const loginUrl = 'https://login.example';
  const graphUrl = 'https://graph.example';
  const entra = createEntraEmulator({
    clock,
    random: random.fork('entra'),
    baseUrl: loginUrl,
    tenantId: TENANT,
    apps,
  });
  const graph = createGraphEmulator({
    clock,
    random: random.fork('graph'),
    baseUrl: graphUrl,
    tenantId: TENANT,
    users: testUsers(5),
    entra,
    behaviour,
  });
  const subject: ClientSubject = {
    exchange: (request) =>
      request.url.startsWith(loginUrl) ? entra.exchange(request) : graph.exchange(request),
    graphUrl,
    loginUrl,
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret: SECRET,
  };
  const [user = ''] = graph.acts.users();
  return { clock, entra, graph, client: graphClient(subject), subject, user };
}

export function bodyOf(reply: GraphReply): JsonRecord {
  if (!isRecord(reply.json)) throw new Error(`no JSON object: ${reply.text}`);
  return reply.json;
}

export function codeOf(reply: GraphReply): string {
  const error = bodyOf(reply)['error'];
  return isRecord(error) ? `${reply.status} ${String(error['code'])}` : String(reply.status);
}

/** The same world as the conformance run wants it. */
export function memorySubject(): GraphSubject {
  const { subject, graph, clock } = testWorld();
  return {
    ...subject,
    users: graph.acts.users(),
    act: async (user, act) => perform(graph.acts, user, act),
    truth: async (user) => graph.acts.truth(user),
    advance: async (ms) => clock.advance(ms),
    close: async () => {},
  };
}
