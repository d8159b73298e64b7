/**
 * The routes of the Entra double: which path answers what, and what the log keeps of it.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import type { KeyObject } from 'node:crypto';
import type { Random } from '../../src/lib/random.ts';
import type { Signing, TokenDesk } from './access-token.ts';
import type { BoundedLog } from './bounded-log.ts';
import type { AccountSpec } from './accounts.ts';
import { answerConsent } from './consent.ts';
import type { DelegatedDesk } from './delegated-desk.ts';
import { answerDeviceCode } from './device-code-endpoint.ts';
import type { FaultBook } from './fault-book.ts';
import { guid } from './guid.ts';
import { jsonResponse, oauthErrorResponse, PROBLEMS, type OauthProblem } from './oauth-error.ts';
import type { AppRegistry, AppSpec } from './registration.ts';
import { discovery, isForAll } from './discovery.ts';
import type { KeyRing } from './key-ring.ts';
import { answerToken } from './token-endpoint.ts';
import type { TokenRules } from './token-rules.ts';
import { WAY_FAULTS } from './transport.ts';

export const ENTRA_FAULTS = [...WAY_FAULTS, 'unavailable', 'throttled', 'body'] as const;
export type EntraFault = (typeof ENTRA_FAULTS)[number];

export interface EntraOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly tenantId: string;
  /** A domain name that is accepted in place of the tenant id. */
  readonly domain?: string;
  readonly apps: readonly AppSpec[];
  /** People who can sign in to an app; none when absent. */
  readonly accounts?: readonly AccountSpec[];
  /** RSA keys for validation tokens, in the order of their use; made as needed when absent. */
  readonly notificationKeys?: readonly KeyObject[];
  /** `iss` of v2 tokens; default `{baseUrl}/{tenantId}/v2.0`. */
  readonly v2Issuer?: string;
  /** Default: opaque tokens kept in a table. */
  readonly signing?: Signing;
  /** Default 3,599 s, as in the published example. */
  readonly tokenLifetimeMs?: number;
  /** Resources that tokens are issued for besides the public ones of Graph. */
  readonly resources?: readonly string[];
  /** Whether an assertion may be used twice; the contract does not say. Default `refuse`. */
  readonly assertionReplay?: 'refuse' | 'allow';
  readonly latencyMs?: number;
  readonly latencyJitterMs?: number;
}

export interface EntraRequestEntry {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly clientId?: string;
  /** The AADSTS code of a refusal. */
  readonly code?: number;
}

/** Graph's own application id, the same in every tenant. */
export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/** https://learn.microsoft.com/en-us/graph/deployments and Graph's own application id. */
export const GRAPH_RESOURCES = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.us',
  'https://dod-graph.microsoft.us',
  'https://microsoftgraph.chinacloudapi.cn',
  GRAPH_APP_ID,
] as const;

const MAX_JTIS = 10_000;

/** What the routes share; changed only by the routes and by the control. */
export interface EntraDesk {
  readonly options: EntraOptions;
  readonly apps: AppRegistry;
  readonly tokens: TokenDesk;
  readonly delegated: DelegatedDesk;
  /** Keys of the validation tokens of notifications. */
  readonly ring: KeyRing;
  readonly faults: FaultBook<EntraFault>;
  readonly log: BoundedLog<EntraRequestEntry>;
  readonly ids: Random;
  readonly jtis: Map<string, number>;
  consent: 'granted' | 'denied';
  issued: number;
}

/** What a route makes of a request: the answer and what the log should say of it. */
interface Reply {
  readonly response: HttpResponse;
  readonly clientId?: string;
  readonly code?: number;
}

export function targetOf(request: HttpRequest): { readonly ops: readonly string[] } {
  const path = new URL(request.url).pathname;
  if (path.endsWith('/token')) return { ops: ['token'] };
  const isAboutKeys = path.endsWith('/keys') || path.endsWith('/openid-configuration');
  return { ops: isAboutKeys ? ['keys', 'other'] : ['other'] };
}

export function faulted(desk: EntraDesk, request: HttpRequest): HttpResponse | undefined {
  const target = targetOf(request);
  const unavailable = desk.faults.draw('unavailable', target);
  if (unavailable !== undefined) {
    return jsonResponse(unavailable.status ?? 503, { error: 'temporarily_unavailable' });
  }
  const throttled = desk.faults.draw('throttled', target);
  if (throttled !== undefined) {
    const after = throttled.retryAfter;
    const headers: Record<string, string> =
      after === undefined ? {} : { 'retry-after': String(after) };
    return jsonResponse(429, { error: 'temporarily_unavailable' }, headers);
  }
  const body = desk.faults.draw('body', target);
  if (body === undefined) return undefined;
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  return { status: body.status ?? 200, headers, body: body.text ?? '<html></html>' };
}

