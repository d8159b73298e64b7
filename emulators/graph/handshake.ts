/**
 * Proves that a URL belongs to whoever subscribes: it must answer with the token that it is sent.
 * https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks
 * F31: a `handshake` fault makes the token odd (`text`) or long (`bytes`).
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import type { FaultDraw } from '../entra/fault-book.ts';
import { guid } from '../entra/guid.ts';
import type { Deliver, Delivered } from './deliver.ts';
import type { GraphFault } from './desk.ts';
import { within } from './within.ts';

const TIMEOUT_MS = 10_000;
const HEADERS = { 'content-type': 'text/plain; charset=utf-8' };

export interface HandshakeParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: FaultDraw<GraphFault>;
  readonly deliver: Deliver | undefined;
}

/** Undefined when the URL proved itself, else why it did not. */
export async function shakeHands(parts: HandshakeParts, url: string): Promise<string | undefined> {
  const { clock, deliver } = parts;
  if (deliver === undefined) return 'This emulator has no way out to send notifications.';
  const token = validationToken(parts);
  const target = `${url}${url.includes('?') ? '&' : '?'}validationToken=${encodeURIComponent(token)}`;
  const answer = await within(clock, TIMEOUT_MS, () => deliver(target, HEADERS, '', TIMEOUT_MS));
  if (answer === 'timeout') return 'Subscription validation request timed out.';
  if (answer === 'failed') return 'Subscription validation request failed. No connection.';
  return answerProblem(answer, token);
}

function answerProblem(answer: Delivered, token: string): string | undefined {
  const { status, body, contentType } = answer;
  if (status !== 200) {
    return `Subscription validation request failed. Notification endpoint must respond with 200 OK, not ${status}.`;
  }
  if (contentType !== undefined && !contentType.toLowerCase().startsWith('text/plain')) {
    return 'Subscription validation request failed. Content type must be text/plain.';
  }
  if (body === token) return undefined;
  return 'Subscription validation request failed. Response must exactly match validationToken query parameter.';
}

function validationToken({ faults, random }: HandshakeParts): string {
  const fault = faults.draw('handshake', { ops: ['notify'] });
  const plain = `Validation: Testing client application reachability for subscription Request-Id: ${guid(random)}`;
  if (fault === undefined) return plain;
  return `${fault.text ?? plain}${'a'.repeat(fault.bytes ?? 0)}`;
}
