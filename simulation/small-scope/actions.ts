/**
 * Everything that can happen next, as short words, and what it does. One action takes one
 * millisecond; only `time passes` takes more, up to the next moment at which anything ends.
 *
 * A read that is dropped needs no action: what is not read has been dropped.
 */
import { guardAgainst } from '../../src/connectors/five9/write.ts';
import type { Receipt } from '../../src/core/receipt.ts';
import { nextDeadline } from './deadlines.ts';
import type { Feed } from './feed.ts';
import { sampleOf } from './feed.ts';
import type { Five9Truth } from './five9-truth.ts';
import {
  STOP_CODES,
  channelsOf,
  contacted,
  pressed,
  standing,
  takenByFive9,
} from './five9-truth.ts';
import { learnt, left, unclear, unseen } from './memory.ts';
import type { Flight, Held, Side, System } from './system.ts';
import { SIDES } from './system.ts';
import type { Choice } from './teams-truth.ts';
import { choiceIn, chosen, endedInTeams, reset, takenByTeams } from './teams-truth.ts';
import type { Findings } from './verdicts.ts';
import { afterArrival, judgeArriving, judgeLeaving } from './verdicts.ts';

/** Guarded writes to Teams rest on a read that is at most this old (`engine/dispatch.ts`). */
const GUARD_MS = 500;
const RESERVED: readonly string[] = Object.values(STOP_CODES);

/** Undefined: this cannot happen now. */
type Act = (system: System, feed: Feed, findings: Findings) => System | undefined;

/** What an action uses up. */
type Cost = 'none' | 'change' | 'fault' | 'pause';

export interface Action {
  readonly words: string;
  readonly cost: Cost;
  readonly act: Act;
}

function action(words: string, cost: Cost, act: Act): Action {
  return { words, cost, act };
}

function choose(choice: Choice): Act {
  return (system, { scope }) => {
    if (choiceIn(system.teams) === choice) return undefined;
    const order = system.memory.seen.five9 === 'yes' ? 'choice_last' : 'open';
    const next = unseen(system, 'teams');
    const teams = chosen(next.teams, choice, scope.stampRule);
    return { ...next, teams, memory: { ...next.memory, order } };
  };
}

const unchoose: Act = (system, { scope }) =>
  system.teams.preferred === undefined
    ? undefined
    : { ...unseen(system, 'teams'), teams: reset(system.teams, scope.stampRule) };

function press(wish: 'ready' | 'not_ready'): Act {
  return (system) => {
    const stands = standing(system.five9);
    const isSo = wish === 'ready' ? stands.ready : !stands.ready && stands.by === 'agent';
    if (isSo) return undefined;
    const next = unseen(system, 'five9');
    const memory = wish === 'ready' ? { ...next.memory, order: 'open' as const } : next.memory;
    return { ...next, memory, five9: pressed(next.five9, wish) };
  };
}

function contact(from: Five9Truth['contact'], to: Five9Truth['contact']): Act {
  return (system) => {
    const { five9 } = system;
    if (five9.contact !== from || (from === 'none' && !five9.current.ready)) return undefined;
    return { ...system, five9: contacted(five9, to) };
  };
}

const CHANGES: readonly Action[] = [
  action('the person chooses Busy in Teams', 'change', choose('busy')),
  action('the person chooses Do not disturb in Teams', 'change', choose('dnd')),
  action('the person resets their status in Teams', 'change', unchoose),
  action('a call begins in Five9', 'change', contact('none', 'call')),
  action('the call ends, after-call work begins', 'change', contact('call', 'wrap_up')),
  action('the agent ends after-call work', 'change', contact('wrap_up', 'none')),
  action('the agent presses Ready', 'change', press('ready')),
  action('the agent presses Not Ready', 'change', press('not_ready')),
];

function read(side: Side, via: 'sweep' | 'push'): Act {
  return (system, feed) =>
    feed.arrive(system, side, { asOf: system.now, sample: sampleOf(system, side) }, via);
}

function hold(side: Side): Act {
  return (system) => {
    if (system.held[side] !== undefined) return undefined;
    const held = { asOf: system.now, sample: sampleOf(system, side) };
    return { ...system, held: { ...system.held, [side]: held } };
  };
}

interface Late {
  readonly asOf: 'begun' | 'arrived';
  readonly sampled: 'begun' | 'arrived';
  readonly via: 'sweep' | 'push';
  readonly again?: boolean;
}

function release(side: Side, late: Late): Act {
  return (system, feed) => {
    const held = system.held[side];
    if (held === undefined) return undefined;
    const rest = late.again === true ? system : withHeld(system, side);
    const asOf = late.asOf === 'begun' ? held.asOf : system.now;
    const sample = late.sampled === 'begun' ? held.sample : sampleOf(system, side);
    return feed.arrive(rest, side, { asOf, sample }, late.via);
  };
}

