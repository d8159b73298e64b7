/** What Microsoft's pages leave open or contradict each other on, as questions that a live tenant answers. */
export const TEAMS_QUESTIONS = {
  'teams.token_life': 'How long does an access token live?',
  'teams.unknown_users': 'How are the mapped people returned, and how many as unknown?',
  'teams.bulk_order': 'Are people returned in the order in which they were asked for?',
  'teams.bad_ids': 'How is an id that nobody has answered in a bulk read?',
  'teams.sequence_present': 'Is there a sequenceNumber?',
  'teams.sequence': 'Is sequenceNumber sortable, and does it move with changes alone?',
  'teams.freshness': 'How long after a write is accepted does a read show it?',
  'teams.call_echo': 'How is our own Busy/InACall read back?',
  'teams.pair_rejection': 'How is a pair answered that a session cannot have?',
  'teams.session_expiry': 'Does a session end when its expiry says so?',
  'teams.preferred_expiry': 'Does a preferred presence end when its expiry says so?',
  'teams.clean_up': 'Is nothing of ours shown of the test user any more?',
  'teams.quota': 'How many requests are answered before the first 429?',
  'teams.retry_after': 'Does a 429 carry Retry-After, in which form, and does it hold?',
} as const;

export type TeamsQuestion = keyof typeof TEAMS_QUESTIONS;
