/**
 * The cause of a value that is not ours, from the value itself and what stood before it. The
 * ambiguities and their resolutions (A1 …) are listed in docs/spec/core.md.
 */
import type { Cause } from '../model/cause.ts';
import type { Seen } from '../model/face.ts';
import type { PlatformKind } from '../model/platform.ts';
import type { Preset } from '../model/preset.ts';

const CALL: Cause = { kind: 'call', certainty: 'certain' };
const HUMAN: Cause = { kind: 'human', certainty: 'certain' };

/** Collaboration side. Nothing in the vendor's data says who caused a change. */
const BY_PRESET: Partial<Record<Preset, Cause>> = {
  in_call: CALL,
  in_conference: CALL,
  presenting: CALL,
  in_meeting: { kind: 'calendar', certainty: 'likely', note: 'A1' },
  busy: { kind: 'human', certainty: 'likely', note: 'A2' },
  dnd: HUMAN,
  brb: HUMAN,
  off_work: HUMAN,
  available: { kind: 'human', certainty: 'likely' },
  focus: { kind: 'calendar', certainty: 'likely' },
  out_of_office: { kind: 'calendar', certainty: 'certain' },
  away: { kind: 'idle', certainty: 'likely', note: 'A6' },
  offline: { kind: 'unknown', certainty: 'likely', note: 'A7' },
};

const ON_CONTACT: ReadonlySet<Preset> = new Set(['ringing', 'in_call', 'in_conference', 'wrap_up']);

/** Values that a person can only have chosen by hand, so that they stand in the shared slot. */
const CHOSEN: ReadonlySet<Preset> = new Set(['busy', 'dnd', 'brb', 'off_work']);

export function causeOfValue(kind: PlatformKind, preset: Preset, before: Seen | undefined): Cause {
  if (kind === 'collaboration') {
    return BY_PRESET[preset] ?? { kind: 'unknown', certainty: 'certain' };
  }
  if (isOnContact(preset)) return CALL;
  if (preset === 'unknown') return { kind: 'unknown', certainty: 'certain' };
  if (before === undefined) return { kind: 'unknown', certainty: 'likely', note: 'A8' };
  if (preset === 'ready' && isOnContact(before.preset)) {
    return { kind: 'call', certainty: 'likely', note: 'A9' };
  }
  return { kind: 'human', certainty: 'likely' };
}

export function isOnContact(preset: Preset): boolean {
  return ON_CONTACT.has(preset);
}

export function isChosen(preset: Preset): boolean {
  return CHOSEN.has(preset);
}
