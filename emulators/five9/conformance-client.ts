/** A plain supervisor client for the conformance suite: no cleverness, no retries. */
import assert from 'node:assert/strict';
import type { Exchange, HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import type { OpenSocket, Socket } from '../../src/lib/socket.ts';
import type { Five9Acts } from '../acts.ts';

/** The double under test, and the means to move it. */
export interface Five9Subject {
  readonly loginUrl: string;
  readonly userName: string;
  readonly password: string;
  readonly exchange: Exchange;
  readonly openSocket: OpenSocket;
  readonly acts: Five9Acts;
  /** Lets a little of the double's time pass, until pending answers and frames have arrived. */
  passTime(): Promise<void>;
  close(): Promise<void>;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface Heard {
  readonly frames: Fields[];
  readonly socket: Socket;
  open: boolean;
  closedWith: number | undefined;
}

const MAX_PAYLOAD_BYTES = 67_108_864;
const MAX_WAITS = 2_000;

export class SupervisorClient {
  readonly subject: Five9Subject;
  base = '';
  orgId = '';
  userId = '';
  private headers: Record<string, string> = {};

  constructor(subject: Five9Subject) {
    this.subject = subject;
  }

  /** Logs in and follows the reply to the data centre; the login state is left as it is. */
  async logIn(policy = 'ForceIn'): Promise<Fields> {
    const reply = await this.tryLogin(this.subject.password, policy);
    assert.equal(reply.status, 200);
    const login = fields(JSON.parse(reply.body));
    const context = fields(login['context']);
    const centres = list(fields(login['metadata'])['dataCenters']).map(fields);
    const active = centres.find((centre) => centre['active'] === true);
    assert.ok(active, 'one data centre is active');
    const place = fields(list(active['apiUrls'])[0]);
    const scheme = new URL(this.subject.loginUrl).protocol;
    this.base = new URL(`${scheme}//${String(place['host'])}:${String(place['port'])}`).origin;
    this.orgId = String(login['orgId']);
    this.userId = String(login['userId']);
    const cookies = (reply.headers['set-cookie'] ?? '').split('\n');
    this.headers = {
      authorization: `Bearer-${String(login['tokenId'])}`,
      farmid: String(context['farmId']),
      cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; '),
    };
    return login;
  }

  tryLogin(password: string, policy = 'ForceIn'): Promise<HttpResponse> {
    return this.subject.exchange({
      method: 'POST',
      url: `${this.subject.loginUrl}/supsvcs/rs/svc/auth/login`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        passwordCredentials: { username: this.subject.userName, password },
        appKey: 'conformance',
        policy,
      }),
    });
  }

  /** Logs in and goes on until the session works. */
  async work(): Promise<void> {
    await this.logIn();
    const started = await this.send('PUT', this.own('/session_start?force=true'), {
      stationId: '',
      stationType: 'EMPTY',
    });
    assert.equal(started.status, 204);
    assert.equal(await this.loginState(), 'WORKING');
  }

  async loginState(): Promise<unknown> {
    return this.read(this.own('/login_state'));
  }

  own(path: string): string {
    return `/supervisors/${this.userId}${path}`;
  }

  org(path: string): string {
    return `/orgs/${this.orgId}${path}`;
  }

  send(method: HttpRequest['method'], path: string, body?: unknown): Promise<HttpResponse> {
    return this.subject.exchange({
      method,
      url: `${this.base}/supsvcs/rs/svc${path}`,
      headers: { 'content-type': 'application/json', ...this.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** GET that must succeed, as JSON. */
  async read(path: string): Promise<unknown> {
    const reply = await this.send('GET', path);
    assert.equal(reply.status, 200, `GET ${path}: ${reply.body}`);
    const value: unknown = JSON.parse(reply.body);
    return value;
  }

  writePresence(
    agent: string,
    readyChannels: readonly string[],
    notReadyReasonCodeId: string,
  ): Promise<HttpResponse> {
    return this.send('PUT', this.own(`/agents/${agent}/presence`), {
      currentState: { readyChannels, notReadyReasonCodeId },
      pendingState: null,
      currentStateTime: 0,
      pendingStateDelayTime: 0,
      gracefulModeOn: false,
    });
  }

  /** Opens a socket and gathers what comes; resolves when the first frame is there. */
  async listen(key: string): Promise<Heard> {
    const frames: Fields[] = [];
    const request = {
      url: `${this.base.replace(/^http/, 'ws')}/supsvcs/sws/${key}`,
      headers: this.headers,
      maxPayloadBytes: MAX_PAYLOAD_BYTES,
    };
    const state: { open: boolean; closedWith: number | undefined } = {
      open: false,
      closedWith: undefined,
    };
    const socket = this.subject.openSocket(request, {
      onOpen: () => (state.open = true),
      onText: (text) => frames.push(fields(JSON.parse(text))),
      onClose: (code) => {
        state.open = false;
        state.closedWith = code;
      },
    });
    const heard: Heard = Object.assign(state, { frames, socket });
    await this.until('the first frame or a close', () => frames.length > 0 || closed(heard));
    return heard;
  }

  /** Waits until `check` holds; a state, never a time. */
  async until(what: string, check: () => boolean): Promise<void> {
    for (let i = 0; i < MAX_WAITS; i += 1) {
      if (check()) return;
      await this.subject.passTime();
    }
    assert.fail(`never happened: ${what}`);
  }
}

function closed(heard: Heard): boolean {
  return heard.closedWith !== undefined;
}

export function eventId(frame: Fields): unknown {
  return fields(frame['context'])['eventId'];
}

/** Rows of one data source in a 5000 frame. */
export function fullRows(frame: Fields, dataSource = 'AGENT_STATE'): readonly Fields[] {
  return list(source(frame, dataSource)?.['data'] ?? []).map(fields);
}

/** Rows of one agent in the 5012 frames, oldest first. */
export function rowsOf(heard: Heard, agent: string): readonly Fields[] {
  return heard.frames
    .filter((frame) => eventId(frame) === '5012')
    .flatMap((frame) => {
      const found = source(frame, 'AGENT_STATE');
      return found === undefined ? [] : [...list(found['added']), ...list(found['updated'])];
    })
    .map(fields)
    .filter((row) => row['id'] === agent);
}

export function source(frame: Fields, dataSource: string): Fields | undefined {
  return list(frame['payLoad'])
    .map(fields)
    .find((part) => part['dataSource'] === dataSource);
}

export function fields(value: unknown): Fields {
  assert.ok(isFields(value), `an object, not ${JSON.stringify(value)}`);
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list(value: unknown): readonly unknown[] {
  assert.ok(Array.isArray(value), `a list, not ${JSON.stringify(value)}`);
  return value;
}
