/**
 * The shapes of what a journal gives back, checked all the way down: somebody may have changed the
 * file, or another version have written it.
 *
 * H1  The compiler sees to it that nothing is forgotten: a field, a kind or a word that the model
 *     gains has to be added here before it builds.
 */
import type { Blocked, BlockedReason } from '../model/blocked.ts';
import { BLOCKED_WORDS } from '../model/blocked.ts';
import type { Cause } from '../model/cause.ts';
import type { AgentState, Desired, Face, Fact, Seen } from '../model/face.ts';
import type { Command, Intent, Mark } from '../model/mark.ts';
import type { Version } from '../model/observation.ts';
import type { Pending, Presence, Reason } from '../model/presence.ts';
import type { Preset } from '../model/preset.ts';
import { PRESET_LABELS } from '../model/preset.ts';
import type { MappingRow, Policy, Timing } from '../policy/policy.ts';

/** Whether a value is a T. */
export type Shape<T> = (value: unknown) => value is T;

export const text: Shape<string> = (value) => typeof value === 'string';
export const number: Shape<number> = (value) => typeof value === 'number';
export const flag: Shape<boolean> = (value) => typeof value === 'boolean';

export function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value);
}

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(item);
}

export function tableOf<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    isTable(value) && Object.values(value).every(item);
}

function word<T extends string>(known: Readonly<Record<T, unknown>>): Shape<T> {
  return (value): value is T => text(value) && Object.hasOwn(known, value);
}

type Fields<T> = { readonly [K in keyof T]-?: Shape<T[K]> };

export function shapeOf<T extends object>(fields: Fields<T>): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(fields);
  return (value): value is T => isTable(value) && shapes.every(([key, shape]) => shape(value[key]));
}

/** One of several, told apart by `kind`. */
export function byKind<T extends { readonly kind: string }>(kinds: {
  readonly [K in T['kind']]: Fields<Omit<Extract<T, { readonly kind: K }>, 'kind'>>;
}): Shape<T> {
  const shapes = new Map(
    Object.entries<Fields<object>>(kinds).map(([kind, fields]) => [kind, shapeOf(fields)]),
  );
  return (value): value is T =>
    isTable(value) && text(value['kind']) && shapes.get(value['kind'])?.(value) === true;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const preset = word<Preset>(PRESET_LABELS);
const slotKind = word<Mark['kind']>({ session: 0, shared: 0 });
const acd = word<Presence['acd']>({
  none: 0,
  logged_out: 0,
  not_ready: 0,
  ready: 0,
  reserved: 0,
  engaged: 0,
  wrap_up: 0,
});

const reason = shapeOf<Reason>({ code: text, label: maybe(text) });

const presence = shapeOf<Presence>({
  reach: word<Presence['reach']>({
    unknown: 0,
    offline: 0,
    away: 0,
    available: 0,
    busy: 0,
    dnd: 0,
  }),
  acd,
  activity: word<Presence['activity']>({
    none: 0,
    call: 0,
    conference: 0,
    meeting: 0,
    presenting: 0,
    focus: 0,
    brb: 0,
    break: 0,
    meal: 0,
    training: 0,
    admin: 0,
    out_of_office: 0,
    off_work: 0,
    idle: 0,
    unresponsive: 0,
  }),
  reason: maybe(reason),
  pending: maybe(shapeOf<Pending>({ acd, reason: maybe(reason), channels: listOf(text) })),
  channels: maybe(listOf(text)),
  since: maybe(number),
  raw: text,
});

const version = shapeOf<Version>({ generation: number, stamp: maybe(text) });

const cause = shapeOf<Cause>({
  kind: word<Cause['kind']>({
    human: 0,
    call: 0,
    calendar: 0,
    idle: 0,
    expiry: 0,
    ours: 0,
    other: 0,
    unknown: 0,
  }),
  certainty: word<Cause['certainty']>({ certain: 0, likely: 0 }),
  note: maybe(text),
  intent: maybe(text),
});

const mark: Shape<Mark> = shapeOf<Mark>({
  slot: text,
  kind: slotKind,
  value: text,
  preset,
  shows: listOf(preset),
  intent: text,
  putAt: number,
  acceptedAt: maybe(number),
  expiresAt: maybe(number),
  shownAt: maybe(number),
  shownStamp: maybe(text),
  exact: maybe(flag),
  touched: maybe(flag),
  previous: maybe(text),
  reasonCode: maybe(text),
  replaces: maybe((value): value is Mark => mark(value)),
});

const command = shapeOf<Command>({
  platform: text,
  kind: word<Command['kind']>({ put: 0, clear: 0, restore: 0 }),
  slot: text,
  slotKind,
  value: text,
  preset,
  shows: listOf(preset),
  lifeMs: maybe(number),
  reasonCode: maybe(text),
  previous: maybe(text),
  replacesCode: maybe(text),
  guarded: maybe(flag),
});

const blockedReason = word<BlockedReason>(BLOCKED_WORDS);

const face = shapeOf<Face>({
  seen: maybe(shapeOf<Seen>({ presence, preset, version, asOf: number, since: number })),
  cause,
  own: maybe(shapeOf<Fact>({ preset, presence, cause, at: number })),
  claim: maybe(shapeOf({ preset, at: number })),
  ours: listOf(mark),
  fading: listOf(shapeOf({ mark, until: number })),
  intent: maybe(shapeOf<Intent>({ id: text, command, sentAt: number })),
  wroteAt: maybe(number),
  unknownSince: maybe(number),
  missingSince: maybe(number),
  blocked: maybe(
    shapeOf<Blocked>({
      reason: blockedReason,
      since: number,
      detail: maybe(text),
      retryAt: maybe(number),
    }),
  ),
  tries: maybe(
    shapeOf<NonNullable<Face['tries']>>({ key: text, count: number, nextAt: maybe(number) }),
  ),
});

export const isAgentState = shapeOf<AgentState>({
  agent: text,
  epoch: number,
  counter: number,
  faces: tableOf(face),
  desired: tableOf(
    byKind<Desired>({
      show: { preset, reasonCode: maybe(text), rule: text, from: text, since: number },
      leave: { rule: text, blocked: maybe(blockedReason), wished: maybe(preset) },
    }),
  ),
  paused: maybe(flag),
  quarantined: maybe(shapeOf({ why: text, until: number })),
});

export const isPolicy = shapeOf<Policy>({
  version: text,
  strategy: word<Policy['strategy']>({
    latest_human: 0,
    contact_centre_wins: 0,
    teams_wins: 0,
    most_restrictive: 0,
  }),
  rows: listOf(
    shapeOf<MappingRow>({
      id: text,
      from: text,
      preset,
      code: maybe(text),
      to: text,
      show: word<MappingRow['show']>({ ...PRESET_LABELS, leave_alone: 0 }),
      writeCode: maybe(text),
      dwellMs: number,
    }),
  ),
  timing: shapeOf<Timing>({
    sessionLifeMs: number,
    sharedLifeMs: number,
    echoMs: number,
    fadeMs: number,
    settleMs: number,
    maxTries: number,
    refusedRetryMs: number,
  }),
});
