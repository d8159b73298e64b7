/**
 * Whole connectors on virtual time: every answer and every frame of the platform may be hostile,
 * from the sign-in to the last write and the examination.
 */
import { ConnectorError } from '../../src/connectors/connector.ts';
import type { Connector, Sink } from '../../src/connectors/connector.ts';
import { createFive9Connector } from '../../src/connectors/five9/index.ts';
import {
  ANN,
  BOB,
  PASSWORD,
  reply,
  RESERVED,
  ScriptedFive9,
} from '../../src/connectors/five9/scripted-five9.test.ts';
import {
  createScriptedGraph,
  OPTIONS,
  personId,
  populate,
  SECRET,
} from '../../src/connectors/teams/fixtures/scripted-graph.ts';
import { createTeamsConnector } from '../../src/connectors/teams/index.ts';
import type { Exchange, HttpResponse } from '../../src/lib/exchange.ts';
import { ExchangeError } from '../../src/lib/exchange.ts';
import type { Random } from '../../src/lib/random.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { Command } from '../../src/model/mark.ts';
import type { VirtualClock } from '../../emulators/virtual-clock.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import {
  CODE_SEEDS,
  COOKIE_SEEDS,
  ERROR_SEEDS,
  FRAME_SEEDS,
  LOGIN_SEEDS,
  LOGIN_STATE_SEEDS,
  NOTICE_SEEDS,
  USER_SEEDS,
} from './five9-payloads.ts';
import { damaged, damagedJson, pick } from './hostile-text.ts';
import { LEARNING, areFindings } from './learn-targets.ts';
import { isWellFormedObservation } from './promises.ts';
import {
  CHALLENGES,
  CLAIMS_SEEDS,
  GRAPH_ERROR_SEEDS,
  PRESENCE_SEEDS,
  TOKEN_ERROR_SEEDS,
  tokenOf,
  TOKEN_SEEDS,
  USER_LIST_SEEDS,
} from './teams-payloads.ts';
import type { Target } from './trial.ts';
import { Broken, check } from './trial.ts';

const START = Date.UTC(2026, 0, 5, 8);
const STATUSES = [200, 200, 200, 200, 204, 401, 403, 404, 429, 435, 500, 503];

/**
 * What is known of one run: nothing may be told after the stop, no secret at any time. Promises
 * that were broken are kept to the end, because a connector may swallow what its sink throws.
 */
interface Watch {
  readonly broken: string[];
  readonly clock: VirtualClock;
  readonly sink: Sink;
  readonly log: {
    readonly [level in 'info' | 'warn' | 'error']: (text: string, more?: object) => void;
  };
  stopped: boolean;
}

function watch(secrets: readonly string[]): Watch {
  const broken: string[] = [];
  const note = noting(broken);
  const told = (what: unknown): void => {
    const text = JSON.stringify(what) ?? '';
    note(!run.stopped, `nothing is told after the stop: ${text.slice(0, 80)}`);
    for (const secret of secrets) note(!text.includes(secret), 'no secret is told');
  };
  const run: Watch = {
    broken,
    clock: virtualClock(START),
    stopped: false,
    log: { info: noted, warn: noted, error: noted },
    sink: {
      observe: (list) => {
        for (const one of list) attempt(broken, () => isWellFormedObservation(one));
        told(list.map(({ presence }) => presence.raw));
      },
      missing: told,
      confirmed: told,
      noticed: async (accounts) => told(accounts),
      health: (health) => {
        told(health);
        note(health.detail.length <= 1_000, 'a health detail is bounded');
      },
      count: told,
    },
  };
  function noted(text: string, more: object = {}): void {
    const line = `${text} ${JSON.stringify(more)}`;
    for (const secret of secrets) note(!line.includes(secret), 'no secret is logged');
  }
  return run;
}

function noting(broken: string[]): (holds: boolean, promise: string) => void {
  return (holds, promise) => {
    if (!holds && broken.length < 5) broken.push(promise);
  };
}

function attempt(broken: string[], task: () => void): void {
  try {
    task();
  } catch (error) {
    broken.push(error instanceof Error ? error.message : 'unknown');
  }
}

const BUDGET = {
  read: () => Promise.resolve(),
  spend: () => undefined,
  throttled: () => undefined,
  used: () => 0,
};

