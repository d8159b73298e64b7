/** Groups A and C: what Graph does to those who write and read presence. */
import type { Fault, Scene } from './fault.ts';
import { anybody, between, notes, pickFrom } from './fault.ts';
import type { World } from '../world.ts';

type Spec = Parameters<World['graph']['control']['faults']['add']>[0];

const SECOND = 1_000;
const MINUTE = 60_000;
/** A 429 with this wait must still leave time for an end. */
const WAITS = [1, 2, 5, 5, 30, 30, 200, 300] as const;
const ODD_WAITS = ['3.5', '0', '-7', 'soon', '', 'Thu, 01 Jan 1970 00:00:00 GMT'] as const;
const ODD_PAIRS = ['Roaming', 'Hovering', '', 'busyish', '__proto__'] as const;

/** Adds it for its time, and takes it away at its end. */
function lasting(scene: Scene, spec: Spec): () => void {
  const { faults } = scene.world.graph.control;
  const id = faults.add({ durationMs: scene.lastsMs, ...spec });
  return () => void faults.remove(id);
}

/** Whatever becomes of this person, all others must not feel it. */
function afflict({ world }: Scene, user: string): void {
  world.afflicted.add(user);
}

function counted(scene: Scene, spec: Spec): undefined {
  scene.world.graph.control.faults.add({ durationMs: 5 * MINUTE, ...spec });
}

const strikes =
  (...kinds: readonly Spec['kind'][]) =>
  (world: World): number =>
    kinds.reduce((sum, kind) => sum + (world.graph.control.faults.strikes()[kind] ?? 0), 0);

const throttledNotes = (world: World): number =>
  notes(world, 'outcome.teams.throttled', 'note.teams.read_throttled');
const unclearNotes = (world: World): number => notes(world, 'outcome.teams.ambiguous');
const failedReads = (world: World): number =>
  notes(
    world,
    'note.teams.read_failed',
    'note.teams.unreadable_item',
    'note.teams.read_objected',
    'note.teams.read_refused',
    'outcome.teams.ambiguous',
    'outcome.teams.failed',
  );

