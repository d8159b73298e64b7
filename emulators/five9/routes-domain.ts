/** Users, codes, skills, groups and the agents' presence. */
import { stateName } from './agents.ts';
import { CODE, NO_CONTENT, type Reply, exception, ok } from './answers.ts';
import type { Member } from './model.ts';
import { parsePresence, parsed, presenceResource } from './presence.ts';
import { LOGOUT_REASONS } from './reasons.ts';
import type { Call, RestContext, Route } from './routes.ts';
import { AGENT_GROUPS, SKILLS, supervisorItem, userItem } from './users.ts';

export const PRESENCE_WRITE = 'updateAgentPresence';

function users(context: RestContext): Reply {
  const agents = context.domain.all().map((member) => userItem(member.user));
  return ok([supervisorItem(context.settings.supervisor.userName), ...agents]);
}

function sessionsOfUsers(context: RestContext): Reply {
  const own = context.sessions.current();
  const agents = context.domain.all().filter((member) => member.state.loggedIn);
  return ok([
    { userName: context.settings.supervisor.userName, sessionId: own?.sessionId ?? '' },
    ...agents.map(({ user }) => ({ userName: user.userName, sessionId: sessionIdOf(user.id) })),
  ]);
}

function forceLogout(context: RestContext, call: Call): Reply {
  const id = call.params['session'] ?? '';
  const found = context.domain
    .all()
    .find((member) => member.state.loggedIn && sessionIdOf(member.user.id) === id);
  if (found === undefined) return missing(context, 'session', id);
  context.domain.logOut(found.user.id);
  return NO_CONTENT;
}

function sessionIdOf(agent: string): string {
  return `session-${agent}`;
}

/** Agents outside the supervisor's view do not exist for the caller. */
export function visible(context: RestContext, call: Call): Member | undefined {
  const member = context.domain.find(call.params['agent'] ?? '');
  return member?.visible === true ? member : undefined;
}

function visibleAgents(context: RestContext): Reply {
  const seen = context.domain.all().filter((member) => member.visible);
  return ok(seen.map((member) => userItem(member.user)));
}

function oneAgent(context: RestContext, call: Call): Reply {
  const member = visible(context, call);
  if (member === undefined) return missing(context, 'agent', call.params['agent'] ?? '');
  return ok(userItem(member.user));
}

function readPresence(context: RestContext, call: Call): Reply {
  const member = visible(context, call);
  if (member === undefined) return missing(context, 'agent', call.params['agent'] ?? '');
  const { domain, settings } = context;
  return ok(presenceResource(member.state, settings.extrapolated, domain.now()));
}

function writePresence(context: RestContext, call: Call): Reply {
  const { domain, settings, faults } = context;
  const refusal = faults.strike('refuse_writes');
  if (refusal !== undefined) {
    const message = 'The change of the agent state was refused';
    return exception(refusal.value ?? 403, domain.now(), { code: CODE.forbidden, message });
  }
  if (faults.strike('ignore_writes') !== undefined) return { status: 200 };
  const wish = parsePresence(call.body);
  if (wish.kind === 'problem') return bad(context, wish.problem);
  const member = visible(context, call);
  if (member === undefined) return missing(context, 'agent', call.params['agent'] ?? '');
  const refused = whyNot(context, member, wish.readiness);
  if (refused !== undefined) return refused;
  domain.write(member, wish.readiness);
  const status = settings.extrapolated.presenceReplyStatus;
  if (settings.extrapolated.presenceReply === 'empty') return { status };
  return { status, json: presenceResource(member.state, settings.extrapolated, domain.now()) };
}

/** The refusal rules are published nowhere; these are the plain ones. */
function whyNot(
  context: RestContext,
  member: Member,
  wish: { readonly channels: readonly string[]; readonly reasonCode: string },
): Reply | undefined {
  const { domain, settings } = context;
  const { id, channels } = member.user;
  const state = stateName(member.state);
  if (state === 'LOGGED_OUT') return conflict(context, id, `Agent ${id} is not logged in`);
  if (wish.channels.length === 0) {
    const problem = domain.reasonProblem(wish.reasonCode);
    if (problem !== undefined) return bad(context, problem);
  }
  const unknown = wish.channels.find((channel) => !channels.includes(channel));
  if (unknown !== undefined) return bad(context, `agent ${id} has no channel "${unknown}"`);
  if (member.state.contact !== 'none' && settings.writesOnContact === 'refused') {
    return conflict(context, id, `Agent ${id} is ${state}`);
  }
  return undefined;
}

