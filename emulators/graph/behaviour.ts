/**
 * What the contract leaves open, as options: each can be changed while the emulator runs, so that
 * the product can be tried under every reading of the documentation. The README says for each what
 * is unknown and why the default is what it is.
 */
import { isRecord } from '../entra/json-body.ts';

const CHOICES = {
  sequence: ['on-change', 'every-write', 'absent', 'regressing'],
  busyActivity: ['latest', 'ranked'],
  calendarNeedsSession: ['yes', 'no'],
  preferredWithoutSession: ['waits', 'dropped'],
  outOfOfficeActivity: ['never', 'available'],
  bulkBadIds: ['omit', 'not-found', 'presence-unknown'],
  bulkOrder: ['asked', 'sorted', 'reversed'],
  unsupportedPair: ['reject', 'ignore'],
  presencesById: ['collection', 'entity'],
  clearPreferredAnswer: ['200', '204'],
  schema: ['global', 'us-gov'],
  quotaAlgorithm: ['sliding', 'fixed', 'bucket'],
  quotaCountsRejected: ['yes', 'no'],
  retryAfter: ['seconds', 'fractional', 'date', 'absent'],
  plainNotificationUrls: ['refuse', 'loopback'],
  validationTokenVersion: ['2.0', '1.0'],
  notifiedResource: ['user', 'filter'],
  notifiedExpiry: ['zulu', 'no-zone'],
  notifiedSequence: ['absent', 'present'],
  expiredTokenItems: ['lost', 'held'],
  lifecycleTokens: ['rich', 'never'],
} as const;

const NUMBERS = {
  echoLagMs: 0,
  readLagMs: 0,
  latencyMs: 0,
  latencyJitterMs: 0,
  /** Accepted length of a preferred presence. */
  preferredMinMs: 1_000,
  preferredMaxMs: 31_536_000_000,
  /** The API page says 1,500 in 30 s, the throttling page 10,000: plan for the lower. */
  quotaLimit: 1_500,
  quotaWindowMs: 30_000,
  quotaPhaseMs: 0,
  /** From a change to its notification: the pages say under 10 s on average, a minute at most. */
  notifyLatencyMs: 2_000,
  notifyLatencyJitterMs: 0,
  /** How long items for one URL are collected, and how many go into a POST. */
  notifyBatchMs: 0,
  notifyBatchItems: 100,
  /** The first pause before a POST is tried again, and the longest. */
  notifyRetryMs: 10_000,
  notifyRetryMaxMs: 600_000,
  /** With fewer answers in ten minutes an endpoint is not judged. */
  penaltyMinAnswers: 10,
  /** Between two challenges in the last hour of a token; 0: none. */
  reauthorizeEveryMs: 900_000,
} as const;

type ChoiceField = keyof typeof CHOICES;
type NumberField = keyof typeof NUMBERS;

export type Behaviour = {
  readonly [K in ChoiceField]: (typeof CHOICES)[K][number];
} & { readonly [K in NumberField]: number };

/** The first of every list, and the numbers above. */
export const DEFAULT_BEHAVIOUR: Behaviour = {
  sequence: 'on-change',
  busyActivity: 'latest',
  calendarNeedsSession: 'yes',
  preferredWithoutSession: 'waits',
  outOfOfficeActivity: 'never',
  bulkBadIds: 'omit',
  bulkOrder: 'asked',
  unsupportedPair: 'reject',
  presencesById: 'collection',
  clearPreferredAnswer: '200',
  schema: 'global',
  quotaAlgorithm: 'sliding',
  quotaCountsRejected: 'yes',
  retryAfter: 'seconds',
  plainNotificationUrls: 'refuse',
  validationTokenVersion: '2.0',
  notifiedResource: 'user',
  notifiedExpiry: 'zulu',
  notifiedSequence: 'absent',
  expiredTokenItems: 'lost',
  lifecycleTokens: 'rich',
  ...NUMBERS,
};

/** A change of behaviour from JSON; throws one clear error that names the field. */
export function parseBehaviour(value: unknown): Partial<Behaviour> {
  if (!isRecord(value)) throw new Error('options: send a JSON object');
  for (const [field, content] of Object.entries(value)) checkField(field, content);
  return value;
}

function checkField(field: string, content: unknown): void {
  if (isChoiceField(field)) {
    const choices: readonly string[] = CHOICES[field];
    if (typeof content === 'string' && choices.includes(content)) return;
    throw new Error(`${field}: ${JSON.stringify(content)} is unknown; use ${choices.join(', ')}`);
  }
  if (!Object.hasOwn(NUMBERS, field)) {
    const known = [...Object.keys(CHOICES), ...Object.keys(NUMBERS)].join(', ');
    throw new Error(`${field}: no such option; use ${known}`);
  }
  if (typeof content === 'number' && content >= 0) return;
  throw new Error(`${field}: ${JSON.stringify(content)} is not a number of 0 or more`);
}

function isChoiceField(field: string): field is ChoiceField {
  return Object.hasOwn(CHOICES, field);
}
