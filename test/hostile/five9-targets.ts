/** What Five9 sends: frames of the socket, replies of REST, cookies, hosts. */
import { isDeepStrictEqual } from 'node:util';
import { accountOf, createClient } from '../../src/connectors/five9/client.ts';
import { CookieJar } from '../../src/connectors/five9/cookies.ts';
import { frameOf, type Frame } from '../../src/connectors/five9/frame.ts';
import { FrameQueue } from '../../src/connectors/five9/frame-queue.ts';
import { createFrameThread } from '../../src/connectors/five9/frame-thread.ts';
import { hostAllowed, placeIn, socketOrigin } from '../../src/connectors/five9/hosts.ts';
import { Intake } from '../../src/connectors/five9/intake.ts';
import { driveToWorking } from '../../src/connectors/five9/login-state.ts';
import { settingsFrom } from '../../src/connectors/five9/options.ts';
import { outcomeOf } from '../../src/connectors/five9/outcome.ts';
import { Outlet } from '../../src/connectors/five9/outlet.ts';
import { partsOf } from '../../src/connectors/five9/parts.ts';
import { isKnownState, presenceOf, stampOf, standingOf } from '../../src/connectors/five9/read.ts';
import {
  jsonOf,
  sessionFault,
  vendorError,
  waitOf,
  wordsOf,
} from '../../src/connectors/five9/reply.ts';
import type { Rest } from '../../src/connectors/five9/rest.ts';
import { BREAK, T0 } from '../../src/connectors/five9/scripted-five9.test.ts';
import { skillsFrom } from '../../src/connectors/five9/skills.ts';
import * as trouble from '../../src/connectors/five9/trouble.ts';
import { Trouble } from '../../src/connectors/five9/trouble.ts';
import { metadataOf, rowSchema } from '../../src/connectors/five9/wire.ts';
import { guardAgainst, isPending } from '../../src/connectors/five9/write.ts';
import type { HttpResponse } from '../../src/lib/exchange.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { readWith } from '../../src/lib/read-with.ts';
import { resolveCodes } from '../../src/policy/codes.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import {
  CODE_SEEDS,
  COOKIE_SEEDS,
  ERROR_SEEDS,
  FRAME_SEEDS,
  LOGIN_STATE_SEEDS,
  METADATA_SEEDS,
  NOTICE_SEEDS,
  ROW_SEEDS,
  USER_SEEDS,
} from './five9-payloads.ts';
import { damaged, damagedJson, jsonSeed } from './hostile-text.ts';
import { isPlainLine, isSafePath, isWellFormedObservation } from './promises.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const LABELS = new Map([[BREAK, 'Break']]);
const ARRIVAL = { generation: 1, asOf: T0, via: 'push' } as const;
const WANTED = { channels: [], code: BREAK };
const STATUSES = [200, 204, 401, 403, 404, 429, 435, 500, 503];
const RULE = {
  loginUrl: 'https://app.five9.com',
  allowedHosts: ['five9.com', 'five9.eu'],
};

/** A reply with this body under two of the statuses; which ones follows from the body. */
function replies(body: string): HttpResponse[] {
  const first = body.length % STATUSES.length;
  return [first, (first + 4) % STATUSES.length].map((index) => ({
    status: STATUSES[index] ?? 200,
    headers: {},
    body,
  }));
}

const frames: Target = {
  name: 'five9/frames',
  covers: ['frame.ts', 'wire.ts', 'intake.ts', 'roster.ts', 'read.ts', 'outlet.ts'].map(five9),
  inputs: 50_000,
  text: (random) => damagedJson(random, FRAME_SEEDS),
  read(text): void {
    const frame = frameOf(text);
    if (frame.kind !== 'full' && frame.kind !== 'diff') return;
    const outlet = new Outlet();
    const intake = new Intake(outlet, virtualClock(T0));
    intake.label(LABELS);
    outlet.attach(
      {
        observe: (list) => list.forEach(isWellFormedObservation),
        missing: (accounts) => {
          for (const id of accounts)
            check(id !== '' && id.length <= 64, 'a missing account has an id');
        },
        confirmed: () => undefined,
        noticed: () => Promise.resolve(),
        health: () => undefined,
        count: (_event, by = 1) => check(by >= 0, 'a count does not go back'),
      },
      outlet.budget(),
    );
    if (frame.kind === 'full') intake.full(frame, ARRIVAL);
    else intake.difference(frame, ARRIVAL);
    check(intake.agents() <= frame.rows.length, 'no more agents than rows');
  },
};

