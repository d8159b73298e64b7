/**
 * The sandbox's world: emulated Five9, Entra and Graph over real HTTP and WebSocket, and people
 * living a working day. The one door through which product code reaches the emulators.
 */
import type { Day } from '../../../emulators/day/day.ts';
import type { ServedFive9 } from '../../../emulators/five9/serve.ts';
import type { ServedGraph } from '../../../emulators/graph/serve.ts';
import { systemClock } from '../../engine/clock.ts';
import { seededRandom } from '../../lib/random.ts';
import type { Person } from './cast.ts';
import { CLIENT_ID, CLIENT_SECRET, TENANT_ID, peopleOf, ROLES, SUPERVISOR } from './cast.ts';

export interface SandboxOptions {
  readonly agents: number;
  readonly seed: number;
  readonly speed: number;
}

export interface SandboxWorld {
  readonly five9: ServedFive9;
  readonly graph: ServedGraph;
  readonly day: Day;
  readonly mapping: string;
  stop(): Promise<void>;
}

export async function openWorld(options: SandboxOptions): Promise<SandboxWorld> {
  const { serveFive9 } = await import('../../../emulators/five9/serve.ts');
  const { serveGraph } = await import('../../../emulators/graph/serve.ts');
  const { createDay } = await import('../../../emulators/day/day.ts');
  const clock = systemClock();
  const random = seededRandom(options.seed);
  const people = peopleOf(options.agents);
  const five9 = await serveFive9({
    clock,
    random: random.fork('five9'),
    supervisor: SUPERVISOR,
    auth: 'any',
    seedUsers: people.map(({ agent, name, mail }) => ({
      id: agent,
      userName: mail,
      fullName: name,
      email: mail,
    })),
  });
  const graph = await serveGraph({
    clock,
    random: random.fork('graph'),
    tenantId: TENANT_ID,
    users: people.map(({ user, name, mail }) => ({
      id: user,
      displayName: name,
      userPrincipalName: mail,
      mail,
    })),
    apps: [{ clientId: CLIENT_ID, secrets: [{ value: CLIENT_SECRET }], roles: ROLES }],
    behaviour: { latencyMs: 60, latencyJitterMs: 60 },
  });
  const day = createDay({
    clock,
    random: random.fork('day'),
    five9: five9.emulator.acts,
    teams: graph.graph.acts,
    people,
    speed: options.speed,
  });
  day.start();
  return {
    five9,
    graph,
    day,
    mapping: mappingOf(people),
    stop: async () => {
      day.stop();
      await Promise.all([five9.close(), graph.close()]);
    },
  };
}

function mappingOf(people: readonly Person[]): string {
  const rows = people.map(({ agent, user, name, group }) => `${agent},${user},${name},${group}`);
  return ['five9_user_id,teams_user_id,name,teams', ...rows].join('\n');
}