/** As the real transport: only allowed hosts, and headers that can be put on a wire. */
function guarded(run: Watch, exchange: Exchange, mayReach: (host: string) => boolean): Exchange {
  const note = noting(run.broken);
  return (request) => {
    note(URL.canParse(request.url), `an address: ${request.url.slice(0, 80)}`);
    const { hostname } = new URL(request.url);
    note(mayReach(hostname), `an allowed host: ${hostname}`);
    const isSound = Object.values(request.headers).every((one) =>
      /^[\t\x20-\x7e\x80-\xff]*$/.test(one),
    );
    if (isSound) return exchange(request);
    return Promise.reject(new ExchangeError('connect', false, 'a header cannot be sent'));
  };
}

/** Lets time pass until the promise is settled. */
async function settled<T>(run: Watch, what: string, promise: Promise<T>): Promise<T | undefined> {
  const end = { isOver: false };
  const guard = promise
    .catch((error: unknown) => {
      if (error instanceof ConnectorError) return undefined;
      throw error;
    })
    .finally(() => {
      end.isOver = true;
    });
  // Told of at once below; until then it must not count as forgotten.
  guard.catch(() => undefined);
  for (let turn = 0; turn < 400 && !end.isOver; turn += 1) await run.clock.run(2_000);
  if (!end.isOver) throw new Broken(`${what} does not end`);
  return guard;
}

async function live(run: Watch, connector: Connector, life: Life): Promise<void> {
  connector.start(run.sink, BUDGET);
  connector.watch(new Map([...life.accounts, '__proto__'].map((one) => [one, 'hot'] as const)));
  for (let turn = 0; turn < 6; turn += 1) {
    await run.clock.run(3_000);
    life.say();
  }
  const [first = ''] = life.accounts;
  const outcome = await settled(run, 'a write', connector.write(life.command, first));
  check(outcome !== undefined, 'a write never throws');
  await settled(run, 'the list of people', connector.accounts());
  if (connector.reasonCodes !== undefined) {
    await settled(run, 'the list of codes', connector.reasonCodes());
  }
  const checks = await settled(run, 'the examination', connector.doctor(first));
  check(checks !== undefined && checks.length > 0, 'the examination says something');
  if (connector.learn !== undefined) {
    const learning = connector.learn({ ...LEARNING, probeAccount: first });
    areFindings(await settled(run, 'the measurements', learning));
  }
  await settled(run, 'the stop', connector.stop());
  run.stopped = true;
  await run.clock.run(120_000);
  check(run.broken.length === 0, run.broken.join('; '));
}

interface Life {
  readonly accounts: readonly string[];
  readonly command: Command;
  /** Something happens on the platform. */
  say(): void;
}

const FIVE9_SEEDS = [
  ...LOGIN_SEEDS,
  ...LOGIN_STATE_SEEDS,
  ...NOTICE_SEEDS,
  ...USER_SEEDS,
  ...CODE_SEEDS,
  ...ERROR_SEEDS,
];

function hostileReply(random: Random, body: string): HttpResponse {
  return reply(pick(random, STATUSES), body, {
    'set-cookie': damaged(random, COOKIE_SEEDS).slice(0, 20_000),
    'retry-after': damaged(random, ['7', '1e9', '-1']).slice(0, 100),
    'www-authenticate': damaged(random, CHALLENGES).slice(0, 10_000),
  });
}

const five9: Target = {
  name: 'five9/connector',
  covers: [
    'index.ts',
    'assembly.ts',
    'auth.ts',
    'transport.ts',
    'rest.ts',
    'client.ts',
    'feed.ts',
    'watch.ts',
    'intake.ts',
    'outlet.ts',
    'login-state.ts',
    'variants.ts',
    'doctor.ts',
    'doctor-write.ts',
    'doctor-domain.ts',
    'learn.ts',
    'learn-write.ts',
    'skills-book.ts',
    'skills-write.ts',
    'refusals.ts',
    'outcome.ts',
    'trouble.ts',
  ].map((file) => `src/connectors/five9/${file}`),
  inputs: 300,
  inputMsMax: 10_000,
  // The seed of the platform's behaviour, and one reply that it likes to give.
  text: (random) =>
    `${Math.floor(random.next() * 1e9)} ${damagedJson(random, FIVE9_SEEDS).slice(0, 100_000)}`,
  async read(text): Promise<void> {
    const [seed = '', ...rest] = text.split(' ');
    const favourite = rest.join(' ');
    const random = seededRandom(seed);
    const malice = pick(random, [0.02, 0.1, 0.4]);
    const run = watch([PASSWORD]);
    const platform = new ScriptedFive9();
    platform.before = () => {
      if (random.next() > malice) return undefined;
      if (random.next() < 0.05) return random.next() < 0.5 ? 'lost' : 'unreachable';
      const body = random.next() < 0.5 ? favourite : damagedJson(random, FIVE9_SEEDS);
      return hostileReply(random, body);
    };
    if (random.next() < 0.3) platform.loginState = 'ACCEPT_NOTICE';
    const isOurs = (host: string): boolean => /(?:^|\.)five9\.(?:com|net|eu|ca)$/.test(host);
    const connector = createFive9Connector(
      {
        username: 'bridge@example.com',
        password: PASSWORD,
        reservedReasonCodes: [RESERVED],
        acceptNotices: true,
        writes: pick(random, ['presence', 'skills']),
      },
      {
        clock: run.clock,
        random,
        log: run.log,
        exchange: guarded(run, platform.exchange, isOurs),
        openSocket: (request, handlers) => {
          noting(run.broken)(isOurs(new URL(request.url).hostname), 'a socket to an allowed host');
          return platform.openSocket(request, handlers);
        },
      },
    );
    await live(run, connector, {
      accounts: [ANN, BOB],
      command: FIVE9_COMMAND,
      say: () => {
        for (let i = 0; i < 4; i += 1)
          platform.say(damagedJson(random, FRAME_SEEDS).slice(0, 200_000));
        if (random.next() < 0.2) for (const line of platform.open()) platform.drop(line, 1006);
      },
    });
  },
};

