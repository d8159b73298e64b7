/**
 * The Five9 connector against the emulated Five9 over real HTTP and WebSocket: what Five9 does to a
 * session and its sockets, and what becomes of the bridge.
 */
import assert from 'node:assert/strict';
import { setTimeout as pass } from 'node:timers/promises';
import { describe, it } from 'node:test';
import type { FaultName, FaultSetting } from '../../emulators/five9/faults.ts';
import { serveFive9, type ServedFive9, type ServeOptions } from '../../emulators/five9/serve.ts';
import type { Check, Connector, Health } from '../../src/connectors/connector.ts';
import { createFive9Connector } from '../../src/connectors/five9/index.ts';
import type { Five9Options } from '../../src/connectors/five9/options.ts';
import { createHttp } from '../../src/connectors/kit/http.ts';
import { createSockets } from '../../src/connectors/kit/socket.ts';
import { systemClock } from '../../src/engine/clock.ts';
import type { OpenSocket, SocketRequest } from '../../src/lib/socket.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { Observation } from '../../src/model/observation.ts';

const AGENTS = 3;
const WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 20;
const clock = systemClock();
const log = {
  info: (): void => undefined,
  warn: (): void => undefined,
  error: (): void => undefined,
};

interface Wishes {
  readonly served?: Partial<ServeOptions>;
  readonly options?: Partial<Five9Options>;
  /** Where to sign in, when not at the address that is served. */
  readonly login?: (url: string) => string;
}

/** One connector on the network, and all that it said. */
class Bridge {
  readonly health: Health[] = [];
  readonly observed: Observation[] = [];
  readonly missing: string[] = [];
  readonly opened: SocketRequest[] = [];
  readonly five9: ServedFive9;
  readonly connector: Connector;
  private readonly counts = new Map<string, number>();
  private readonly http: ReturnType<typeof createHttp>;
  private readonly network: OpenSocket;

  constructor(five9: ServedFive9, { options, login }: Wishes) {
    this.five9 = five9;
    const loginUrl = login?.(five9.url) ?? five9.url;
    this.http = createHttp({ allowed: [loginUrl], clock });
    this.network = createSockets({ allowed: [loginUrl] }).open;
    this.connector = createFive9Connector(
      {
        loginUrl,
        username: 'supervisor.bridge@example.com',
        password: 'emulated',
        allowedHosts: ['127.0.0.1'],
        reconnectMinMs: 100,
        reconnectMaxMs: 1_000,
        quietMs: 1_000,
        answerMs: 1_000,
        bytesPerAgentSecond: 10_000,
        ...options,
      },
      {
        clock,
        random: seededRandom('bridge'),
        log,
        exchange: this.http.exchange,
        openSocket: (request, handlers) => {
          this.opened.push(request);
          return this.network(request, handlers);
        },
      },
    );
  }

  start(): void {
    this.connector.start(
      {
        observe: (observations) => this.observed.push(...observations),
        missing: (accounts) => this.missing.push(...accounts),
        confirmed: () => undefined,
        noticed: () => Promise.resolve(),
        health: (health) => this.health.push(health),
        count: (event, by = 1) => this.counts.set(event, this.counted(event) + by),
      },
      {
        read: () => Promise.resolve(),
        spend: () => undefined,
        throttled: () => undefined,
        used: () => 0,
      },
    );
  }

  counted(event: string): number {
    return this.counts.get(event) ?? 0;
  }

  /** Sign-ins that Five9 took. */
  logins(): number {
    return this.five9.emulator.counters()['login 200'] ?? 0;
  }

  fault(name: FaultName, setting: FaultSetting = {}): void {
    this.five9.emulator.control.faults.on(name, setting);
  }

  isLive(): boolean {
    return this.health.at(-1)?.state === 'live';
  }

  /** Somebody else with our account opens a socket beside ours. */
  openAnother(key: string): void {
    const ours = this.opened.at(-1);
    assert.ok(ours);
    const url = ours.url.replace(/[^/]+$/, key);
    const ignore = (): void => undefined;
    this.network({ ...ours, url }, { onOpen: ignore, onText: ignore, onClose: ignore });
  }

