/**
 * The pairs of availability and activity that may be written, and how long each lives.
 * https://learn.microsoft.com/en-us/graph/api/presence-setpresence
 * https://learn.microsoft.com/en-us/graph/api/presence-setuserpreferredpresence
 */
import type { TeamsChoice } from '../acts.ts';

export interface Pair {
  readonly availability: string;
  readonly activity: string;
}

export const OFFLINE: Pair = { availability: 'Offline', activity: 'Offline' };

/** `setPresence` takes these five and nothing else; Busy/Busy is not among them. */
export const SESSION_PAIRS: readonly Pair[] = [
  { availability: 'Available', activity: 'Available' },
  { availability: 'Busy', activity: 'InACall' },
  { availability: 'Busy', activity: 'InAConferenceCall' },
  { availability: 'Away', activity: 'Away' },
  { availability: 'DoNotDisturb', activity: 'Presenting' },
];

/** What a person can choose in Teams; `setUserPreferredPresence` takes the same six. */
export const CHOICE_PAIRS: Readonly<Record<TeamsChoice, Pair>> = {
  Available: { availability: 'Available', activity: 'Available' },
  Busy: { availability: 'Busy', activity: 'Busy' },
  DoNotDisturb: { availability: 'DoNotDisturb', activity: 'DoNotDisturb' },
  BeRightBack: { availability: 'BeRightBack', activity: 'BeRightBack' },
  Away: { availability: 'Away', activity: 'Away' },
  Offline: { availability: 'Offline', activity: 'OffWork' },
};

export const PREFERRED_PAIRS: readonly Pair[] = Object.values(CHOICE_PAIRS);

export const SESSION_LIFE = { defaultMs: 300_000, minMs: 300_000, maxMs: 14_400_000 } as const;

/** An app's Available turns inactive after five minutes and Away after five more. */
export const FADE_MS = 300_000;

const DAY_MS = 86_400_000;

/** One day for Busy and Do not disturb, seven for the rest; also for a choice made by hand. */
export function preferredLifeMs(availability: string): number {
  return availability === 'Busy' || availability === 'DoNotDisturb' ? DAY_MS : 7 * DAY_MS;
}

export function samePair(a: Pair, b: Pair): boolean {
  return a.availability === b.availability && a.activity === b.activity;
}

export function isOneOf(pairs: readonly Pair[], pair: Pair): boolean {
  return pairs.some((known) => samePair(known, pair));
}