function withHeld(system: System, side: Side): System {
  return { ...system, held: { ...system.held, [side]: undefined } };
}

const OLD: Late = { asOf: 'begun', sampled: 'begun', via: 'sweep' };

const READS: readonly Action[] = [
  action('Teams is read', 'none', read('teams', 'sweep')),
  action('a frame of Five9 arrives', 'none', read('five9', 'push')),
  action('Five9 is read', 'none', read('five9', 'sweep')),
  action('a read of Teams begins and is slow', 'fault', hold('teams')),
  action('a read or frame of Five9 begins and is slow', 'fault', hold('five9')),
  action('the slow read of Teams arrives', 'none', release('teams', OLD)),
  action(
    'the slow read of Teams arrives, and will again',
    'fault',
    release('teams', { ...OLD, again: true }),
  ),
  action(
    'the slow read of Teams arrives with what is so now',
    'none',
    release('teams', { ...OLD, sampled: 'arrived' }),
  ),
  action('the slow read of Five9 arrives', 'none', release('five9', OLD)),
  action(
    'the slow read of Five9 arrives with what is so now',
    'none',
    release('five9', { ...OLD, sampled: 'arrived' }),
  ),
  action(
    'the slow frame of Five9 arrives',
    'none',
    release('five9', { asOf: 'arrived', sampled: 'begun', via: 'push' }),
  ),
  action(
    'the slow frame of Five9 arrives, and will again',
    'fault',
    release('five9', { asOf: 'arrived', sampled: 'begun', via: 'push', again: true }),
  ),
];

/** As `dispatch` and the connectors do it; one write in flight for each platform. */
export function send(side: Side): Act {
  return (system, feed, findings) => {
    const plan = system.plans[side];
    if (plan?.kind !== 'write' || system.flights[side] !== undefined) return undefined;
    const { command } = plan;
    if (side === 'teams' && command.guarded === true && !isFresh(system, feed)) return undefined;
    const sent = feed.apply(system, { kind: 'sent', platform: side, command });
    const intent = sent.core.faces[side]?.intent?.id ?? 'none';
    const flight: Flight = {
      command,
      intent,
      stage: 'out',
      knew: system.memory.seen[side],
      sentAt: system.now,
    };
    const flying = withFlight(sent, side, flight);
    if (side === 'five9' && isStopped(system, command)) {
      return outcome(flying, side, 'no_effect', feed);
    }
    judgeLeaving(system, command, findings);
    return { ...flying, memory: left(flying.memory, command, system.now) };
  };
}

function isFresh({ now, confirmedAt, core }: System, { scope }: Feed): boolean {
  if (confirmedAt === undefined || now - confirmedAt > GUARD_MS) return false;
  return scope.guard === 'recent' || confirmedAt > (core.faces['teams']?.wroteAt ?? 0);
}

/** The connector holds a guarded command against what the feed showed last. */
function isStopped({ roster }: System, command: Flight['command']): boolean {
  if (roster === undefined) return true;
  const { standing: known } = roster;
  const readiness = { channels: [...channelsOf(known)], code: known.code };
  return guardAgainst(command, readiness, RESERVED) !== undefined;
}

function withFlight(system: System, side: Side, flight: Flight | undefined): System {
  return { ...system, flights: { ...system.flights, [side]: flight } };
}

function outcome(system: System, side: Side, kind: Outcome, feed: Feed): System {
  const flight = system.flights[side];
  if (flight === undefined) return system;
  const memory = learnt(system.memory, flight.command, kind, system.now);
  // In this world nothing is unclear but what got no answer.
  const receipt: Receipt = kind === 'ambiguous' ? { kind, mayArrive: true } : { kind };
  return feed.apply(
    { ...withFlight(system, side, undefined), memory },
    { kind: 'outcome', platform: side, intent: flight.intent, receipt },
  );
}

type Outcome = 'accepted' | 'no_effect' | 'ambiguous';

function taken(system: System, side: Side, flight: Flight, feed: Feed): System {
  const { command } = flight;
  const next =
    side === 'teams'
      ? { ...system, teams: takenByTeams(system.teams, command, system.now, feed.scope.stampRule) }
      : { ...system, five9: takenByFive9(system.five9, command) };
  return afterArrival(system, next, side);
}

export function land(side: Side): Act {
  return (system, feed, findings) => {
    const flight = system.flights[side];
    if (flight?.stage !== 'out') return undefined;
    judgeArriving(system, flight, findings);
    return withFlight(taken(system, side, flight, feed), side, { ...flight, stage: 'done' });
  };
}

function landStray(side: Side): Act {
  return (system, feed, findings) => {
    const stray = system.strays[side];
    if (stray === undefined) return undefined;
    judgeArriving(system, stray, findings);
    const strays = { ...system.strays, [side]: undefined };
    return { ...taken(system, side, stray, feed), strays };
  };
}