  async until(seen: () => boolean, what: string): Promise<void> {
    const end = clock.monotonic() + WITHIN_MS;
    while (!seen()) {
      const last = JSON.stringify([this.health.at(-1), ...this.counts]);
      assert.ok(clock.monotonic() < end, `never happened: ${what}; last ${last}`);
      await pass(LOOK_EVERY_MS);
    }
  }

  async close(): Promise<void> {
    await this.connector.stop();
    await this.http.close();
    await this.five9.close();
  }
}

/** Runs `play` on a bridge that is live, and takes everything down again. */
async function withBridge(wishes: Wishes, play: (bridge: Bridge) => Promise<void>): Promise<void> {
  const random = seededRandom('five9');
  const served = { clock, random, agents: AGENTS, batchMs: 50, ...wishes.served };
  const bridge = new Bridge(await serveFive9(served), wishes);
  const { acts } = bridge.five9.emulator;
  for (const agent of acts.agents()) acts.logIn(agent);
  try {
    bridge.start();
    await bridge.until(() => bridge.isLive(), 'live');
    await play(bridge);
  } finally {
    await bridge.close();
  }
}

/** What the last row of each agent said. */
function shown({ observed }: Bridge): Record<string, string> {
  return Object.fromEntries(observed.map(({ account, presence }) => [account, presence.raw]));
}

describe('a Five9 domain that moves', { concurrency: 2 }, () => {
  for (const moveEvent of ['1001', '1002'] as const) {
    it(`is followed from 37 over 70 and ${moveEvent} to 73, and no state changes`, async () => {
      const served = { standbyPort: 0, extrapolated: { moveEvent } };
      await withBridge({ served }, async (bridge) => {
        const before = shown(bridge);
        const old = new URL(bridge.opened[0]?.url ?? '').port;
        bridge.fault('maintenance_announced');
        bridge.fault('migration', { value: 100 });
        await bridge.until(() => bridge.health.at(-1)?.state === 'migrating', 'migrating');
        await bridge.until(() => bridge.isLive() && bridge.opened.length > 1, 'live elsewhere');
        assert.notEqual(new URL(bridge.opened.at(-1)?.url ?? '').port, old);
        assert.equal(bridge.counted('maintenance_announced'), 1);
        assert.deepEqual(shown(bridge), before);
        assert.deepEqual(bridge.missing, []);
        const states = bridge.health.map(({ state }) => state);
        const since = states.slice(states.indexOf('migrating'));
        assert.deepEqual([...new Set(since)], ['migrating', 'live']);
        const [agent = ''] = bridge.five9.emulator.acts.agents();
        bridge.five9.emulator.acts.ready(agent);
        await bridge.until(() => shown(bridge)[agent] === 'READY', 'a change at the new place');
      });
    });
  }

  it('is not lost to a socket that only answers pings', async () => {
    await withBridge({}, async (bridge) => {
      bridge.fault('zombie_socket');
      const [agent = ''] = bridge.five9.emulator.acts.agents();
      bridge.five9.emulator.acts.ready(agent);
      await bridge.until(() => bridge.counted('zombie') === 1, 'the zombie is seen');
      await bridge.until(() => shown(bridge)[agent] === 'READY', 'a new socket tells it');
      assert.equal(bridge.logins(), 1, 'the session was well');
    });
  });

  it('is followed when requests say HTTP 435', async () => {
    await withBridge({}, async (bridge) => {
      bridge.fault('improper_state', { count: 1 });
      assert.equal((await bridge.connector.accounts()).length, AGENTS);
      assert.equal(bridge.five9.emulator.control.faults.hits().improper_state, 1);
      await bridge.until(() => bridge.isLive(), 'live');
      assert.equal(bridge.logins(), 2);
    });
  });

  it('is followed to the farm that errorCode 5001 names, without a sign-in', async () => {
    await withBridge({}, async (bridge) => {
      const farm = (): string | undefined => bridge.opened.at(-1)?.headers['farmid'];
      const before = farm();
      bridge.fault('farm_moved');
      assert.equal((await bridge.connector.accounts()).length, AGENTS);
      await bridge.until(() => bridge.isLive() && farm() !== before, 'the feed follows');
      assert.equal(bridge.logins(), 1);
    });
  });
});

