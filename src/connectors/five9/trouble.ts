/** Everything that can be wrong with signing in, each with its code and what to do about it. */
import { ExchangeError, type HttpResponse } from '../../lib/exchange.ts';
import { ConnectorError, type Reaction } from '../connector.ts';
import { waitOf, wordsOf } from './reply.ts';

interface Remedy {
  readonly fix: string;
  /** When to try again; absent: by the usual back-off. */
  readonly retryMs?: number;
}

export class Trouble extends ConnectorError {
  readonly retryMs: number | undefined;

  constructor(reaction: Reaction, code: string, message: string, remedy: Remedy) {
    super(reaction, code, message, remedy.fix);
    this.retryMs = remedy.retryMs;
  }
}

const BY_ITSELF = 'Nothing: it is tried again by itself.';
/** Long, because every refused password brings the account nearer to being locked. */
const AFTER_REFUSAL_MS = 600_000;
const AFTER_LOST_SESSION_MS = 5_000;
const AFTER_NOTICE_MS = 60_000;

export function unreachable(error: unknown): Trouble {
  const why = error instanceof ExchangeError ? error.kind : 'error';
  const fix = 'Check that port 443 to Five9 is open; otherwise nothing.';
  return new Trouble('retry', 'FIVE9_UNREACHABLE', `Five9 cannot be reached (${why})`, { fix });
}

export function passwordRefused(response: HttpResponse): Trouble {
  return new Trouble(
    'ask_admin',
    'FIVE9_LOGIN_REFUSED',
    `Five9 refused the sign-in: ${wordsOf(response)}`,
    {
      fix: 'Check user name, password and supervisor role of the bridge account, and five9.loginUrl.',
      retryMs: AFTER_REFUSAL_MS,
    },
  );
}

/** The first time somebody may just have ended the session that we joined: a new sign-in helps. */
export function notRecognised(isFirst: boolean): Trouble {
  return new Trouble(
    'ask_admin',
    'FIVE9_SESSION_NOT_RECOGNISED',
    'Five9 accepted the sign-in and then refused every way to use it',
    {
      fix: 'Set five9.authorization to the way that this domain takes, and check the supervisor role.',
      retryMs: isFirst ? AFTER_LOST_SESSION_MS : AFTER_REFUSAL_MS,
    },
  );
}

export function loginWar(waitMs: number, kicked: boolean): Trouble {
  const why = kicked
    ? 'Somebody else uses the bridge account: our session was ended again and again'
    : 'Signed in too often within ten minutes';
  return new Trouble('ask_admin', 'FIVE9_LOGIN_WAR', why, {
    fix: 'Give Lockstep a Five9 user of its own and sign everybody else out of it.',
    retryMs: waitMs,
  });
}

export function noticeWaits(titles: readonly string[]): Trouble {
  const which = titles.length === 0 ? '' : `: ${titles.join('; ').slice(0, 200)}`;
  return new Trouble(
    'ask_admin',
    'FIVE9_NOTICE',
    `Five9 wants a maintenance notice accepted${which}`,
    {
      fix: 'Sign in to Five9 as the bridge account and accept the notice, or set five9.acceptNotices.',
      retryMs: AFTER_NOTICE_MS,
    },
  );
}

export function hostRefused(host: string): Trouble {
  return new Trouble(
    'ask_admin',
    'FIVE9_HOST_REFUSED',
    `Five9 named a host outside the allowed domains: ${host.replace(/[^\w.-]/g, '?')}`,
    {
      fix: 'If the host is Five9’s, add its domain to five9.allowedHosts; if not, call Five9.',
      retryMs: AFTER_REFUSAL_MS,
    },
  );
}

export function permissionMissing(what: string, response: HttpResponse): Trouble {
  return new Trouble(
    'ask_admin',
    'FIVE9_PERMISSION',
    `Five9 does not allow the bridge account to ${what}: ${wordsOf(response)}`,
    {
      fix: 'Grant the bridge account the permissions that the Five9 page of the documentation lists.',
      retryMs: AFTER_REFUSAL_MS,
    },
  );
}

export function stuckState(state: string): Trouble {
  return new Trouble(
    'retry',
    'FIVE9_LOGIN_STATE',
    `the session does not get to work; Five9 says ${state.replace(/\W/g, '?')}`,
    { fix: 'Sign in to Five9 as the bridge account and see what it asks for.' },
  );
}

/** Any other reply that is not a success. */
export function unexpected(what: string, response: HttpResponse, now: number): Trouble {
  const message = `${what}: ${wordsOf(response)}`;
  if (response.status !== 429) {
    return new Trouble('retry', 'FIVE9_UNEXPECTED', message, { fix: BY_ITSELF });
  }
  const wait = waitOf(response, now);
  return new Trouble('wait_until', 'FIVE9_THROTTLED', message, {
    fix: BY_ITSELF,
    ...(wait === undefined ? {} : { retryMs: wait }),
  });
}

export function unreadable(what: string): Trouble {
  return new Trouble('retry', 'FIVE9_UNREADABLE', `${what}: the reply cannot be read`, {
    fix: 'If it stays so, compare the reply with the Five9 page of the documentation.',
  });
}

export function stopped(): Trouble {
  return new Trouble('drop', 'FIVE9_STOPPED', 'the connector is stopped', { fix: BY_ITSELF });
}
