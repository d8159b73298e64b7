/**
 * One visual language for presence: every preset belongs to a family (its colour and outline) and
 * has a sign of its own. Colour never stands alone: the sign and the word say the same.
 *
 *   family   outline        means
 *   free     filled disc    may be contacted, or gets contacts
 *   busy     filled disc    with a contact or a colleague
 *   shut     filled square  does not want to be disturbed
 *   pause    tinted ring    at work, not reachable for now
 *   out      empty ring     not at work
 *   dark     dotted ring    nobody knows
 */
import type { Preset } from '../../../src/model/preset.ts';

export type Family = 'free' | 'busy' | 'shut' | 'pause' | 'out' | 'dark';

export type Sign =
  | 'tick'
  | 'bell'
  | 'handset'
  | 'people'
  | 'pen'
  | 'calendar'
  | 'screen'
  | 'target'
  | 'dot'
  | 'bar'
  | 'clock'
  | 'return'
  | 'cup'
  | 'book'
  | 'pause'
  | 'alert'
  | 'cross'
  | 'arrow'
  | 'question';

export interface Look {
  readonly family: Family;
  readonly sign: Sign;
}

const LOOKS: Readonly<Record<Preset, Look>> = {
  unknown: { family: 'dark', sign: 'question' },
  offline: { family: 'out', sign: 'cross' },
  off_work: { family: 'out', sign: 'cross' },
  out_of_office: { family: 'out', sign: 'arrow' },
  available: { family: 'free', sign: 'tick' },
  ready: { family: 'free', sign: 'tick' },
  ringing: { family: 'busy', sign: 'bell' },
  in_call: { family: 'busy', sign: 'handset' },
  in_conference: { family: 'busy', sign: 'people' },
  wrap_up: { family: 'busy', sign: 'pen' },
  in_meeting: { family: 'busy', sign: 'calendar' },
  presenting: { family: 'shut', sign: 'screen' },
  focus: { family: 'shut', sign: 'target' },
  busy: { family: 'busy', sign: 'dot' },
  dnd: { family: 'shut', sign: 'bar' },
  away: { family: 'pause', sign: 'clock' },
  brb: { family: 'pause', sign: 'return' },
  break: { family: 'pause', sign: 'cup' },
  meal: { family: 'pause', sign: 'cup' },
  training: { family: 'pause', sign: 'book' },
  not_ready: { family: 'pause', sign: 'pause' },
  unresponsive: { family: 'pause', sign: 'alert' },
};

const BY_NAME: ReadonlyMap<string, Look> = new Map(Object.entries(LOOKS));

/** Total: a preset that this console does not know yet looks unknown, and keeps its word. */
export function lookOf(preset: string): Look {
  return BY_NAME.get(preset) ?? LOOKS.unknown;
}
