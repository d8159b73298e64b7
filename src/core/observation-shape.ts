/** The shape of an observation: what a platform says, before anybody has looked at it. */
import { listOf, maybe, number, shapeOf, text, word } from '../lib/shape.ts';
import type { Observation, Version } from '../model/observation.ts';
import type { Pending, Presence, Reason } from '../model/presence.ts';

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

export const presence = shapeOf<Presence>({
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

export const version = shapeOf<Version>({ generation: number, stamp: maybe(text) });

export const isObservation = shapeOf<Observation>({
  platform: text,
  account: text,
  presence,
  version,
  asOf: number,
  via: word<Observation['via']>({ push: 0, sweep: 0 }),
});
