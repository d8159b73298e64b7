/** Why a desired state is not shown: a closed list, each with words for people. */

const BLOCKED_REASONS = [
  'outranked_by_human',
  'not_shown',
  'may_be_chosen',
  'cannot_express',
  'read_only',
  'unmapped',
  'no_licence',
  'not_found',
  'refused',
  'stale_data',
  'unconfirmed',
  'overridden_in_five9',
  'paused',
  'quarantined',
] as const;

export type BlockedReason = (typeof BLOCKED_REASONS)[number];

export interface Blocked {
  readonly reason: BlockedReason;
  /** Epoch ms, our clock. */
  readonly since: number;
  readonly detail?: string;
  /** When it will be tried again by itself; absent when something else must change first. */
  readonly retryAt?: number;
}

export const BLOCKED_WORDS: Readonly<Record<BlockedReason, string>> = {
  outranked_by_human: 'the person chose another status by hand',
  not_shown: 'the platform accepted the change but does not show it',
  may_be_chosen: 'it may be a status chosen by hand, which is left alone',
  cannot_express: 'the platform has no such status',
  read_only: 'Lockstep only reads this platform',
  unmapped: 'no reason code is configured for it',
  no_licence: 'the account has no licence for it',
  not_found: 'the platform does not know the account',
  refused: 'the platform refused the change',
  stale_data: 'the data it would rest on is too old',
  unconfirmed: 'the outcome of the last write is not known yet',
  overridden_in_five9: 'the agent chose Ready later than the Teams status',
  paused: 'sync is paused for this agent',
  quarantined: 'this agent is quarantined after a violated invariant',
};
