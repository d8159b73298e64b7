/**
 * A scripted Five9 for the tests of this folder: one data centre, one session, one feed. It does
 * what a test tells it to and keeps a list of what it was asked.
 */
import assert from 'node:assert/strict';
import {
  ExchangeError,
  type Exchange,
  type HttpRequest,
  type HttpResponse,
} from '../../lib/exchange.ts';
import type { OpenSocket, SocketHandlers } from '../../lib/socket.ts';
import type { Connector } from '../connector.ts';
import type { Rig } from '../kit/conformance/rig.ts';
import { createFive9Connector } from './index.ts';
import type { Five9Options } from './options.ts';

const STEP_MS = 50;
export const PASSWORD = 'a-password-that-stays-here';
export const BRIDGE = '300000000500001';
export const ANN = '300000000500101';
export const BOB = '300000000500102';
export const BREAK = '410002';
export const RESERVED = '410009';
export const T0 = 1_767_225_600_000;
export const RESTING: Readiness = { readyChannels: [], notReadyReasonCode: 410002 };
export const OURS: Readiness = { readyChannels: [], notReadyReasonCode: 410009 };
export const SKILLS = ['300000000600027', '300000000600020'];
export const READY: Readiness = { readyChannels: ['CALL', 'CHAT'], notReadyReasonCode: 0 };

export interface Readiness {
  readonly readyChannels: readonly string[];
  readonly notReadyReasonCode: number;
}