describe('a Five9 session', { concurrency: 2 }, () => {
  it('that is not yet known everywhere just after its login is waited for', async () => {
    const random = seededRandom('five9');
    const five9 = await serveFive9({ clock, random, agents: AGENTS });
    const bridge = new Bridge(five9, {});
    try {
      bridge.fault('unauthorized_after_login', { value: 1_500 });
      bridge.start();
      await bridge.until(() => bridge.isLive(), 'live');
      assert.ok(bridge.counted('post_login_401') > 0);
      assert.equal(bridge.logins(), 1);
    } finally {
      await bridge.close();
    }
  });

  it('that somebody else ends again and again is no reason for a war of logins', async () => {
    await withBridge({ options: { policy: 'ForceIn' } }, async (bridge) => {
      for (let kicks = 1; kicks <= 3; kicks += 1) {
        await bridge.until(() => bridge.isLive(), 'live');
        const before = bridge.counted('kicked');
        bridge.fault('kick');
        await bridge.until(() => bridge.counted('kicked') > before, 'it is seen');
        await bridge.until(() => bridge.isLive() || bridge.logins() === 3, 'back, or no more');
      }
      await bridge.until(() => bridge.health.at(-1)?.state === 'auth_blocked', 'no more tries');
      assert.match(bridge.health.at(-1)?.detail ?? '', /Somebody else uses the bridge account/);
      assert.match(bridge.health.at(-1)?.action ?? '', /a Five9 user of its own/);
      assert.equal(bridge.logins(), 3);
    });
  });

  it('joins the one that is there when it is ended once, and goes on', async () => {
    await withBridge({}, async (bridge) => {
      bridge.fault('kick');
      await bridge.until(() => bridge.counted('kicked') === 1, 'it is seen');
      await bridge.until(() => bridge.isLive(), 'live');
      assert.equal(bridge.logins(), 2);
    });
  });

  it('whose oldest socket a fourth one closes opens another, and the doctor says why', async () => {
    await withBridge({}, async (bridge) => {
      assert.equal((await socketsCheck(bridge)).status, 'pass');
      for (const key of ['one', 'two', 'three']) bridge.openAnother(key);
      await bridge.until(() => bridge.counted('socket_taken') === 1, 'ours was closed');
      await bridge.until(() => bridge.isLive(), 'live');
      assert.equal(bridge.logins(), 1);
      const check = await socketsCheck(bridge);
      assert.equal(check.status, 'warn');
      assert.match(check.evidence, /closed ours 1 times .* more than three/);
      assert.match(check.fix ?? '', /End the other programs/);
    });
  });
});

describe('the hosts of a region', () => {
  const login = (url: string): string => url.replace('127.0.0.1', 'localhost');

  it('are followed from the configured sign-in host when the configuration allows them', async () => {
    await withBridge({ login, options: { allowedHosts: ['127.0.0.1'] } }, (bridge) => {
      assert.equal(new URL(bridge.opened[0]?.url ?? '').hostname, '127.0.0.1');
      return Promise.resolve();
    });
  });

  it('are the only ones: a foreign host that a frame names is never spoken to', async () => {
    await withBridge({ login }, async (bridge) => {
      bridge.fault('migration_foreign');
      await bridge.until(() => bridge.counted('egress_denied') === 1, 'refused');
      await bridge.until(() => bridge.opened.length === 2 && bridge.isLive(), 'live again');
      const hosts = new Set(bridge.opened.map(({ url }) => new URL(url).hostname));
      assert.deepEqual([...hosts], ['127.0.0.1']);
    });
  });
});

async function socketsCheck({ connector }: Bridge): Promise<Check> {
  const check = (await connector.doctor()).find(({ id }) => id === 'five9.sockets');
  assert.ok(check);
  return check;
}
