/** A small world for tests of notifications: a subscriber's account, and a receiver in memory. */
import {
  constants,
  createDecipheriv,
  createHmac,
  generateKeyPairSync,
  privateDecrypt,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { seededRandom } from '../../src/lib/random.ts';
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { createEntraEmulator, type EntraEmulator } from '../entra/entra.ts';
import { isRecord, parseJson, type JsonRecord } from '../entra/json-body.ts';
import { selfSignedCertificate } from '../entra/self-signed.ts';
import { virtualClock, type VirtualClock } from '../virtual-clock.ts';
import type { Behaviour } from './behaviour.ts';
import type { Delivered } from './deliver.ts';
import type { GraphReply } from './graph-client.ts';
import { createGraphEmulator, type GraphEmulator } from './graph.ts';
import { APP, CLIENT, SECRET, TENANT, testUsers } from './test-world.ts';

export const START = Date.UTC(2026, 10, 24, 8);
export const HOOK = 'https://bridge.example/hook?tenant=one';
export const LIFE = 'https://bridge.example/life';
export const ACCOUNT = {
  id: 'dddddddd-0000-4000-8000-000000000001',
  userPrincipalName: 'presence@emulated.example',
  refreshTokens: [{ clientId: CLIENT, value: 'given-refresh-token' }],
};

const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });

interface Post {
  readonly at: number;
  readonly url: string;
  readonly body: JsonRecord;
  readonly items: readonly JsonRecord[];
}

export interface PushWorld {
  readonly clock: VirtualClock;
  readonly entra: EntraEmulator;
  readonly graph: GraphEmulator;
  readonly users: readonly string[];
  /** What the receiver got, handshakes apart. */
  readonly posts: Post[];
  readonly handshakes: string[];
  /** What the receiver does with the next notifications; default: 202 at once. */
  answerWith(answer: () => Promise<Delivered>): void;
  /** What it does with handshakes; default: the token back. */
  shakeWith(answer: (token: string) => Promise<Delivered>): void;
  /** As the account, with a new token of its own. */
  call(
    method: HttpRequest['method'],
    path: string,
    body?: object,
    account?: string,
  ): Promise<GraphReply>;
  /** Subscribes to these users and answers the id. */
  subscribe(change?: object, account?: string): Promise<string>;
}

export function encryptionCertificate(id = 'first'): object {
  const life = { notBefore: START - 86_400_000, notAfter: START + 365 * 86_400_000 };
  const pem = selfSignedCertificate({ commonName: id, ...KEYS, ...life });
  const encoded = new X509Certificate(pem).raw.toString('base64');
  return { encryptionCertificate: encoded, encryptionCertificateId: id };
}

/** As the published steps say; throws where one of them fails. */
export function decrypted(item: JsonRecord, privateKey: KeyObject = KEYS.privateKey): JsonRecord {
  const content = item['encryptedContent'];
  if (!isRecord(content)) throw new Error('no encryptedContent');
  const bytes = (field: string): Buffer => Buffer.from(String(content[field]), 'base64');
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const key = privateDecrypt({ key: privateKey, padding }, bytes('dataKey'));
  const signature = createHmac('sha256', key).update(bytes('data')).digest('base64');
  if (signature !== content['dataSignature']) throw new Error('signature differs');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
  const text = Buffer.concat([decipher.update(bytes('data')), decipher.final()]).toString('utf8');
  const json = parseJson(text);
  if (!isRecord(json)) throw new Error('no JSON object inside');
  return json;
}

export function filterOf(users: readonly string[]): string {
  return `/communications/presences?$filter=id in (${users.map((id) => `'${id}'`).join(',')})`;
}

