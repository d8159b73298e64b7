/** What Five9's New Platform answers, and what anybody may post to the address for its events. */
import type { InboundRequest } from '../../src/connectors/connector.ts';
import { accountsOf } from '../../src/connectors/five9/cloud/accounts.ts';
import { CloudClient } from '../../src/connectors/five9/cloud/client.ts';
import { examineCloud } from '../../src/connectors/five9/cloud/doctor.ts';
import { postFrom } from '../../src/connectors/five9/cloud/event-wire.ts';
import { cloudSchema } from '../../src/connectors/five9/cloud/options.ts';
import { snapshotRow } from '../../src/connectors/five9/cloud/snapshot.ts';
import { CloudSource } from '../../src/connectors/five9/cloud/source.ts';
import {
  jsonFrom,
  pageFrom,
  refusalWords,
  subscriptionsFrom,
  tokenFrom,
  usersFrom,
} from '../../src/connectors/five9/cloud/wire.ts';
import { Intake } from '../../src/connectors/five9/intake.ts';
import { Outlet } from '../../src/connectors/five9/outlet.ts';
import { isKnownState, observationOf } from '../../src/connectors/five9/read.ts';
import { Trouble } from '../../src/connectors/five9/trouble.ts';
import type { Exchange } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { virtualClock, type VirtualClock } from '../../emulators/virtual-clock.ts';
import { damagedJson, jsonSeed } from './hostile-text.ts';
import { isPlainLine, isWellFormedObservation } from './promises.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const NOW = Date.UTC(2026, 0, 5, 8);
const AT = new Date(NOW).toISOString();
const AGENT = '300000000500101';
const ARRIVAL = { generation: 1, asOf: NOW, via: 'push' } as const;

const ROW = {
  id: AGENT,
  presenceState: 'NOT_READY',
  stateSince: AT,
  reasonCode: '410001',
  reasonSince: AT,
  voiceInteractionState: 'RINGING',
  customerName: 'Somebody',
};
const EVENT = {
  event: 'NotReady',
  agentId: AGENT,
  agentInfo: { id: AGENT, userUID: 'u-1' },
  agentState: 'NOT_READY',
  sequence_number: 2,
  reasonCode: '410001',
  reasonSince: AT,
};

const PAGE_SEEDS = [
  { domainId: '1', data: [ROW, { ...ROW, id: '7' }], paging: { next: '/x?pageCursor=c1' } },
  { items: [{ userUID: AGENT, username: 'a@example.com', firstName: 'A', status: 'ACTIVE' }] },
  { items: [{ delivery: { http: { url: 'https://hook.test/x' } }, status: 'STARTED' }] },
  { traceId: 't', details: [{ code: 'FORBIDDEN', message: 'no' }] },
  { access_token: 'abc', expires_in: 600 },
].map(jsonSeed);

const EVENT_SEEDS = [EVENT, [EVENT], { events: [EVENT, EVENT] }, { data: EVENT }].map(jsonSeed);

const answers: Target = {
  name: 'five9/cloud-answers',
  covers: ['wire.ts', 'snapshot.ts', 'state-words.ts', 'options.ts'].map(cloud),
  inputs: 20_000,
  text: (random) => damagedJson(random, PAGE_SEEDS),
  read(text): void {
    isPlainLine(refusalWords(500, text), 240);
    const token = tokenFrom(text);
    check(token === undefined || /^[\x21-\x7e]+$/.test(token.text), 'a token is safe in a header');
    check(token === undefined || token.lifeMs >= 1_000, 'a token lives');
    const page = pageFrom(text);
    const rows = page?.rows ?? [jsonFrom(text)];
    check(rows.length <= 1_000, 'a page is bounded');
    for (const row of rows.flatMap((value) => snapshotRow(value) ?? [])) {
      const observation = observationOf(row, new Map(), ARRIVAL);
      isWellFormedObservation(observation);
      const isKnown = isKnownState(row.state);
      check(isKnown || observation.presence.reach === 'unknown', 'unknown stays unknown');
    }
    for (const { status } of subscriptionsFrom(rows)) check(/^[A-Z_]*$/.test(status), 'a word');
    for (const { userUID } of usersFrom(rows)) check(userUID.length <= 64, 'ids are bounded');
  },
};

const posts: Target = {
  name: 'five9/cloud-posts',
  covers: ['event-wire.ts', 'event-order.ts'].map(cloud),
  inputs: 20_000,
  text: (random) => damagedJson(random, EVENT_SEEDS),
  read(text): void {
    const post = postFrom(text);
    if (post === undefined) return;
    check(post.events.length + post.spoiled > 0, 'events are counted');
    for (const { ids, sequence, row } of post.events) {
      check(ids.length > 0 && ids.every((id) => id !== '' && id.length <= 64), 'an agent is named');
      check(sequence === undefined || Number.isSafeInteger(sequence), 'a number is whole');
      if (row === undefined) continue;
      check(isKnownState(row.state) && row.stateSince > 0, 'content has a known state and a time');
      isWellFormedObservation(observationOf(row, new Map(), ARRIVAL));
    }
  },
};

