/**
 * How Teams makes one presence out of many sessions. Pure.
 * https://learn.microsoft.com/en-us/graph/cloud-communications-manage-presence-state
 *
 * 1. No session: Offline, whatever is preferred.
 * 2. A preferred presence outranks every session.
 * 3. Among sessions DoNotDisturb > Busy > Available > Away.
 * 4. Nothing an application sets can lower what stands higher.
 */
import type { Behaviour } from './behaviour.ts';
import { OFFLINE, type Pair } from './pairs.ts';

type Source = 'nobody' | 'preferred' | 'device' | 'app' | 'calendar';

export interface Mark {
  readonly pair: Pair;
  readonly source: 'device' | 'app' | 'calendar';
  /** Grows with every setting: the most recently set has the highest. */
  readonly order: number;
}

export interface Standing {
  readonly marks: readonly Mark[];
  readonly preferred: Pair | undefined;
  readonly outOfOffice: boolean;
}

export interface Shown {
  readonly pair: Pair;
  readonly source: Source;
}

export type AggregateRules = Pick<
  Behaviour,
  'busyActivity' | 'calendarNeedsSession' | 'outOfOfficeActivity'
>;

export function aggregate(standing: Standing, rules: AggregateRules): Shown {
  const hasSession = standing.marks.some((mark) => mark.source !== 'calendar');
  const counts = hasSession || (rules.calendarNeedsSession === 'no' && standing.marks.length > 0);
  if (!counts) return { pair: OFFLINE, source: 'nobody' };
  if (standing.preferred !== undefined && hasSession) {
    return dressed({ pair: standing.preferred, source: 'preferred' }, standing, rules);
  }
  const [first, ...others] = standing.marks;
  if (first === undefined) return { pair: OFFLINE, source: 'nobody' };
  const best = others.reduce((a, b) => (outranks(b, a, rules) ? b : a), first);
  return dressed(best, standing, rules);
}

const AVAILABILITY_RANK: Readonly<Record<string, number>> = {
  DoNotDisturb: 4,
  Busy: 3,
  Available: 2,
  Away: 1,
};

/** A faded Available gives way to a fresh one; the order among Busy marks is not published. */
const ACTIVITY_RANK: Readonly<Record<string, number>> = {
  Available: 1,
  InACall: 4,
  InAConferenceCall: 3,
  InAMeeting: 2,
  Busy: 1,
};

function outranks(a: Mark, b: Mark, rules: AggregateRules): boolean {
  const byAvailability = availabilityRank(a) - availabilityRank(b);
  if (byAvailability !== 0) return byAvailability > 0;
  const ranked = a.pair.availability === 'Available' || rules.busyActivity === 'ranked';
  const byActivity = ranked ? activityRank(a) - activityRank(b) : 0;
  return byActivity === 0 ? a.order > b.order : byActivity > 0;
}

function availabilityRank(mark: Mark): number {
  return AVAILABILITY_RANK[mark.pair.availability] ?? 0;
}

function activityRank(mark: Mark): number {
  return ACTIVITY_RANK[mark.pair.activity] ?? 0;
}

/** Out of office never changes the availability; whether it shows as activity is an option. */
function dressed(shown: Shown, standing: Standing, rules: AggregateRules): Shown {
  const { pair, source } = shown;
  const out = standing.outOfOffice && rules.outOfOfficeActivity === 'available';
  if (!out || pair.activity !== 'Available') return { pair, source };
  return { pair: { availability: pair.availability, activity: 'OutOfOffice' }, source };
}
