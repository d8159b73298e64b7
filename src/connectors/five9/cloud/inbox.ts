/**
 * The address that Five9 posts events to.
 *
 * B1  A request to another path, or without the set name and password, costs nothing: its body is
 *     not even read, and nothing changes. Both are compared in a time that tells nothing.
 * B2  202 only when the journal has who was named; 503 when it cannot, so that whoever sent it may
 *     try again. Whether Five9 does is not published; the sweep repairs what it does not.
 * B3  It never throws, whatever is posted.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccountId } from '../../../model/ids.ts';
import type { InboundAnswer, InboundRequest, Sink } from '../../connector.ts';
import { postFrom, type AgentEvent } from './event-wire.ts';

export interface NamedEvent {
  readonly account: AccountId;
  readonly event: AgentEvent;
}

export interface EventInboxParts {
  /** Last segment of the address, with its slash. */
  readonly path: string;
  readonly username: string;
  /** As it stands in the configuration now. */
  readonly password: () => string;
  readonly isWatched: (id: string) => boolean;
  readonly sink: Pick<Sink, 'noticed' | 'count'>;
  /** Events whose agents are written down, in the order of the post. */
  readonly announced: (events: readonly NamedEvent[]) => void;
}

export class EventInbox {
  readonly #parts: EventInboxParts;

  constructor(parts: EventInboxParts) {
    this.#parts = parts;
  }

  async receive(request: InboundRequest): Promise<InboundAnswer> {
    const { sink, path } = this.#parts;
    // A proxy in between may keep or strip what stands before it.
    if (!sameText(request.path.slice(request.path.lastIndexOf('/')), path)) {
      return { status: 404 };
    }
    if (request.method !== 'POST') return { status: 405 };
    if (!this.#isTheirs(request)) {
      sink.count('event_refused');
      return { status: 401 };
    }
    const body = await request.body().catch(() => undefined);
    if (body === undefined) {
      sink.count('event_too_large');
      return { status: 413 };
    }
    const post = postFrom(body);
    if (post === undefined) {
      sink.count('event_unreadable');
      return { status: 400 };
    }
    if (post.spoiled > 0) sink.count('event_spoiled', post.spoiled);
    return this.#take(post.events);
  }

  async #take(events: readonly AgentEvent[]): Promise<InboundAnswer> {
    const { sink, isWatched, announced } = this.#parts;
    const named = events.flatMap((event) => {
      const account = event.ids.find(isWatched);
      return account === undefined ? [] : [{ account, event }];
    });
    const foreign = events.length - named.length;
    if (foreign > 0) sink.count('event_unmapped', foreign);
    if (named.length === 0) return { status: 202 };
    try {
      await sink.noticed([...new Set(named.map(({ account }) => account))]);
    } catch {
      sink.count('event_not_kept');
      return { status: 503 };
    }
    sink.count('event', named.length);
    announced(named);
    return { status: 202 };
  }

  #isTheirs({ authorization = '' }: InboundRequest): boolean {
    const { username, password } = this.#parts;
    const [scheme = '', given = ''] = authorization.split(' ');
    const expected = Buffer.from(`${username}:${password()}`).toString('base64');
    return sameText(given, expected) && scheme.toLowerCase() === 'basic';
  }
}

/** In a time that tells nothing of where they differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
