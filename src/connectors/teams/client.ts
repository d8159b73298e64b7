/**
 * Requests to Graph with the application's token.
 *
 * G1  A 401 is answered with one fresh token and one replay, never more; the claims that a
 *     challenge asks for go into the fresh token once. A 401 had no effect, so writes may be
 *     replayed too.
 * G2  A replay is counted before it is sent.
 * G3  Nothing else is retried.
 */
import type { HttpRequest, HttpResponse } from '../../lib/exchange.ts';
import type { Seams } from '../connector.ts';
import type { TeamsSetup } from './options.ts';
import { sideOf, type Registrations } from './registrations.ts';

export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version, with its query. */
  readonly path: string;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface GraphClient {
  /** Rejects with `ConnectorError` (no token) or `ExchangeError` (no answer). */
  call(request: GraphRequest): Promise<HttpResponse>;
}

export interface ClientParts {
  readonly setup: Pick<TeamsSetup, 'graphUrl'>;
  readonly seams: Pick<Seams, 'exchange'>;
  readonly tokens: Registrations;
  /** Counts a replay against the quota. */
  readonly spend: () => void;
}

export function createGraphClient(parts: ClientParts): GraphClient {
  const { setup, seams, spend } = parts;
  return {
    async call(request): Promise<HttpResponse> {
      const url = setup.graphUrl + request.path;
      const tokens = parts.tokens[sideOf(request)];
      const token = await tokens.get();
      const first = await seams.exchange(httpRequest(request, url, token.text));
      if (first.status !== 401) return first;
      const fresh = await tokens.replace(token, challengeOf(first));
      if (fresh === token) return first;
      spend();
      return seams.exchange(httpRequest(request, url, fresh.text));
    },
  };
}

function httpRequest(request: GraphRequest, url: string, token: string): HttpRequest {
  const hasBody = request.body !== undefined;
  return {
    method: request.method,
    url,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: request.body } : {}),
    timeoutMs: request.timeoutMs,
  };
}

const CHALLENGE_MAX = 8_192;

/**
 * The claims of a challenge, decoded.
 * https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge
 */
function challengeOf(response: HttpResponse): string | undefined {
  const header = response.headers['www-authenticate'] ?? '';
  if (header.length > CHALLENGE_MAX || !/error="?insufficient_claims/i.test(header)) {
    return undefined;
  }
  const encoded = /claims="?([A-Za-z0-9+/=_-]+)/.exec(header)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}
