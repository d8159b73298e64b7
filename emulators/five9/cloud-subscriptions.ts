/**
 * Subscriptions to events: a profile with the name and password that posts carry, a subscription
 * that names it, and its start. Creation follows public client code
 * (https://github.com/justingray82/PSFive9CloudAPI); list, start and end are guesses in the same style.
 */
import { type Reply, NO_CONTENT, ok } from './answers.ts';
import { refused } from './cloud-answers.ts';
import { isRecord, parsed } from './presence.ts';

export interface CloudSubscription {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly userName: string;
  readonly password: string;
  /** Names of the events that it is told of. */
  readonly events: readonly string[];
  status: 'CREATED' | 'STARTED' | 'STOPPED';
}

type Body = Readonly<Record<string, unknown>>;

export class CloudSubscriptions {
  private readonly profiles = new Map<string, { userName: string; password: string }>();
  private readonly book = new Map<string, CloudSubscription>();
  private made = 0;

  all(): readonly CloudSubscription[] {
    return [...this.book.values()];
  }

  addProfile(text: string | undefined): Reply {
    const body = bodyOf(text);
    const basicType = body?.['basicType'];
    if (body?.['type'] !== 'BASIC' || !isRecord(basicType)) {
      return refused(400, 'BAD_REQUEST', 'type must be BASIC, with basicType');
    }
    const { userName, password } = basicType;
    if (typeof userName !== 'string' || typeof password !== 'string') {
      return refused(400, 'BAD_REQUEST', 'basicType needs userName and password');
    }
    const authProfileId = this.nextId('profile');
    this.profiles.set(authProfileId, { userName, password });
    return { status: 201, json: { authProfileId } };
  }

  add(text: string | undefined): Reply {
    const body = bodyOf(text);
    const http = inner(inner(body, 'delivery'), 'http');
    const url = http?.['url'];
    const profile = this.profiles.get(String(http?.['authProfileId']));
    const events = body?.['events'];
    if (inner(body, 'eventGroup')?.['name'] !== 'AgentEvent' || !Array.isArray(events)) {
      return refused(400, 'BAD_REQUEST', 'eventGroup.name must be AgentEvent, with events');
    }
    if (typeof url !== 'string' || !URL.canParse(url) || profile === undefined) {
      return refused(400, 'BAD_REQUEST', 'delivery.http needs url and a known authProfileId');
    }
    const subscription: CloudSubscription = {
      id: this.nextId('subscription'),
      name: nameOf(body),
      url,
      ...profile,
      events: events.flatMap((each: unknown) => (isRecord(each) ? [String(each['name'])] : [])),
      status: 'CREATED',
    };
    this.book.set(subscription.id, subscription);
    return { status: 201, json: shown(subscription) };
  }

  list(): Reply {
    return ok({ items: this.all().map(shown), paging: { pageLimit: 100 } });
  }

  setStatus(id: string, status: 'STARTED' | 'STOPPED'): Reply {
    const known = this.book.get(id);
    if (known === undefined) return refused(404, 'NOT_FOUND', 'no such subscription');
    known.status = status;
    return NO_CONTENT;
  }

  remove(id: string): Reply {
    return this.book.delete(id) ? NO_CONTENT : refused(404, 'NOT_FOUND', 'no such subscription');
  }

  private nextId(kind: string): string {
    this.made += 1;
    return `${kind}-${this.made}`;
  }
}

/** Never the password. */
function shown({ id, name, url, events, status }: CloudSubscription): object {
  return {
    id,
    name,
    status,
    delivery: { http: { method: 'POST', url } },
    eventGroup: { name: 'AgentEvent' },
    events: events.map((event) => ({ name: event })),
  };
}

function nameOf(body: Body | undefined): string {
  const name = body?.['name'];
  return typeof name === 'string' ? name : '';
}

function bodyOf(text: string | undefined): Body | undefined {
  const body = parsed(text);
  return isRecord(body) ? body : undefined;
}

function inner(body: Body | undefined, key: string): Body | undefined {
  const value = body?.[key];
  return isRecord(value) ? value : undefined;
}
