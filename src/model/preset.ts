/**
 * Presets: the named points of the presence space. Mappings and rules are written in presets, and
 * a connector says for each preset whether and how its platform can show it.
 */
import type { Acd, Activity, Presence, Reach } from './presence.ts';

const PRESET_NAMES = [
  'unknown',
  'offline',
  'off_work',
  'out_of_office',
  'available',
  'ready',
  'ringing',
  'in_call',
  'in_conference',
  'wrap_up',
  'in_meeting',
  'presenting',
  'focus',
  'busy',
  'dnd',
  'away',
  'brb',
  'break',
  'meal',
  'training',
  'not_ready',
  'unresponsive',
] as const;

export type Preset = (typeof PRESET_NAMES)[number];

/** Words for people, in the order platform-neutral, short. */
export const PRESET_LABELS: Readonly<Record<Preset, string>> = {
  unknown: 'Unknown',
  offline: 'Offline',
  off_work: 'Off work',
  out_of_office: 'Out of office',
  available: 'Available',
  ready: 'Ready',
  ringing: 'Ringing',
  in_call: 'In a call',
  in_conference: 'In a conference',
  wrap_up: 'After-call work',
  in_meeting: 'In a meeting',
  presenting: 'Presenting',
  focus: 'Focusing',
  busy: 'Busy',
  dnd: 'Do not disturb',
  away: 'Away',
  brb: 'Be right back',
  break: 'On a break',
  meal: 'At a meal',
  training: 'In training',
  not_ready: 'Not ready',
  unresponsive: 'Not responding',
};

const BY_ACD: Partial<Record<Acd, Preset>> = {
  logged_out: 'offline',
  ready: 'ready',
  reserved: 'ringing',
  wrap_up: 'wrap_up',
};

const BY_ACTIVITY: Partial<Record<Activity, Preset>> = {
  call: 'in_call',
  conference: 'in_conference',
  meeting: 'in_meeting',
  presenting: 'presenting',
  focus: 'focus',
  brb: 'brb',
  break: 'break',
  meal: 'meal',
  training: 'training',
  out_of_office: 'out_of_office',
  off_work: 'off_work',
  unresponsive: 'unresponsive',
};

const BY_REACH: Readonly<Record<Reach, Preset>> = {
  unknown: 'unknown',
  offline: 'offline',
  away: 'away',
  available: 'available',
  busy: 'busy',
  dnd: 'dnd',
};

/** The preset nearest to a presence. Total: every combination of axes has one. */
export function presetOf(presence: Presence): Preset {
  if (presence.reach === 'unknown') return 'unknown';
  if (presence.acd === 'engaged') {
    return presence.activity === 'conference' ? 'in_conference' : 'in_call';
  }
  const byAcd = BY_ACD[presence.acd];
  if (byAcd !== undefined) return byAcd;
  const byActivity = BY_ACTIVITY[presence.activity];
  if (byActivity !== undefined) return byActivity;
  if (presence.acd === 'not_ready') return 'not_ready';
  return BY_REACH[presence.reach];
}

export function isPreset(text: string): text is Preset {
  return (PRESET_NAMES as readonly string[]).includes(text);
}
