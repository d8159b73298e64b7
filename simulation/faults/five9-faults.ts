/** Group D: what Five9 does to its supervisor socket, its sessions and its writes. */
import { REASON_IDS } from '../../emulators/five9/reasons.ts';
import type { FaultName, FaultSetting } from '../../emulators/five9/faults.ts';
import type { World } from '../world.ts';
import type { Fault, Scene } from './fault.ts';
import { anybody, attempt, between, LINGERS_MS, notes, pickFrom, somebody } from './fault.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

function lasting(scene: Scene, name: FaultName, setting: FaultSetting = {}): () => void {
  const { faults } = scene.world.five9.control;
  faults.on(name, { forMs: scene.lastsMs, ...setting });
  return () => faults.off(name);
}

function once(scene: Scene, name: FaultName, setting: FaultSetting = {}): undefined {
  scene.world.five9.control.faults.on(name, setting);
}

const hits =
  (...names: readonly FaultName[]) =>
  (world: World): number => {
    const all = world.five9.control.faults.hits();
    return names.reduce((sum, name) => sum + (all[name] ?? 0), 0);
  };

const reconnects = (world: World): number => notes(world, 'note.five9.reconnect');
const unclear = (world: World): number =>
  notes(world, 'outcome.five9.ambiguous', 'outcome.five9.failed');

