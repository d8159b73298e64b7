/** What Five9 has not published, as questions that a live domain answers. */
export const FIVE9_QUESTIONS = {
  'five9.auth': 'Which ways of authorising a request does the domain take after sign-in?',
  'five9.full_frame': 'How large is a full statistics frame, and is it split?',
  'five9.batching': 'At which interval do statistics leave?',
  'five9.write_reply': 'How is the PUT of an agent’s presence answered?',
  'five9.write_echo': 'How long after the PUT does the feed show it?',
  'five9.write_pending': 'Does a PUT during a contact wait until it is over?',
  'five9.clean_up': 'Does the probe agent show again what was shown before?',
  'five9.events': 'Which events come that Lockstep does not know?',
  'five9.values': 'Which values come that Lockstep does not know?',
  'five9.idle': 'Is the session still there after a time without a request or a socket?',
  'five9.session_life': 'How long does a session live?',
} as const;

export type Five9Question = keyof typeof FIVE9_QUESTIONS;