export function handled(desk: EntraDesk, request: HttpRequest): HttpResponse {
  const url = new URL(request.url);
  const [tenant = '', ...rest] = url.pathname.split('/').filter((part) => part !== '');
  const reply = route(desk, request, { tenant, path: rest.join('/'), query: url.searchParams });
  desk.log.push({
    at: desk.options.clock.now(),
    method: request.method,
    path: url.pathname,
    status: reply.response.status,
    ...(reply.clientId === undefined ? {} : { clientId: reply.clientId }),
    ...(reply.code === undefined ? {} : { code: reply.code }),
  });
  return reply.response;
}

interface Target {
  readonly tenant: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

function route(desk: EntraDesk, request: HttpRequest, target: Target): Reply {
  const { tenantId, domain } = desk.options;
  const known = [tenantId, domain].some(
    (name) => name?.toLowerCase() === target.tenant.toLowerCase(),
  );
  if (!known && !isForAll(target)) return refusal(desk, PROBLEMS.unknownTenant(target.tenant));
  switch (target.path) {
    case 'oauth2/v2.0/token':
      return answerTokenRequest(desk, request, target.tenant);
    case 'oauth2/v2.0/devicecode':
      return answerDeviceCodeRequest(desk, request, target.tenant);
    case '.well-known/openid-configuration':
    case 'v2.0/.well-known/openid-configuration':
      return { response: jsonResponse(200, discovery(desk.options, target)) };
    case 'discovery/keys':
    case 'discovery/v2.0/keys': {
      const keys = [...desk.tokens.keys(), ...desk.ring.published()];
      return { response: jsonResponse(200, { keys }) };
    }
    case 'adminconsent':
    case 'v2.0/adminconsent':
      return answerConsentRequest(desk, target.query);
    default:
      return { response: jsonResponse(404, { error: 'not_found' }) };
  }
}

function answerTokenRequest(desk: EntraDesk, request: HttpRequest, tenant: string): Reply {
  const answer = answerToken(request, tokenRules(desk, tenant));
  if (answer.kind === 'refused') return refusal(desk, answer.problem, answer.clientId);
  desk.issued += 1;
  return { response: jsonResponse(200, answer.body), clientId: answer.clientId };
}

function answerDeviceCodeRequest(desk: EntraDesk, request: HttpRequest, tenant: string): Reply {
  const answer = answerDeviceCode(request, tokenRules(desk, tenant));
  if (answer.kind === 'refused') return refusal(desk, answer.problem, answer.clientId);
  return { response: jsonResponse(200, answer.body), clientId: answer.clientId };
}

function tokenRules(desk: EntraDesk, tenant: string): TokenRules {
  const { clock, baseUrl, tenantId, resources = [] } = desk.options;
  return {
    now: clock.now(),
    tenantId,
    apps: desk.apps,
    desk: desk.tokens,
    delegated: desk.delegated,
    resources: [...GRAPH_RESOURCES, ...resources],
    assertionAudiences: [
      `${baseUrl}/${tenant}/oauth2/v2.0/token`,
      `${baseUrl}/${tenantId}/oauth2/v2.0/token`,
      `${baseUrl}/${tenantId}/v2.0`,
    ],
    freshJti: (jti, expiresAt) => freshJti(desk, jti, expiresAt),
  };
}

function freshJti(desk: EntraDesk, jti: string, expiresAt: number): boolean {
  if (desk.options.assertionReplay === 'allow') return true;
  if ((desk.jtis.get(jti) ?? 0) > desk.options.clock.now()) return false;
  desk.jtis.set(jti, expiresAt);
  const [oldest] = desk.jtis.keys();
  if (desk.jtis.size > MAX_JTIS && oldest !== undefined) desk.jtis.delete(oldest);
  return true;
}

function answerConsentRequest(desk: EntraDesk, query: URLSearchParams): Reply {
  const clientId = query.get('client_id') ?? '';
  const app = desk.apps.get(clientId);
  const { tenantId } = desk.options;
  const answer = answerConsent({ app, query, tenantId, decision: desk.consent });
  if (answer.kind === 'refused') {
    const { code, message } = answer;
    return refusal(desk, { code, status: 400, error: 'invalid_request', message }, clientId);
  }
  if (answer.kind === 'granted' && app !== undefined) {
    desk.apps.change(clientId, { roles: [...new Set([...app.roles, ...app.requestedRoles])] });
  }
  return { response: answer.response, clientId };
}

function refusal(desk: EntraDesk, problem: OauthProblem, clientId?: string): Reply {
  const response = oauthErrorResponse(problem, {
    now: desk.options.clock.now(),
    traceId: guid(desk.ids),
    correlationId: guid(desk.ids),
    baseUrl: desk.options.baseUrl,
  });
  return { response, code: problem.code, ...(clientId === undefined ? {} : { clientId }) };
}
