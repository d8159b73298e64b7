/**
 * What the Event Subscription Service posts. The envelope is published nowhere, so events are looked
 * for where any usual one has them: the body itself, a list, or below a key. The fields are those
 * that a subscription selects (https://github.com/justingray82/PSFive9CloudAPI). Pure and total.
 *
 * W1  A bad event spoils nothing but itself; what is no event at all is refused.
 * W2  Depth and number are bounded, whatever is posted.
 */
import { z } from 'zod';
import { readWith } from '../../../lib/read-with.ts';
import { boundedText } from '../../kit/bounded-text.ts';
import type { Row } from '../wire.ts';
import { isKnownState } from '../read.ts';
import { stateFrom, time } from './state-words.ts';
import { jsonFrom } from './wire.ts';

export interface AgentEvent {
  /** Every id that it names its agent by, the likeliest first. */
  readonly ids: readonly string[];
  /** Which subscription counted; empty where none is named. */
  readonly subscription: string;
  readonly sequence?: number;
  /** What it says of the state, where it says all that a row needs; `id` is the first of `ids`. */
  readonly row?: Row;
}

export interface EventPost {
  readonly events: readonly AgentEvent[];
  /** Those that name nobody. */
  readonly spoiled: number;
}

const EVENTS_MAX = 10_000;
const DEPTH_MAX = 4;
const INSIDE = ['events', 'data', 'items', 'event', 'payload', 'payLoad', 'body'] as const;

const id = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => !/\p{Cs}/u.test(text))
  .pipe(boundedText(1, 64))
  .optional()
  .catch(undefined);

const word = boundedText(1, 64).optional().catch(undefined);
const count = z
  .union([z.number(), z.string().regex(/^\d{1,15}$/)])
  .transform(Number)
  .pipe(z.number().int().min(0).max(Number.MAX_SAFE_INTEGER))
  .optional()
  .catch(undefined);

const namesSchema = z.object({ agentId: id, id, userUID: id, userUid: id, userId: id, vccId: id });

const eventSchema = namesSchema.omit({ id: true }).extend({
  agentInfo: namesSchema.optional().catch(undefined),
  agentState: word,
  sequence_number: count,
  sequenceNumber: count,
  subscriptionId: id,
  reasonCode: z
    .union([z.string(), z.number()])
    .transform((value) => (value === '' ? '0' : String(value).slice(0, 32)))
    .optional()
    .catch(undefined),
  reasonSince: time,
  stateSince: time,
});

/** Undefined when there is no event in it. */
export function postFrom(body: string): EventPost | undefined {
  const found: unknown[] = [];
  gather(jsonFrom(body), DEPTH_MAX, found);
  if (found.length === 0) return undefined;
  const events = found.flatMap((value) => eventFrom(value) ?? []);
  return { events, spoiled: found.length - events.length };
}

function gather(value: unknown, depth: number, found: unknown[]): void {
  if (found.length >= EVENTS_MAX || depth === 0) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, EVENTS_MAX)) gather(item, depth - 1, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (isEvent(value)) {
    found.push(value);
    return;
  }
  for (const key of INSIDE)
    gather(Object.getOwnPropertyDescriptor(value, key)?.value, depth - 1, found);
}

/** Only an event's own fields tell it from an envelope: an `id` has everything. */
function isEvent(value: object): boolean {
  return ['agentId', 'agentInfo', 'agentState'].some((key) => Object.hasOwn(value, key));
}

function eventFrom(value: unknown): AgentEvent | undefined {
  const read = readWith(eventSchema, value);
  if (read === undefined) return undefined;
  const ids = idsIn(read);
  const [first] = ids;
  if (first === undefined) return undefined;
  const sequence = read.sequence_number ?? read.sequenceNumber;
  const row = rowOf(first, read);
  return {
    ids,
    subscription: read.subscriptionId ?? '',
    ...(sequence === undefined ? {} : { sequence }),
    ...(row === undefined ? {} : { row }),
  };
}

function idsIn(read: z.output<typeof eventSchema>): readonly string[] {
  const { agentInfo: inner = {} } = read;
  const ids = [read.agentId, inner.agentId, inner.id, read.vccId, inner.vccId]
    .concat([read.userUID, read.userUid, read.userId])
    .concat([inner.userUID, inner.userUid, inner.userId]);
  return [...new Set(ids.filter((each) => each !== undefined))];
}

/** Content needs a known state and the vendor's own time for it; without them nothing orders it. */
function rowOf(first: string, read: z.output<typeof eventSchema>): Row | undefined {
  const state = stateFrom(read.agentState ?? '');
  const at = Math.max(read.stateSince, read.reasonSince);
  if (!isKnownState(state) || at === 0) return undefined;
  // Not Ready without its reason would be taken for one that the agent chose without any.
  if (state === 'NOT_READY' && read.reasonCode === undefined) return undefined;
  return {
    id: first,
    state,
    reasonCodeId: state === 'NOT_READY' ? (read.reasonCode ?? '0') : '0',
    stateSince: read.stateSince === 0 ? at : read.stateSince,
    reasonCodeSince: read.reasonSince,
  };
}
