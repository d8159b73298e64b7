/**
 * Which host to speak to. Addresses arrive in Five9's replies and frames, so each is held against
 * the allowed domains first; anything else is refused, whoever sent it.
 */
import { isLoopback } from '../kit/egress.ts';
import type { Endpoint, Metadata } from './wire.ts';

type HostKind = 'api' | 'login';

export type Place =
  | { readonly kind: 'origin'; readonly origin: string }
  | { readonly kind: 'refused'; readonly host: string }
  | { readonly kind: 'none' };

/** Whether this host may be spoken to: the sign-in host itself, or one below an allowed domain. */
export function hostAllowed(host: string, loginUrl: string, domains: readonly string[]): boolean {
  if (!/^[a-z0-9.-]{1,253}$/.test(host)) return false;
  const login = new URL(loginUrl).hostname;
  if (host === login || (isLoopback(host) && isLoopback(login))) return true;
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** The place that the active data centre names for this kind of call. */
export function placeIn(
  metadata: Metadata | undefined,
  kind: HostKind,
  rule: { readonly loginUrl: string; readonly allowedHosts: readonly string[] },
): Place {
  const centres = metadata?.dataCenters ?? [];
  const centre = centres.find((one) => one.active) ?? centres[0];
  const endpoint = kind === 'api' ? centre?.apiUrls[0] : centre?.loginUrls[0];
  if (endpoint === undefined) return { kind: 'none' };
  const origin = originOf(endpoint, new URL(rule.loginUrl).protocol);
  if (origin === undefined) return { kind: 'refused', host: endpoint.host.slice(0, 100) };
  return hostAllowed(endpoint.host.toLowerCase(), rule.loginUrl, rule.allowedHosts)
    ? { kind: 'origin', origin }
    : { kind: 'refused', host: endpoint.host.slice(0, 100) };
}

export function socketOrigin(origin: string): string {
  return origin.replace(/^http/, 'ws');
}

function originOf(endpoint: Endpoint, protocol: string): string | undefined {
  if (!/^\d{1,5}$/.test(endpoint.port)) return undefined;
  const text = `${protocol}//${endpoint.host.toLowerCase()}:${endpoint.port}`;
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
