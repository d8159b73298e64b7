/** What differs between seeds besides faults: size, policy, cadence, quota, readings of contracts. */
import type { Five9Options } from '../emulators/five9/options.ts';
import { REASON_IDS } from '../emulators/five9/reasons.ts';
import type { Behaviour } from '../emulators/graph/behaviour.ts';
import type { TeamsRates } from '../emulators/day/teams-life.ts';
import type { Cadence } from '../src/connectors/teams/cadence.ts';
import type { Random } from '../src/lib/random.ts';
import type { PolicySettings } from '../src/policy/seed.ts';
import type { Ownership } from './disk.ts';

export interface Quota {
  readonly requests: number;
  readonly windowMs: number;
}

export interface Settings {
  readonly agents: number;
  readonly spares: number;
  readonly nodes: number;
  readonly ownership: Ownership;
  readonly latencyMs: number;
  readonly quota: Quota;
  readonly cadence: Partial<Cadence>;
  readonly policy: Partial<PolicySettings>;
  readonly graph: Partial<Behaviour>;
  readonly five9: Partial<Omit<Five9Options, 'clock' | 'random' | 'baseUrl'>>;
  readonly day: {
    readonly profile: 'standard' | 'short' | 'dialler';
    readonly occupancy: number;
    readonly start: 'steady' | 'shift_start';
    readonly teamsLife: Partial<TeamsRates>;
  };
}

const MINUTE_MS = 60_000;

export function drawSettings(random: Random): Settings {
  const chance = (share: number): boolean => random.next() < share;
  const pick = <T>(...choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random.next() * choices.length)] ?? choices[0];
  const isPair = chance(0.2);
  const quota = pick(
    { requests: 1_500, windowMs: 30_000 },
    { requests: 1_500, windowMs: 30_000 },
    { requests: 300, windowMs: 30_000 },
    // A wave of a few agents fills it, as a wave of hundreds fills the vendor's.
    { requests: 16, windowMs: 5_000 },
  );
  const busyLife = 0.4 + random.next() * 2.5;
  return {
    agents: 20 + Math.floor(random.next() ** 8 * 20),
    spares: 2,
    nodes: isPair ? 2 : 1,
    ownership: isPair ? 'lease' : 'lock',
    latencyMs: pick(20, 80, 80, 250),
    quota,
    cadence: {
      hotMs: pick(2_500, 5_000, 5_000, 5_000),
      hotMaxMs: 5_000,
      warmMs: pick(5_000, 8_000),
      coldMs: 10_000,
      quotaShare: 0.15,
    },
    policy: drawPolicy(random.fork('policy')),
    graph: drawGraph(random.fork('graph'), quota),
    five9: drawFive9(random.fork('five9')),
    day: {
      profile: pick('standard', 'standard', 'short', 'dialler'),
      occupancy: 0.3 + random.next() * 0.5,
      start: chance(0.15) ? 'shift_start' : 'steady',
      teamsLife: {
        choice: busyLife,
        meeting: 0.3 * busyLife,
        call: 0.6 * busyLife,
        idle: 0.5 * busyLife,
      },
    },
  };
}

function drawPolicy(random: Random): Partial<PolicySettings> {
  const chance = (share: number): boolean => random.next() < share;
  const strategies = [
    'latest_human',
    'contact_centre_wins',
    'teams_wins',
    'most_restrictive',
  ] as const;
  const strategy = chance(0.6) ? 'latest_human' : strategies[Math.floor(random.next() * 4)];
  return {
    ...(strategy === undefined ? {} : { strategy }),
    afterCallWork: chance(0.5) ? 'busy' : 'in_call',
    dwell: { toTeamsMs: chance(0.2) ? 3_000 : 0, toFive9Ms: chance(0.2) ? 5_000 : 0 },
    // F102: a mapping in a circle. What we wrote ourselves into Five9 must ask for nothing in Teams.
    ...(chance(0.15) ? { notReady: CIRCLE } : {}),
    timing: {
      sessionLifeMs: chance(0.5) ? 5 * MINUTE_MS : 6 * MINUTE_MS,
      refusedRetryMs: MINUTE_MS,
    },
  };
}

const CIRCLE: PolicySettings['notReady'] = [
  { code: REASON_IDS.teamsBusy, show: 'dnd' },
  { code: REASON_IDS.teamsDoNotDisturb, show: 'busy' },
  { code: REASON_IDS.teamsInACall, show: 'busy' },
  { code: REASON_IDS.lunch, show: 'brb' },
];

function drawGraph(random: Random, quota: Quota): Partial<Behaviour> {
  const oneOf = <T>(...choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random.next() * choices.length)] ?? choices[0];
  return {
    quotaLimit: quota.requests,
    quotaWindowMs: quota.windowMs,
    quotaAlgorithm: oneOf('sliding', 'sliding', 'fixed', 'bucket'),
    quotaPhaseMs: Math.floor(random.next() * quota.windowMs),
    sequence: oneOf('on-change', 'on-change', 'every-write', 'absent', 'regressing'),
    busyActivity: oneOf('latest', 'ranked'),
    bulkOrder: oneOf('asked', 'sorted', 'reversed'),
    bulkBadIds: oneOf('omit', 'not-found', 'presence-unknown'),
    presencesById: oneOf('collection', 'entity'),
    clearPreferredAnswer: oneOf('200', '204'),
    outOfOfficeActivity: oneOf('never', 'available'),
    unsupportedPair: oneOf('reject', 'ignore'),
    echoLagMs: oneOf(0, 0, 0, 3_000),
    readLagMs: oneOf(0, 0, 0, 800),
  };
}

function drawFive9(random: Random): Settings['five9'] {
  const oneOf = <T>(...choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random.next() * choices.length)] ?? choices[0];
  return {
    auth: oneOf('any', 'bearer_hyphen', 'cookies', 'cookies_no_header'),
    batchMs: oneOf(0, 1_000, 1_000, 3_000),
    writesOnContact: oneOf('pending', 'pending', 'refused'),
    missedCallNotReady: random.next() < 0.3,
    extrapolated: {
      pendingWhenNone: oneOf('null', 'same'),
      newRowsAs: oneOf('added', 'updated'),
      sameValueRestamps: random.next() < 0.7,
      fullOnAttach: random.next() < 0.3,
    },
  };
}
