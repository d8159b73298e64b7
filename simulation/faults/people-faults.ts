/** Groups C, E and G: what people and administrators do at the worst moment. */
import { REASON_IDS } from '../../emulators/five9/reasons.ts';
import { importMapping, mappingText, withAddress } from '../people/admin.ts';
import type { Fault } from './fault.ts';
import { anybody, attempt, between, notes, pickFrom, somebody } from './fault.ts';
import type { Person } from '../truths.ts';
import type { World } from '../world.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

const isMarked =
  (world: World) =>
  ({ user }: { readonly user: string }): boolean =>
    world.truths.of(user).truth.sessions.some(({ app }) => app);

/** Somebody in Teams whom no agent is mapped to. */
function spareOf(world: World): Person | undefined {
  return world.people.find(({ user }) =>
    world.config.directory.agents.every(({ accounts }) => accounts['teams'] !== user),
  );
}

export const PEOPLE_FAULTS: readonly Fault[] = [
  {
    id: 'F41',
    name: 'somebody chooses a status while our mark is shown',
    weight: 2,
    begin: (scene) => {
      const { world, draw } = scene;
      const person = somebody(scene, isMarked(world));
      if (person === undefined) return undefined;
      const choice =
        pickFrom(draw, ['DoNotDisturb', 'BeRightBack', 'Away', 'Busy'] as const) ?? 'Away';
      world.teams.choose(person.user, choice);
      world.clock.after(between(draw, 20, 300) * SECOND, () =>
        world.teams.resetStatus(person.user),
      );
      return undefined;
    },
    noticed: (world) => notes(world, 'note.teams.own_human', 'note.teams.human_took_slot'),
  },
  {
    id: 'F42',
    name: 'a chosen status without any device signed in',
    begin: (scene) => {
      const { world, draw } = scene;
      const person = anybody(scene);
      if (person === undefined) return undefined;
      world.teams.choose(person.user, 'DoNotDisturb');
      world.teams.signOut(person.user);
      world.clock.after(between(draw, 30, 240) * SECOND, () => {
        world.teams.signIn(person.user);
        world.teams.resetStatus(person.user);
      });
      return undefined;
    },
    noticed: (world) =>
      notes(world, 'note.teams.own_human', 'note.teams.own_unknown', 'note.teams.own_idle'),
  },
  {
    id: 'F44',
    name: 'somebody chooses a status just before our write arrives',
    weight: 2,
    begin: ({ world, draw }) => {
      let isDone = false;
      world.wire.onDeparture(({ kind, host, account }) => {
        if (isDone || kind !== 'write' || host !== 'graph' || account === undefined) return;
        isDone = true;
        world.evidence.count('people.raced');
        world.clock.after(between(draw, 0, 30), () => world.teams.choose(account, 'DoNotDisturb'));
        world.clock.after(2 * MINUTE, () => world.teams.resetStatus(account));
      });
      return undefined;
    },
    noticed: (world) => notes(world, 'people.raced'),
  },
  {
    id: 'F45',
    name: 'somebody clears a chosen status during a call',
    begin: (scene) => {
      const { world, draw } = scene;
      const { acts } = world.five9;
      const person = somebody(scene, ({ agent }) => acts.truth(agent).state === 'ON_CALL');
      if (person === undefined) return undefined;
      world.teams.choose(person.user, 'DoNotDisturb');
      world.clock.after(between(draw, 8, 40) * SECOND, () => world.teams.resetStatus(person.user));
      return undefined;
    },
    noticed: (world) => notes(world, 'note.teams.own_human'),
  },
  {
    id: 'F46',
    name: 'a real Teams call',
    begin: (scene) => {
      const { world, draw } = scene;
      const person = anybody(scene);
      if (person === undefined) return undefined;
      attempt(() => world.teams.joinCall(person.user));
      world.clock.after(between(draw, 5, 240) * SECOND, () =>
        attempt(() => world.teams.leaveCall(person.user)),
      );
      return undefined;
    },
    noticed: (world) => notes(world, 'note.teams.own_call'),
  },
  {
    id: 'F47b',
    name: 'out of office, and meetings that only Teams can show',
    begin: (scene) => {
      const { world, draw } = scene;
      const person = anybody(scene);
      if (person === undefined) return undefined;
      world.teams.outOfOffice(person.user, true);
      world.teams.meetingStarts(person.user, true);
      world.clock.after(between(draw, 30, 300) * SECOND, () => {
        attempt(() => world.teams.meetingEnds(person.user));
        world.teams.outOfOffice(person.user, false);
      });
      return undefined;
    },
    noticed: (world) => notes(world, 'note.teams.own_calendar', 'note.teams.own_unknown'),
  },
  {
    id: 'F51',
    name: 'two devices that do not agree',
    begin: (scene) => {
      const { world, draw } = scene;
      const person = anybody(scene);
      if (person === undefined) return undefined;
      world.teams.signIn(person.user, 'phone');
      world.evidence.count('people.second_device');
      world.clock.after(between(draw, 60, 400) * SECOND, () =>
        attempt(() => world.teams.signOut(person.user, 'phone')),
      );
      return undefined;
    },
    noticed: (world) => notes(world, 'people.second_device'),
  },
  {
    id: 'F70b',
    name: 'an agent presses Ready although Teams says busy',
    begin: (scene) => {
      const { world, draw } = scene;
      const person = anybody(scene);
      if (person === undefined) return undefined;
      const { acts } = world.five9;
      world.teams.choose(person.user, 'Busy');
      world.clock.after(between(draw, 3, 30) * SECOND, () =>
        attempt(() => acts.ready(person.agent)),
      );
      world.clock.after(between(draw, 31, 90) * SECOND, () =>
        attempt(() => acts.notReady(person.agent, REASON_IDS.lunch)),
      );
      world.clock.after(2 * MINUTE, () => {
        attempt(() => acts.ready(person.agent));
        world.teams.resetStatus(person.user);
      });
      return undefined;
    },
    noticed: (world) => notes(world, 'note.five9.own_human'),
  },
  {
    id: 'F73',
    name: 'somebody leaves the company',
    begin: (scene) => {
      const { world } = scene;
      const leaver = anybody(scene);
      if (leaver === undefined) return undefined;
      const rest = world.config.directory.agents.filter(({ id }) => id !== leaver.id);
      importMapping(world, mappingText(rest), 'confirmed');
      return undefined;
    },
    noticed: (world) => notes(world, 'admin.imported'),
  },
  {
    id: 'F74',
    name: 'an address is given to somebody else, and an old file names it beside the id',
    begin: (scene) => {
      const { world } = scene;
      const first = anybody(scene);
      const spare = spareOf(world);
      if (first === undefined || spare === undefined) return undefined;
      const address = `${first.agent}@example.com`;
      const { control } = world.graph;
      attempt(() => control.changeUser(first.user, { userPrincipalName: `old-${address}` }));
      attempt(() => control.changeUser(spare.user, { userPrincipalName: address }));
      const text = mappingText(world.config.directory.agents);
      importMapping(world, withAddress(text, first.user, address), 'same');
      return undefined;
    },
    noticed: (world) => notes(world, 'admin.imported', 'admin.refused'),
  },
  {
    id: 'F75',
    name: 'an agent gets another Teams user during a call',
    weight: 1.5,
    begin: (scene) => {
      const { world } = scene;
      const person = somebody(scene, isMarked(world));
      const spare = spareOf(world);
      if (person === undefined || spare === undefined) return undefined;
      // What we have put on the old user ends by itself; until then it looks like their own.
      world.excused.add(person.user);
      world.excused.add(spare.user);
      attempt(() => world.teams.signIn(spare.user));
      const moved = world.config.directory.agents.map((agent) =>
        agent.id === person.id
          ? { ...agent, accounts: { ...agent.accounts, teams: spare.user } }
          : agent,
      );
      importMapping(world, mappingText(moved), 'confirmed');
      return undefined;
    },
    noticed: (world) => notes(world, 'note.all.remapped'),
  },
  {
    id: 'F76',
    name: 'an import gives one Teams user to two agents',
    begin: ({ world }) => {
      const [first, second, ...rest] = world.config.directory.agents;
      if (first === undefined || second === undefined) return undefined;
      const teams = first.accounts['teams'] ?? '';
      const doubled = { ...second, accounts: { ...second.accounts, teams } };
      importMapping(world, mappingText([first, doubled, ...rest]), 'plain');
      return undefined;
    },
    noticed: (world) => notes(world, 'admin.refused'),
  },
  {
    id: 'F78',
    name: 'an import breaks off in the middle',
    begin: ({ world, draw }) => {
      const text = mappingText(world.config.directory.agents);
      importMapping(world, text.slice(0, between(draw, 20, text.length - 10)), 'plain');
      return undefined;
    },
    noticed: (world) => notes(world, 'admin.refused', 'admin.held'),
  },
  {
    id: 'F79',
    name: 'an import would take many agents away',
    weight: 1.5,
    begin: ({ world }) => {
      const { agents } = world.config.directory;
      importMapping(world, mappingText(agents.slice(0, Math.ceil(agents.length / 2))), 'plain');
      return undefined;
    },
    noticed: (world) => notes(world, 'admin.held'),
  },
];