export const GRAPH_FAULTS: readonly Fault[] = [
  {
    id: 'F01',
    name: '429 with a wait in seconds',
    begin: (scene) => {
      const retryAfter = pickFrom(scene.draw, WAITS) ?? 5;
      const count = between(scene.draw, 1, 3);
      // A write that is told to wait must stop the reads too.
      const op = scene.draw.next() < 0.5 ? { op: 'write' } : {};
      return counted(scene, { kind: 'throttled', count, retryAfter, ...op });
    },
    noticed: throttledNotes,
  },
  {
    id: 'F02',
    name: '429 without a wait',
    begin: (scene) => counted(scene, { kind: 'throttled', count: between(scene.draw, 1, 4) }),
    noticed: throttledNotes,
  },
  {
    id: 'F03',
    name: 'a storm of 429',
    lastsMs: [MINUTE, 10 * MINUTE],
    begin: (scene) => lasting(scene, { kind: 'throttled', retryAfter: between(scene.draw, 2, 20) }),
    noticed: throttledNotes,
  },
  {
    id: 'F04',
    name: '429 with an unreadable wait',
    begin: (scene) => {
      const retryAfter = pickFrom(scene.draw, ODD_WAITS) ?? '';
      return counted(scene, { kind: 'throttled', count: 2, retryAfter });
    },
    noticed: throttledNotes,
  },
  {
    id: 'F05',
    name: 'bursts of 503',
    lastsMs: [5 * SECOND, 90 * SECOND],
    begin: (scene) =>
      lasting(scene, { kind: 'unavailable', probability: 0.3 + scene.draw.next() * 0.7 }),
    noticed: failedReads,
  },
  {
    id: 'F06',
    name: '500 with and without effect',
    begin: (scene) => {
      const kind = scene.draw.next() < 0.5 ? 'error_before' : 'error_after';
      return counted(scene, { kind, op: 'write', count: between(scene.draw, 1, 4) });
    },
    noticed: unclearNotes,
  },
  {
    id: 'F07',
    name: 'a write takes effect and its answer is lost',
    begin: (scene) =>
      counted(scene, { kind: 'lost_answer', op: 'write', count: between(scene.draw, 1, 3) }),
    noticed: unclearNotes,
  },
  {
    id: 'F08',
    name: 'answers overtake each other',
    lastsMs: [30 * SECOND, 3 * MINUTE],
    begin: (scene) =>
      lasting(scene, { kind: 'slow', probability: 0.5, ms: between(scene.draw, 200, 3_000) }),
    noticed: strikes('slow'),
  },
  {
    id: 'F09',
    name: 'the token has expired',
    begin: (scene) => counted(scene, { kind: 'token_expired', count: 1 }),
    noticed: (world) => strikes('token_expired')(world) && world.entra.control.tokensIssued(),
  },
  {
    id: 'F10',
    name: 'a claims challenge',
    begin: (scene) => counted(scene, { kind: 'claims_challenge', count: 1 }),
    noticed: (world) => strikes('claims_challenge')(world) && world.entra.control.tokensIssued(),
  },
  {
    id: 'F11a',
    name: 'consent is withdrawn for everybody',
    lastsMs: [10 * SECOND, 3 * MINUTE],
    begin: (scene) => lasting(scene, { kind: 'forbidden' }),
    noticed: (world) =>
      notes(
        world,
        'note.teams.read_refused',
        'note.teams.read_objected',
        'outcome.teams.denied',
        'outcome.teams.refused',
      ),
  },
  {
    id: 'F11b',
    name: 'one person has lost the licence',
    lastsMs: [MINUTE, 8 * MINUTE],
    isPersonal: true,
    begin: (scene) => {
      const person = anybody(scene);
      if (person !== undefined) afflict(scene, person.user);
      return person && lasting(scene, { kind: 'forbidden', user: person.user });
    },
    noticed: (world) =>
      notes(world, 'outcome.teams.refused', 'note.all.missing', 'note.teams.unknown_value'),
  },
  {
    id: 'F12',
    name: 'one person is not found',
    lastsMs: [MINUTE, 8 * MINUTE],
    isPersonal: true,
    begin: (scene) => {
      const person = anybody(scene);
      if (person !== undefined) afflict(scene, person.user);
      return person && lasting(scene, { kind: 'not_found', user: person.user });
    },
    noticed: (world) =>
      notes(world, 'outcome.teams.refused', 'note.all.missing', 'note.teams.unknown_value'),
  },
  {
    id: 'F13',
    name: 'a pair is refused with 400',
    begin: (scene) => counted(scene, { kind: 'conflict', status: 400, op: 'write', count: 2 }),
    noticed: (world) => notes(world, 'outcome.teams.refused'),
  },
  {
    id: 'F14',
    name: '409 and 412',
    begin: (scene) =>
      counted(scene, {
        kind: 'conflict',
        status: scene.draw.next() < 0.5 ? 409 : 412,
        op: 'write',
        count: 2,
      }),
    noticed: (world) => notes(world, 'outcome.teams.refused', 'outcome.teams.failed'),
  },
  {
    id: 'F15a',
    name: 'connections are refused or reset',
    lastsMs: [2 * SECOND, 4 * MINUTE],
    begin: (scene) =>
      lasting(scene, scene.draw.next() < 0.5 ? { kind: 'down' } : { kind: 'down', how: 'reset' }),
    noticed: failedReads,
  },
  {
    id: 'F15b',
    name: 'requests and answers vanish',
    lastsMs: [10 * SECOND, 90 * SECOND],
    begin: (scene) => {
      const kind = scene.draw.next() < 0.5 ? 'lost_request' : 'lost_answer';
      return lasting(scene, { kind, probability: 0.4 });
    },
    noticed: failedReads,
  },
  {
    id: 'F16',
    name: 'slow answers',
    lastsMs: [30 * SECOND, 3 * MINUTE],
    begin: (scene) =>
      lasting(scene, { kind: 'slow', probability: 0.4, ms: between(scene.draw, 8_000, 28_000) }),
    noticed: failedReads,
  },
  {
    id: 'F17',
    name: 'spoilt bodies',
    begin: (scene) => {
      const kind = pickFrom(scene.draw, [
        'truncated_body',
        'huge_body',
        'wrong_content_type',
        'body',
      ] as const);
      const text = '{"value":[{"__proto__":{"availability":"Busy"}},null,7,"x"]}';
      return counted(scene, { kind: kind ?? 'body', count: 3, text });
    },
    noticed: strikes('truncated_body', 'huge_body', 'wrong_content_type', 'body'),
  },
  {
    id: 'F40',
    name: 'sessions fade before their time',
    lastsMs: [5 * MINUTE, 20 * MINUTE],
    begin: (scene) =>
      lasting(scene, { kind: 'short_session', ms: between(scene.draw, 60_000, 240_000) }),
    lies: true,
    noticed: strikes('short_session'),
  },
  {
    id: 'F47',
    name: 'writes are taken and have no effect',
    begin: (scene) => counted(scene, { kind: 'no_effect', op: 'setPresence', count: 2 }),
    lies: true,
    noticed: strikes('no_effect'),
  },
  {
    id: 'F48',
    name: 'values that nobody knows',
    begin: (scene) => {
      const availability = pickFrom(scene.draw, ODD_PAIRS) ?? 'Hovering';
      const count = between(scene.draw, 1, 30);
      return counted(scene, { kind: 'odd_value', availability, activity: availability, count });
    },
    lies: true,
    noticed: (world) =>
      notes(world, 'note.teams.unknown_value', 'note.teams.unreadable_item', 'note.all.missing'),
  },
  {
    id: 'F48b',
    name: 'one person’s data cannot be read, in the middle of everybody’s',
    lastsMs: [3 * MINUTE, 10 * MINUTE],
    weight: 1.5,
    isPersonal: true,
    begin: (scene) => {
      const person = anybody(scene);
      if (person === undefined) return undefined;
      afflict(scene, person.user);
      if (scene.draw.next() < 0.5) {
        return lasting(scene, { kind: 'garbled_item', user: person.user });
      }
      const availability = 'x'.repeat(5_000);
      return lasting(scene, {
        kind: 'odd_value',
        user: person.user,
        availability,
        activity: 'None',
      });
    },
    noticed: (world) => notes(world, 'note.teams.unreadable_item', 'note.teams.unknown_value'),
  },
  {
    id: 'F49',
    name: 'another program writes too',
    lastsMs: [MINUTE, 5 * MINUTE],
    begin: (scene) => {
      const { world, draw } = scene;
      const end = lasting(scene, {
        kind: 'foreign_writer',
        availability: 'Busy',
        activity: 'InAConferenceCall',
        ms: 300_000,
        probability: 0.5,
      });
      const person = anybody(scene);
      const pair = { availability: 'DoNotDisturb', activity: 'Presenting' };
      if (person !== undefined)
        world.graph.control.foreignWrite(person.user, pair, between(draw, 60_000, 600_000));
      return end;
    },
    noticed: (world) =>
      notes(world, 'note.teams.own_other', 'note.teams.own_call', 'note.teams.own_human'),
  },
  {
    id: 'F50a',
    name: 'reads lag behind',
    lastsMs: [MINUTE, 4 * MINUTE],
    begin: (scene) => lasting(scene, { kind: 'read_lag', ms: between(scene.draw, 500, 5_000) }),
    lies: true,
    noticed: strikes('read_lag'),
  },
  {
    id: 'F50b',
    name: 'our own writes show late, or as plain Busy',
    lastsMs: [MINUTE, 5 * MINUTE],
    begin: (scene) =>
      scene.draw.next() < 0.5
        ? lasting(scene, { kind: 'echo_lag', ms: between(scene.draw, 1_000, 5_000) })
        : lasting(scene, { kind: 'busy_echo' }),
    lies: true,
    noticed: strikes('echo_lag', 'busy_echo'),
  },
];
