/**
 * The control API: what a test or a person may do to the emulated world over HTTP, below
 * `/_emulator`. It answers JSON, knows no faults and no latency, and shows no secret.
 */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import type { Five9Acts } from '../acts.ts';
import { NO_CONTENT, type Reply, ok } from './answers.ts';
import type { Five9Core } from './core.ts';
import { type FaultSetting, LASTING_FAULTS, MOMENTARY_FAULTS, isFaultName } from './faults.ts';
import { isRecord, parsed } from './presence.ts';

const PREFIX = '/_emulator';

type Act = (core: Five9Core, agent: string, body: Body) => void;
type Body = Readonly<Record<string, unknown>>;

interface Request {
  readonly body: Body;
  readonly id: string;
  readonly act: string;
  readonly limit: number;
}

type Handler = (core: Five9Core, request: Request) => Reply;

const ACTS: Readonly<Record<string, Act>> = {
  'log-in': plain('logIn'),
  'log-out': plain('logOut'),
  ready: plain('ready'),
  'not-ready': (core, agent, body) => core.domain.notReady(agent, text(body, 'reasonCode', '0')),
  ring: plain('ring'),
  answer: plain('answer'),
  'hang-up': plain('hangUp'),
  'finish-wrap-up': plain('finishWrapUp'),
  dial: plain('dial'),
  miss: (core, agent) => core.domain.miss(agent),
  skills: (core, agent, body) =>
    core.domain.setSkills(agent, text(body, 'skills').split(',').filter(Boolean)),
  hide: (core, agent) => core.domain.setVisible(agent, false),
  show: (core, agent) => core.domain.setVisible(agent, true),
};

type PlainAct = Exclude<keyof Five9Acts, 'agents' | 'truth' | 'notReady'>;

function plain(name: PlainAct): Act {
  return (core, agent) => core.domain[name](agent);
}

const TABLE: Readonly<Record<string, Handler>> = {
  'GET /agents': (core) => ok(core.domain.agents().map((id) => agentView(core, id))),
  'GET /agents/:id': (core, { id }) => ok(agentView(core, id)),
  'POST /agents/:id/:act': perform,
  'GET /faults': (core) =>
    ok({
      lasting: LASTING_FAULTS,
      momentary: MOMENTARY_FAULTS,
      active: core.faults.list(),
      hits: core.faults.hits(),
    }),
  'PUT /faults/:id': faultOn,
  'DELETE /faults/:id': (core, { id }) => {
    core.faults.off(faultName(id));
    return NO_CONTENT;
  },
  'DELETE /faults': (core) => {
    core.faults.clear();
    return NO_CONTENT;
  },
  'GET /requests': (core, { limit }) => ok(core.rest.requests.list().slice(-limit)),
  'GET /writes': (core, { limit }) => ok(core.rest.writes.list().slice(-limit)),
  'GET /counters': (core) =>
    ok({
      requests: core.rest.requests.total,
      writes: core.rest.writes.total,
      sockets: core.feed.sockets(),
      byOperation: core.rest.counters(),
    }),
  'POST /users': (core, { body }) => {
    const userName = text(body, 'userName');
    const fullName = text(body, 'fullName', userName);
    const email = text(body, 'email', userName);
    return { status: 201, json: { id: core.domain.addUser({ userName, fullName, email }) } };
  },
  'PATCH /users/:id': (core, { id, body }) => {
    core.domain.renameUser(id, texts(body, ['userName', 'fullName', 'email', 'extension']));
    return ok(agentView(core, id));
  },
  'DELETE /users/:id': (core, { id }) => {
    core.domain.removeUser(id);
    return NO_CONTENT;
  },
  'GET /reason-codes': (core) => ok(core.domain.reasons.list()),
  'POST /reason-codes': (core, { body }) => ({
    status: 201,
    json: core.domain.reasons.add(text(body, 'name'), optionalText(body, 'id')),
  }),
  'PATCH /reason-codes/:id': (core, { id, body }) => {
    const { selectable } = body;
    const change = texts(body, ['name']);
    const whole = typeof selectable === 'boolean' ? { ...change, selectable } : change;
    return ok(core.domain.reasons.change(id, whole));
  },
  'DELETE /reason-codes/:id': (core, { id }) => {
    core.domain.reasons.remove(id);
    return NO_CONTENT;
  },
  'POST /reset': (core) => {
    core.reset();
    return NO_CONTENT;
  },
};

