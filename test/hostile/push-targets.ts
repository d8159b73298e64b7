/** What reaches the notification address, and what Graph answers about subscriptions and keys. */
import type { Exchange } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { ConnectorError } from '../../src/connectors/connector.ts';
import type { InboundRequest } from '../../src/connectors/connector.ts';
import { signInByDevice } from '../../src/connectors/teams/push/device-code.ts';
import { Inbox } from '../../src/connectors/teams/push/inbox.ts';
import { parsePost } from '../../src/connectors/teams/push/notice-wire.ts';
import { Opener } from '../../src/connectors/teams/push/open.ts';
import { Content } from '../../src/connectors/teams/push/content.ts';
import { parseKeys, Sender } from '../../src/connectors/teams/push/sender.ts';
import {
  parseSubscription,
  parseSubscriptions,
} from '../../src/connectors/teams/push/subscription-wire.ts';
import {
  CLIENT,
  createSealer,
  ISSUERS,
  itemOf,
  presenceText,
} from '../../src/connectors/teams/push/fixtures/graph-notices.ts';
import { pushedObservation } from '../../src/connectors/teams/pushed.ts';
import { Agenda } from '../../src/connectors/teams/agenda.ts';
import { CADENCE } from '../../src/connectors/teams/cadence.ts';
import { Stamps } from '../../src/connectors/teams/stamps.ts';
import { parsePresence } from '../../src/connectors/teams/wire.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import { damaged, damagedJson, jsonSeed } from './hostile-text.ts';
import { isWellFormedObservation } from './promises.ts';
import { ACCOUNTS, PRESENCE_SEEDS } from './teams-payloads.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const NOW = Date.UTC(2026, 0, 5, 8);
const ACCOUNT = ACCOUNTS[0] ?? '';
const OURS = { subscriptionId: 's-1', clientState: 'state-1' };
const sealer = createSealer('label-1');
const SEALED = sealer.seal(presenceText(ACCOUNT, 'Busy/InACall', '7'));

const POST_SEEDS = [
  { value: [itemOf(ACCOUNT, OURS)], validationTokens: null },
  { value: [itemOf(ACCOUNT, OURS, SEALED), itemOf('x', OURS)], validationTokens: ['a.b.c'] },
  { value: [{ ...OURS, lifecycleEvent: 'reauthorizationRequired' }] },
].map(jsonSeed);

const posts: Target = {
  name: 'teams/posts',
  covers: [push('notice-wire.ts')],
  inputs: 20_000,
  text: (random) => damagedJson(random, POST_SEEDS),
  read(text): void {
    const post = parsePost(text);
    if (post === undefined) return;
    check(post.spoiled >= 0 && post.notices.length + post.spoiled > 0, 'items are counted');
    for (const { subscriptionId, clientState, account = '-', lifecycle = '-' } of post.notices) {
      const texts = [subscriptionId, clientState, account, lifecycle];
      check(
        texts.every((each) => each.length > 0 && each.length <= 255),
        'texts are bounded',
      );
      check(account === account.toLowerCase(), 'accounts are in lower case');
    }
  },
};

const SUBSCRIPTION = {
  id: 'a1b2-c3',
  resource: '/communications/presences',
  notificationUrl: 'https://hooks.test/l/x',
  expirationDateTime: '2026-01-05T09:00:00.0000000Z',
};
const SUBSCRIPTION_SEEDS = [SUBSCRIPTION, { value: [SUBSCRIPTION, SUBSCRIPTION] }].map(jsonSeed);

const subscriptions: Target = {
  name: 'teams/subscriptions',
  covers: ['subscription-wire.ts', 'subscription.ts'].map(push),
  inputs: 20_000,
  text: (random) => damagedJson(random, SUBSCRIPTION_SEEDS),
  read(text): void {
    const one = parseSubscription(text);
    for (const made of [...(one === undefined ? [] : [one]), ...parseSubscriptions(text)]) {
      check(/^[\w-]{1,128}$/.test(made.id), 'an id is safe in a path');
      check(made.expiresAt === undefined || Number.isFinite(made.expiresAt), 'an end is a time');
    }
  },
};

