/**
 * The five calls that write presence. Each is checked as a whole before anything is changed.
 * https://learn.microsoft.com/en-us/graph/api/presence-setpresence and its neighbours
 */
import { isRecord, type JsonRecord } from '../entra/json-body.ts';
import type { StatusMessage } from './account.ts';
import type { Call, GraphDesk } from './desk.ts';
import { parseDuration } from './duration.ts';
import { isOneOf, PREFERRED_PAIRS, SESSION_LIFE, SESSION_PAIRS, type Pair } from './pairs.ts';
import { presenceUser } from './presence-read.ts';
import { badRequest, invalidArgument, notFound, type Problem } from './problem.ts';
import { readBody } from './request-body.ts';
import type { WriteOp } from './routes.ts';

export interface WriteResult {
  readonly outcome: Problem | { readonly status: 200 | 204 };
  readonly effect: boolean;
}

/** Does the write to this user; answers the status or why it was refused. */
type Plan = (user: string) => 200 | 204 | Problem;

interface WriteRules {
  readonly fields: readonly string[];
  plan(desk: GraphDesk, call: Call, body: JsonRecord): Plan | Problem;
}

const WRITES: Readonly<Record<WriteOp, WriteRules>> = {
  setPresence: {
    fields: ['sessionId', 'availability', 'activity', 'expirationDuration'],
    plan: planSession,
  },
  clearPresence: { fields: ['sessionId'], plan: planClearSession },
  setUserPreferredPresence: {
    fields: ['availability', 'activity', 'expirationDuration'],
    plan: planPreferred,
  },
  clearUserPreferredPresence: {
    fields: [],
    plan: (desk, call) => (user) => {
      desk.model.clearPreferred(user, call.app);
      return desk.behaviour.clearPreferredAnswer === '204' ? 204 : 200;
    },
  },
  setStatusMessage: { fields: ['statusMessage'], plan: planMessage },
};

/** Not an application of this tenant: it stands for another product that writes presence. */
export const FOREIGN_APP = '0f0f0f0f-0000-4000-a000-00000000f0e1';

export function write(desk: GraphDesk, call: Call, op: WriteOp): WriteResult {
  const user = presenceUser(desk, call);
  if ('status' in user) return { outcome: user, effect: false };
  const read = readBody(call.request, WRITES[op].fields);
  if ('code' in read) return { outcome: read, effect: false };
  const plan = WRITES[op].plan(desk, call, read.body);
  if (typeof plan !== 'function') return { outcome: plan, effect: false };
  if (desk.faults.draw('no_effect', call.target) !== undefined) {
    return { outcome: { status: 200 }, effect: false };
  }
  const done = plan(user.id);
  if (typeof done !== 'number') return { outcome: done, effect: false };
  foreignWrite(desk, call, user.id);
  return { outcome: { status: done }, effect: plan !== NOTHING };
}

/** For a pair that is accepted without effect. */
const NOTHING: Plan = () => 200;

function planSession(desk: GraphDesk, call: Call, body: JsonRecord): Plan | Problem {
  const problem = sessionProblem(call, body);
  if (problem !== undefined) return problem;
  const pair = readPair(desk, body, SESSION_PAIRS);
  if (pair === 'ignored') return NOTHING;
  if ('status' in pair) return pair;
  const life = readLife(body, SESSION_LIFE);
  if (typeof life !== 'number') return life ?? badRequest('No duration.');
  return (user) => {
    const cap = desk.faults.draw('short_session', call.target)?.ms ?? Infinity;
    const lag = desk.faults.draw('echo_lag', call.target)?.ms ?? desk.behaviour.echoLagMs;
    const lifeMs = Math.min(life, cap);
    desk.model.setSession(user, { app: call.app, pair, lifeMs, echoLagMs: lag });
    return 200;
  };
}

function planClearSession(desk: GraphDesk, call: Call, body: JsonRecord): Plan | Problem {
  const problem = sessionProblem(call, body);
  if (problem !== undefined) return problem;
  return (user) => {
    if (desk.model.clearSession(user, call.app)) return 200;
    return notFound('The presence session does not exist.');
  };
}