export interface RowSpec {
  readonly id: string;
  readonly state: string;
  readonly since?: number;
  readonly now: Readiness;
  readonly next?: Readiness;
  readonly changedAt?: number;
  readonly graceful?: true;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A row as the socket carries it, with the fields that the product uses and some it must drop. */
export function row(spec: RowSpec): Record<string, unknown> {
  const since = spec.since ?? T0;
  return {
    id: spec.id,
    callType: null,
    customer: spec.state === 'ON_CALL' ? 'Somebody Private' : null,
    reasonCodeId: spec.state === 'NOT_READY' ? String(spec.now.notReadyReasonCode) : '0',
    state: spec.state,
    stateSince: since,
    stateDuration: 0,
    reasonCodeSince: 0,
    presence: {
      currentState: spec.now,
      pendingState: spec.next ?? spec.now,
      onVoice: false,
      changeTimestamp: spec.changedAt ?? since,
      nextStateChangeTimestamp: 0,
      gracefulModeOn: spec.graceful === true,
    },
    ...spec.more,
  };
}

export function frameText(eventId: string, payLoad: unknown): string {
  const context = { eventId, eventReason: null, messageId: null, timeStamp: T0, tenantId: '1' };
  return JSON.stringify({ context, payLoad });
}

export function metadata(host: string, port = '443'): Record<string, unknown> {
  const urls = [{ host, port, routeKey: 'K', version: '13.0.1' }];
  const old = [{ host: 'app-old.five9.com', port: '443', routeKey: 'K', version: '13.0.1' }];
  return {
    freedomUrl: 'https://app.five9.com',
    dataCenters: [
      { name: 'Old', uiUrls: old, apiUrls: old, loginUrls: old, active: false },
      { name: 'New', uiUrls: urls, apiUrls: urls, loginUrls: urls, active: true },
    ],
  };
}

export function reply(status: number, body: unknown = '', headers = {}): HttpResponse {
  return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export function vendorFault(errorCode: number, message: string, context = {}): unknown {
  return { five9ExceptionDetail: { timestamp: T0, errorCode, message, context } };
}

interface Line {
  readonly handlers: SocketHandlers;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  isOpen: boolean;
}

type Answer = (request: HttpRequest) => HttpResponse | 'lost' | 'unreachable' | undefined;

export class ScriptedFive9 {
  readonly requests: HttpRequest[] = [];
  readonly lines: Line[] = [];
  /** Length of all that the feed said. */
  said = 0;
  readonly rows = new Map<string, Record<string, unknown>>();
  loginState = 'WORKING';
  host = 'app-xyz.five9.com';
  token = 'token-1';
  notices = [{ id: '9101', annotation: 'Planned work', text: '<h1>x</h1>', accepted: false }];
  permissions = ['CAN_RUN_SUPERVISOR', 'CAN_RUN_WEB_AGENT', 'CAN_VIEW_AGENTS_DATA'];
  codes: unknown[] = [
    { id: BREAK, name: 'Break', selectable: true },
    { id: RESERVED, name: 'Lockstep', selectable: true },
  ];
  /** Asked before the script; `undefined` leaves the request to it. */
  before: Answer = () => undefined;
  /** Whether a request is authorised. */
  authorised: (request: HttpRequest) => boolean = (request) =>
    request.headers['authorization'] === `Bearer-${this.token}`;
  /** How a write of a state is answered. */
  write: Answer = () => reply(202);
  /** Active skills by account, where they are not `SKILLS`. */
  readonly skills = new Map<string, readonly string[]>();
  skillsRefused: number | undefined;
  /** What the feed does: all, nothing but pongs, or nothing. */
  feed: 'alive' | 'zombie' | 'mute' = 'alive';

  constructor() {
    this.rows.set(ANN, row({ id: ANN, state: 'READY', now: READY }));
    this.rows.set(BOB, row({ id: BOB, state: 'NOT_READY', now: RESTING }));
  }

  readonly exchange: Exchange = async (request) => {
    this.requests.push(request);
    await Promise.resolve();
    const answer = this.before(request) ?? this.answer(request);
    if (answer === 'lost') throw new ExchangeError('timeout', true, 'no answer');
    if (answer === 'unreachable') throw new ExchangeError('connect', false, 'no connection');
    return answer;
  };

  readonly openSocket: OpenSocket = (request, handlers) => {
    const line: Line = { handlers, url: request.url, headers: request.headers, isOpen: true };
    this.lines.push(line);
    queueMicrotask(() => {
      if (!line.isOpen || this.feed === 'mute') return;
      handlers.onOpen();
      if (this.feed === 'alive') handlers.onText(frameText('1010', null));
    });
    return {
      send: (text) => {
        if (text === 'ping' && line.isOpen && this.feed !== 'mute') {
          handlers.onText(frameText('1202', 'pong'));
        }
      },
      close: () => this.drop(line, 1000),
    };
  };

  /** Live sockets. */
  open(): Line[] {
    return this.lines.filter((line) => line.isOpen);
  }

  say(text: string): void {
    if (this.feed === 'alive') this.said += text.length;
    if (this.feed === 'alive') for (const line of this.open()) line.handlers.onText(text);
  }

  /** Keeps the row and tells of it in a difference frame. */
  push(spec: RowSpec): void {
    const updated = row(spec);
    this.rows.set(spec.id, updated);
    this.say(
      frameText('5012', [
        { dataSource: 'AGENT_STATE', added: [], updated: [updated], removed: [] },
      ]),
    );
  }

  full(): void {
    this.say(frameText('5000', [{ dataSource: 'AGENT_STATE', data: [...this.rows.values()] }]));
  }

  drop(line: Line, code: number): void {
    const one = line;
    if (!one.isOpen) return;
    one.isOpen = false;
    one.handlers.onClose(code, '');
  }

  hits(end: string): HttpRequest[] {
    return this.requests.filter((request) => new URL(request.url).pathname.endsWith(end));
  }

  private answer(request: HttpRequest): HttpResponse | 'lost' | 'unreachable' {
    const path = new URL(request.url).pathname.replace('/supsvcs/rs/svc', '');
    if (path === '/auth/login') return this.login();
    if (!this.authorised(request)) return reply(401, 'not logged in');
    if (path === '/auth/logout') return reply(204);
    if (path.endsWith('/login_state')) return reply(200, JSON.stringify(this.loginState));
    if (path.endsWith('/session_start') || path.endsWith('/session_restart')) {
      this.loginState = 'WORKING';
      return reply(204);
    }
    if (path.endsWith('/maintenance_notices')) return reply(200, this.notices);
    if (path.endsWith('/accept')) {
      this.loginState = 'SELECT_STATION';
      return reply(200, this.notices[0]);
    }
    if (this.loginState !== 'WORKING') {
      const text = `Improper agent login state ${this.loginState}. Allowed is WORKING`;
      return reply(435, vendorFault(3, text, { contextCode: 'LOGIN' }));
    }
    return this.work(request, path);
  }

  private work(request: HttpRequest, path: string): HttpResponse | 'lost' | 'unreachable' {
    if (path.endsWith('/request_full_statistics')) {
      queueMicrotask(() => this.full());
      return reply(204);
    }
    if (path.endsWith('/not_ready_reason_codes')) return reply(200, this.codes);
    if (path.endsWith('/users')) return reply(200, this.users());
    if (path.endsWith('/agents'))
      return reply(
        200,
        [...this.rows.keys()].map((id) => ({ id })),
      );
    if (path.endsWith('/active_skills'))
      return this.skillsOf(request, path.split('/').at(-2) ?? '');
    if (path.endsWith('/presence')) {
      const account = path.split('/').at(-2) ?? '';
      if (!this.rows.has(account)) return reply(404, vendorFault(8, 'Agent is not found'));
      return this.write(request) ?? reply(202);
    }
    return reply(404);
  }

  private skillsOf(request: HttpRequest, account: string): HttpResponse {
    if (request.method === 'GET') return reply(200, this.skills.get(account) ?? SKILLS);
    if (this.skillsRefused !== undefined) return reply(this.skillsRefused, vendorFault(5, 'no'));
    this.skills.set(account, JSON.parse(request.body ?? 'null'));
    return reply(204);
  }

  private login(): HttpResponse {
    const body = {
      tokenId: this.token,
      sessionId: 'f'.repeat(64),
      orgId: '130045',
      userId: BRIDGE,
      context: { cloudClientUrl: 'https://api.prod.us.five9.net/', farmId: '152' },
      metadata: metadata(this.host),
    };
    return reply(200, body, { 'set-cookie': 'f9-sessionId=abc; Domain=.five9.com\nfarmId=152' });
  }

  private users(): unknown {
    const agents = [...this.rows.keys()].map((id, index) => ({
      id,
      userName: `agent${index}@example.com`,
      fullName: `Agent 00${index}`,
      email: `agent${index}@example.com`,
      roles: ['Agent'],
      permissions: index === 0 ? ['IS_ACTIVE_FLAG'] : ['CAN_RUN_WEB_AGENT'],
    }));
    const bridge = { id: BRIDGE, userName: 'bridge@example.com', roles: ['DomainSupervisor'] };
    return [...agents, { ...bridge, permissions: this.permissions }];
  }
}

/** Lets virtual time pass in small steps until `seen` holds, and no further. */
export async function until(
  rig: Rig,
  seen: () => boolean,
  what: string,
  limitMs = 600_000,
): Promise<void> {
  const end = rig.clock.monotonic() + limitMs;
  await rig.clock.advance(0);
  while (!seen()) {
    assert.ok(rig.clock.monotonic() < end, `never happened: ${what}`);
    await rig.clock.advance(STEP_MS);
  }
}

export function build(
  rig: Rig,
  five9: ScriptedFive9,
  options: Partial<Five9Options> = {},
  reread?: () => string | undefined,
): Connector {
  return createFive9Connector(
    {
      username: 'bridge@example.com',
      password: PASSWORD,
      reservedReasonCodes: [RESERVED],
      ...options,
    },
    { ...rig, exchange: five9.exchange, openSocket: five9.openSocket },
    reread === undefined ? {} : { reread },
  );
}

export async function start(
  rig: Rig,
  five9: ScriptedFive9,
  options: Partial<Five9Options> = {},
): Promise<Connector> {
  const connector = build(rig, five9, options);
  connector.start(rig.sink, rig.budget);
  await until(rig, () => rig.state() === 'live', 'the feed is live');
  return connector;
}
