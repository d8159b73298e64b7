/**
 * From what Graph says of a person to a presence. Pure and total.
 *
 * The vendor's pages disagree on which words belong to `availability` and which to `activity`, and
 * on their case, so both fields are open sets that share one table, and the pair is classified:
 * https://learn.microsoft.com/en-us/graph/api/resources/presence
 *
 * R1  Every input gives a presence; words that are not known are returned, to be counted.
 * R2  Unknown is never read as available: beside a word that is not known, `available` does not
 *     count unless it stands in `availability`, the field that is meant to say it.
 * R3  The stricter of two reaches wins.
 */
import type { Activity, Presence, Reach } from '../../model/presence.ts';
import type { WirePresence } from './wire.ts';

export interface Reading {
  readonly presence: Presence;
  /** Words that are not in the table. */
  readonly unknown: readonly string[];
}

interface Word {
  readonly reach?: Reach;
  readonly activity?: Activity;
}

const WORDS: ReadonlyMap<string, Word> = new Map<string, Word>([
  ['available', { reach: 'available' }],
  ['availableidle', { reach: 'available', activity: 'idle' }],
  ['availableinactive', { reach: 'available', activity: 'idle' }],
  ['away', { reach: 'away' }],
  ['inactive', { activity: 'idle' }],
  ['berightback', { reach: 'away', activity: 'brb' }],
  ['busy', { reach: 'busy' }],
  ['busyidle', { reach: 'busy', activity: 'idle' }],
  ['inacall', { reach: 'busy', activity: 'call' }],
  ['inaconferencecall', { reach: 'busy', activity: 'conference' }],
  ['inameeting', { reach: 'busy', activity: 'meeting' }],
  ['donotdisturb', { reach: 'dnd' }],
  ['presenting', { reach: 'dnd', activity: 'presenting' }],
  ['focusing', { reach: 'dnd', activity: 'focus' }],
  ['urgentinterruptionsonly', { reach: 'dnd' }],
  ['offline', { reach: 'offline' }],
  ['offwork', { reach: 'offline', activity: 'off_work' }],
  ['outofoffice', { activity: 'out_of_office' }],
  ['presenceunknown', {}],
]);

/** From lax to strict. */
const STRICTNESS: Readonly<Record<Reach, number>> = {
  unknown: 0,
  available: 1,
  away: 2,
  offline: 3,
  busy: 4,
  dnd: 5,
};

const RAW_WORD_MAX = 64;

export function readPresence(wire: WirePresence): Reading {
  const availability = short(wire.availability ?? '');
  const does = short(wire.activity ?? '');
  const first = WORDS.get(availability.toLowerCase());
  const second = WORDS.get(does.toLowerCase());
  const doing = second?.activity ?? first?.activity ?? 'none';
  const reach = reachOf(first, second) ?? (doing === 'out_of_office' ? 'away' : 'unknown');
  // Out of office does not always show in the pair, only in its own field; beside any other reach
  // than available the pair says more: https://github.com/microsoftgraph/microsoft-graph-docs/issues/9179
  const isOut = reach === 'available' && wire.outOfOfficeSettings?.isOutOfOffice === true;
  return {
    presence: {
      reach,
      acd: 'none',
      activity: isOut ? 'out_of_office' : doing,
      raw: `${availability}/${does}`,
    },
    unknown: [...unknownIn(availability, first), ...unknownIn(does, second)],
  };
}

function unknownIn(word: string, known: Word | undefined): readonly string[] {
  return word === '' || known !== undefined ? [] : [word];
}

/** Undefined when neither word says it. */
function reachOf(first: Word | undefined, second: Word | undefined): Reach | undefined {
  const a = first?.reach;
  const b = second?.reach;
  if (a === undefined) return b === 'available' ? undefined : b;
  if (b === undefined) return a;
  return STRICTNESS[b] > STRICTNESS[a] ? b : a;
}

function short(word: string): string {
  return word.slice(0, RAW_WORD_MAX);
}
