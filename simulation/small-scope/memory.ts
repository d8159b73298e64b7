/**
 * What the judge remembers of our own writes, to tell a choice that could be told from ours from
 * one that could not (A3, A5, A11 in docs/spec/core.md). Kept apart from the core's ledger.
 */
import type { Command } from '../../src/model/mark.ts';
import type { Memory, Side, System } from './system.ts';
import type { Choice } from './teams-truth.ts';

const ECHO_MS = 30_000;
const FADE_MS = 10_000;
const BUSY = 'Busy/Busy';

/** Whether somebody who reads this choice now could take it for a write of ours. */
export function mayBeOurs(memory: Memory, choice: Choice, now: number): boolean {
  if (choice !== 'busy') return false;
  const { session, busyUntil } = memory;
  if (busyUntil !== undefined && busyUntil > now) return true;
  return session !== undefined && !session.exact && now - session.at <= ECHO_MS + 500;
}

/** A write leaves: from now on its echo may be read. */
export function left(memory: Memory, command: Command, now: number): Memory {
  if (command.platform !== 'teams') return memory;
  if (command.slot === 'session') {
    if (command.kind !== 'put') return memory;
    return { ...memory, session: { at: now, exact: memory.session?.exact === true } };
  }
  if (command.kind === 'put' && command.value === BUSY) {
    return { ...memory, busyUntil: now + (command.lifeMs ?? 0) + FADE_MS };
  }
  return memory;
}

/** The outcome of a write was learnt. */
export function learnt(
  memory: Memory,
  command: Command,
  outcome: 'accepted' | 'no_effect' | 'ambiguous',
  now: number,
): Memory {
  const next = outcome === 'ambiguous' ? unclear(memory, sideOf(command), now) : memory;
  if (command.platform !== 'teams') return next;
  const { session, busyUntil } = next;
  if (command.slot === 'session') {
    if (command.kind === 'put')
      return session ? { ...next, session: { ...session, at: now } } : next;
    return outcome === 'accepted' ? { ...next, session: undefined } : next;
  }
  const takesPlace = command.kind === 'clear' || command.value !== BUSY;
  if (outcome !== 'accepted' || !takesPlace || busyUntil === undefined) return next;
  return { ...next, busyUntil: Math.min(busyUntil, now + FADE_MS) };
}

export function unclear(memory: Memory, side: Side, now: number): Memory {
  return { ...memory, unclearSince: { ...memory.unclearSince, [side]: now } };
}

function sideOf({ platform }: Command): Side {
  return platform === 'teams' ? 'teams' : 'five9';
}

/** The person chose or pressed anew: nobody has seen that yet, and nothing on its way knew it. */
export function unseen(system: System, side: Side): System {
  const { memory, flights, strays, held } = system;
  const ignorant = { five9: flights.five9, teams: flights.teams };
  const flight = flights[side];
  const stray = strays[side];
  const read = held[side];
  return {
    ...system,
    memory: {
      ...memory,
      seen: { ...memory.seen, [side]: 'no' },
      lost: side === 'teams' ? false : memory.lost,
    },
    flights: { ...ignorant, [side]: flight && { ...flight, knew: 'no' } },
    strays: { ...strays, [side]: stray && { ...stray, knew: 'no' } },
    held: {
      ...held,
      [side]: read && { ...read, sample: { ...read.sample, current: false } },
    },
  };
}