const DEVICE_SEEDS = [
  {
    device_code: 'd',
    user_code: 'ABCD-EFGH',
    verification_uri: 'https://login.test/device',
    expires_in: 30,
    interval: 5,
  },
].map(jsonSeed);
const TOKEN_ANSWERS = [
  { access_token: 'a', expires_in: 3_600, refresh_token: 'r' },
  { error: 'authorization_pending', error_codes: [70016] },
  { error: 'slow_down' },
].map(jsonSeed);
const TEAMS_OPTIONS = {
  cloud: 'global',
  tenantId: 'tenant',
  clientId: CLIENT,
  credential: { secret: 'canary-secret' },
} as const;

const devices: Target = {
  name: 'teams/device-code',
  covers: [push('device-code.ts')],
  inputs: 2_000,
  text: (random) =>
    JSON.stringify([damagedJson(random, DEVICE_SEEDS), damagedJson(random, TOKEN_ANSWERS)]),
  async read(text): Promise<void> {
    const answers: unknown = JSON.parse(text);
    const [device = '', token = ''] = Array.isArray(answers) ? answers.map(String) : [];
    const clock = virtualClock(NOW);
    const random = seededRandom(1);
    const exchange: Exchange = ({ url }) =>
      Promise.resolve({ status: 200, headers: {}, body: url.endsWith('code') ? device : token });
    const shown: string[] = [];
    const signedIn = signInByDevice(TEAMS_OPTIONS, { clock, random, exchange }, (prompt) =>
      shown.push(prompt.url, prompt.code),
    ).then(
      (refresh) => check(refresh.length > 0, 'a token is not empty'),
      (error: unknown) => {
        check(error instanceof ConnectorError, 'a refusal has its fix');
        check(!String(error).includes('canary-secret'), 'no secret is told');
      },
    );
    // Longer than any code lives.
    await clock.run(90_000_000);
    await signedIn;
    check(
      shown.every((each) => /^[\x20-\x7e]{1,512}$/.test(each)),
      'what is shown is plain',
    );
  },
};

const KEY_SEEDS = [
  { keys: [{ kty: 'RSA', kid: 'k', use: 'sig', n: 'AQAB', e: 'AQAB', x5c: ['AA=='] }] },
].map(jsonSeed);

const keys: Target = {
  name: 'teams/signing-keys',
  covers: [push('sender.ts')],
  inputs: 5_000,
  text: (random) => damagedJson(random, KEY_SEEDS),
  async read(text): Promise<void> {
    const read = parseKeys(text);
    check(read === undefined || read.keys.length > 0, 'a set of keys is not empty');
    const proof = await senderWith(text).prove([
      `${Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url')}.e30.AAAA`,
    ]);
    check(proof !== 'proven', 'nothing is proven by made-up keys');
  },
};

const TOKEN_SEEDS = [
  `${Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url')}.e30.AAAA`,
  `${Buffer.from('{"alg":"none","kid":"k"}').toString('base64url')}.e30.`,
];

const tokens: Target = {
  name: 'teams/notice-tokens',
  covers: [push('sender.ts')],
  inputs: 5_000,
  text: (random) => damaged(random, TOKEN_SEEDS),
  async read(text): Promise<void> {
    const sender = senderWith(KEY_SEEDS[0]?.text ?? '');
    check((await sender.prove([text])) !== 'proven', 'a made-up token proves nothing');
  },
};

function senderWith(body: string): Sender {
  return new Sender({
    keysUrl: 'https://login.test/keys',
    issuers: ISSUERS,
    audience: [CLIENT],
    clock: virtualClock(NOW),
    exchange: () => Promise.resolve({ status: 200, headers: {}, body }),
  });
}

