/** Which operation a request asks for. `/v1.0` and `/beta` answer alike. */
import { badRequest, type Problem } from './problem.ts';

export type WriteOp =
  | 'setPresence'
  | 'clearPresence'
  | 'setUserPreferredPresence'
  | 'clearUserPreferredPresence'
  | 'setStatusMessage';

export type SubscriptionOp =
  | 'createSubscription'
  | 'listSubscriptions'
  | 'getSubscription'
  | 'updateSubscription'
  | 'deleteSubscription'
  | 'reauthorizeSubscription';

export type Op =
  | WriteOp
  | SubscriptionOp
  | 'getPresence'
  | 'getPresenceById'
  | 'getPresencesByUserId'
  | 'listUsers'
  | 'getUser'
  | 'getLicenses'
  | 'getOrganization'
  | 'listServicePrincipals'
  | 'getAppRoleAssignments'
  | 'getTeamsUserConfiguration'
  | 'getMailboxSettings';

type OpClass = 'read' | 'write' | 'directory' | 'subscription';

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
  createSubscription: 'subscription',
  listSubscriptions: 'subscription',
  getSubscription: 'subscription',
  updateSubscription: 'subscription',
  deleteSubscription: 'subscription',
  reauthorizeSubscription: 'subscription',
  listUsers: 'directory',
  getUser: 'directory',
  getLicenses: 'directory',
  getOrganization: 'directory',
  listServicePrincipals: 'directory',
  getAppRoleAssignments: 'directory',
  getTeamsUserConfiguration: 'directory',
  getMailboxSettings: 'directory',
};

/** `*` stands for an id. Segments are compared without regard to case. */
const TABLE: readonly (readonly [method: string, path: string, op: Op])[] = [
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
  ['POST', 'subscriptions', 'createSubscription'],
  ['GET', 'subscriptions', 'listSubscriptions'],
  ['GET', 'subscriptions/*', 'getSubscription'],
  ['PATCH', 'subscriptions/*', 'updateSubscription'],
  ['DELETE', 'subscriptions/*', 'deleteSubscription'],
  ['POST', 'subscriptions/*/reauthorize', 'reauthorizeSubscription'],
  ['GET', 'users', 'listUsers'],
  ['GET', 'users/*', 'getUser'],
  ['GET', 'users/*/licensedetails', 'getLicenses'],
  ['GET', 'organization', 'getOrganization'],
  ['GET', 'serviceprincipals', 'listServicePrincipals'],
  ['GET', 'serviceprincipals/*/approleassignments', 'getAppRoleAssignments'],
  ['GET', 'admin/teams/userconfigurations/*', 'getTeamsUserConfiguration'],
  ['GET', 'users/*/mailboxsettings', 'getMailboxSettings'],
];

interface Pattern {
  readonly method: string;
  readonly parts: readonly string[];
  readonly op: Op;
}

const PATTERNS: readonly Pattern[] = TABLE.map(([method, path, op]) => ({
  method,
  parts: path.split('/'),
  op,
}));

export function isWriteOp(op: Op): op is WriteOp {
  return CLASSES[op] === 'write';
}

export function isSubscriptionOp(op: Op): op is SubscriptionOp {
  return CLASSES[op] === 'subscription';
}

export function isDirectoryOp(op: Op): boolean {
  return CLASSES[op] === 'directory';
}

export function routeOf(method: string, url: URL): Route | Problem {
  const [version, ...rest] = segmentsOf(url);
  if (version !== 'v1.0' && version !== 'beta') {
    return badRequest(`Invalid version: ${version ?? ''}`);
  }
  if (rest[0]?.toLowerCase() === 'me') {
    return badRequest('/me request is only valid with delegated authentication flow.');
  }
  const words = rest.map((segment) => segment.toLowerCase());
  const fits = PATTERNS.filter(({ parts }) => isLike(parts, words));
  if (fits.length === 0) {
    return badRequest(`Resource not found for the segment '${rest.at(-1) ?? ''}'.`);
  }
  const match = fits.find((pattern) => pattern.method === method);
  if (match === undefined) {
    const message = `The HTTP method '${method}' is not supported here.`;
    return { status: 405, code: 'MethodNotAllowed', message };
  }
  const { parts, op } = match;
  const id = rest[parts.indexOf('*')];
  return { op, class: CLASSES[op], ...(id === undefined ? {} : { id }) };
}

function segmentsOf(url: URL): readonly string[] {
  return url.pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
}

/** A segment with a broken escape stays as it is and matches nothing. */
function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** `words` are in lower case. */
function isLike(parts: readonly string[], words: readonly string[]): boolean {
  return (
    parts.length === words.length && parts.every((part, at) => part === '*' || part === words[at])
  );
}
