/** One agent of the emulated domain. */
import type { Timer } from '../../src/lib/clock.ts';
import { type AgentState, isRoutable } from './agents.ts';
import type { Tally } from './tally.ts';
import { PARKING_SKILL, type User } from './users.ts';

export interface Member {
  user: User;
  state: AgentState;
  tally: Tally;
  /** Ids, in the order in which they were set last; they outlast a sign-out. */
  skills: readonly string[];
  /** Within the supervisor's view. */
  visible: boolean;
  /** Ends a graceful delay. */
  delay: Timer | undefined;
  /** Ends a ringing that nobody answers. */
  ringing: Timer | undefined;
}

export interface DomainChange {
  readonly what: 'state' | 'added' | 'removed' | 'users' | 'reasons';
  readonly agent: string;
  /** The clock handed in, without the vendor's skew. */
  readonly at: number;
}

/** Contacts come by skill. */
export function isOffered({ state, skills }: Member): boolean {
  return isRoutable(state) && skills.some((skill) => skill !== PARKING_SKILL);
}