const SEALED_SEEDS = [SEALED].map(jsonSeed);

const sealed: Target = {
  name: 'teams/sealed',
  covers: [push('open.ts')],
  inputs: 2_000,
  text: (random) => damagedJson(random, SEALED_SEEDS),
  async read(text): Promise<void> {
    const post = parsePost(
      `{"value":[{"subscriptionId":"s","clientState":"c","encryptedContent":${text}}]}`,
    );
    const content = post?.notices[0]?.sealed;
    if (content === undefined) return;
    const opener = new Opener();
    opener.learn(sealer.label, sealer.privateKey);
    const opened = await opener.open(content);
    const isWhole = opened === undefined || opened === presenceText(ACCOUNT, 'Busy/InACall', '7');
    check(isWhole, 'content is opened whole or not at all');
  },
};

/** Content that was sealed well and says anything at all. */
const opened: Target = {
  name: 'teams/opened',
  covers: [push('content.ts'), 'src/connectors/teams/pushed.ts'],
  inputs: 10_000,
  text: (random) => damagedJson(random, PRESENCE_SEEDS),
  async read(text): Promise<void> {
    const inner = /\{[^[\]]*\}/.exec(text)?.[0] ?? text;
    const agenda = new Agenda(CADENCE);
    agenda.replace(new Map(ACCOUNTS.map((account) => [account, 'hot' as const])), 0);
    const entry = agenda.find(parsePresence(inner)?.id ?? ACCOUNT) ?? agenda.find(ACCOUNT);
    if (entry === undefined) return;
    entry.seen = { value: 'x', stamp: '' };
    const stamps = new Stamps(() => undefined);
    const content = new Content({
      clock: virtualClock(NOW),
      sender: { prove: () => Promise.resolve('proven') },
      opener: { knows: () => true, open: () => Promise.resolve(inner) },
      sink: { count: () => undefined },
      look: () => undefined,
      proofsCome: () => undefined,
      offer: (_account, wire, asOf) => {
        const seen = pushedObservation(entry, wire, { stamps, asOf, now: 1e6 });
        if (seen !== undefined) isWellFormedObservation(seen);
        return seen !== undefined;
      },
    });
    const notice = { ...OURS, sealed: SEALED };
    await content.take([{ account: entry.account, notice }], ['t']);
    while (content.waiting() > 0) await Promise.resolve();
  },
};

const inbox: Target = {
  name: 'teams/inbox',
  covers: ['inbox.ts', 'notice-wire.ts'].map(push),
  inputs: 10_000,
  text: (random) => damagedJson(random, POST_SEEDS),
  async read(text): Promise<void> {
    const noticed: string[] = [];
    const box = new Inbox({
      path: '/p',
      clientStateOf: (id) => (id === OURS.subscriptionId ? OURS.clientState : undefined),
      watched: (account) => (account === ACCOUNT.toLowerCase() ? ACCOUNT : undefined),
      sink: {
        noticed: (accounts) => {
          noticed.push(...accounts);
          return Promise.resolve();
        },
        count: (_event, by = 1) => check(by > 0, 'a count does not go back'),
      },
      announced: (changes) => check(changes.length > 0, 'somebody is announced'),
      lifecycle: (id) => check(id === OURS.subscriptionId, 'an event is of ours'),
    });
    const query = new URLSearchParams();
    const body = (): Promise<string> => Promise.resolve(text);
    const request: InboundRequest = { method: 'POST', path: '/p', query, body };
    const { status } = await box.receive(request);
    check([202, 400].includes(status), 'an answer is one of two');
    check(
      noticed.every((account) => account === ACCOUNT),
      'nobody is announced but who is watched',
    );
  },
};

function push(file: string): string {
  return `src/connectors/teams/push/${file}`;
}

export const PUSH_TARGETS: readonly Target[] = [
  devices,
  posts,
  subscriptions,
  keys,
  tokens,
  sealed,
  opened,
  inbox,
];
