/**
 * One text for all worlds that have the same future: intents and epochs are renamed, vendor stamps
 * replaced by their order, and times by what the core can still learn from them.
 *
 * K1  A time that lies ahead is its distance, to half a second, and the order of its milliseconds
 *     among all of them: every length of time is a multiple of half a second, and an action takes
 *     one millisecond, so that nothing else can decide what comes first.
 * K2  A time that lies back is its order against the reads whose age is still to be compared with
 *     it, and for marks its distance.
 * K3  A field of the core's state that is not known here is kept as it is. That too much
 *     is merged is what the audit in `search.ts` looks for.
 */
import type { Mark } from '../../src/model/mark.ts';
import { deadlines } from './deadlines.ts';
import type { Flight, PerSide, Scope, Side, System } from './system.ts';
import { SIDES } from './system.ts';

const CLUSTER_MS = 500;
const GUARD_MS = 500;
const OLD_MS = 31_000;
const MOST_TRIES = 11;

interface Naming {
  readonly system: System;
  readonly texts: WeakMap<object, string>;
  readonly ids: Map<string, number>;
  readonly stamps: PerSide<readonly number[]>;
  readonly sinces: readonly number[];
  readonly phases: readonly number[];
  readonly lateMs: number;
  /** The platform whose face is being written. */
  side: Side;
  /** Times of reads whose order against a time that lies back is still of use. */
  refs: readonly number[];
  readonly out: string[];
}

/** `texts`: of values that never change; kept for as long as a search lasts. */
interface Book {
  readonly scope: Scope;
  readonly texts: WeakMap<object, string>;
}

/** Without what is left of changes and faults. */
export function bodyOf(system: System, { scope, texts }: Book): string {
  const naming = namingOf(system, scope, texts);
  const { out } = naming;
  out.push(`@${naming.phases.indexOf(phase(system.now))}`);
  writeTruth(naming);
  for (const side of SIDES) writeSide(naming, side);
  if (system.wakeAt !== undefined) writeAhead(naming, system.wakeAt);
  writeMemory(naming);
  out.push(system.live.five9 ? 'L' : 'l', system.live.teams ? 'L' : 'l');
  writeValue(naming, 'desired', system.core.desired);
  out.push(
    system.core.quarantined === undefined ? '' : 'Q',
    system.core.paused === true ? 'P' : '',
  );
  return out.join('');
}

function namingOf(system: System, scope: Scope, texts: Book['texts']): Naming {
  const { core, teams, five9, held, roster, memory } = system;
  const stamps = {
    teams: new Set<number>([teams.stamp, memory.believed.stamp]),
    five9: new Set<number>([five9.stamp]),
  };
  const sinces = new Set<number>([five9.since]);
  if (roster !== undefined) stamps.five9.add(roster.stamp);
  for (const side of SIDES) {
    const face = core.faces[side];
    if (face?.seen?.version.stamp !== undefined) stamps[side].add(Number(face.seen.version.stamp));
    const read = held[side];
    if (read !== undefined) stamps[side].add(read.sample.stamp);
    for (const { shownStamp } of marksOf(system, side)) {
      if (shownStamp === undefined) continue;
      if (side === 'five9') sinces.add(Number(shownStamp));
      else stamps.teams.add(Number(shownStamp));
    }
    for (const presence of [face?.seen?.presence, read?.sample.presence]) {
      if (presence?.since !== undefined) sinces.add(presence.since);
    }
  }
  const ends = SIDES.flatMap((side) => system.flights[side]?.sentAt ?? []);
  const ahead = [
    ...deadlines(system, scope.lateMs).filter((time) => time > system.now),
    ...ends.map((time) => time + scope.lateMs),
    ...SIDES.flatMap((side) => timersOf(system, side)),
  ];
  return {
    system,
    texts,
    ids: new Map(),
    stamps: { teams: sorted(stamps.teams), five9: sorted(stamps.five9) },
    sinces: sorted(sinces),
    phases: sorted(new Set([phase(system.now), ...ahead.map(phase), ...agesOf(system)])),
    lateMs: scope.lateMs,
    side: 'five9',
    refs: [],
    out: [],
  };
}

/** Everything that the core waits for, not only what comes first. */
function timersOf(system: System, side: Side): number[] {
  const { core, now } = system;
  const face = core.faces[side];
  if (face === undefined) return [];
  const times = [
    face.tries?.nextAt,
    face.blocked?.retryAt,
    ...face.fading.map(({ until }) => until),
    ...marksOf(system, side).map(({ expiresAt }) => expiresAt),
  ];
  return times.filter((time): time is number => time !== undefined && time > now);
}

/** Milliseconds of the marks' times: ages of them decide too. */
function agesOf(system: System): number[] {
  return SIDES.flatMap((side) =>
    marksOf(system, side).flatMap((mark) => {
      const isOld = mark.expiresAt === undefined && system.now - mark.putAt > OLD_MS;
      return isOld ? [] : [phase(mark.putAt), phase(mark.acceptedAt ?? mark.putAt)];
    }),
  );
}

