/**
 * A page of agents' states as the New Platform shows them. Field names follow the client model of
 * https://github.com/James-Smart/five9-stats; their values are published nowhere.
 */
import { type Reply, ok } from './answers.ts';
import { stateName } from './agents.ts';
import { refused } from './cloud-answers.ts';
import { type CloudSettings, shownId, shownTime, userUid } from './cloud-options.ts';
import type { Member } from './member.ts';

const PAGE_MAX = 100;
const USERS_PAGE_MAX = 200;

export function agentStates(url: URL, settings: CloudSettings): Reply {
  const rows = settings.domain.all().map((member) => snapshotRow(member, settings));
  const page = pageOf(rows, url, PAGE_MAX);
  if (page === undefined) return refused(400, 'BAD_REQUEST', 'pageLimit or pageCursor');
  return ok({ domainId: settings.domainId, data: page.items, paging: page.paging });
}

export function userList(url: URL, settings: CloudSettings): Reply {
  const users = settings.domain.all().map(({ user }) => ({
    userUID: userUid(user.id),
    username: user.userName,
    email: user.email,
    firstName: user.fullName,
    status: 'ACTIVE',
  }));
  const page = pageOf(users, url, USERS_PAGE_MAX);
  return page === undefined
    ? refused(400, 'BAD_REQUEST', 'pageLimit or pageCursor')
    : ok({ items: page.items, paging: page.paging });
}

function snapshotRow({ user, state }: Member, settings: CloudSettings): object {
  const whole = stateName(state);
  const contact = ['RINGING', 'ON_CALL', 'ACW'].includes(whole);
  const ready = state.current.channels.length > 0;
  const own = ready ? 'READY' : 'NOT_READY';
  const at = (when: number): string | number | null => shownTime(when, settings);
  const since = (name: string): string | number | null => at(whole === name ? state.stateSince : 0);
  return {
    id: shownId(user.id, settings),
    presenceState: contact && settings.presence === 'split' ? own : whole,
    stateSince: at(state.stateSince),
    reasonCode: state.current.reasonCode,
    reasonSince: at(state.reasonSince),
    voiceInteractionState: contact ? whole : null,
    chatInteractionState: null,
    emailInteractionState: null,
    mediaAvailability: state.loggedIn && ready ? ['VOICE'] : [],
    callType: contact ? 'INBOUND' : null,
    customerName: contact ? 'Somebody Private' : null,
    loggedOutStateSince: since('LOGGED_OUT'),
    notReadyStateSince: since('NOT_READY'),
    readyStateSince: since('READY'),
    onCallStateSince: since('ON_CALL'),
    afterCallWorkStateSince: since('ACW'),
    currentChatsCount: 0,
    voiceCAP: 1,
  };
}

interface Page {
  readonly items: readonly object[];
  readonly paging: { readonly pageLimit: number; readonly next?: string };
}

/** The next page is named by a relative address. Undefined: the query is wrong. */
function pageOf(all: readonly object[], url: URL, most: number): Page | undefined {
  const pageLimit = Number(url.searchParams.get('pageLimit') ?? PAGE_MAX);
  const cursor = url.searchParams.get('pageCursor');
  const from = cursor === null ? 0 : Number(/^c(\d+)$/.exec(cursor)?.[1] ?? Number.NaN);
  if (!Number.isInteger(pageLimit) || pageLimit < 1 || pageLimit > most) return undefined;
  if (!Number.isInteger(from)) return undefined;
  const end = from + pageLimit;
  if (end >= all.length) return { items: all.slice(from), paging: { pageLimit } };
  const next = new URLSearchParams(url.searchParams);
  next.set('pageCursor', `c${end}`);
  return {
    items: all.slice(from, end),
    paging: { pageLimit, next: `${url.pathname}?${next.toString()}` },
  };
}
