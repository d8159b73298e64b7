/**
 * A stateful double of Five9's VCC REST API and supervisor WebSocket, written from the vendor's
 * published behaviour alone. It never imports a connector and knows nothing of Lockstep, so that
 * it can be the judge of what Lockstep did.
 *
 * 1. It is deterministic: time and randomness are handed in.
 * 2. People act through `acts`; nothing but an act, an API write or a fault changes an agent.
 * 3. What no public source shows is an option (`extrapolated`), listed in the README.
 */
import type { Exchange, HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import type { OpenSocket } from '../../src/lib/socket.ts';
import type { Five9Acts } from '../acts.ts';
import { control, isControlPath } from './control.ts';
import { Five9Core } from './core.ts';
import type { Faults } from './faults.ts';
import { inMemoryExchange, inMemoryOpenSocket, responseOf } from './in-memory.ts';
import type { DomainChange } from './model.ts';
import { type Five9Options, type SeedUser, five9Settings } from './options.ts';
import type { ReasonCatalogue } from './reasons.ts';
import type { RequestRecord, WriteRecord } from './rest.ts';
import type { User } from './users.ts';

/** What a test may do to the emulated world beyond what people do. */
export interface Five9Control {
  readonly faults: Faults;
  readonly reasons: ReasonCatalogue;
  addUser(seed: SeedUser): string;
  removeUser(agent: string): void;
  renameUser(agent: string, change: Partial<Omit<User, 'id' | 'channels'>>): void;
  /** Out of or into the supervisor's view. */
  setVisible(agent: string, visible: boolean): void;
  /** Somebody replaces an agent's active skills. */
  setSkills(agent: string, skills: readonly string[]): void;
  /** A ringing call is not answered. */
  miss(agent: string): void;
  /** How many supervisor sockets are open. */
  sockets(): number;
  /** Tokens and session ids of all logins so far: what a client must keep to itself. */
  handedOut(): readonly string[];
  reset(): void;
}

export interface Five9Emulator {
  readonly exchange: Exchange;
  readonly openSocket: OpenSocket;
  readonly acts: Five9Acts;
  readonly control: Five9Control;
  /** The last requests, oldest first. */
  requestLog(): readonly RequestRecord[];
  /** Presence writes, oldest first, with what was true before and after. */
  writes(): readonly WriteRecord[];
  /** Requests by "operation status" since the start or the last reset. */
  counters(): Readonly<Record<string, number>>;
  /** Told of every change in the domain, after it happened. */
  onChange(watch: (change: DomainChange) => void): void;
}

export function createFive9Emulator(options: Five9Options): Five9Emulator {
  return emulatorOf(new Five9Core(five9Settings(options)));
}

/** The faces of a core; `serve.ts` needs the core itself as well. */
export function emulatorOf(core: Five9Core): Five9Emulator {
  const { domain, rest } = core;
  const api = inMemoryExchange(core, core.settings);
  return {
    exchange: (request) => {
      if (!isControlPath(new URL(request.url).pathname)) return api(request);
      return Promise.resolve(controlResponse(core, request));
    },
    openSocket: inMemoryOpenSocket(core, core.settings),
    acts: domain,
    control: {
      faults: core.faults,
      reasons: domain.reasons,
      addUser: (seed) => domain.addUser(seed),
      removeUser: (agent) => domain.removeUser(agent),
      renameUser: (agent, change) => domain.renameUser(agent, change),
      setVisible: (agent, visible) => domain.setVisible(agent, visible),
      setSkills: (agent, skills) => domain.setSkills(agent, skills),
      miss: (agent) => domain.miss(agent),
      sockets: () => core.feed.sockets(),
      handedOut: () => core.sessions.handedOut,
      reset: () => core.reset(),
    },
    requestLog: () => rest.requests.list(),
    writes: () => rest.writes.list(),
    counters: () => rest.counters(),
    onChange: (watch) => domain.onChange(watch),
  };
}

export function controlResponse(core: Five9Core, request: HttpRequest): HttpResponse {
  return responseOf(control(core, request));
}