function marksOf({ core }: System, side: Side): readonly Mark[] {
  const face = core.faces[side];
  if (face === undefined) return [];
  const marks = [...face.ours, ...face.fading.map(({ mark }) => mark)];
  return marks.flatMap((mark) => (mark.replaces === undefined ? mark : [mark, mark.replaces]));
}

function sorted(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

function writeTruth(naming: Naming): void {
  const { system, out, stamps, sinces } = naming;
  const { teams, five9 } = system;
  const { preferred, session } = teams;
  out.push('T', preferred === undefined ? '-' : `${preferred.value}${preferred.by}`);
  if (preferred?.until !== undefined) writeAhead(naming, preferred.until);
  if (session !== undefined) {
    out.push(session.value);
    writeAhead(naming, session.until);
  }
  out.push(`#${stamps.teams.indexOf(teams.stamp)}F`, five9.contact, five9.wish);
  for (const each of [five9.current, five9.pending]) {
    out.push(each === undefined ? '-' : `${each.ready ? 'r' : each.code}${each.by}`);
  }
  out.push(`#${stamps.five9.indexOf(five9.stamp)}#${sinces.indexOf(five9.since)}`);
}

function writeSide(naming: Naming, side: Side): void {
  const { system, out } = naming;
  const face = system.core.faces[side];
  const held = system.held[side];
  const seenAt = face?.seen?.asOf;
  out.push('\n', side);
  naming.side = side;
  naming.refs = held === undefined ? [] : [held.asOf];
  writeFlight(naming, system.flights[side]);
  writeFlight(naming, system.strays[side]);
  if (held !== undefined) {
    out.push(
      'H',
      `#${naming.stamps[side].indexOf(held.sample.stamp)}`,
      String(held.sample.current),
    );
    out.push(held.sample.choice ?? '', held.sample.standing?.by ?? '');
    writeAhead(naming, held.asOf + naming.lateMs);
    writePresence(naming, held.sample.presence);
  }
  naming.refs = [...naming.refs, ...(seenAt === undefined ? [] : [seenAt])];
  if (face !== undefined) writeValue(naming, 'face', face);
  if (side === 'five9') out.push('E', claimOrder(system, 'claim', seenAt));
  const plan = system.plans[side];
  out.push('P', plan?.kind ?? '?');
  if (plan?.kind === 'write') writeValue(naming, 'command', plan.command);
  if (plan?.kind === 'blocked') out.push(plan.blocked.reason);
}

function writeFlight(naming: Naming, flight: Flight | undefined): void {
  const { out } = naming;
  if (flight === undefined) {
    out.push('_');
    return;
  }
  out.push(flight.stage, flight.knew);
  if (flight.until === undefined) writeAhead(naming, flight.sentAt + naming.lateMs);
  writeValue(naming, 'id', flight.intent);
  writeValue(naming, 'command', flight.command);
  if (flight.until !== undefined) writeAhead(naming, flight.until);
}

function writeMemory(naming: Naming): void {
  const { system, out, stamps } = naming;
  const { memory, now, confirmedAt, roster, held } = system;
  out.push('\nM', memory.seen.five9, memory.seen.teams, memory.order, memory.lost ? 'l' : '');
  out.push(memory.believed.choice ?? '-', `#${stamps.teams.indexOf(memory.believed.stamp)}`);
  for (const side of SIDES) {
    const since = memory.unclearSince[side];
    const read = held[side]?.asOf;
    out.push(since === undefined ? '-' : read === undefined ? 'u' : `u${order(since, read)}`);
  }
  const { session, busyUntil } = memory;
  if (session !== undefined) {
    const age = now - session.at > OLD_MS ? 'old' : cellsFrom(session.at, now);
    out.push(session.exact ? 'x' : `s${age}`);
  }
  if (busyUntil !== undefined && busyUntil > now) out.push(`b${cellsFrom(now, busyUntil)}`);
  const wroteAt = system.core.faces['teams']?.wroteAt ?? 0;
  const isFresh = confirmedAt !== undefined && now - confirmedAt <= GUARD_MS;
  out.push(isFresh ? `C${order(confirmedAt, wroteAt)}` : 'c');
  if (roster === undefined) out.push('-');
  else {
    const { standing, stamp } = roster;
    out.push(
      standing.ready ? 'r' : `${standing.code}${standing.by}`,
      `#${stamps.five9.indexOf(stamp)}`,
    );
  }
}

const DROPPED: ReadonlySet<string> = new Set(['sentAt', 'agent', 'epoch', 'counter', 'account']);
const ORDERED: ReadonlySet<string> = new Set(['asOf', 'wroteAt', 'unknownSince', 'missingSince']);
const AHEAD: ReadonlySet<string> = new Set(['until', 'expiresAt', 'nextAt', 'retryAt']);

/** Plain data, key by key; `key` says what a value means. */
function writeValue(naming: Naming, key: string, value: unknown): void {
  const { out } = naming;
  if (value === undefined || DROPPED.has(key)) return;
  if (Array.isArray(value)) {
    out.push('[');
    for (const each of value) writeValue(naming, key, each);
    out.push(']');
  } else if (typeof value === 'object' && value !== null) {
    writeRecord(naming, key, value);
  } else if (typeof value === 'number') writeNumber(naming, key, value);
  else if (typeof value === 'string') writeText(naming, key, value);
  else out.push(JSON.stringify(value));
}

function writeRecord(naming: Naming, key: string, value: object): void {
  const { out, system } = naming;
  if (key === 'presence') {
    writePresence(naming, value);
    return;
  }
  if (key === 'command') {
    out.push(fixedText(naming, value, EVERYTHING));
    return;
  }
  const isMark = 'putAt' in value;
  out.push(isMark ? fixedText(naming, value, OF_A_MARK) : '{');
  // When a fact began is only ever compared with the other platform's claim.
  const isFact = key === 'own' || key === 'claim';
  const isEndless = isMark && !('expiresAt' in value);
  const fields: Readonly<Record<string, unknown>> = { ...value };
  for (const name of isMark ? OF_A_MARK : Object.keys(fields).sort()) {
    const each = fields[name];
    if (each === undefined) continue;
    if (isFact && name === 'at') out.push('at', claimOrder(system, key, each));
    else if (isEndless && (name === 'putAt' || name === 'acceptedAt')) {
      out.push(name, backwards(naming, Number(each), OLD_MS));
    } else {
      out.push(name);
      writeValue(naming, name, each);
    }
  }
  out.push('}');
}

/** What a mark says beside times, stamps and names. */
const OF_A_MARK: readonly string[] = [
  'acceptedAt',
  'expiresAt',
  'intent',
  'putAt',
  'replaces',
  'shownAt',
  'shownStamp',
];
const EVERYTHING: readonly string[] = [];

/** The text of all fields but these; kept, since a value never changes. */
function fixedText({ texts }: Naming, value: object, but: readonly string[]): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const fields = Object.entries(value).filter(([name]) => !but.includes(name));
  const text = JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
  texts.set(value, text);
  return text;
}

