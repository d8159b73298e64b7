/**
 * Harm: what one second of a wrong display costs, by what is true and what is shown. The order in
 * which writes go out is the falling order of harm. Version 1 of the matrix; the figures are a
 * judgement, not a measurement: a caller shown as reachable is worst.
 */
import type { AgentState, Desired } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Preset } from '../model/preset.ts';
import type { Plan } from '../model/plan.ts';
import type { World } from './world.ts';

/** Stopping contacts from reaching somebody who cannot take them goes before everything. */
const HARM_STOP_ROUTING = 100;
/** Giving somebody back to routing is wanted soon, but nobody is harmed by a second. */
const HARM_GIVE_BACK = 5;
/** Renewals only prevent a later harm. */
const HARM_RENEWAL = 1;
/** At this harm and above a write may use the reserve of the quota. */
export const HARM_URGENT = 10;

type Shown = 'offline' | 'available' | 'call' | 'busy' | 'away';

const CLASS: Readonly<Record<Preset, Shown>> = {
  unknown: 'offline',
  offline: 'offline',
  off_work: 'offline',
  out_of_office: 'away',
  available: 'available',
  ready: 'available',
  ringing: 'available',
  in_call: 'call',
  in_conference: 'call',
  in_meeting: 'busy',
  wrap_up: 'busy',
  busy: 'busy',
  dnd: 'busy',
  presenting: 'busy',
  focus: 'busy',
  training: 'busy',
  not_ready: 'busy',
  away: 'away',
  brb: 'away',
  break: 'away',
  meal: 'away',
  unresponsive: 'away',
};

const WEIGHT: Readonly<Record<Shown, Readonly<Record<Shown, number>>>> = {
  offline: { offline: 0, available: 3, call: 1, busy: 1, away: 0.5 },
  available: { offline: 2, available: 0, call: 2, busy: 2, away: 1.5 },
  call: { offline: 2, available: 10, call: 0, busy: 0.5, away: 2 },
  busy: { offline: 1, available: 4, call: 0.5, busy: 0, away: 1 },
  away: { offline: 0.5, available: 3, call: 1, busy: 1, away: 0 },
};

export function harmOf(
  state: AgentState,
  platform: PlatformId,
  plan: Extract<Plan, { kind: 'write' }>,
  world: World,
): number {
  const { command } = plan;
  if (world.platforms[platform]?.kind === 'contact_centre') {
    return command.kind === 'put' ? HARM_STOP_ROUTING : HARM_GIVE_BACK;
  }
  const face = state.faces[platform];
  const shown = face?.seen?.preset ?? 'unknown';
  const weight = WEIGHT[CLASS[truth(state.desired[platform], face?.own?.preset)]][CLASS[shown]];
  return Math.max(weight, HARM_RENEWAL);
}

function truth(desired: Desired | undefined, own: Preset | undefined): Preset {
  return desired?.kind === 'show' ? desired.preset : (own ?? 'unknown');
}
