/** Group F: processes, machines, disks and clocks. */
import type { Observation } from '../../src/model/observation.ts';
import { Disk } from '../disk.ts';
import { Machine } from '../machine.ts';
import type { Node } from '../node.ts';
import { policyOf } from '../world.ts';
import type { World } from '../world.ts';
import type { Fault, Scene } from './fault.ts';
import { anybody, between, notes, pickFrom } from './fault.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

function active(world: World): Node | undefined {
  return world.nodes.find((node) => node.isActive());
}

function troubled(scene: Scene, trouble: 'full' | 'fsync_fails' | 'slow'): () => void {
  const { disk } = scene.world;
  disk.trouble = trouble;
  return () => {
    disk.trouble = undefined;
  };
}

export const NODE_FAULTS: readonly Fault[] = [
  {
    id: 'F81',
    name: 'the process is killed at any moment',
    begin: ({ world }) => {
      active(world)?.kill(false);
      return undefined;
    },
    weight: 2,
    noticed: (world) => notes(world, 'node.recovered'),
  },
  {
    id: 'F82',
    name: 'the process is killed while a write is on its way',
    begin: ({ world, draw }) => {
      let isDone = false;
      world.wire.onDeparture(({ kind, machine }) => {
        if (isDone || kind !== 'write' || active(world)?.machine !== machine) return;
        isDone = true;
        world.clock.after(between(draw, 0, 60), () => active(world)?.kill(false));
      });
      return undefined;
    },
    weight: 2,
    noticed: (world) => notes(world, 'node.recovered'),
  },
  {
    id: 'F53',
    name: 'the process stays dead for minutes, and what it had put is left alone',
    lastsMs: [MINUTE, 8 * MINUTE],
    begin: ({ world }) => {
      for (const node of world.nodes) node.halt();
      return () => {
        for (const node of world.nodes) node.resume();
      };
    },
    noticed: (world) => notes(world, 'node.recovered'),
  },
  {
    id: 'F84',
    name: 'the power is cut: what was not flushed is kept, torn or lost',
    begin: ({ world, draw }) => {
      // In the middle of a flush, where there is something to lose.
      let isDone = false;
      world.wire.onEnd(({ kind }) => {
        if (isDone || kind !== 'write') return;
        isDone = true;
        world.clock.after(draw.next() * 2, () => active(world)?.kill(true));
      });
      return undefined;
    },
    weight: 2,
    noticed: (world) => notes(world, 'disk.cut', 'disk.lost', 'disk.torn', 'disk.kept'),
  },
  {
    id: 'F86',
    name: 'the disk is full',
    lastsMs: [20 * SECOND, 3 * MINUTE],
    begin: (scene) => troubled(scene, 'full'),
    noticed: (world) => notes(world, 'node.journal_failed', 'node.refused.JOURNAL_IO'),
  },
  {
    id: 'F87',
    name: 'a flush fails',
    lastsMs: [5 * SECOND, MINUTE],
    begin: (scene) => troubled(scene, 'fsync_fails'),
    noticed: (world) => notes(world, 'node.journal_failed', 'node.refused.JOURNAL_IO'),
  },
  {
    id: 'F87b',
    name: 'flushes take a hundred times as long',
    lastsMs: [20 * SECOND, 3 * MINUTE],
    begin: (scene) => troubled(scene, 'slow'),
    noticed: (world) => notes(world, 'disk.slow_flush'),
  },
  {
    id: 'F91',
    name: 'two nodes: the owner sleeps beyond its lease and wakes',
    lastsMs: [70 * SECOND, 3 * MINUTE],
    fits: ({ nodes }) => nodes > 1,
    weight: 3,
    begin: ({ world }) => {
      const node = active(world);
      node?.freeze();
      return () => node?.wake();
    },
    noticed: (world) => notes(world, 'node.journal_failed'),
  },
  {
    id: 'F92',
    name: 'the process sleeps and wakes',
    lastsMs: [3 * SECOND, 2 * MINUTE],
    begin: ({ world }) => {
      const node = active(world);
      node?.freeze();
      return () => node?.wake();
    },
    noticed: (world) => notes(world, 'node.woken'),
  },
  {
    id: 'F96',
    name: 'the wall clock jumps',
    begin: ({ world, draw }) => {
      const step = pickFrom(draw, [-3_600_000, 3_600_000, -5_000, 5_000, -600_000]) ?? 0;
      for (const node of world.nodes) node.stepWall(step);
      // A process that starts on a clock far ahead cannot know it: see the limits in docs/trust.md.
      if (step > MINUTE) {
        world.clock.after(20 * SECOND, () => {
          for (const node of world.nodes) node.stepWall(-step);
        });
      }
      return undefined;
    },
    noticed: (world) => notes(world, 'log.the wall clock jumped'),
  },
  {
    id: 'F97',
    name: 'the policy changes while decisions run',
    begin: ({ world, draw }) => {
      const { policy, config } = {
        policy: policyOf({
          ...world.options.policy,
          version: `sim-${between(draw, 1, 1_000_000)}`,
          afterCallWork: draw.next() < 0.5 ? 'busy' : 'in_call',
        }),
        config: world.config,
      };
      config.policy = policy;
      const engine = world.active();
      engine?.setPolicy(policy).catch(() => undefined);
      world.evidence.count('policy.changed');
      return undefined;
    },
    noticed: (world) => notes(world, 'policy.changed'),
  },
  {
    id: 'F98',
    name: 'an orderly stop and start',
    begin: ({ world }) => {
      const node = active(world);
      node?.restart().catch(() => undefined);
      return undefined;
    },
    noticed: (world) => notes(world, 'node.stopped'),
  },
  {
    id: 'F105',
    name: 'one agent’s data cannot be taken',
    begin: (scene) => {
      const { world } = scene;
      const person = anybody(scene);
      if (person === undefined) return undefined;
      world.poisoned.add(person.id);
      world.poison = (observation: Observation) =>
        observation.account === person.user && world.poisoned.has(person.id);
      world.clock.after(30 * SECOND, () => {
        world.poison = undefined;
      });
      return undefined;
    },
    noticed: (world) => notes(world, 'note.teams.quarantined'),
  },
  {
    id: 'F14x',
    name: 'the disk of another tenant is mounted',
    begin: ({ world, draw }) => {
      const node = active(world);
      if (node === undefined) return undefined;
      const foreign = foreignDisk(world, draw.fork('foreign'));
      node.kill(false);
      node.disk = foreign;
      return undefined;
    },
    fits: ({ nodes }) => nodes === 1,
    noticed: (world) => notes(world, 'node.refused.JOURNAL_FOREIGN'),
  },
];

/** A log that somebody else's node has written an epoch into. */
function foreignDisk(world: World, random: Scene['draw']): Disk {
  const { clock } = world;
  const disk = new Disk({ clock, random, ownership: 'lock', count: () => undefined });
  const machine = new Machine('elsewhere', clock);
  const journal = disk.open(machine);
  const body = { kind: 'epoch', epoch: 7, tenant: 'another-tenant' };
  journal.append({ kind: 'epoch', at: clock.now(), body });
  journal
    .durable(1)
    .then(() => machine.kill())
    .catch(() => undefined);
  return disk;
}
