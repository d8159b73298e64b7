/**
 * The notification address: what Graph posts there, and the answer.
 *
 * B1  Each process has an address of its own with a secret in it. A request to another one costs
 *     nothing: its body is not even read.
 * B2  202 only when the journal has what was announced; 503 when it cannot, so that Graph tries again.
 * B3  What is not ours is answered like what is, and changes nothing: no read, no write, no record.
 * B4  Proving and opening come after the answer, for Graph counts slow answers against the address.
 *     When too much waits for that, content is let go and only the announcement counts.
 *
 * https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks
 */
import { timingSafeEqual } from 'node:crypto';
import type { InboundAnswer, InboundRequest, Sink } from '../../connector.ts';
import { parsePost, type Notice, type Post } from './notice-wire.ts';

export interface Announced {
  readonly account: string;
  readonly notice: Notice;
}

export interface InboxParts {
  readonly path: string;
  /** The secret of a subscription of ours, by its id; undefined where there is none. */
  readonly clientStateOf: (subscription: string) => string | undefined;
  /** The account as it is watched, from lower case; undefined when nobody watches it. */
  readonly watched: (account: string) => string | undefined;
  readonly sink: Pick<Sink, 'noticed' | 'count'>;
  /** After the answer: changes whose announcement is written down. */
  readonly announced: (changes: readonly Announced[], tokens: readonly string[]) => void;
  readonly lifecycle: (subscription: string, event: string) => void;
}

/** The vendor's handshake text; anything longer is not from there. */
const HANDSHAKE_MAX = 2_048;

export class Inbox {
  readonly #parts: InboxParts;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  async receive(request: InboundRequest): Promise<InboundAnswer> {
    const { sink, path } = this.#parts;
    // A proxy in between may keep or strip what stands before it.
    if (!sameText(request.path.slice(request.path.lastIndexOf('/')), path)) {
      sink.count('notice_elsewhere');
      return { status: 404 };
    }
    if (request.method !== 'POST') return { status: 405 };
    const token = request.query.get('validationToken');
    if (token !== null) return this.#handshake(token);
    const body = await request.body().catch(() => undefined);
    if (body === undefined) {
      sink.count('notice_too_large');
      return { status: 413 };
    }
    const post = parsePost(body);
    if (post === undefined) {
      sink.count('notice_unreadable');
      return { status: 400 };
    }
    return this.#take(post);
  }

  /** Plain text, exactly as it was decoded: nothing of it is ever shown as a page. */
  #handshake(token: string): InboundAnswer {
    this.#parts.sink.count('notice_handshake');
    return token.length > HANDSHAKE_MAX ? { status: 400 } : { status: 200, text: token };
  }

  async #take(post: Post): Promise<InboundAnswer> {
    const { sink, watched } = this.#parts;
    if (post.spoiled > 0) sink.count('notice_spoiled', post.spoiled);
    const ours = post.notices.filter((notice) => this.#isOurs(notice));
    if (ours.length < post.notices.length) {
      sink.count('notice_forged', post.notices.length - ours.length);
    }
    const changes: Announced[] = [];
    for (const notice of ours) {
      if (notice.lifecycle !== undefined) continue;
      const account = notice.account === undefined ? undefined : watched(notice.account);
      if (account === undefined) sink.count('notice_unmapped');
      else changes.push({ account, notice });
    }
    try {
      if (changes.length > 0) await sink.noticed([...new Set(changes.map((each) => each.account))]);
    } catch {
      sink.count('notice_not_kept');
      return { status: 503 };
    }
    if (changes.length > 0) {
      sink.count('notice', changes.length);
      this.#parts.announced(changes, post.tokens);
    }
    for (const { lifecycle, subscriptionId } of ours) {
      if (lifecycle !== undefined) this.#parts.lifecycle(subscriptionId, lifecycle);
    }
    return { status: 202 };
  }

  #isOurs({ subscriptionId, clientState }: Notice): boolean {
    const expected = this.#parts.clientStateOf(subscriptionId);
    return expected !== undefined && sameText(clientState, expected);
  }
}

/** In a time that tells nothing of where they differ; how long ours are is no secret. */
function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
