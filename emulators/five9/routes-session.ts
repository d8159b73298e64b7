/** Login, login state, notices and the session's life. */
import { CODE, NO_CONTENT, type Reply, exception, ok } from './answers.ts';
import { isRecord, parsed } from './presence.ts';
import type { Call, RestContext, Route } from './routes.ts';
import type { Session } from './sessions.ts';

function logIn(context: RestContext, call: Call): Reply {
  const { settings, sessions, domain } = context;
  const body = parsed(call.body);
  const credentials = isRecord(body) ? body['passwordCredentials'] : undefined;
  if (!isRecord(body) || !isRecord(credentials)) {
    const message = 'passwordCredentials is missing';
    return exception(400, domain.now(), { code: CODE.badRequest, message });
  }
  const policy = body['policy'];
  if (policy !== 'ForceIn' && policy !== 'AttachExisting') {
    const message = 'policy must be ForceIn or AttachExisting';
    return exception(400, domain.now(), { code: CODE.badRequest, message });
  }
  const { userName, password } = settings.supervisor;
  if (credentials['username'] !== userName || credentials['password'] !== password) {
    const message = 'Invalid user name or password';
    const detail = { code: CODE.unauthorised, message, contextCode: 'LOGIN' };
    return exception(401, domain.now(), detail);
  }
  const session = sessions.logIn(policy);
  const headers = { 'set-cookie': sessions.cookies(session) };
  return { status: 200, headers, json: sessions.loginReply(session) };
}

function logOut(context: RestContext): Reply {
  context.sessions.end();
  return NO_CONTENT;
}

function startSession(context: RestContext, call: Call, session: Session): Reply {
  const { sessions, domain } = context;
  if (sessions.state(session) === 'RELOGIN') return improper(context, session, 'startSession');
  if (sessions.state(session) === 'WORKING' && call.query.get('force') !== 'true') {
    const message = 'The session is started already';
    const detail = { code: CODE.conflict, message, contextCode: 'DUPLICATE_LOGIN' };
    return exception(409, domain.now(), detail);
  }
  session.station = true;
  if (sessions.state(session) === 'WORKING') context.feed.sendFull();
  return NO_CONTENT;
}

function restartSession(context: RestContext, _call: Call, session: Session): Reply {
  session.relogin = false;
  if (context.sessions.state(session) === 'WORKING') context.feed.sendFull();
  return NO_CONTENT;
}

function stopSession(_context: RestContext, _call: Call, session: Session): Reply {
  session.station = false;
  return NO_CONTENT;
}

function acceptNotice(context: RestContext, call: Call, session: Session): Reply {
  const { sessions, domain, feed } = context;
  const id = call.params['notice'] ?? '';
  if (!sessions.notices().some((notice) => notice.id === id)) {
    const message = `No maintenance notice has the id ${id}`;
    return exception(404, domain.now(), { code: CODE.notFound, message, objectId: id });
  }
  const before = sessions.state(session);
  const notice = sessions.accept(id);
  if (before !== 'WORKING' && sessions.state(session) === 'WORKING') feed.sendFull();
  return ok(notice);
}

/** The body of a call that the login state forbids. */
export function improper(context: RestContext, session: Session, operation: string): Reply {
  const state = context.sessions.state(session);
  const message = `Improper agent login state ${state} while calling ${operation}. Allowed is WORKING`;
  const detail = { code: CODE.improperLoginState, message, contextCode: 'LOGIN' };
  return exception(435, context.domain.now(), detail);
}

const OPEN: readonly Route[] = [
  { method: 'POST', pattern: '/auth/login', operation: 'login', needs: 'nothing', handle: logIn },
];

const OF_THE_LOGIN: readonly Route[] = [
  {
    method: 'GET',
    pattern: '/auth/metadata',
    operation: 'getMetadata',
    needs: 'login',
    handle: (context, _call, session) => ok(context.sessions.loginReply(session)),
  },
  {
    method: 'POST',
    pattern: '/auth/logout',
    operation: 'logout',
    needs: 'login',
    handle: logOut,
  },
];

/** The same calls exist for supervisors and for agents. */
const OF_THE_USER: readonly Route[] = ['/supervisors/:user', '/agents/:user'].flatMap(
  (user): readonly Route[] => [
    {
      method: 'GET',
      pattern: `${user}/login_state`,
      operation: 'getLoginState',
      needs: 'login',
      handle: (context, _call, session) => ok(context.sessions.state(session)),
    },
    {
      method: 'PUT',
      pattern: `${user}/session_start`,
      operation: 'startSession',
      needs: 'login',
      handle: startSession,
    },
    {
      method: 'PUT',
      pattern: `${user}/session_restart`,
      operation: 'restartSession',
      needs: 'login',
      handle: restartSession,
    },
    {
      method: 'PUT',
      pattern: `${user}/session_stop`,
      operation: 'stopSession',
      needs: 'login',
      handle: stopSession,
    },
    {
      method: 'PUT',
      pattern: `${user}/ping`,
      operation: 'ping',
      needs: 'login',
      handle: () => NO_CONTENT,
    },
    {
      method: 'GET',
      pattern: `${user}/maintenance_notices`,
      operation: 'getMaintenanceNotices',
      needs: 'login',
      handle: (context) => ok(context.sessions.notices().filter((notice) => !notice.accepted)),
    },
    {
      method: 'PUT',
      pattern: `${user}/maintenance_notices/:notice/accept`,
      operation: 'acceptMaintenanceNotice',
      needs: 'login',
      handle: acceptNotice,
    },
  ],
);

export const SESSION_ROUTES: readonly Route[] = [...OPEN, ...OF_THE_LOGIN, ...OF_THE_USER];