/** Large frames: what the thread reads is what is read without it. */
function largeFrames(): Target {
  let thread = createFrameThread();
  return {
    name: 'five9/large-frames',
    covers: ['frame-worker.ts', 'frame-thread.ts', 'frame-queue.ts', 'parts.ts'].map(five9),
    inputs: 4_000,
    open(): Promise<() => Promise<void>> {
      thread = createFrameThread();
      return Promise.resolve(() => thread.close());
    },
    text: (random) => damagedJson(random, FRAME_SEEDS),
    async read(text): Promise<void> {
      const bytes = new TextEncoder().encode(text);
      const sent = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
      const taken: Frame[] = [];
      const told = new Promise<void>((resolve, reject) => {
        const queue = new FrameQueue({
          largeFrames: thread,
          take: (frame) => taken.push(frame),
          reading: (isReading) => (isReading ? undefined : resolve()),
          lost: () => reject(new Error('the thread died')),
          overrun: () => reject(new Error('too much')),
        });
        queue.came(bytes, { at: T0, askedAt: undefined });
      });
      await told;
      check(isDeepStrictEqual(taken, [...partsOf(frameOf(sent))]), 'read as a small one is');
    },
  };
}

const rows: Target = {
  name: 'five9/rows',
  covers: [
    ...['wire.ts', 'read.ts', 'write.ts'].map(five9),
    'src/connectors/kit/bounded-text.ts',
    'src/lib/read-with.ts',
  ],
  inputs: 60_000,
  text: (random) => damagedJson(random, ROW_SEEDS),
  read(text): void {
    const row = readWith(rowSchema, jsonOf({ status: 200, headers: {}, body: text }));
    if (row === undefined) return;
    const presence = presenceOf(row, LABELS);
    const isReady = presence.reach === 'available' || presence.acd === 'ready';
    check(!isReady || row.state === 'READY', 'only READY reads as available');
    check(isKnownState(row.state) || presence.reach === 'unknown', 'unknown stays unknown');
    const stamp = stampOf(row);
    check(stamp === undefined || /^\d{15}$/.test(stamp), 'a stamp has fifteen digits');
    const standing = standingOf(row);
    if (standing !== undefined) guardAgainst(PUT, standing, [BREAK]);
  },
};

const PUT = {
  platform: 'five9',
  kind: 'put',
  slot: 'readiness',
  slotKind: 'shared',
  value: 'not_ready',
  preset: 'not_ready',
  shows: ['not_ready'],
  reasonCode: BREAK,
} as const;

const errors: Target = {
  name: 'five9/replies',
  covers: ['reply.ts', 'wire.ts', 'outcome.ts', 'trouble.ts', 'write.ts'].map(five9),
  inputs: 12_000,
  text: (random) => damagedJson(random, ERROR_SEEDS),
  read(text): void {
    for (const reply of replies(text)) {
      isPlainLine(wordsOf(reply), 240);
      vendorError(reply);
      sessionFault(reply);
      const wait = waitOf(reply, T0);
      check(wait === undefined || (wait >= 1_000 && wait <= 3_600_000), 'a wait is 1 s to 1 h');
      const outcome = outcomeOf(reply, WANTED, T0);
      check(
        outcome.kind === 'accepted' ? reply.status < 300 : reply.status >= 300,
        'only a success is accepted',
      );
      isPlainLine(trouble.unexpected('reading', reply, T0).message, 300);
      isPlainLine(trouble.passwordRefused(reply).message, 300);
    }
    isPending(jsonOf({ status: 200, headers: {}, body: text }), WANTED);
  },
};

const hosts: Target = {
  name: 'five9/hosts',
  covers: ['hosts.ts', 'wire.ts'].map(five9),
  inputs: 40_000,
  text: (random) => damagedJson(random, METADATA_SEEDS),
  read(text): void {
    const metadata = metadataOf(jsonOf({ status: 200, headers: {}, body: text }));
    for (const kind of ['api', 'login'] as const) {
      const place = placeIn(metadata, kind, RULE);
      if (place.kind === 'refused') isPlainLine(trouble.hostRefused(place.host).message, 300);
      if (place.kind !== 'origin') continue;
      const url = new URL(place.origin);
      check(url.protocol === 'https:', 'the password never travels in the clear');
      check(
        hostAllowed(url.hostname, RULE.loginUrl, RULE.allowedHosts),
        `an allowed host: ${url.hostname}`,
      );
      check(new URL(socketOrigin(place.origin)).protocol === 'wss:', 'a socket is encrypted too');
    }
  },
};