export function pushWorld(behaviour: Partial<Behaviour> = {}): PushWorld {
  const clock = virtualClock(START);
  const random = seededRandom(1);
  const entra = createEntraEmulator({
    clock,
    random: random.fork('entra'),
    baseUrl: 'https://login.example',
    tenantId: TENANT,
    apps: [APP],
    accounts: [ACCOUNT],
  });
  const receiver = createReceiver(clock);
  const graph = createGraphEmulator({
    clock,
    random: random.fork('graph'),
    baseUrl: 'https://graph.example',
    tenantId: TENANT,
    users: testUsers(5),
    entra,
    behaviour,
    deliver: (url, headers, body) => receiver.deliver(url, headers, body),
  });
  const users = graph.acts.users();
  const call = caller(entra, graph);
  return {
    clock,
    entra,
    graph,
    users,
    call,
    posts: receiver.posts,
    handshakes: receiver.handshakes,
    answerWith: receiver.answerWith,
    shakeWith: receiver.shakeWith,
    async subscribe(change = {}, account = ACCOUNT.id): Promise<string> {
      const body = { ...subscriptionFor(users, clock.now()), ...change };
      const reply = await call('POST', 'subscriptions', body, account);
      if (reply.status !== 201) throw new Error(reply.text);
      return isRecord(reply.json) ? String(reply.json['id']) : '';
    },
  };
}

export function subscriptionFor(users: readonly string[], now: number): object {
  return {
    changeType: 'updated',
    resource: filterOf(users),
    notificationUrl: HOOK,
    lifecycleNotificationUrl: LIFE,
    expirationDateTime: new Date(now + 3_600_000).toISOString(),
    clientState: 'state-of-the-client',
    includeResourceData: true,
    ...encryptionCertificate(),
  };
}

/** A world with one subscription for all users, the first of whom is signed in. */
export async function subscribedWorld(
  behaviour: Partial<Behaviour> = {},
  change: object = {},
): Promise<PushWorld & { readonly user: string; readonly id: string }> {
  const world = pushWorld({ reauthorizeEveryMs: 0, ...behaviour });
  const [user = ''] = world.users;
  world.graph.acts.signIn(user);
  const id = await world.subscribe(change);
  return { ...world, user, id };
}

export function itemsOf(world: PushWorld): readonly JsonRecord[] {
  return world.posts.flatMap((post) => post.items);
}

export function shownIn(world: PushWorld): readonly string[] {
  return itemsOf(world)
    .map((item) => decrypted(item))
    .map((presence) => `${String(presence['availability'])}/${String(presence['activity'])}`);
}

function caller(entra: EntraEmulator, graph: GraphEmulator): PushWorld['call'] {
  return async (method, path, body, account = ACCOUNT.id) => {
    const form = {
      grant_type: 'refresh_token',
      client_id: CLIENT,
      client_secret: SECRET,
      refresh_token: entra.control.accounts.signIn(account, CLIENT),
    };
    const signedIn = await entra.exchange({
      method: 'POST',
      url: `${entra.baseUrl}/${TENANT}/oauth2/v2.0/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    });
    const token = parseJson(signedIn.body);
    const bearer = isRecord(token) ? String(token['access_token']) : '';
    const answer = await graph.exchange({
      method,
      url: `${graph.baseUrl}/v1.0/${path}`,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { status, headers, body: text } = answer;
    return { status, headers, text, json: parseJson(text) };
  };
}

type Receiver = Pick<PushWorld, 'posts' | 'handshakes' | 'answerWith' | 'shakeWith'> & {
  deliver(url: string, headers: object, body: string): Promise<Delivered>;
};

function createReceiver(clock: VirtualClock): Receiver {
  let answer = async (): Promise<Delivered> => ({ status: 202, body: '' });
  let shake = async (token: string): Promise<Delivered> => ({ status: 200, body: token });
  const posts: Post[] = [];
  const handshakes: string[] = [];
  return {
    posts,
    handshakes,
    answerWith(next): void {
      answer = next;
    },
    shakeWith(next): void {
      shake = next;
    },
    deliver(url, _headers, body): Promise<Delivered> {
      const token = new URL(url).searchParams.get('validationToken');
      if (token !== null) {
        handshakes.push(url);
        return shake(token);
      }
      const json = parseJson(body);
      const record = isRecord(json) ? json : {};
      const items = Array.isArray(record['value']) ? record['value'].filter(isRecord) : [];
      posts.push({ at: clock.now(), url, body: record, items });
      return answer();
    },
  };
}
