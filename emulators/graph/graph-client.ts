/**
 * A plain client of the Graph double, for conformance runs and tests: no retries, no cleverness,
 * every answer as it comes.
 */
import type { Exchange, HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import { isRecord, parseJson } from '../entra/json-body.ts';

export interface ClientSubject {
  readonly exchange: Exchange;
  /** Without a slash at the end and without the version. */
  readonly graphUrl: string;
  readonly loginUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface GraphReply {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly text: string;
  /** Undefined when the body is no JSON. */
  readonly json: unknown;
}

interface ShownPresence {
  readonly availability: unknown;
  readonly activity: unknown;
  readonly sequenceNumber: unknown;
}

export interface GraphClient {
  /** Signs in anew; the token is used from then on. */
  signIn(): Promise<GraphReply>;
  get(path: string): Promise<GraphReply>;
  post(path: string, body: unknown): Promise<GraphReply>;
  /** The pair that a single read shows, as "availability/activity". */
  shown(user: string): Promise<string>;
  presence(user: string): Promise<ShownPresence>;
  /** `setPresence` and so on for one user; the session id is filled in. */
  write(user: string, action: string, body?: object): Promise<GraphReply>;
}

export function graphClient(subject: ClientSubject): GraphClient {
  let token: string | undefined;

  const send = async (request: HttpRequest): Promise<GraphReply> => {
    const { status, headers, body } = await subject.exchange(request);
    return { status, headers, text: body, json: parseJson(body) };
  };
  const signIn = async (): Promise<GraphReply> => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: subject.clientId,
      client_secret: subject.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    });
    const reply = await send({
      method: 'POST',
      url: `${subject.loginUrl}/${subject.tenantId}/oauth2/v2.0/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    token = isRecord(reply.json) ? String(reply.json['access_token']) : undefined;
    return reply;
  };
  const call = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<GraphReply> => {
    if (token === undefined) await signIn();
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return send({
      method,
      url: path.startsWith('http') ? path : `${subject.graphUrl}/${path}`,
      headers: { authorization: `Bearer ${token ?? ''}`, ...type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
  const presence = async (user: string): Promise<ShownPresence> => {
    const { status, json, text } = await call('GET', `v1.0/users/${user}/presence`);
    if (status !== 200 || !isRecord(json)) throw new Error(`reading answered ${status}: ${text}`);
    const { availability, activity, sequenceNumber } = json;
    return { availability, activity, sequenceNumber };
  };
  return {
    signIn,
    presence,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    async shown(user): Promise<string> {
      const { availability, activity } = await presence(user);
      return `${String(availability)}/${String(activity)}`;
    },
    write(user, action, body = {}): Promise<GraphReply> {
      const own = action === 'setPresence' || action === 'clearPresence';
      const session = own ? { sessionId: subject.clientId } : {};
      return call('POST', `v1.0/users/${user}/presence/${action}`, { ...session, ...body });
    },
  };
}
