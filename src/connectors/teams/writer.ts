/**
 * Carries out one command: checks it, sends it once, and names the reaction that its answer
 * demands.
 */
import type { AccountId } from '../../model/ids.ts';
import type { Command } from '../../model/mark.ts';
import { ConnectorError, type Outcome } from '../connector.ts';
import { outcomeOfError } from '../kit/classify.ts';
import type { GraphClient } from './client.ts';
import { planWrite, type WritePlan } from './write.ts';
import { outcomeOfWrite, type Granted } from './write-outcome.ts';

export interface WriteParts {
  readonly client: GraphClient;
  readonly clientId: string;
  readonly timeoutMs: number;
  readonly granted: () => Granted;
  /** Told that the sign-in is refused, whoever the write was for. */
  readonly blocked: (detail: string, action: string) => void;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Never rejects, never sends more than one effective request. */
export async function carryOut(
  parts: WriteParts,
  command: Command,
  account: AccountId,
): Promise<Outcome> {
  const planned = planWrite(command, account, parts.clientId);
  if (!planned.ok) return planned.outcome;
  return send(parts, planned.plan);
}

async function send(parts: WriteParts, plan: WritePlan): Promise<Outcome> {
  try {
    const response = await parts.client.call({
      method: 'POST',
      path: plan.path,
      body: plan.body,
      timeoutMs: parts.timeoutMs,
    });
    const outcome = outcomeOfWrite({
      response,
      alsoDone: plan.alsoDone,
      granted: parts.granted(),
      now: parts.now(),
    });
    if (response.status === 401 && outcome.kind === 'denied') {
      parts.blocked(outcome.detail, outcome.action);
    }
    return outcome;
  } catch (error) {
    if (!(error instanceof ConnectorError)) return outcomeOfError(error);
    // No token: the request was not sent, or it was refused with 401 and had no effect.
    if (error.reaction !== 'ask_admin') return { kind: 'failed', detail: error.message };
    parts.blocked(error.message, error.fix);
    return { kind: 'denied', detail: error.message, action: error.fix };
  }
}
