/**
 * A stateful double of the part of Microsoft Entra ID that an application without a user needs:
 * tokens by secret or certificate, discovery, signing keys, administrator's consent. One tenant.
 * It is an independent oracle, written from the published contract; it never imports the product.
 *
 * 1. Time, randomness and latency come from the options alone.
 * 2. A refusal never says whether a secret was nearly right.
 * 3. Whatever is emulated can be changed while it runs, and `reset` brings the start back.
 */
import type { Exchange } from '../../src/lib/exchange.ts';
import { createTokenDesk, type TokenCheck } from './access-token.ts';
import { accountControl, createDelegatedDesk, type AccountControl } from './delegated-desk.ts';
import { boundedLog, type BoundedLog } from './bounded-log.ts';
import { issuerOf } from './discovery.ts';
import {
  faulted,
  handled,
  targetOf,
  type EntraDesk,
  type EntraFault,
  type EntraOptions,
  type EntraRequestEntry,
} from './entra-routes.ts';
import { createFaultBook, type FaultBook } from './fault-book.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import { createAppRegistry, type AppRegistry } from './registration.ts';
import { departWith, exchangeWith, returnWith, type Backend } from './transport.ts';
import {
  createValidationTokens,
  type TokenVersion,
  type ValidationTokens,
} from './validation-token.ts';

interface EntraControl {
  readonly apps: AppRegistry;
  /** People who sign in to an app. */
  readonly accounts: AccountControl;
  /** Keys of the validation tokens; `rotate` makes the next one sign. */
  readonly keys: Pick<KeyRing, 'rotate'>;
  readonly faults: FaultBook<EntraFault>;
  readonly requestLog: BoundedLog<EntraRequestEntry>;
  /** Refuses all tokens that the app has so far; a new one is good again. */
  revoke(clientId: string): void;
  setTokenLifetime(ms: number): void;
  setConsent(decision: 'granted' | 'denied'): void;
  tokensIssued(): number;
  reset(): void;
}

export interface EntraEmulator {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly exchange: Exchange;
  readonly backend: Backend;
  readonly control: EntraControl;
  /** For the resource that a token is shown to. */
  checkToken(token: string): TokenCheck;
  /** For a notification to this app; undefined when Graph gets none for it. */
  validationToken(clientId: string, version: TokenVersion): string | undefined;
}

const DEFAULT_LIFETIME_MS = 3_599_000;
const MAX_LOG = 10_000;

export function createEntraEmulator(options: EntraOptions): EntraEmulator {
  const { clock, random, baseUrl, tenantId } = options;
  const desk: EntraDesk = {
    options,
    apps: createAppRegistry(options.apps),
    tokens: createTokenDesk({
      clock,
      random: random.fork('tokens'),
      tenantId,
      signing: options.signing ?? { kind: 'opaque' },
      lifetimeMs: options.tokenLifetimeMs ?? DEFAULT_LIFETIME_MS,
    }),
    delegated: createDelegatedDesk({
      clock,
      random: random.fork('delegated'),
      accounts: options.accounts ?? [],
    }),
    ring: createKeyRing(options.notificationKeys),
    faults: createFaultBook<EntraFault>(clock, random.fork('faults')),
    log: boundedLog(MAX_LOG),
    ids: random.fork('ids'),
    jtis: new Map(),
    consent: 'granted',
    issued: 0,
  };
  const ways = random.fork('latency');
  const latency = {
    latencyMs: options.latencyMs ?? 0,
    latencyJitterMs: options.latencyJitterMs ?? 0,
  };
  const backend: Backend = {
    depart: (request) => departWith(desk.faults, ways, targetOf(request), latency),
    arrive: (request) => {
      const response = faulted(desk, request) ?? handled(desk, request);
      return returnWith(desk.faults, targetOf(request), response);
    },
  };
  const validation = createValidationTokens({
    clock,
    random: random.fork('validation'),
    tenantId,
    issuer: issuerOf(options),
    ring: desk.ring,
  });
  return {
    baseUrl,
    tenantId,
    backend,
    exchange: exchangeWith(clock, backend),
    control: createControl(desk, validation),
    checkToken: (token) => desk.tokens.check(token),
    validationToken(clientId, version): string | undefined {
      const app = desk.apps.get(clientId);
      return app === undefined ? undefined : validation.tokenFor(app, version);
    },
  };
}

function createControl(desk: EntraDesk, validation: ValidationTokens): EntraControl {
  return {
    apps: desk.apps,
    accounts: accountControl(desk.delegated),
    keys: desk.ring,
    faults: desk.faults,
    requestLog: desk.log,
    revoke: (clientId) => desk.tokens.revoke(desk.apps.get(clientId)?.clientId ?? clientId),
    setTokenLifetime: (ms) => desk.tokens.setLifetime(ms),
    setConsent(decision): void {
      desk.consent = decision;
    },
    tokensIssued: () => desk.issued,
    reset(): void {
      desk.apps.reset();
      desk.tokens.reset();
      desk.delegated.reset();
      desk.ring.reset();
      validation.reset();
      desk.faults.reset();
      desk.log.clear();
      desk.jtis.clear();
      desk.consent = 'granted';
      desk.issued = 0;
    },
  };
}