export function isControlPath(path: string): boolean {
  return path === PREFIX || path.startsWith(`${PREFIX}/`);
}

/** Never throws: what the world refuses is a 400 with the reason. */
export function control(core: Five9Core, request: HttpRequest): Reply {
  const url = new URL(request.url);
  const [, , resource = '', id = '', verb = ''] = url.pathname.split('/');
  if (resource === '') return ok(Object.keys(TABLE).map(shown));
  const key = `${request.method} /${resource}${id && '/:id'}${verb && '/:act'}`;
  const handler = TABLE[key];
  if (handler === undefined) {
    return { status: 404, json: { error: `${request.method} ${url.pathname} is not offered` } };
  }
  try {
    return handler(core, understood(request, url, { id, act: verb }));
  } catch (error) {
    return { status: 400, json: { error: error instanceof Error ? error.message : String(error) } };
  }
}

function understood(
  request: HttpRequest,
  url: URL,
  path: { readonly id: string; readonly act: string },
): Request {
  const body = parsed(request.body);
  const asked = Number(url.searchParams.get('limit') ?? '1000');
  return {
    id: decodeURIComponent(path.id),
    act: path.act,
    limit: Number.isInteger(asked) && asked > 0 ? asked : 1_000,
    body: isRecord(body) ? body : {},
  };
}

function shown(key: string): string {
  return key.replace(' ', ` ${PREFIX}`);
}

function perform(core: Five9Core, request: Request): Reply {
  const run = Object.hasOwn(ACTS, request.act) ? ACTS[request.act] : undefined;
  if (run === undefined) {
    throw new Error(`"${request.act}" is no act; use one of ${Object.keys(ACTS).join(', ')}`);
  }
  run(core, request.id, request.body);
  return ok(agentView(core, request.id));
}

function faultOn(core: Five9Core, { id, body }: Request): Reply {
  const amount = (field: string): object => {
    const value = body[field];
    if (value === undefined) return {};
    if (typeof value !== 'number') throw new Error(`${field} must be a number`);
    return { [field]: value };
  };
  const { scope } = body;
  const setting: FaultSetting = {
    ...amount('count'),
    ...amount('forMs'),
    ...amount('value'),
    ...(scope === 'writes' || scope === 'all' ? { scope } : {}),
  };
  core.faults.on(faultName(id), setting);
  return ok(core.faults.list());
}

function faultName(name: string): Parameters<Five9Core['faults']['off']>[0] {
  if (isFaultName(name)) return name;
  throw new Error(`"${name}" is no fault; GET ${PREFIX}/faults lists them`);
}

function agentView(core: Five9Core, id: string): object {
  const truth = core.domain.truth(id);
  const member = core.domain.find(id);
  return {
    id,
    fullName: member?.user.fullName,
    userName: member?.user.userName,
    email: member?.user.email,
    visible: member?.visible,
    truth,
  };
}

function optionalText(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`${field} must be a text`);
}

function text(body: Body, field: string, otherwise?: string): string {
  const value = optionalText(body, field) ?? otherwise;
  if (value === undefined) throw new Error(`${field} is missing`);
  return value;
}

function texts<K extends string>(body: Body, fields: readonly K[]): Partial<Record<K, string>> {
  const given: Partial<Record<K, string>> = {};
  for (const field of fields) {
    const value = optionalText(body, field);
    if (value !== undefined) given[field] = value;
  }
  return given;
}
