/**
 * Graph and Entra on one real HTTP server, with the control API beside them: the outermost shell,
 * the only place here that reads the machine's clock.
 */
import { generateKeyPair, randomUUID, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock, Timer } from '../../src/lib/clock.ts';
import { seededRandom, type Random } from '../../src/lib/random.ts';
import { createEntraEmulator, type EntraEmulator } from '../entra/entra.ts';
import type { AccountSpec } from '../entra/accounts.ts';
import type { AppSpec } from '../entra/registration.ts';
import type { Backend } from '../entra/transport.ts';
import type { Behaviour } from './behaviour.ts';
import { CONTROL_PREFIX, controlApi, type ControlledWorld } from './control-api.ts';
import type { Deliver } from './deliver.ts';
import { createGraphEmulator, type GraphEmulator } from './graph.ts';
import { httpDeliver } from './http-deliver.ts';
import { openHttpServer } from './http-server.ts';
import type { UserSpec } from './users.ts';

export interface ServeOptions {
  /** Default 127.0.0.1 and any free port. */
  readonly host?: string;
  readonly port?: number;
  readonly tenantId: string;
  readonly domain?: string;
  readonly users: readonly UserSpec[];
  readonly apps: readonly AppSpec[];
  /** People who can sign in to an app; none when absent. */
  readonly accounts?: readonly AccountSpec[];
  /** The way out for notifications; default: real HTTP and HTTPS. */
  readonly deliver?: Deliver;
  readonly behaviour?: Partial<Behaviour>;
  readonly tokenLifetimeMs?: number;
  /** RSA key for the access tokens; made at the start when absent. */
  readonly signingKey?: KeyObject;
  /** Default: the machine's clock, which the control API can move on. */
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface ServedGraph {
  readonly url: string;
  readonly graph: GraphEmulator;
  readonly entra: EntraEmulator;
  close(): Promise<void>;
}

export async function serveGraph(options: ServeOptions): Promise<ServedGraph> {
  const { tenantId, users, apps } = options;
  const privateKey = options.signingKey ?? (await newSigningKey());
  const random = options.random ?? seededRandom(randomUUID());
  const shifted = shiftedClock();
  const clock = options.clock ?? shifted;
  const server = await openHttpServer(options.host ?? '127.0.0.1', options.port ?? 0);
  const baseUrl = server.url;
  const domain = options.domain === undefined ? {} : { domain: options.domain };
  const entra = createEntraEmulator({
    clock,
    random: random.fork('entra'),
    baseUrl,
    tenantId,
    apps,
    signing: { kind: 'rs256', privateKey },
    resources: [baseUrl],
    ...(options.accounts === undefined ? {} : { accounts: options.accounts }),
    ...domain,
    ...(options.tokenLifetimeMs === undefined ? {} : { tokenLifetimeMs: options.tokenLifetimeMs }),
  });
  const graph = createGraphEmulator({
    clock,
    random: random.fork('graph'),
    baseUrl,
    tenantId,
    users,
    entra,
    deliver: options.deliver ?? httpDeliver(),
    ...domain,
    ...(options.behaviour === undefined ? {} : { behaviour: options.behaviour }),
  });
  const advance = options.clock === undefined ? { advance: shifted.advance } : {};
  const control = controlBackend({ graph, entra, ...advance });
  const backendFor = (path: string): Backend => {
    if (path.startsWith(`${CONTROL_PREFIX}/`)) return control;
    return /^\/(?:v1\.0|beta)(?:\/|$)/u.test(path) ? graph.backend : entra.backend;
  };
  server.handleWith({ clock, backendFor });
  return { url: baseUrl, graph, entra, close: () => server.close() };
}

async function newSigningKey(): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey;
}

function controlBackend(world: ControlledWorld): Backend {
  return {
    depart: () => ({ kind: 'travel', upMs: 0, downMs: 0 }),
    arrive: (request) => ({ kind: 'answer', response: controlApi(world, request) }),
  };
}

interface ShiftedClock extends Clock {
  readonly advance: (ms: number) => void;
}

/** The machine's clock, moved on by as much as the control API asked for. */
function shiftedClock(): ShiftedClock {
  let shift = 0;
  return {
    now: () => Date.now() + shift,
    monotonic: () => performance.now() + shift,
    after(delayMs, task): Timer {
      const timer = setTimeout(task, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
    advance: (ms) => {
      shift += ms;
    },
  };
}
