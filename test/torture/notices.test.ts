/**
 * A burst of notifications with content over real local HTTP: how soon each post is acknowledged,
 * and how many items a second are opened, held against what one thread can decrypt at all in the
 * same run.
 */
import assert from 'node:assert/strict';
import { constants, privateDecrypt } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as ask } from 'node:http';
import { before, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { listenForPlatforms } from '../../src/api/inbound.ts';
import { personId } from '../../src/connectors/teams/fixtures/scripted-graph.ts';
import {
  CLIENT,
  createSealer,
  createSigner,
  ISSUERS,
  itemOf,
  presenceText,
  type Sealer,
  type Signer,
} from '../../src/connectors/teams/push/fixtures/graph-notices.ts';
import { Push } from '../../src/connectors/teams/push/push.ts';
import { createMemoryJournal } from '../../src/journal/memory.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';

const ITEMS = 5_000;
const PER_POST = 50;
/** Graph keeps some connections open and posts on all of them. */
const CONNECTIONS = 4;
const PEOPLE = 600;
const BARE = 400;
const ACK_P99_MS = 100;
/** Where a second core is free. Else the two ends of HTTP and the parsing share one with the keys. */
const LEAST_SHARE = 0.9;
const LEAST_OF_ALL = 0.5;
const SHARE_OF_CORES = 0.6;
/** Other work on the machine takes from the burst and from the bare loop unequally. */
const TRIES = 4;

let sealer: Sealer;
let signer: Signer;

before(async () => {
  sealer = createSealer();
  signer = await createSigner();
});

interface Burst {
  readonly acks: readonly number[];
  readonly opened: number;
  readonly perSecond: number;
}

async function burst(): Promise<Burst> {
  const journal = createMemoryJournal();
  const clock = virtualClock(Date.UTC(2026, 0, 5, 8));
  const ids = Array.from({ length: PEOPLE }, (_, n) => personId(n));
  let opened = 0;
  let done = (): void => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  const made = { url: '', clientState: '' };
  const push = new Push({
    setup: {
      url: 'https://hooks.test/l',
      subscribers: [{ name: 'anna', refreshToken: () => undefined, keep: () => undefined }],
      content: () => ({ der: '', label: sealer.label, privateKey: sealer.privateKey }),
    },
    seams: {
      clock,
      random: seededRandom(1),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      exchange: () => Promise.resolve({ status: 200, headers: {}, body: signer.keys }),
    },
    sender: { keysUrl: 'https://login.test/keys', issuers: ISSUERS, audience: [CLIENT] },
    sink: {
      count: () => undefined,
      noticed: (agents) =>
        journal.durable(
          journal.append({ kind: 'noticed', at: clock.now(), body: { agents: [...agents] } }),
        ),
    },
    clientOf: () => ({
      call: ({ method, body = '{}' }) => {
        if (method === 'POST') take(made, JSON.parse(body));
        const isList = method === 'GET';
        const text = isList ? '{"value":[]}' : '{"id":"s-1"}';
        return Promise.resolve({ status: isList ? 200 : 201, headers: {}, body: text });
      },
    }),
    look: () => undefined,
    advise: () => undefined,
    offer: () => {
      opened += 1;
      if (opened === ITEMS) done();
      return true;
    },
  });
  push.watch(ids);
  await clock.run(3_000);
  const token = await signer.token({ now: clock.now() / 1_000 });
  const of = { subscriptionId: 's-1', clientState: made.clientState };
  const posts = Array.from({ length: ITEMS / PER_POST }, (_, n) =>
    JSON.stringify({
      value: Array.from({ length: PER_POST }, (_each, m) => {
        const account = ids[(n * PER_POST + m) % PEOPLE] ?? '';
        const text = presenceText(account, 'Busy/InACall', String(n).padStart(6, '0'));
        return itemOf(account, of, sealer.seal(text));
      }),
      validationTokens: [token],
    }),
  );
  const inbound = await listenForPlatforms({
    host: '127.0.0.1',
    port: 0,
    connectors: [{ receive: (request) => push.receive(request) }],
  });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const url = inbound.url + new URL(made.url).pathname.replace('/l', '');
  const acks: number[] = [];
  const began = performance.now();
  const lanes = Array.from({ length: CONNECTIONS }, async (_, lane) => {
    for (let n = lane; n < posts.length; n += CONNECTIONS) {
      acks.push(await ackMs(url, posts[n] ?? '', agent));
    }
  });
  await Promise.all([...lanes, all]);
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  await inbound.close();
  await push.stop();
  await journal.close();
  return { acks: acks.sort((a, b) => a - b), opened, perSecond: opened / seconds };
}

function take(
  made: { url: string; clientState: string },
  asked: { readonly notificationUrl: string; readonly clientState: string },
): void {
  Object.assign(made, { url: asked.notificationUrl, clientState: asked.clientState });
}

function ackMs(url: string, body: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = ask(url, { method: 'POST', agent }, (answer) => {
      const ms = performance.now() - began;
      assert.equal(answer.statusCode, 202);
      answer.resume();
      answer.once('end', () => resolve(ms));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Private decryptions a second, one after the other on this thread. */
function bareRate(): number {
  const dataKey = Buffer.from(sealer.seal('x').dataKey, 'base64');
  const key = {
    key: sealer.privateKey,
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: 'sha1',
  };
  const began = performance.now();
  for (let n = 0; n < BARE; n += 1) assert.equal(privateDecrypt(key, dataKey).length, 32);
  return (BARE / (performance.now() - began)) * 1_000;
}

describe('a burst of notifications with content', () => {
  it(`of ${ITEMS} items is acknowledged at once and opened as fast as one thread can`, async (t) => {
    let best = await tryOnce();
    for (let n = 1; n < TRIES && !isGood(best); n += 1) {
      t.diagnostic(`not yet: ${wordsOf(best)}`);
      const next = await tryOnce();
      if (next.share > best.share) best = next;
    }

    t.diagnostic(wordsOf(best));
    assert.equal(best.opened, ITEMS);
    assert.equal(best.acks.length, ITEMS / PER_POST);
    assert.ok(isGood(best), wordsOf(best));
  });
});

interface Tried extends Burst {
  readonly bare: number;
  /** How many such loops the machine lets run at full speed side by side: 1 to 2. */
  readonly cores: number;
  /** Of what one thread can decrypt at all. */
  readonly share: number;
}

async function tryOnce(): Promise<Tried> {
  const first = bareRate();
  const told = await burst();
  // The machine may be busier at one end than at the other.
  const bare = (first + bareRate()) / 2;
  const cores = (await pairRate()) / bare;
  return { ...told, bare, cores, share: told.perSecond / bare };
}

const LOOP = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { createPrivateKey, privateDecrypt } = require('node:crypto');
  const { pem, dataKey, count } = workerData;
  const key = createPrivateKey(pem);
  privateDecrypt(key, dataKey);
  parentPort.once('message', () => {
    for (let n = 0; n < count; n += 1) privateDecrypt(key, dataKey);
    parentPort.postMessage('done');
  });
  parentPort.postMessage('ready');`;

/** Private decryptions a second of two threads that do nothing else. */
async function pairRate(): Promise<number> {
  const pem = sealer.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const dataKey = Buffer.from(sealer.seal('x').dataKey, 'base64');
  const pair = [0, 1].map(
    () => new Worker(LOOP, { eval: true, execArgv: [], workerData: { pem, dataKey, count: BARE } }),
  );
  await Promise.all(pair.map((worker) => once(worker, 'message')));
  const began = performance.now();
  const done = Promise.all(pair.map((worker) => once(worker, 'message')));
  for (const worker of pair) worker.postMessage('go', []);
  await done;
  const perSecond = ((2 * BARE) / (performance.now() - began)) * 1_000;
  await Promise.all(pair.map((worker) => worker.terminate()));
  return perSecond;
}

const ackAt = ({ acks }: Burst, share: number): number =>
  acks[Math.floor(acks.length * share)] ?? Infinity;

function isGood(tried: Tried): boolean {
  const least = Math.max(LEAST_OF_ALL, Math.min(LEAST_SHARE, SHARE_OF_CORES * tried.cores));
  return ackAt(tried, 0.99) < ACK_P99_MS && tried.share >= least;
}

function wordsOf(tried: Tried): string {
  const { perSecond, bare, share, cores } = tried;
  return (
    `acknowledged within ${ackAt(tried, 0.5).toFixed(1)} ms (p50), ` +
    `${ackAt(tried, 0.99).toFixed(1)} ms (p99); ${perSecond.toFixed(0)} items a second opened, ` +
    `${share.toFixed(2)} of the ${bare.toFixed(0)} that one thread decrypts; ${cores.toFixed(2)} cores`
  );
}
