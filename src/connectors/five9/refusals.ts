/**
 * Tells a refusal of one agent from a refusal of all: where Five9 has taken no write of anybody and
 * says 403, 404 or 405 each time, an administrator has to act, and asking for every agent is noise.
 */
import type { AccountId } from '../../model/ids.ts';
import type { Outcome } from '../connector.ts';

const OF_ALL: ReadonlySet<number> = new Set([403, 404, 405]);
/** So many agents, or so many attempts where there are fewer, without one that was taken. */
const AGENTS = 3;
const ATTEMPTS = 6;

export class Refusals {
  private readonly action: string;
  private readonly agents = new Set<AccountId>();
  private attempts = 0;

  constructor(action: string) {
    this.action = action;
  }

  /** The outcome of a write to `account` that Five9 answered with `status`. */
  judge(account: AccountId, status: number, outcome: Outcome): Outcome {
    if (outcome.kind === 'accepted') {
      this.agents.clear();
      this.attempts = 0;
      return outcome;
    }
    if (!OF_ALL.has(status) || !(outcome.kind === 'refused' || outcome.kind === 'denied')) {
      return outcome;
    }
    if (this.agents.size < AGENTS) this.agents.add(account);
    this.attempts += 1;
    if (this.agents.size < AGENTS && this.attempts < ATTEMPTS) return outcome;
    const detail = `Five9 refuses it for every agent (HTTP ${status}), so Five9 is read only`;
    return { kind: 'denied', detail, action: this.action, readOnly: true };
  }
}

export const PRESENCE_REFUSED =
  'Set five9.writes to "skills" if the doctor says that it works, or ask Five9 to let the bridge account change agents’ states; set it to "none" to stay read only.';

export const SKILLS_REFUSED =
  'Give the bridge account CAN_EDIT_AGENT_SKILLS in the Five9 administrator, or set five9.writes to "none" to stay read only.';
