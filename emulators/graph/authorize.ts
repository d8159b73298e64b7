/**
 * Who asks, and whether the token's roles allow it.
 * Roles by path: https://learn.microsoft.com/en-us/graph/permissions-reference
 * Claims challenge: https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge
 */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import type { TokenClaims } from '../entra/access-claims.ts';
import { GRAPH_APP_ID } from '../entra/entra-routes.ts';
import type { FaultTarget } from '../entra/fault-book.ts';
import type { GraphDesk } from './desk.ts';
import { extensionError, forbidden, unauthorized, type Problem } from './problem.ts';
import { isDirectoryOp, isSubscriptionOp, type Op, type SubscriptionOp } from './routes.ts';

/** Who is signed in to the app. */
export interface Person {
  /** The object id. */
  readonly id: string;
  readonly scopes: readonly string[];
}

export interface Caller {
  readonly app: string;
  readonly roles: readonly string[];
  /** Undefined when the app asks for itself. */
  readonly person: Person | undefined;
  /** Epoch ms. */
  readonly tokenEndsAt: number;
}

const READ = ['Presence.Read.All', 'Presence.ReadWrite.All'];
const WRITE = ['Presence.ReadWrite.All'];
const USERS = ['User.ReadBasic.All', 'User.Read.All'];
const PRINCIPALS = ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All'];

/** No application permission lets an app subscribe to presence: only a person can. */
const NOBODY: readonly string[] = [];

const ROLES: Readonly<Record<Op, readonly string[]>> = {
  getPresence: READ,
  getPresenceById: READ,
  getPresencesByUserId: READ,
  setPresence: WRITE,
  clearPresence: WRITE,
  setUserPreferredPresence: WRITE,
  clearUserPreferredPresence: WRITE,
  setStatusMessage: WRITE,
  createSubscription: NOBODY,
  listSubscriptions: NOBODY,
  getSubscription: NOBODY,
  updateSubscription: NOBODY,
  deleteSubscription: NOBODY,
  reauthorizeSubscription: NOBODY,
  listUsers: USERS,
  getUser: USERS,
  getLicenses: ['User.Read.All', 'LicenseAssignment.Read.All'],
  getOrganization: ['User.Read.All', 'Organization.Read.All'],
  listServicePrincipals: PRINCIPALS,
  getAppRoleAssignments: PRINCIPALS,
  getTeamsUserConfiguration: ['TeamsUserConfiguration.Read.All'],
  getMailboxSettings: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
};

export function authorize(
  desk: GraphDesk,
  request: HttpRequest,
  target: FaultTarget,
): Caller | Problem {
  const [scheme, token] = (request.headers['authorization'] ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || token === '') {
    return unauthorized('Access token is empty.', challenge(desk));
  }
  if (desk.faults.draw('token_expired', target) !== undefined) return expired(desk);
  if (desk.faults.draw('claims_challenge', target) !== undefined) return claimsChallenge(desk);
  const check = desk.entra.checkToken(token);
  if (check.kind === 'bad') {
    if (check.why === 'expired') return expired(desk);
    if (check.why === 'revoked') return claimsChallenge(desk);
    return unauthorized(`Access token validation failure. ${check.why}`, challenge(desk));
  }
  return claimsProblem(desk, check.claims) ?? callerOf(check.claims);
}

function callerOf({ appid: app, roles, exp, scp, oid }: TokenClaims): Caller {
  const isPerson = scp !== undefined && oid !== undefined;
  const person = isPerson ? { id: oid, scopes: scp.split(' ') } : undefined;
  return { app, roles, person, tokenEndsAt: exp * 1000 };
}

/** A good token, but is it one for us? */
function claimsProblem(desk: GraphDesk, { aud, tid }: TokenClaims): Problem | undefined {
  if (!desk.audiences.includes(aud.replace(/\/$/u, ''))) {
    return unauthorized('Access token validation failure. Invalid audience.', challenge(desk));
  }
  if (tid === desk.tenantId) return undefined;
  return unauthorized('Access token validation failure. Invalid tenant.', challenge(desk));
}

/** What a person's token may do here: read presence, and subscribe to it. */
const SCOPE = 'Presence.Read.All';

const SUBSCRIBING: Readonly<Record<SubscriptionOp, string>> = {
  createSubscription: 'Create',
  listSubscriptions: 'List',
  getSubscription: 'Get',
  updateSubscription: 'Update',
  deleteSubscription: 'Delete',
  reauthorizeSubscription: 'Reauthorize',
};

export function roleProblem(op: Op, { roles, person }: Caller): Problem | undefined {
  const isAllowed =
    person === undefined
      ? ROLES[op].some((role) => roles.includes(role))
      : (isSubscriptionOp(op) || ROLES[op] === READ) && person.scopes.includes(SCOPE);
  if (isAllowed) return undefined;
  if (isSubscriptionOp(op)) {
    const reason = 'The request is not authorized for this user or application.';
    return extensionError(403, SUBSCRIBING[op], reason);
  }
  if (isDirectoryOp(op)) {
    const message = 'Insufficient privileges to complete the operation.';
    return { status: 403, code: 'Authorization_RequestDenied', message };
  }
  return forbidden(`The token lacks one of the roles ${ROLES[op].join(', ')}.`);
}

function expired(desk: GraphDesk): Problem {
  return unauthorized('Lifetime validation failed, the token is expired.', challenge(desk));
}

function challenge(desk: GraphDesk, more = ''): string {
  const uri = `${desk.entra.baseUrl}/common/oauth2/authorize`;
  return `Bearer realm="", authorization_uri="${uri}", client_id="${GRAPH_APP_ID}"${more}`;
}

/** The token has not expired, yet a new one is asked for, with these claims. */
function claimsChallenge(desk: GraphDesk): Problem {
  const notBefore = String(Math.floor(desk.clock.now() / 1000));
  const claims = { access_token: { nbf: { essential: true, value: notBefore } } };
  const encoded = Buffer.from(JSON.stringify(claims)).toString('base64');
  const more = `, error="insufficient_claims", claims="${encoded}"`;
  return unauthorized(
    'Continuous access evaluation resulted in challenge with result: InteractionRequired ' +
      'and code: TokenIssuedBeforeRevocationTimestamp',
    challenge(desk, more),
  );
}