export function answer(side: Side, stage: Flight['stage'], kind: Outcome): Act {
  return (system, feed) =>
    system.flights[side]?.stage === stage ? outcome(system, side, kind, feed) : undefined;
}

/** The caller gives up; the request itself is still under way. */
function abandon(side: Side): Act {
  return (system, feed) => {
    const flight = system.flights[side];
    if (flight?.stage !== 'out' || system.strays[side] !== undefined) return undefined;
    const stray = { ...flight, until: system.now + feed.scope.lateMs };
    const next = outcome(system, side, 'ambiguous', feed);
    return { ...next, strays: { ...next.strays, [side]: stray } };
  };
}

const PLATFORM: Readonly<Record<Side, string>> = { five9: 'Five9', teams: 'Teams' };

const WRITES: readonly Action[] = SIDES.flatMap((side) => {
  const name = PLATFORM[side];
  return [
    action(`the wanted write to ${name} leaves`, 'none', send(side)),
    action(`${name} takes the write`, 'none', land(side)),
    action(`the answer of ${name} arrives`, 'none', answer(side, 'done', 'accepted')),
    action(`the write to ${name} surely fails`, 'fault', answer(side, 'out', 'no_effect')),
    action(`the answer of ${name} is lost`, 'fault', answer(side, 'done', 'ambiguous')),
    action(`the write to ${name} is lost, nobody knows`, 'fault', answer(side, 'out', 'ambiguous')),
    action(`the write to ${name} is given up and still under way`, 'fault', abandon(side)),
    action(`a write given up before arrives at ${name}`, 'none', landStray(side)),
  ];
});

/** Rule 7: what had left is known to the next owner; whether it arrived is not. */
const crash: Act = (system, feed) => {
  const until = system.now + feed.scope.lateMs;
  const strays = { ...system.strays };
  for (const side of SIDES) {
    const flight = system.flights[side];
    if (flight?.stage === 'out') strays[side] = { ...flight, until };
  }
  const forgotten: System = {
    ...system,
    strays,
    flights: { five9: undefined, teams: undefined },
    held: { five9: undefined, teams: undefined },
    live: { five9: false, teams: false },
    confirmedAt: undefined,
    roster: undefined,
    generation: system.generation + 1,
    memory: unclear(unclear(system.memory, 'five9', system.now), 'teams', system.now),
  };
  return feed.apply(forgotten, { kind: 'taken_over', epoch: system.core.epoch + 1 });
};

export const passTime: Act = (system, feed) => {
  const now = nextDeadline(system, feed.scope.lateMs);
  if (now === undefined || !mayPass(system, now, feed.scope.lateMs)) return undefined;
  const teams = endedInTeams(system.teams, now);
  const { strays, held, memory } = system;
  const isGone = (stray: Flight | undefined): boolean => (stray?.until ?? 0) <= now;
  const inTime = (each: Held | undefined): Held | undefined =>
    each !== undefined && each.asOf + feed.scope.lateMs > now ? each : undefined;
  const next: System = {
    ...system,
    now,
    teams,
    held: { five9: inTime(held.five9), teams: inTime(held.teams) },
    strays: {
      five9: isGone(strays.five9) ? undefined : strays.five9,
      teams: isGone(strays.teams) ? undefined : strays.teams,
    },
    memory: teams.session === undefined && system.teams.session ? noSession(memory) : memory,
  };
  return feed.apply(next, { kind: 'tick' });
};

/** A minute without any read of what is new, or without any write, would be no fault but an outage. */
const LONGEST_UNREAD_MS = 60_000;

/** Time passes only as far as answers and reads may be away. */
function mayPass(system: System, now: number, lateMs: number): boolean {
  const { flights, core, teams, five9 } = system;
  if (SIDES.some((side) => now > (flights[side]?.sentAt ?? now) + lateMs)) return false;
  if (now - system.now < LONGEST_UNREAD_MS) return true;
  if (SIDES.some((side) => system.plans[side]?.kind === 'write')) return false;
  const known = (side: Side): number => Number(core.faces[side]?.seen?.version.stamp);
  return known('teams') === teams.stamp && known('five9') === five9.stamp;
}

function noSession(memory: System['memory']): System['memory'] {
  return { ...memory, session: undefined };
}

export const ACTIONS: readonly Action[] = [
  ...CHANGES,
  ...READS,
  ...WRITES,
  action('the process is killed and another takes over', 'fault', crash),
  action('time passes', 'pause', passTime),
];

/** With what the action uses up taken off. `system` is the world one millisecond later. */
export function perform(
  system: System,
  { act, cost }: Action,
  feed: Feed,
  findings: Findings,
): System | undefined {
  if (cost === 'none') return act(system, feed, findings);
  const rest = LEFT[cost];
  if (system[rest] === 0) return undefined;
  const next = act(system, feed, findings);
  return next && { ...next, [rest]: next[rest] - 1 };
}

const LEFT = { change: 'changesLeft', fault: 'faultsLeft', pause: 'pausesLeft' } as const;