export const FIVE9_FAULTS: readonly Fault[] = [
  {
    id: 'F06b',
    name: 'Five9 answers 500 with and without effect',
    begin: (scene) => {
      const name = scene.draw.next() < 0.5 ? 'error_before_effect' : 'error_after_effect';
      return once(scene, name, { count: between(scene.draw, 1, 3), forMs: LINGERS_MS });
    },
    weight: 2,
    noticed: unclear,
  },
  {
    id: 'F07b',
    name: 'a Five9 write takes effect and its answer is lost',
    begin: (scene) => once(scene, 'timeout_after_effect', { count: 1, forMs: LINGERS_MS }),
    weight: 2,
    noticed: unclear,
  },
  {
    id: 'F15c',
    name: 'Five9 cannot be reached',
    lastsMs: [5 * SECOND, 4 * MINUTE],
    begin: (scene) => lasting(scene, 'rest_down', scene.draw.next() < 0.5 ? {} : { value: 503 }),
    noticed: (world) =>
      notes(
        world,
        'note.five9.ask_refused',
        'outcome.five9.failed',
        'log.connecting to Five9 failed',
      ),
  },
  {
    id: 'F16b',
    name: 'Five9 answers slowly',
    lastsMs: [20 * SECOND, 2 * MINUTE],
    begin: (scene) => lasting(scene, 'slow_answers', { value: between(scene.draw, 2_000, 9_000) }),
    noticed: hits('slow_answers'),
  },
  {
    id: 'F54',
    name: 'the socket is half open',
    lastsMs: [MINUTE, 3 * MINUTE],
    begin: (scene) =>
      lasting(scene, 'half_open_socket', { value: scene.draw.next() < 0.3 ? 1 : 0 }),
    noticed: reconnects,
  },
  {
    id: 'F55',
    name: 'a zombie socket answers pings and says nothing',
    lastsMs: [MINUTE, 4 * MINUTE],
    begin: (scene) => lasting(scene, 'zombie_socket', { value: scene.draw.next() < 0.3 ? 1 : 0 }),
    noticed: (world) => notes(world, 'note.five9.zombie'),
  },
  {
    id: 'F56',
    name: 'the domain migrates to another data centre',
    begin: (scene) => once(scene, 'migration', { value: between(scene.draw, 500, 20_000) }),
    noticed: (world) => notes(world, 'note.five9.migration'),
  },
  {
    id: 'F57',
    name: 'a migration names a foreign host',
    begin: (scene) => once(scene, 'migration_foreign'),
    noticed: (world) => notes(world, 'note.five9.egress_denied'),
  },
  {
    id: 'F58a',
    name: '435: the service was migrated',
    lastsMs: [5 * SECOND, 60 * SECOND],
    begin: (scene) => lasting(scene, 'improper_state'),
    noticed: (world) => notes(world, 'note.five9.login', 'log.connecting to Five9 failed'),
  },
  {
    id: 'F58b',
    name: 'maintenance notices wait to be accepted',
    begin: (scene) => {
      once(scene, 'notices', { count: 2 });
      return once(scene, 'kick');
    },
    noticed: (world) => notes(world, 'note.five9.login', 'log.connecting to Five9 failed'),
  },
  {
    id: 'F59',
    name: '401 right after the login',
    begin: (scene) => {
      once(scene, 'unauthorized_after_login', { value: 2_000, forMs: MINUTE });
      return once(scene, 'kick');
    },
    noticed: (world) => notes(world, 'note.five9.post_login_401'),
  },
  {
    id: 'F60',
    name: 'somebody else signs in with our account',
    begin: (scene) => once(scene, 'kick'),
    noticed: (world) => notes(world, 'note.five9.kicked', 'note.five9.reconnect'),
  },
  {
    id: 'F61',
    name: 'a difference is lost',
    begin: (scene) => once(scene, 'drop_diff', { count: between(scene.draw, 1, 3) }),
    noticed: (world) => notes(world, 'note.five9.diff_gap'),
  },
  {
    id: 'F62a',
    name: 'differences come in the wrong order',
    begin: (scene) => once(scene, 'reorder_diff', { count: between(scene.draw, 1, 5) }),
    weight: 2,
    noticed: (world) => notes(world, 'note.five9.stale_row', 'note.five9.stale_dropped'),
  },
  {
    id: 'F62b',
    name: 'differences come twice',
    begin: (scene) => once(scene, 'duplicate_diff', { count: between(scene.draw, 1, 5) }),
    noticed: hits('duplicate_diff'),
  },
  {
    id: 'F63',
    name: 'an agent leaves the view',
    lastsMs: [30 * SECOND, 4 * MINUTE],
    begin: (scene) => {
      const person = anybody(scene);
      if (person === undefined) return undefined;
      const { control } = scene.world.five9;
      attempt(() => control.setVisible(person.agent, false));
      return () => attempt(() => control.setVisible(person.agent, true));
    },
    noticed: (world) => notes(world, 'note.five9.removed', 'note.all.missing'),
  },
  {
    id: 'F64',
    name: 'frames that cannot be read',
    begin: (scene) =>
      once(scene, 'garbage_frame', {
        count: between(scene.draw, 1, 3),
        value: between(scene.draw, 0, 5),
      }),
    noticed: (world) =>
      notes(
        world,
        'note.five9.bad_frame',
        'note.five9.bad_row',
        'note.five9.unknown_event',
        'note.five9.unknown_frame',
        'note.five9.reconnect',
      ),
  },
  {
    id: 'F65',
    name: 'Not ready is taken for later (graceful mode)',
    lastsMs: [2 * MINUTE, 8 * MINUTE],
    begin: (scene) =>
      lasting(scene, 'graceful_delay', { value: between(scene.draw, 5_000, 40_000) }),
    noticed: hits('graceful_delay'),
  },
  {
    id: 'F66a',
    name: 'presence writes are refused',
    begin: (scene) => once(scene, 'refuse_writes', { count: 2, value: 403, forMs: LINGERS_MS }),
    weight: 2,
    noticed: (world) => notes(world, 'outcome.five9.refused', 'outcome.five9.denied'),
  },
  {
    id: 'F66b',
    name: 'our reason code cannot be selected any more',
    lastsMs: [2 * MINUTE, 10 * MINUTE],
    begin: ({ world }) => {
      const { reasons } = world.five9.control;
      reasons.change(REASON_IDS.teamsBusy, { selectable: false });
      return () => void reasons.change(REASON_IDS.teamsBusy, { selectable: true });
    },
    weight: 2,
    noticed: (world) => notes(world, 'outcome.five9.refused', 'outcome.five9.denied'),
  },
  {
    id: 'F67',
    name: 'a call comes between the decision and the write',
    begin: (scene) => {
      const { world, draw } = scene;
      const { acts } = world.five9;
      const person = somebody(scene, ({ agent }) => acts.truth(agent).routable);
      if (person === undefined) return undefined;
      world.teams.choose(person.user, 'DoNotDisturb');
      world.clock.after(between(draw, 100, 6_000), () => attempt(() => acts.dial(person.agent)));
      world.clock.after(MINUTE, () => world.teams.resetStatus(person.user));
      return undefined;
    },
    noticed: (world) =>
      world.five9.writes().filter(({ before }) => before?.state === 'ON_CALL').length,
  },
  {
    id: 'F68',
    name: 'the clock of Five9 is wrong',
    lastsMs: [3 * MINUTE, 20 * MINUTE],
    begin: (scene) =>
      lasting(scene, 'clock_skew', { value: between(scene.draw, -600_000, 600_000) }),
    noticed: hits('clock_skew'),
  },
  {
    id: 'F69',
    name: 'Five9 answers 429',
    lastsMs: [10 * SECOND, 90 * SECOND],
    begin: (scene) =>
      lasting(scene, 'rate_limited', { value: pickFrom(scene.draw, [0, 1, 5, 30]) ?? 5 }),
    noticed: (world) =>
      notes(
        world,
        'outcome.five9.throttled',
        'note.five9.ask_refused',
        'health.five9.throttled',
        'log.connecting to Five9 failed',
      ),
  },
  {
    id: 'F70',
    name: 'an agent flaps between Ready and Not ready',
    begin: (scene) => {
      const { world } = scene;
      const person = anybody(scene);
      if (person === undefined) return undefined;
      const { acts } = world.five9;
      for (let turn = 0; turn < 200; turn += 1) {
        world.clock.after(turn * 50, () =>
          attempt(() =>
            turn % 2 === 0
              ? acts.notReady(person.agent, REASON_IDS.personal)
              : acts.ready(person.agent),
          ),
        );
      }
      return undefined;
    },
    noticed: (world) => notes(world, 'note.five9.own_human'),
  },
  {
    id: 'F71',
    name: 'the whole domain is logged out',
    lastsMs: [20 * SECOND, 3 * MINUTE],
    begin: (scene) => lasting(scene, 'domain_logged_out'),
    noticed: hits('domain_logged_out'),
  },
  {
    id: 'F72',
    name: 'maintenance is announced',
    begin: (scene) => once(scene, 'maintenance_announced', { value: 600_000 }),
    noticed: (world) => notes(world, 'log.Five9 announced maintenance'),
  },
  {
    id: 'F108',
    name: 'all sockets close and new ones are refused',
    lastsMs: [2 * SECOND, MINUTE],
    begin: (scene) => {
      const end = lasting(scene, 'socket_refused');
      once(scene, 'close_sockets', { value: pickFrom(scene.draw, [1006, 1000, 1012]) ?? 1006 });
      return end;
    },
    noticed: reconnects,
  },
];