function planPreferred(desk: GraphDesk, call: Call, body: JsonRecord): Plan | Problem {
  const pair = readPair(desk, body, PREFERRED_PAIRS);
  if (pair === 'ignored') return NOTHING;
  if ('status' in pair) return pair;
  const { preferredMinMs: minMs, preferredMaxMs: maxMs } = desk.behaviour;
  const life = readLife(body, { minMs, maxMs });
  if (typeof life === 'object') return life;
  return (user) => {
    const lifeMs = life === undefined ? {} : { lifeMs: life };
    desk.model.setPreferred(user, { app: call.app, pair, ...lifeMs });
    return 200;
  };
}

function planMessage(desk: GraphDesk, _call: Call, body: JsonRecord): Plan | Problem {
  const statusMessage = body['statusMessage'];
  const message = isRecord(statusMessage) ? statusMessage['message'] : undefined;
  if (!isRecord(statusMessage) || !isRecord(message)) {
    return badRequest("The parameter 'statusMessage' has no 'message'.");
  }
  const content = message['content'];
  const type = message['contentType'] ?? 'text';
  if (typeof content !== 'string' || type !== 'text') {
    return invalidArgument('A status message has a content of the contentType text.');
  }
  const expiry = readExpiry(statusMessage['expiryDateTime']);
  if (expiry === 'bad') return invalidArgument('The provided [ExpiryDateTime] is not valid.');
  return (user) => {
    const publishedAt = desk.clock.now();
    const kept: StatusMessage = {
      content,
      publishedAt,
      ...(expiry === undefined ? {} : { expiry }),
    };
    desk.model.setStatusMessage(user, content === '' ? undefined : kept);
    return 200;
  };
}

function readExpiry(value: unknown): StatusMessage['expiry'] | 'bad' {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) return 'bad';
  const { dateTime, timeZone } = value;
  if (typeof dateTime !== 'string' || typeof timeZone !== 'string') return 'bad';
  return Number.isNaN(Date.parse(`${dateTime}Z`)) ? 'bad' : { dateTime, timeZone };
}

/** `sessionId` must be the application's own id: an app has exactly one session for a user. */
function sessionProblem(call: Call, body: JsonRecord): Problem | undefined {
  const sessionId = body['sessionId'];
  const isOwn = typeof sessionId === 'string' && sessionId.toLowerCase() === call.app.toLowerCase();
  return isOwn ? undefined : invalidArgument('The provided [SessionId] is not valid.');
}

function readPair(
  desk: GraphDesk,
  body: JsonRecord,
  allowed: readonly Pair[],
): Pair | Problem | 'ignored' {
  const { availability, activity } = body;
  if (typeof availability !== 'string' || typeof activity !== 'string') {
    return badRequest("The parameters 'availability' and 'activity' are strings.");
  }
  if (isOneOf(allowed, { availability, activity })) return { availability, activity };
  if (desk.behaviour.unsupportedPair === 'ignore') return 'ignored';
  return invalidArgument('The provided [Availability] and [Activity] are not supported together.');
}

/** The default when one is given and none is asked for; undefined when the caller has its own. */
function readLife(
  body: JsonRecord,
  range: { readonly defaultMs?: number; readonly minMs: number; readonly maxMs: number },
): number | Problem | undefined {
  const text = body['expirationDuration'];
  if (text === undefined || text === null) return range.defaultMs;
  const ms = typeof text === 'string' ? parseDuration(text) : undefined;
  if (ms === undefined) return badRequest("The parameter 'expirationDuration' is no Edm.Duration.");
  if (ms >= range.minMs && ms <= range.maxMs) return ms;
  return invalidArgument('The provided [ExpirationDuration] is out of range.');
}

/** Another product answers every write of ours with one of its own. */
function foreignWrite(desk: GraphDesk, call: Call, user: string): void {
  const fault = desk.faults.draw('foreign_writer', call.target);
  if (fault === undefined) return;
  const pair = {
    availability: fault.availability ?? 'Busy',
    activity: fault.activity ?? 'InAConferenceCall',
  };
  const lifeMs = fault.ms ?? SESSION_LIFE.defaultMs;
  desk.model.setSession(user, { app: FOREIGN_APP, pair, lifeMs, echoLagMs: 0 });
}