const cookies: Target = {
  name: 'five9/cookies',
  covers: ['cookies.ts'].map(five9),
  inputs: 80_000,
  text: (random) => damaged(random, COOKIE_SEEDS),
  read(text): void {
    const jar = new CookieJar((domain) => hostAllowed(domain, RULE.loginUrl, RULE.allowedHosts));
    jar.store('app.five9.com', text, T0);
    const header = jar.header('app.five9.com', T0);
    check(/^[\x20-\x7e]*$/.test(header), 'a cookie header is one line of plain characters');
    check(header.length <= 51 * 4_098, 'a cookie header is bounded');
    check(jar.header('evil.example', T0) === '', 'no cookie for another host');
    check(jar.header('com', T0) === '', 'no cookie for a whole top-level domain');
  },
};

/** Each text is the reply to every request that leads the session to work. */
const loginStates: Target = {
  name: 'five9/login-states',
  covers: ['login-state.ts', 'wire.ts'].map(five9),
  inputs: 24_000,
  refuses: (error) => error instanceof Trouble,
  text: (random) => damagedJson(random, [...LOGIN_STATE_SEEDS, ...ERROR_SEEDS]),
  async read(text): Promise<void> {
    const random = seededRandom(text.slice(0, 64));
    const reply = (): HttpResponse => ({
      status: random.next() < 0.8 ? 200 : 435,
      headers: {},
      body: random.next() < 0.5 ? text : '"ACCEPT_NOTICE"',
    });
    await driveToWorking(
      { send: () => Promise.resolve(reply()), now: () => T0, acceptNotices: true },
      reply(),
    );
  },
};

const notices: Target = {
  name: 'five9/notices',
  covers: ['login-state.ts', 'wire.ts'].map(five9),
  inputs: 8_000,
  refuses: (error) => error instanceof Trouble && error.message.length < 400,
  text: (random) => damagedJson(random, NOTICE_SEEDS),
  async read(text): Promise<void> {
    for (const acceptNotices of [true, false]) {
      const state: HttpResponse = { status: 200, headers: {}, body: '"ACCEPT_NOTICE"' };
      const driven = driveToWorking(
        {
          send: (call) => {
            isSafePath(call.path);
            const isList = call.path.endsWith('/maintenance_notices');
            return Promise.resolve(isList ? { ...state, body: text } : state);
          },
          now: () => T0,
          acceptNotices,
        },
        state,
      );
      await driven.catch((error: unknown) => {
        if (!(error instanceof Trouble)) throw error;
      });
    }
  },
};

const SKILL_SEED = jsonSeed(['300000000600020', 300_000_000_600_027, { id: '300000000600099' }]);

/** Lists of people and of reason codes, as far as the policy and the matching of people. */
const lists: Target = {
  name: 'five9/lists',
  covers: ['client.ts', 'wire.ts', 'rest.ts', 'skills.ts'].map(five9),
  inputs: 16_000,
  refuses: (error) => error instanceof Trouble,
  text: (random) => damagedJson(random, [...USER_SEEDS, ...CODE_SEEDS, SKILL_SEED]),
  async read(text): Promise<void> {
    const skills = skillsFrom(jsonOf({ status: 200, headers: {}, body: text }));
    check(skills?.every((id) => /^\d{1,20}$/.test(id)) !== false, 'skills are ids');
    const client = createClient({
      clock: virtualClock(T0),
      rest: restOf(text),
      settings: settingsFrom({ username: 'bridge@example.com', password: 'secret' }),
      outlet: new Outlet(),
      latest: () => undefined,
      book: { hold: () => undefined, release: () => undefined },
    });
    for (const account of (await client.users()).map(accountOf)) {
      check(typeof account.id === 'string' && typeof account.name === 'string', 'texts are texts');
    }
    const codes = await client.reasonCodes();
    resolveCodes({ stop: { busy: 'Break', dnd: '__proto__' }, notReady: [] }, codes);
  },
};

function restOf(text: string): Rest {
  const reply: HttpResponse = { status: 200, headers: {}, body: text };
  return {
    send: () => Promise.resolve(reply),
    read: () => {
      const json = jsonOf(reply);
      return json === undefined
        ? Promise.reject(trouble.unreadable('list'))
        : Promise.resolve(json);
    },
  };
}

function five9(file: string): string {
  return `src/connectors/five9/${file}`;
}

export const FIVE9_TARGETS: readonly Target[] = [
  frames,
  largeFrames(),
  rows,
  errors,
  hosts,
  cookies,
  loginStates,
  notices,
  lists,
];