const FIVE9_COMMAND: Command = {
  platform: 'five9',
  kind: 'put',
  slot: 'readiness',
  slotKind: 'shared',
  value: 'not_ready',
  preset: 'not_ready',
  shows: ['not_ready'],
  reasonCode: RESERVED,
};

const TEAMS_SEEDS = [
  ...PRESENCE_SEEDS,
  ...USER_LIST_SEEDS,
  ...GRAPH_ERROR_SEEDS,
  ...TOKEN_SEEDS,
  ...TOKEN_ERROR_SEEDS,
];

const teams: Target = {
  name: 'teams/connector',
  covers: [
    'index.ts',
    'watch.ts',
    'agenda.ts',
    'client.ts',
    'token.ts',
    'reader.ts',
    'writer.ts',
    'accounts.ts',
    'doctor.ts',
    'doctor-setup.ts',
    'doctor-parts.ts',
    'doctor-read.ts',
    'doctor-write.ts',
    'learn.ts',
    'learn-lab.ts',
    'learn-reads.ts',
    'learn-rounds.ts',
    'learn-judge.ts',
    'learn-quota.ts',
    'vitals.ts',
    'cadence.ts',
    'write-outcome.ts',
  ].map((file) => `src/connectors/teams/${file}`),
  inputs: 300,
  inputMsMax: 10_000,
  text: (random) =>
    `${Math.floor(random.next() * 1e9)} ${damagedJson(random, TEAMS_SEEDS).slice(0, 100_000)}`,
  async read(text): Promise<void> {
    const [seed = '', ...rest] = text.split(' ');
    const favourite = rest.join(' ');
    const random = seededRandom(seed);
    const malice = pick(random, [0.02, 0.1, 0.4]);
    const run = watch([SECRET, 'canary-signature']);
    const graph = createScriptedGraph(run.clock);
    const people = populate(graph, 3);
    const hostile = (): HttpResponse | undefined => {
      if (random.next() > malice) return undefined;
      const body = random.next() < 0.5 ? favourite : damagedJson(random, TEAMS_SEEDS);
      return hostileReply(random, body);
    };
    graph.script.read = hostile;
    graph.script.write = hostile;
    graph.script.users = hostile;
    graph.script.token = () =>
      random.next() < 0.1
        ? { status: 200, headers: {}, body: tokenOf(damagedJson(random, CLAIMS_SEEDS)) }
        : hostile();
    const isOurs = (host: string): boolean =>
      host === 'graph.microsoft.com' || host === 'login.microsoftonline.com';
    const connector = createTeamsConnector(OPTIONS, {
      clock: run.clock,
      random,
      log: run.log,
      exchange: guarded(run, graph.exchange, isOurs),
      openSocket: () => {
        throw new Broken('Teams needs no socket');
      },
    });
    await live(run, connector, {
      accounts: people,
      command: TEAMS_COMMAND,
      say: () => void graph.people.set(personId(0), parsed(damagedJson(random, PRESENCE_SEEDS))),
    });
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const TEAMS_COMMAND: Command = {
  platform: 'teams',
  kind: 'put',
  slot: 'session',
  slotKind: 'session',
  value: 'Busy/InACall',
  preset: 'in_call',
  shows: ['in_call', 'busy'],
  lifeMs: 900_000,
};

export const CONNECTOR_TARGETS: readonly Target[] = [five9, teams];
