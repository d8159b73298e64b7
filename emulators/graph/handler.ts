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
import { returnWith, type Arrival } from '../entra/transport.ts';
import { authorize, roleProblem } from './authorize.ts';
import type { Call, GraphDesk, RequestEntry } from './desk.ts';
import { getLicenses, getOrganization, getUser, listUsers } from './directory-read.ts';
import { faultBefore, spoiled } from './graph-faults.ts';
import type { Pair } from './pairs.ts';
import { askedIds, readMany, readOne } from './presence-read.ts';
import { write } from './presence-write.ts';
import {
  emptyAnswer,
  jsonAnswer,
  problemAnswer,
  tooManyRequests,
  type AnswerContext,
  type Problem,
} from './problem.ts';
import { isWriteOp, routeOf, type Op, type Route, type WriteOp } from './routes.ts';

interface Done {
  readonly response: HttpResponse;
  readonly effect: boolean;
}

const NOBODY: Pair = { availability: 'PresenceUnknown', activity: 'PresenceUnknown' };

export function handle(desk: GraphDesk, request: HttpRequest): Arrival {
  const context = contextOf(desk, request);
  const route = routeOf(request);
  if ('status' in route) return turnedAway(desk, request, problemAnswer(route, context));
  const target = targetOf(route);
  const caller = authorize(desk, request, target);
  if ('status' in caller) {
    return turnedAway(desk, request, problemAnswer(caller, context), route);
  }
  const call: Call = { request, url: new URL(request.url), route, target, context, ...caller };
  return isWriteOp(route.op) ? handleWrite(desk, call, route.op) : handleRead(desk, call, route.op);
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

function handleRead(desk: GraphDesk, call: Call, op: Exclude<Op, WriteOp>): Arrival {
  const problem = gate(desk, call);
  const result = problem ?? READS[op](desk, call);
  const response = isProblem(result)
    ? problemAnswer(result, call.context)
    : jsonAnswer(200, result, call.context);
  return finish(desk, call, response);
}

const READS: Readonly<Record<Exclude<Op, WriteOp>, (desk: GraphDesk, call: Call) => unknown>> = {
  getPresence: readOne,
  getPresenceById: readOne,
  getPresencesByUserId: readMany,
  listUsers,
  getUser,
  getLicenses,
  getOrganization: (desk) => getOrganization(desk),
};

function handleWrite(desk: GraphDesk, call: Call, op: WriteOp): Arrival {
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
  return (
    quotaProblem(desk, call) ?? faultBefore(desk, call) ?? roleProblem(call.route.op, call.roles)
  );
}

function quotaProblem(desk: GraphDesk, call: Call): Problem | undefined {
  if (call.route.class === 'directory') return undefined;
  const waitMs = desk.quota.ask(call.app);
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

function finish(desk: GraphDesk, call: Call, response: HttpResponse): Arrival {
  const arrival = returnWith(desk.faults, call.target, spoiled(desk, call, response));
  const { route, app } = call;
  const ids = route.op === 'getPresencesByUserId' ? askedIds(call) : undefined;
  record(desk, call.request, {
    op: route.op,
    app,
    ...(route.id === undefined ? {} : { user: route.id }),
    ...(ids === undefined || 'status' in ids ? {} : { ids: ids.length }),
    status: arrival.response.status,
    answered: arrival.kind === 'answer',
  });
  return arrival;
}

function turnedAway(
  desk: GraphDesk,
  request: HttpRequest,
  response: HttpResponse,
  route?: Route,
): Arrival {
  const op = route === undefined ? {} : { op: route.op };
  record(desk, request, { ...op, status: response.status, answered: true });
  return { kind: 'answer', response };
}

/** Also for a request that never arrived: its status is 0. */
export function record(
  desk: GraphDesk,
  request: HttpRequest,
  entry: Omit<RequestEntry, 'at' | 'method' | 'path'>,
): void {
  const path = new URL(request.url).pathname;
  desk.requests.push({ at: desk.clock.now(), method: request.method, path, ...entry });
  desk.statuses.set(entry.status, (desk.statuses.get(entry.status) ?? 0) + 1);
}

function isProblem(result: unknown): result is Problem {
  return typeof result === 'object' && result !== null && 'status' in result && 'code' in result;
}