export function bad(context: RestContext, message: string): Reply {
  return exception(400, context.domain.now(), { code: CODE.badRequest, message });
}

function conflict(context: RestContext, objectId: string, message: string): Reply {
  return exception(409, context.domain.now(), { code: CODE.conflict, message, objectId });
}

export function missing(context: RestContext, what: string, id: string): Reply {
  const message = `No ${what} has the id ${id}`;
  return exception(404, context.domain.now(), { code: CODE.notFound, message, objectId: id });
}

function fullStatistics(context: RestContext): Reply {
  context.feed.sendFull();
  return NO_CONTENT;
}

function putFilter(context: RestContext, call: Call): Reply {
  const filter = parsed(call.body);
  if (filter === undefined) return bad(context, 'the body is not JSON');
  return ok((context.filter = filter));
}

export const DEFAULT_FILTER: unknown = {
  groups: [],
  groupSelectionType: 'ALL',
  skills: [],
  skillsSelectionType: 'ALL',
  range: 'CURRENT_DAY',
  rollingTimePeriod: 'MINUTES30',
  shiftHours: 8,
  subscribedHourOffset: 0,
  timeZone: 0,
  timeZoneId: 'UTC',
  useAdminTimeZone: false,
};

type Handler = (context: RestContext, call: Call) => Reply;

/** [method, pattern, operation, handler]; all of them need a session in state WORKING. */
const TABLE: readonly (readonly [string, string, string, Handler])[] = [
  ['GET', '/orgs/:org/users', 'getUsers', users],
  [
    'GET',
    '/orgs/:org/not_ready_reason_codes',
    'getNotReadyReasonCodes',
    (context) => ok(context.domain.reasons.list()),
  ],
  ['GET', '/orgs/:org/logout_reason_codes', 'getLogoutReasonCodes', () => ok(LOGOUT_REASONS)],
  [
    'GET',
    '/orgs/:org/reason_codes',
    'getReasonCodes',
    (context) => ok([...context.domain.reasons.list(), ...LOGOUT_REASONS]),
  ],
  ['GET', '/orgs/:org/skills', 'getSkills', () => ok(SKILLS)],
  ['GET', '/orgs/:org/agent_groups', 'getAgentGroups', () => ok(AGENT_GROUPS)],
  ['GET', '/orgs/:org/user_sessions', 'getUserSessions', sessionsOfUsers],
  ['PUT', '/orgs/:org/user_sessions/:session/logout', 'logoutUserSession', forceLogout],
  ['GET', '/supervisors/:user/agents', 'getAgents', visibleAgents],
  ['GET', '/supervisors/:user/agents/:agent', 'getAgent', oneAgent],
  ['GET', '/supervisors/:user/agents/:agent/presence', 'getAgentPresence', readPresence],
  ['PUT', '/supervisors/:user/agents/:agent/presence', PRESENCE_WRITE, writePresence],
  ['GET', '/supervisors/:user/skills', 'getSupervisorSkills', () => ok(SKILLS)],
  ['GET', '/supervisors/:user/agent_groups', 'getSupervisorGroups', () => ok(AGENT_GROUPS)],
  ['PUT', '/supervisors/:user/request_full_statistics', 'requestFullStatistics', fullStatistics],
  [
    'GET',
    '/supervisors/:user/stats_filter_settings',
    'getStatsFilterSettings',
    (context) => ok(context.filter),
  ],
  ['PUT', '/supervisors/:user/stats_filter_settings', 'putStatsFilterSettings', putFilter],
];

export const DOMAIN_ROUTES: readonly Route[] = TABLE.map(
  ([method, pattern, operation, handle]) => ({
    method,
    pattern,
    operation,
    needs: 'working',
    handle,
  }),
);