/**
 * A claim is held against the fact on the other platform (`conflict.ts`), now or once it is read. It
 * may be as old as the read before it (`own.ts`).
 */
function claimOrder({ core, held }: System, key: string, at: unknown): string {
  if (at === undefined) return '';
  const against =
    key === 'claim'
      ? [core.faces['teams']?.own?.at, held.teams?.asOf]
      : [core.faces['five9']?.claim?.at, held.five9?.asOf];
  return against.map((time) => (time === undefined ? '' : order(Number(at), time))).join('');
}

function writeNumber(naming: Naming, key: string, value: number): void {
  const { out, system } = naming;
  if (AHEAD.has(key)) writeAhead(naming, value);
  else if (ORDERED.has(key)) out.push(naming.refs.map((ref) => order(value, ref)).join(''));
  else if (key === 'putAt' || key === 'acceptedAt') {
    out.push(backwards(naming, value, Number.POSITIVE_INFINITY));
  } else if (key === 'shownAt') out.push('y');
  else if (key === 'since') out.push('');
  else if (key === 'generation') out.push(String(value < system.generation && value > 0));
  else if (key === 'count') out.push(String(Math.min(value, MOST_TRIES)));
  else out.push(JSON.stringify(value));
}

function writeText(naming: Naming, key: string, value: string): void {
  const { out, ids } = naming;
  if (key === 'intent' || key === 'id') {
    const known = ids.get(value) ?? ids.size;
    ids.set(value, known);
    out.push(`i${known}`);
  } else if (key === 'stamp') out.push(`#${naming.stamps[naming.side].indexOf(Number(value))}`);
  else if (key === 'shownStamp') {
    const known = naming.side === 'five9' ? naming.sinces : naming.stamps.teams;
    out.push(`#${known.indexOf(Number(value))}`);
  } else out.push(value, ';');
}

const OF_A_PRESENCE: readonly string[] = ['since'];

function writePresence(naming: Naming, presence: object): void {
  const { out, sinces } = naming;
  out.push(fixedText(naming, presence, OF_A_PRESENCE));
  if ('since' in presence) out.push(`#${sinces.indexOf(Number(presence.since))}`);
}

function writeAhead({ out, system, phases }: Naming, time: number): void {
  if (time <= system.now) out.push('over');
  else out.push(`+${cellsFrom(system.now, time)}@${phases.indexOf(phase(time))}`);
}

function backwards({ system, phases, refs }: Naming, time: number, most: number): string {
  const orders = refs.map((ref) => order(time, ref)).join('');
  if (system.now - time > most) return `old${orders}`;
  return `-${cellsFrom(time, system.now)}@${phases.indexOf(phase(time))}${orders}`;
}

function phase(time: number): number {
  return time % CLUSTER_MS;
}

function cellsFrom(from: number, to: number): number {
  return Math.floor(to / CLUSTER_MS) - Math.floor(from / CLUSTER_MS);
}

function order(a: number, b: number): string {
  return a === b ? '=' : a < b ? '<' : '>';
}
