/**
 * One request from its arrival to its answer: route, token, quota, faults, roles, work, log.
 *
 * 1. A refused request changes nothing but the counters.
 * 2. Every presence request with a good token counts against the quota, whatever becomes of it.
 * 3. Every write request with a good token is in the writes log, with what was shown before it.
 */
import type { HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import { guid } from '../entra/guid.ts';
import { parseJson } from '../entra/json-body.ts';
import { returnWith, type Arrival, type Arrived } from '../entra/transport.ts';
import { getMailboxSettings, getTeamsUserConfiguration } from './account-read.ts';
import { authorize, roleProblem } from './authorize.ts';
import type { Call, GraphDesk, RequestEntry } from './desk.ts';
import { getLicenses, getOrganization, getUser, listUsers } from './directory-read.ts';
import { faultBefore, spoiled } from './graph-faults.ts';
import type { Pair } from './pairs.ts';
import { askedIds, readMany, readOne } from './presence-read.ts';
import { write } from './presence-write.ts';
import { getAppRoleAssignments, listServicePrincipals } from './principal-read.ts';
import {
  emptyAnswer,
  jsonAnswer,
  problemAnswer,
  tooManyRequests,
  type AnswerContext,
  type Problem,
} from './problem.ts';
import {
  isSubscriptionOp,
  isWriteOp,
  routeOf,
  type Op,
  type Route,
  type SubscriptionOp,
  type WriteOp,
} from './routes.ts';
import { answerSubscription, type SubscriptionOutcome } from './subscription-routes.ts';

interface Done {
  readonly response: HttpResponse;
  readonly effect: boolean;
}

const NOBODY: Pair = { availability: 'PresenceUnknown', activity: 'PresenceUnknown' };

export function handle(desk: GraphDesk, request: HttpRequest): Arrival {
  const context = contextOf(desk, request);
  const url = new URL(request.url);
  const { method } = request;
  const route = routeOf(method, url);
  const path = url.pathname;
  if ('status' in route) return turnedAway(desk, { method, path }, problemAnswer(route, context));
  const target = targetOf(route);
  const caller = authorize(desk, request, target);
  if ('status' in caller) {
    return turnedAway(desk, { method, path, op: route.op }, problemAnswer(caller, context));
  }
  const bulk = route.op === 'getPresencesByUserId' ? { asked: askedIds(request) } : {};
  const call: Call = { request, url, route, target, context, ...bulk, ...caller };
  if (isWriteOp(route.op)) return handleWrite(desk, call, route.op);
  if (isSubscriptionOp(route.op)) return handleSubscription(desk, call, route.op);
  return handleRead(desk, call, route.op);
}

export function targetOf(route: Route): Call['target'] {
  const ops = [route.op, route.class];
  return route.id === undefined ? { ops } : { ops, user: route.id };
}

function contextOf(desk: GraphDesk, request: HttpRequest): AnswerContext {
  const requestId = guid(desk.ids);
  const clientRequestId = request.headers['client-request-id'] ?? requestId;
  return { now: desk.clock.now(), requestId, clientRequestId };
}

type ReadOp = Exclude<Op, WriteOp | SubscriptionOp>;

function handleRead(desk: GraphDesk, call: Call, op: ReadOp): Arrived {
  const problem = gate(desk, call);
  const result = problem ?? READS[op](desk, call);
  const response =
    typeof result === 'string'
      ? jsonAnswer(200, result, call.context)
      : problemAnswer(result, call.context);
  return finish(desk, call, response);
}

/** Answers JSON text, or why there is none. */
type Read = (desk: GraphDesk, call: Call) => string | Problem;

const READS: Readonly<Record<ReadOp, Read>> = {
  getPresence: (desk, call) => written(readOne(desk, call)),
  getPresenceById: (desk, call) => written(readOne(desk, call)),
  getPresencesByUserId: readMany,
  listUsers: (desk, call) => written(listUsers(desk, call)),
  getUser: (desk, call) => written(getUser(desk, call)),
  getLicenses: (desk, call) => written(getLicenses(desk, call)),
  getOrganization: (desk) => written(getOrganization(desk)),
  listServicePrincipals: (desk, call) => written(listServicePrincipals(desk, call)),
  getAppRoleAssignments: (desk, call) => written(getAppRoleAssignments(desk, call)),
  getTeamsUserConfiguration: (desk, call) => written(getTeamsUserConfiguration(desk, call)),
  getMailboxSettings: (desk, call) => written(getMailboxSettings(desk, call)),
};

function written(result: unknown): string | Problem {
  return isProblem(result) ? result : JSON.stringify(result);
}

function handleSubscription(desk: GraphDesk, call: Call, op: SubscriptionOp): Arrival {
  const outcome = gate(desk, call) ?? answerSubscription(desk, call, op);
  const end = (result: SubscriptionOutcome): Arrived =>
    finish(desk, call, subscriptionAnswer(result, call.context));
  if (!(outcome instanceof Promise)) return end(outcome);
  return { kind: 'later', arrived: outcome.then(end) };
}

function subscriptionAnswer(outcome: SubscriptionOutcome, context: AnswerContext): HttpResponse {
  if ('code' in outcome) return problemAnswer(outcome, context);
  if ('body' in outcome) return jsonAnswer(outcome.done, JSON.stringify(outcome.body), context);
  return emptyAnswer(outcome.done, context);
}

function handleWrite(desk: GraphDesk, call: Call, op: WriteOp): Arrived {
  const user = desk.users.byId(call.route.id ?? '')?.id;
  const shownBefore = shown(desk, user);
  const { response, effect } = attempt(desk, call, op);
  const arrival = finish(desk, call, response);
  desk.writes.push({
    at: desk.clock.now(),
    user: user ?? call.route.id ?? '',
    call: op,
    body: parseJson(call.request.body) ?? call.request.body,
    app: call.app,
    status: arrival.response.status,
    answered: arrival.kind === 'answer',
    effect,
    shownBefore,
    shownAfter: shown(desk, user),
  });
  return arrival;
}

function attempt(desk: GraphDesk, call: Call, op: WriteOp): Done {
  const problem = gate(desk, call);
  if (problem !== undefined)
    return { response: problemAnswer(problem, call.context), effect: false };
  const { outcome, effect } = write(desk, call, op);
  const response =
    'code' in outcome
      ? problemAnswer(outcome, call.context)
      : emptyAnswer(outcome.status, call.context);
  return { response, effect };
}

function shown(desk: GraphDesk, user: string | undefined): Pair {
  if (user === undefined) return NOBODY;
  const { availability, activity } = desk.model.truth(user);
  return { availability, activity };
}

/** What stops a request before any work: quota, faults, roles. */
function gate(desk: GraphDesk, call: Call): Problem | undefined {
  return quotaProblem(desk, call) ?? faultBefore(desk, call) ?? roleProblem(call.route.op, call);
}

function quotaProblem(desk: GraphDesk, call: Call): Problem | undefined {
  const { op } = call.route;
  if (call.route.class === 'directory') return undefined;
  const waitMs = isSubscriptionOp(op) ? desk.push.ask(op, call.app) : desk.quota.ask(call.app);
  return waitMs === undefined ? undefined : tooManyRequests(retryAfter(desk, waitMs));
}

function retryAfter(desk: GraphDesk, waitMs: number): string | undefined {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  switch (desk.behaviour.retryAfter) {
    case 'seconds':
      return String(seconds);
    case 'fractional':
      return (Math.ceil(waitMs) / 1000).toFixed(3);
    case 'date': {
      const at = Math.ceil((desk.clock.now() + waitMs) / 1000) * 1000;
      return new Date(at).toUTCString();
    }
    case 'absent':
      return undefined;
  }
}

function finish(desk: GraphDesk, call: Call, response: HttpResponse): Arrived {
  const arrival = returnWith(desk.faults, call.target, spoiled(desk, call, response));
  const { request, url, route, app, asked } = call;
  record(desk, {
    method: request.method,
    path: url.pathname,
    op: route.op,
    app,
    ...(route.id === undefined ? {} : { user: route.id }),
    ...(asked === undefined || 'status' in asked ? {} : { ids: asked.length }),
    status: arrival.response.status,
    answered: arrival.kind === 'answer',
  });
  return arrival;
}

function turnedAway(
  desk: GraphDesk,
  asked: Pick<RequestEntry, 'method' | 'path' | 'op'>,
  response: HttpResponse,
): Arrived {
  record(desk, { ...asked, status: response.status, answered: true });
  return { kind: 'answer', response };
}

/** Also for a request that never arrived: its status is 0. */
export function record(desk: GraphDesk, entry: Omit<RequestEntry, 'at'>): void {
  desk.requests.push({ at: desk.clock.now(), ...entry });
  desk.statuses.set(entry.status, (desk.statuses.get(entry.status) ?? 0) + 1);
}

function isProblem(result: unknown): result is Problem {
  return typeof result === 'object' && result !== null && 'status' in result && 'code' in result;
}
