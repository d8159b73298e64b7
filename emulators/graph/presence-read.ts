/**
 * Reading presence: one user, or up to 650 at once.
 * https://learn.microsoft.com/en-us/graph/api/presence-get
 * https://learn.microsoft.com/en-us/graph/api/cloudcommunications-getpresencesbyuserid
 */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { isTextList } from '../entra/json-body.ts';
import type { StatusMessage } from './account.ts';
import type { Call, GraphDesk } from './desk.ts';
import type { PresenceView } from './model.ts';
import type { Pair } from './pairs.ts';
import { badRequest, forbidden, notFound, type Problem } from './problem.ts';
import { readBody } from './request-body.ts';
import type { User } from './users.ts';

const MAX_BULK_IDS = 650;

const UNKNOWN: Pair = { availability: 'PresenceUnknown', activity: 'PresenceUnknown' };

/** The user whom a presence path names: by object id only, and only with a licence. */
export function presenceUser(desk: GraphDesk, call: Call): User | Problem {
  const user = desk.users.byId(call.route.id ?? '');
  if (user === undefined) return notFound(`User '${call.route.id ?? ''}' was not found.`);
  if (!user.licensed) return forbidden('The user is not enabled for Teams.');
  return user;
}

export function readOne(desk: GraphDesk, call: Call): unknown {
  if (call.url.searchParams.has('$select')) {
    return badRequest("The query option '$select' is not supported on presence.");
  }
  const user = presenceUser(desk, call);
  if ('status' in user) return user;
  const view = desk.model.read(user.id, readLag(desk, call));
  const presence = presenceBody(desk, call, user, view);
  const context = `${desk.baseUrl}/v1.0/$metadata`;
  const asList =
    call.route.op === 'getPresenceById' && desk.behaviour.presencesById === 'collection';
  if (asList) return { '@odata.context': `${context}#communications/presences`, value: [presence] };
  return { '@odata.context': `${context}#users('${user.id}')/presence/$entity`, ...presence };
}

export function askedIds(request: HttpRequest): readonly string[] | Problem {
  const read = readBody(request, ['ids']);
  if ('code' in read) return read;
  const ids = read.body['ids'];
  if (!isTextList(ids)) return badRequest("The parameter 'ids' is not a collection of strings.");
  if (ids.length <= MAX_BULK_IDS) return ids;
  return badRequest(`The number of ids is ${ids.length}; at most ${MAX_BULK_IDS} are allowed.`);
}

/** The answer as JSON text: it is put together from texts that rarely change. */
export function readMany(desk: GraphDesk, call: Call): string | Problem {
  const ids = call.asked ?? [];
  if ('status' in ids) return ids;
  const lagMs = readLag(desk, call);
  const value: string[] = [];
  for (const id of ordered(desk, new Set(ids.map((text) => text.toLowerCase())))) {
    const user = bulkUser(desk, call, id);
    if (user !== undefined) value.push(bulkItem(desk, call, user, lagMs));
    else if (desk.behaviour.bulkBadIds === 'not-found') {
      return notFound(`User '${id}' was not found.`);
    } else if (desk.behaviour.bulkBadIds === 'presence-unknown') {
      value.push(JSON.stringify({ id, ...UNKNOWN }));
    }
  }
  const context = `${desk.baseUrl}/v1.0/$metadata#Collection(microsoft.graph.presence)`;
  return `{"@odata.context":${JSON.stringify(context)},"value":[${value.join(',')}]}`;
}

function bulkItem(desk: GraphDesk, call: Call, user: User, lagMs: number): string {
  const target = { ...call.target, user: user.id, namedOnly: true };
  const isGarbled =
    desk.faults.has('garbled_item') && desk.faults.draw('garbled_item', target) !== undefined;
  return isGarbled
    ? '{"id":{},"availability":7,"activity":[]}'
    : presenceText(desk, call, user, lagMs);
}

/** Undefined for an id that is unknown, not licensed, or struck by a fault that names it. */
function bulkUser(desk: GraphDesk, call: Call, id: string): User | undefined {
  const user = desk.users.byId(id);
  if (user === undefined || !user.licensed) return undefined;
  if (!desk.faults.has('forbidden') && !desk.faults.has('not_found')) return user;
  const target = { ...call.target, user: user.id, namedOnly: true };
  const isStruck =
    desk.faults.draw('forbidden', target) !== undefined ||
    desk.faults.draw('not_found', target) !== undefined;
  return isStruck ? undefined : user;
}

function ordered(desk: GraphDesk, ids: ReadonlySet<string>): Iterable<string> {
  if (desk.behaviour.bulkOrder === 'sorted') return [...ids].sort();
  if (desk.behaviour.bulkOrder === 'reversed') return [...ids].reverse();
  return ids;
}

function readLag(desk: GraphDesk, call: Call): number {
  const fault = desk.faults.draw('read_lag', call.target);
  return fault === undefined ? desk.behaviour.readLagMs : (fault.ms ?? 0);
}

/** Written once, and sent again for as long as neither what is shown nor the behaviour changes. */
function presenceText(desk: GraphDesk, call: Call, user: User, lagMs: number): string {
  const view = desk.model.read(user.id, lagMs);
  const mayDiffer =
    view.statusMessage !== undefined ||
    desk.faults.has('odd_value') ||
    desk.faults.has('busy_echo');
  if (mayDiffer) return JSON.stringify(presenceBody(desk, call, user, view));
  const known = desk.texts.get(view);
  if (known?.behaviour === desk.behaviour) return known.text;
  const text = JSON.stringify(presenceBody(desk, call, user, view));
  desk.texts.set(view, { text, behaviour: desk.behaviour });
  return text;
}

function presenceBody(desk: GraphDesk, call: Call, user: User, view: PresenceView): object {
  const pair = readPair(desk, call, user, view);
  const statusMessage = messageBody(view.statusMessage, desk.clock.now());
  if (desk.behaviour.schema === 'us-gov') return { id: user.id, ...pair, statusMessage };
  return {
    id: user.id,
    ...pair,
    statusMessage,
    outOfOfficeSettings: { message: null, isOutOfOffice: view.outOfOffice },
    workLocation: null,
    // Without a value the field is not in the answer.
    sequenceNumber: desk.behaviour.sequence === 'absent' ? undefined : view.stamp,
  };
}

function readPair(desk: GraphDesk, call: Call, user: User, view: PresenceView): Pair {
  const target = { ...call.target, user: user.id };
  const odd = desk.faults.draw('odd_value', target);
  if (odd !== undefined) {
    return {
      availability: odd.availability ?? UNKNOWN.availability,
      activity: odd.activity ?? UNKNOWN.activity,
    };
  }
  if (!view.fromApp || view.pair.activity !== 'InACall') return view.pair;
  if (desk.faults.draw('busy_echo', target) === undefined) return view.pair;
  return { availability: 'Busy', activity: 'Busy' };
}

/** Whoever reads another user sees neither expiry nor time of publishing. */
function messageBody(message: StatusMessage | undefined, now: number): object | null {
  if (message === undefined) return null;
  const { expiry } = message;
  const ends = expiry?.timeZone === 'UTC' ? Date.parse(`${expiry.dateTime}Z`) : Number.NaN;
  if (ends <= now) return null;
  return { message: { content: message.content, contentType: 'text' } };
}
