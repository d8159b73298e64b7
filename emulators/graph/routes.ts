/** Which operation a request asks for. `/v1.0` and `/beta` answer alike. */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { badRequest, type Problem } from './problem.ts';

export type WriteOp =
  | 'setPresence'
  | 'clearPresence'
  | 'setUserPreferredPresence'
  | 'clearUserPreferredPresence'
  | 'setStatusMessage';

export type Op =
  | WriteOp
  | 'getPresence'
  | 'getPresenceById'
  | 'getPresencesByUserId'
  | 'listUsers'
  | 'getUser'
  | 'getLicenses'
  | 'getOrganization';

type OpClass = 'read' | 'write' | 'directory';

export interface Route {
  readonly op: Op;
  readonly class: OpClass;
  /** The id in the path, as the client wrote it. */
  readonly id?: string;
}

const CLASSES: Readonly<Record<Op, OpClass>> = {
  getPresence: 'read',
  getPresenceById: 'read',
  getPresencesByUserId: 'read',
  setPresence: 'write',
  clearPresence: 'write',
  setUserPreferredPresence: 'write',
  clearUserPreferredPresence: 'write',
  setStatusMessage: 'write',
  listUsers: 'directory',
  getUser: 'directory',
  getLicenses: 'directory',
  getOrganization: 'directory',
};

/** `*` stands for an id. Segments are compared without regard to case. */
const PATTERNS: readonly (readonly [method: string, pattern: string, op: Op])[] = [
  ['GET', 'users/*/presence', 'getPresence'],
  ['GET', 'communications/presences/*', 'getPresenceById'],
  ['POST', 'communications/getpresencesbyuserid', 'getPresencesByUserId'],
  ...(['users/*/presence', 'communications/presences/*'] as const).flatMap((base) => [
    ['POST', `${base}/setpresence`, 'setPresence'] as const,
    ['POST', `${base}/clearpresence`, 'clearPresence'] as const,
    ['POST', `${base}/setuserpreferredpresence`, 'setUserPreferredPresence'] as const,
    ['POST', `${base}/clearuserpreferredpresence`, 'clearUserPreferredPresence'] as const,
    ['POST', `${base}/setstatusmessage`, 'setStatusMessage'] as const,
  ]),
  ['GET', 'users', 'listUsers'],
  ['GET', 'users/*', 'getUser'],
  ['GET', 'users/*/licensedetails', 'getLicenses'],
  ['GET', 'organization', 'getOrganization'],
];

export function isWriteOp(op: Op): op is WriteOp {
  return CLASSES[op] === 'write';
}

export function routeOf(request: HttpRequest): Route | Problem {
  const segments = pathOf(request);
  const [version, ...rest] = segments;
  if (version !== 'v1.0' && version !== 'beta') {
    return badRequest(`Invalid version: ${version ?? ''}`);
  }
  if (rest[0]?.toLowerCase() === 'me') {
    return badRequest('/me request is only valid with delegated authentication flow.');
  }
  const fits = PATTERNS.filter(([, pattern]) => isLike(pattern, rest));
  if (fits.length === 0) {
    return badRequest(`Resource not found for the segment '${rest.at(-1) ?? ''}'.`);
  }
  const match = fits.find(([method]) => method === request.method);
  if (match === undefined) {
    const message = `The HTTP method '${request.method}' is not supported here.`;
    return { status: 405, code: 'MethodNotAllowed', message };
  }
  const [, pattern, op] = match;
  const id = rest[pattern.split('/').indexOf('*')];
  return { op, class: CLASSES[op], ...(id === undefined ? {} : { id }) };
}

function pathOf(request: HttpRequest): readonly string[] {
  const { pathname } = new URL(request.url);
  return pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
}

/** A segment with a broken escape stays as it is and matches nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function isLike(pattern: string, segments: readonly string[]): boolean {
  const parts = pattern.split('/');
  if (parts.length !== segments.length) return false;
  return parts.every((part, at) => part === '*' || part === segments[at]?.toLowerCase());
}
