/**
 * Where connectors may connect to: a list of origins, and the addresses behind their names.
 *
 * E1  An address is reached only when its origin is on the list, compared exactly: scheme, host
 *     and port. One leading `*.` stands for one or more labels.
 * E2  A name on the list must resolve to a public address. Only a host that the list itself names
 *     as an address or as `localhost` may be private.
 * E3  Plain HTTP goes to this machine only, and then to any of its ports: a platform that runs here
 *     (an emulator, a gateway) may name several.
 */
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { ConnectorError } from '../connector.ts';

export interface Egress {
  /** True when the list allows this URL. */
  permits(url: URL): boolean;
  /** True when a connection to `hostname` may use this address. */
  accepts(hostname: string, address: string): boolean;
}

export interface EgressOptions {
  /** `https://graph.microsoft.com`, `https://*.five9.com`, `http://localhost:8080`. */
  readonly allowed: readonly string[];
  /** `allow` also lets plain HTTP and private addresses through: for a closed test network. */
  readonly privateAddresses?: 'refuse' | 'allow';
}

export function createEgress(options: EgressOptions): Egress {
  const open = options.privateAddresses === 'allow';
  const exact = new Set<string>();
  const suffixes: string[] = [];
  for (const pattern of options.allowed) {
    const origin = parsePattern(pattern, open);
    if (origin.suffix === undefined) exact.add(origin.key);
    else suffixes.push(origin.suffix);
  }
  const local = [...exact].some(
    (key) => key.startsWith('http:') && isLoopback(new URL(key).hostname),
  );
  return {
    permits(url): boolean {
      if (url.username !== '' || url.password !== '') return false;
      const key = keyOf(url);
      if (exact.has(key)) return true;
      if (local && url.protocol === 'http:' && isLoopback(url.hostname)) return true;
      return suffixes.some((suffix) => isBelow(key, suffix));
    },
    accepts: (hostname, address) =>
      open || hostname === 'localhost' || hostname === address || isPublicAddress(address),
  };
}

/** False for loopback, private, link-local, multicast, reserved and documentation addresses. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return family === 6 ? !NOT_PUBLIC_6.check(address, 'ipv6') : !NOT_PUBLIC_4.check(address, 'ipv4');
}

function keyOf(url: URL): string {
  return `${url.protocol}//${url.host}`;
}

function isBelow(key: string, suffix: string): boolean {
  return key.startsWith('https://') && key.endsWith(suffix) && key.length > 8 + suffix.length;
}

function parsePattern(
  pattern: string,
  open: boolean,
): { readonly key: string; readonly suffix?: string } {
  const wild = /^https:\/\/\*(\.[a-z0-9-]+){2,}$/.test(pattern);
  if (wild) return { key: pattern, suffix: pattern.slice('https://*'.length) };
  if (pattern.includes('*')) throw badPattern(pattern, 'a star stands only before a domain');
  if (!URL.canParse(pattern)) throw badPattern(pattern, 'it is not a URL');
  const url = new URL(pattern);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw badPattern(pattern, 'its scheme is neither https nor http');
  }
  if (url.origin !== pattern.replace(/\/$/, '').toLowerCase()) {
    throw badPattern(pattern, 'it has more than a scheme, a host and a port');
  }
  if (url.protocol === 'http:' && !open && !isLoopback(url.hostname)) {
    throw badPattern(pattern, 'plain http is allowed to this machine only');
  }
  return { key: keyOf(url) };
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function badPattern(pattern: string, why: string): ConnectorError {
  return new ConnectorError(
    'bug',
    'EGRESS_PATTERN',
    `allowed origin ${JSON.stringify(pattern)}: ${why}`,
    'Write it as https://host, https://host:port or https://*.domain.tld.',
  );
}

/** Special-purpose ranges: https://www.iana.org/assignments/iana-ipv4-special-registry */
const NOT_PUBLIC_4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  NOT_PUBLIC_4.addSubnet(network, prefix, 'ipv4');
}
/** https://www.iana.org/assignments/iana-ipv6-special-registry */
const NOT_PUBLIC_6 = new BlockList();
for (const [network, prefix] of [
  ['::', 127],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  NOT_PUBLIC_6.addSubnet(network, prefix, 'ipv6');
}

/** How a name is resolved; the machine's own way unless a test hands in another. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** Resolves a name once a connection, and only to addresses that may be reached (E2). */
export function guardedLookup(egress: Egress, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const usable = found?.filter((one) => egress.accepts(hostname, one.address)) ?? [];
      const [first] = usable;
      if (first === undefined) {
        callback(error ?? new Error('the name resolves to no public address'), '');
      } else if (options.all === true) {
        callback(null, usable);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
