/**
 * The control API: everything that tests, demos and people do to the emulated world, over HTTP
 * below `/_emulator/`. JSON in, JSON out; bad input gets 400 with one clear error. The README lists
 * the calls. It is pure dispatch: all state lives in the two emulators.
 */
import type { HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import type { BoundedLog } from '../entra/bounded-log.ts';
import { entraControlApi, type ControlAnswer, type ControlCall } from '../entra/control-api.ts';
import type { EntraEmulator } from '../entra/entra.ts';
import { parseFault } from '../entra/fault-book.ts';
import {
  isRecord,
  optionalChoice,
  optionalFlag,
  optionalNumber,
  optionalText,
  parseJson,
  requiredText,
  type JsonRecord,
} from '../entra/json-body.ts';
import { jsonResponse } from '../entra/oauth-error.ts';
import { parseAct, perform } from './act.ts';
import { parseBehaviour } from './behaviour.ts';
import { GRAPH_FAULTS } from './desk.ts';
import type { GraphEmulator } from './graph.ts';
import { PUSH_VERBS } from './push-control-api.ts';
import { ACCOUNT_TYPES, type UserSpec } from './users.ts';

export interface ControlledWorld {
  readonly graph: GraphEmulator;
  readonly entra: EntraEmulator;
  /** Moves the emulators' clock on; absent where the clock is not ours to move. */
  readonly advance?: (ms: number) => void;
}

export const CONTROL_PREFIX = '/_emulator';

type Verb = (world: ControlledWorld, call: ControlCall) => unknown;

/** A verb answers the body of a 200; undefined means that nothing is there. */
const VERBS: Readonly<Record<string, Verb>> = {
  ...PUSH_VERBS,
  'GET users': ({ graph }) => graph.control.users(),
  'POST users': ({ graph }, { body }) => {
    const spec = parseUser(body);
    return graph.control.addUser({ ...spec, id: requiredText(asRecord(body), 'id') });
  },
  'PATCH users/*': ({ graph }, call) => graph.control.changeUser(name(call), parseUser(call.body)),
  'DELETE users/*': ({ graph }, call) => removed(graph.control.removeUser(name(call))),
  'POST acts': act,
  'GET truth': ({ graph }) =>
    Object.fromEntries(graph.acts.users().map((user) => [user, graph.acts.truth(user)])),
  'GET truth/*': ({ graph }, call) => graph.acts.truth(known(graph, name(call))),
  'GET faults': ({ graph }) => ({
    active: graph.control.faults.active(),
    strikes: graph.control.faults.strikes(),
  }),
  'POST faults': ({ graph }, { body }) => ({
    id: graph.control.faults.add(parseFault(GRAPH_FAULTS, body)),
  }),
  'DELETE faults': ({ graph }) => done(() => graph.control.faults.clear()),
  'DELETE faults/*': ({ graph }, call) => removed(graph.control.faults.remove(name(call))),
  'GET options': ({ graph }) => graph.control.behaviour(),
  'PATCH options': ({ graph }, { body }) => {
    graph.control.change(parseBehaviour(body));
    return graph.control.behaviour();
  },
  'GET requests': ({ graph }, call) => page(graph.requestLog, call),
  'GET writes': ({ graph }, call) => page(graph.writesLog, call),
  'GET lost-choices': ({ graph }, call) => page(graph.control.lostChoices, call),
  'GET counts': ({ graph }) => graph.control.counts(),
  'POST foreign': foreign,
  'DELETE foreign/*': ({ graph }, call) =>
    done(() => graph.control.foreignClear(known(graph, name(call)))),
  'POST advance': advance,
  'POST reset': ({ graph, entra }) =>
    done(() => {
      graph.control.reset();
      entra.control.reset();
    }),
};

export function controlApi(world: ControlledWorld, request: HttpRequest): HttpResponse {
  try {
    const { status, body } = answerTo(world, readCall(request));
    return jsonResponse(status, body);
  } catch (error) {
    return jsonResponse(400, { error: error instanceof Error ? error.message : 'failed' });
  }
}

function readCall(request: HttpRequest): ControlCall {
  const url = new URL(request.url);
  const path = url.pathname
    .slice(CONTROL_PREFIX.length)
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const body = parseJson(request.body);
  if (body === undefined) throw new Error('body: no JSON; send a JSON object');
  return { method: request.method, path, query: url.searchParams, body };
}

function answerTo(world: ControlledWorld, call: ControlCall): ControlAnswer {
  if (call.path[0] === 'entra') {
    return entraControlApi(world.entra, { ...call, path: call.path.slice(1) });
  }
  const [first = '', ...rest] = call.path;
  const shape = [first, ...rest.map(() => '*')].join('/');
  const verb = VERBS[`${call.method} ${shape}`];
  if (verb === undefined) {
    return { status: 404, body: { error: 'no such control call', calls: Object.keys(VERBS) } };
  }
  const answer = verb(world, call);
  if (answer === undefined) return { status: 404, body: { error: 'nothing there with that id' } };
  return { status: 200, body: answer };
}

function act({ graph }: ControlledWorld, { body }: ControlCall): unknown {
  const user = known(graph, requiredText(asRecord(body), 'user'));
  perform(graph.acts, user, parseAct(body));
  return graph.acts.truth(user);
}

function foreign({ graph }: ControlledWorld, { body }: ControlCall): unknown {
  const record = asRecord(body);
  const user = known(graph, requiredText(record, 'user'));
  const availability = requiredText(record, 'availability');
  const activity = requiredText(record, 'activity');
  graph.control.foreignWrite(user, { availability, activity }, optionalNumber(record, 'lifeMs'));
  return graph.acts.truth(user);
}

function advance(world: ControlledWorld, { body }: ControlCall): unknown {
  const ms = optionalNumber(asRecord(body), 'ms');
  if (ms === undefined || ms < 0) throw new Error('ms: missing or negative; send milliseconds');
  if (world.advance === undefined) throw new Error('advance: the clock was handed in from outside');
  world.advance(ms);
  return {};
}

const USER_TEXTS = [
  'displayName',
  'userPrincipalName',
  'mail',
  'givenName',
  'surname',
  'jobTitle',
  'department',
  'employeeId',
] as const;
const USER_FLAGS = ['licensed', 'enabled', 'mailbox'] as const;

function parseUser(body: unknown): Partial<UserSpec> {
  const record = asRecord(body);
  const fields: [string, string | boolean | undefined][] = [
    ...USER_TEXTS.map((field): [string, string | undefined] => [
      field,
      optionalText(record, field),
    ]),
    ...USER_FLAGS.map((field): [string, boolean | undefined] => [
      field,
      optionalFlag(record, field),
    ]),
    ['accountType', optionalChoice(record, 'accountType', ACCOUNT_TYPES)],
  ];
  const allowed = new Set(['id', ...fields.map(([field]) => field)]);
  const strange = Object.keys(record).find((field) => !allowed.has(field));
  if (strange !== undefined) throw new Error(`${strange}: no such field of a user; leave it out`);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function page<T>(log: BoundedLog<T>, call: ControlCall): unknown {
  const since = Number(call.query.get('since') ?? 0);
  return { total: log.total(), dropped: log.dropped(), entries: log.since(since) };
}

function known(graph: GraphEmulator, user: string): string {
  const id = graph.acts.users().find((other) => other.toLowerCase() === user.toLowerCase());
  if (id === undefined) throw new Error(`user: "${user}" is unknown; GET /_emulator/users`);
  return id;
}

function name(call: ControlCall): string {
  return call.path[1] ?? '';
}

function asRecord(body: unknown): JsonRecord {
  if (isRecord(body)) return body;
  throw new Error('body: send a JSON object');
}

function removed(was: boolean): unknown {
  return was ? {} : undefined;
}

function done(work: () => void): unknown {
  work();
  return {};
}
