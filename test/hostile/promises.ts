/** What a reader promises of everything that it lets through. */
import type { Observation } from '../../src/model/observation.ts';
import type { Acd, Activity, Reach } from '../../src/model/presence.ts';
import { presetOf } from '../../src/model/preset.ts';
import { check } from './trial.ts';

const REACHES: Readonly<Record<Reach, true>> = {
  unknown: true,
  offline: true,
  away: true,
  available: true,
  busy: true,
  dnd: true,
};

const ACDS: Readonly<Record<Acd, true>> = {
  none: true,
  logged_out: true,
  not_ready: true,
  ready: true,
  reserved: true,
  engaged: true,
  wrap_up: true,
};

const ACTIVITIES: Readonly<Record<Activity, true>> = {
  none: true,
  call: true,
  conference: true,
  meeting: true,
  presenting: true,
  focus: true,
  brb: true,
  break: true,
  meal: true,
  training: true,
  admin: true,
  out_of_office: true,
  off_work: true,
  idle: true,
  unresponsive: true,
};

/** An observation speaks Lockstep's words only, and is bounded. */
export function isWellFormedObservation(observation: Observation): void {
  const { account, presence, version, asOf } = observation;
  check(account !== '' && account.length <= 128, 'an account has an id of bounded length');
  check(Object.hasOwn(REACHES, presence.reach), `reach ${presence.reach}`);
  check(Object.hasOwn(ACDS, presence.acd), `acd ${presence.acd}`);
  check(Object.hasOwn(ACTIVITIES, presence.activity), `activity ${presence.activity}`);
  check(typeof presence.raw === 'string' && presence.raw.length <= 160, 'raw text is bounded');
  check(Number.isFinite(asOf) && Number.isFinite(version.generation), 'times are numbers');
  check(typeof presetOf(presence) === 'string', 'every presence has a preset');
}

/** One line for people or for the log: no control characters, bounded. */
export function isPlainLine(text: string, most: number): void {
  check(text.length <= most, `at most ${most} characters`);
  check(
    !/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text),
    'no control characters',
  );
}

/** A path that a vendor's words were put into still leads where it did. */
export function isSafePath(path: string): void {
  check(/^\/[\w.~!$&'()*+,;=:@%{}/?-]*$/.test(path), `a path of plain characters: ${path}`);
  check(!/\/\.{1,2}(?:\/|$)/.test(path), 'a path without steps upwards');
}