const SETTINGS = cloudSchema.parse({
  url: 'https://cloud.test',
  clientId: 'key',
  clientSecret: 'secret',
  domainId: '1',
  requestsPerSecond: 5,
  events: { url: 'https://hook.test/x1', username: 'u', password: 'p' },
});

/** Every post reaches the whole way: inbox, order, and content held against what was read. */
const inbox: Target = {
  name: 'five9/cloud-inbox',
  covers: ['inbox.ts', 'source.ts'].map(cloud),
  inputs: 8_000,
  text: (random) => damagedJson(random, EVENT_SEEDS),
  async read(text): Promise<void> {
    const outlet = new Outlet();
    const budget = {
      read: () => Promise.resolve(),
      spend: () => undefined,
      throttled: () => undefined,
      used: () => 0,
    };
    outlet.attach(
      {
        observe: (observations) => {
          for (const each of observations) {
            isWellFormedObservation(each);
            check(each.account === AGENT, 'nobody is told of but who is watched');
          }
        },
        missing: () => undefined,
        confirmed: () => undefined,
        noticed: (accounts) => {
          check(
            accounts.every((account) => account === AGENT),
            'only the watched are named',
          );
          return Promise.resolve();
        },
        health: () => undefined,
        count: (_event, by = 1) => check(by > 0, 'a count does not go back'),
      },
      budget,
    );
    const source = sourceOn(virtualClock(NOW), () => new Promise(() => undefined), outlet);
    const request: InboundRequest = {
      method: 'POST',
      path: '/x1',
      query: new URLSearchParams(),
      authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
      body: () => Promise.resolve(text),
    };
    for (let time = 0; time < 2; time += 1) {
      const { status } = await source.receive(request);
      check([202, 400].includes(status), 'an answer is one of two');
    }
    const wrong = await source.receive({ ...request, authorization: text.slice(0, 100) });
    check(wrong.status === 401, 'a made-up credential is refused');
    source.stop();
  },
};

/** Each text is the answer to every request. */
const reads: Target = {
  name: 'five9/cloud-reads',
  covers: ['client.ts', 'tokens.ts', 'sweep.ts', 'accounts.ts', 'doctor.ts'].map(cloud),
  inputs: 4_000,
  refuses: (error) => error instanceof Trouble && error.message.length < 400,
  text: (random) => damagedJson(random, PAGE_SEEDS),
  async read(text): Promise<void> {
    const clock = virtualClock(NOW);
    let asked = 0;
    const exchange: Exchange = ({ url }) => {
      check(url.startsWith('https://cloud.test/'), 'no other host is asked');
      asked += 1;
      const isToken = url.endsWith('/token');
      const body = isToken ? '{"access_token":"abc","expires_in":600}' : text;
      return Promise.resolve({ status: 200, headers: {}, body });
    };
    const tokens = { text: 'abc', renewAt: Infinity, endsAt: Infinity };
    const client = new CloudClient({
      clock,
      exchange,
      settings: SETTINGS,
      tokens: { get: () => Promise.resolve(tokens), replace: () => Promise.resolve(tokens) },
      count: () => undefined,
    });
    for (const checked of await settledOn(clock, examineCloud(sourceOn(clock, exchange)))) {
      isPlainLine(checked.evidence, 600);
      check(checked.status === 'pass' || checked.fix !== undefined, 'what fails has a fix');
    }
    const accounts = await settledOn(clock, accountsOf(client));
    for (const account of accounts) check(account.name !== '', 'an account has a name');
    check(asked < 100, 'a circle of pages ends');
  },
};

function sourceOn(clock: VirtualClock, exchange: Exchange, outlet = new Outlet()): CloudSource {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const source = new CloudSource({
    settings: SETTINGS,
    seams: { clock, random: seededRandom('hostile'), exchange, log },
    outlet,
    intake: new Intake(outlet, clock),
  });
  source.watch(new Set([AGENT]));
  return source;
}

/** Time goes on until it has come to an end. */
async function settledOn<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const state = { isOpen: true };
  const watched = promise.finally(() => (state.isOpen = false));
  watched.catch(() => undefined);
  for (let turns = 0; state.isOpen && turns < 100; turns += 1) await clock.run(1_000);
  return watched;
}

function cloud(file: string): string {
  return `src/connectors/five9/cloud/${file}`;
}

export const FIVE9_CLOUD_TARGETS: readonly Target[] = [answers, posts, inbox, reads];
