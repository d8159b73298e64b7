/**
 * Notifications from the moment when they are due until they are delivered or given up: collected
 * by URL, whoever subscribed, posted, and posted again.
 * https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks
 *
 * 1. Delivered is any 2xx within 3 s, at a retry within 10 s.
 * 2. A later POST never waits for an earlier one that is being tried again.
 * 3. Retries end 4 h after the first attempt.
 */
import type { Clock } from '../../src/lib/clock.ts';
import { boundedLog, type BoundedLog } from '../entra/bounded-log.ts';
import type { EntraEmulator } from '../entra/entra.ts';
import type { Behaviour } from './behaviour.ts';
import type { Deliver } from './deliver.ts';
import type { NotificationItem } from './notification-item.ts';
import { createPenalty, PENALTY_MS, type Penalty } from './penalty.ts';
import { within } from './within.ts';

const FIRST_TIMEOUT_MS = 3_000;
const RETRY_TIMEOUT_MS = 10_000;
const RETRY_FOR_MS = 4 * 3_600_000;
const MAX_LOG = 10_000;
const HEADERS = { 'content-type': 'application/json; charset=utf-8' };

export interface PostEntry {
  readonly at: number;
  readonly url: string;
  /** How many items it had; 0 for a forged one. */
  readonly items: number;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** 0 when there was no answer in time. */
  readonly status: number;
  readonly tookMs: number;
  readonly outcome: 'delivered' | 'again' | 'given_up';
}

export interface PostCounts {
  /** Items by what became of them. */
  readonly delivered: number;
  readonly dropped: number;
  readonly givenUp: number;
  /** Items that wait for their batch or for their next attempt. */
  readonly waiting: number;
}

export interface PostOffice {
  /** To be sent with whatever else is due at this URL. */
  put(url: string, item: NotificationItem): void;
  /** F32: whatever body, once, as it is. Answers the status; 0 when there was none. */
  postRaw(url: string, body: string, headers?: Readonly<Record<string, string>>): Promise<number>;
  readonly posts: BoundedLog<PostEntry>;
  counts(): PostCounts;
  reset(): void;
}

export interface PostOfficeParts {
  readonly clock: Clock;
  readonly entra: EntraEmulator;
  readonly behaviour: () => Behaviour;
  readonly deliver: Deliver | undefined;
}

interface Parcel {
  readonly url: string;
  readonly body: string;
  readonly items: number;
  readonly penalty: Penalty;
  readonly firstAt: number;
  attempt: number;
}

export function createPostOffice(parts: PostOfficeParts): PostOffice {
  return new Office(parts);
}

class Office implements PostOffice {
  readonly posts = boundedLog<PostEntry>(MAX_LOG);
  private readonly parts: PostOfficeParts;
  private readonly outboxes = new Map<string, NotificationItem[]>();
  private readonly penalties = new Map<string, Penalty>();
  private tally = { delivered: 0, dropped: 0, givenUp: 0, waiting: 0 };
  /** Grows with every reset: what was on its way before is forgotten. */
  private generation = 0;

  constructor(parts: PostOfficeParts) {
    this.parts = parts;
  }

  put(url: string, item: NotificationItem): void {
    const state = this.penaltyOf(url).state();
    if (state === 'drop') {
      this.tally.dropped += 1;
      return;
    }
    this.tally.waiting += 1;
    if (state === 'none') this.collect(url, item);
    else this.later(PENALTY_MS, () => this.collect(url, item));
  }

  async postRaw(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const parcel = this.parcel(url, body, 0);
    const { status, tookMs } = await this.send(parcel, headers);
    this.record(parcel, {
      status,
      tookMs,
      outcome: isDelivered(status) ? 'delivered' : 'given_up',
    });
    return status;
  }

  counts(): PostCounts {
    return { ...this.tally };
  }

  reset(): void {
    this.generation += 1;
    this.outboxes.clear();
    this.penalties.clear();
    this.posts.clear();
    this.tally = { delivered: 0, dropped: 0, givenUp: 0, waiting: 0 };
  }

  /** The first item of an outbox sets the time when all of it leaves. */
  private collect(url: string, item: NotificationItem): void {
    const outbox = this.outboxes.get(url) ?? [];
    this.outboxes.set(url, outbox);
    outbox.push(item);
    if (outbox.length > 1) return;
    this.later(this.parts.behaviour().notifyBatchMs, () => this.leave(url));
  }

  private leave(url: string): void {
    const items = this.outboxes.get(url) ?? [];
    this.outboxes.delete(url);
    const size = Math.max(1, this.parts.behaviour().notifyBatchItems);
    for (let from = 0; from < items.length; from += size) {
      const some = items.slice(from, from + size);
      const parcel = this.parcel(url, JSON.stringify(this.bodyOf(some)), some.length);
      void this.attempt(parcel, this.generation);
    }
  }

  /** Tokens come with resource data alone: one for each app that has an item here. */
  private bodyOf(items: readonly NotificationItem[]): object {
    const value = items.map(({ json }) => json);
    const apps = new Set(items.filter((item) => item.withTokens).map(({ app }) => app));
    if (apps.size === 0) return { value };
    const version = this.parts.behaviour().validationTokenVersion;
    const tokens = [...apps]
      .map((app) => this.parts.entra.validationToken(app, version))
      .filter((token) => token !== undefined);
    return { value, validationTokens: tokens.length > 0 ? tokens : null };
  }

  private async attempt(parcel: Parcel, generation: number): Promise<void> {
    const { status, tookMs } = await this.send(parcel, {});
    if (generation !== this.generation) return;
    parcel.penalty.answered(tookMs);
    if (isDelivered(status)) {
      this.settle(parcel, 'delivered');
      this.record(parcel, { status, tookMs, outcome: 'delivered' });
      return;
    }
    const { notifyRetryMs, notifyRetryMaxMs } = this.parts.behaviour();
    const waitMs = Math.min(notifyRetryMaxMs, notifyRetryMs * 2 ** (parcel.attempt - 1));
    const isOver = this.parts.clock.monotonic() + waitMs > parcel.firstAt + RETRY_FOR_MS;
    this.record(parcel, { status, tookMs, outcome: isOver ? 'given_up' : 'again' });
    if (isOver) {
      this.settle(parcel, 'givenUp');
      return;
    }
    parcel.attempt += 1;
    this.later(waitMs, () => void this.attempt(parcel, generation));
  }

  private async send(
    parcel: Parcel,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly tookMs: number }> {
    const { clock, deliver } = this.parts;
    if (deliver === undefined) return { status: 0, tookMs: 0 };
    const timeoutMs = parcel.attempt === 1 ? FIRST_TIMEOUT_MS : RETRY_TIMEOUT_MS;
    const from = clock.monotonic();
    const all = { ...HEADERS, ...headers };
    const answer = await within(clock, timeoutMs, () =>
      deliver(parcel.url, all, parcel.body, timeoutMs),
    );
    if (answer === 'timeout') return { status: 0, tookMs: timeoutMs };
    const tookMs = clock.monotonic() - from;
    return { status: answer === 'failed' ? 0 : answer.status, tookMs };
  }

  private parcel(url: string, body: string, items: number): Parcel {
    const penalty = this.penaltyOf(url);
    const firstAt = this.parts.clock.monotonic();
    return { url, body, items, penalty, firstAt, attempt: 1 };
  }

  private settle(parcel: Parcel, how: 'delivered' | 'givenUp'): void {
    this.tally.waiting -= parcel.items;
    this.tally[how] += parcel.items;
  }

  private record(
    { url, items, attempt }: Parcel,
    end: Pick<PostEntry, 'status' | 'tookMs' | 'outcome'>,
  ): void {
    this.posts.push({ at: this.parts.clock.now(), url, items, attempt, ...end });
  }

  /** An endpoint is a host: paths and queries of one receiver are judged together. */
  private penaltyOf(url: string): Penalty {
    const { host } = new URL(url);
    const known = this.penalties.get(host);
    if (known !== undefined) return known;
    const { clock, behaviour } = this.parts;
    const fresh = createPenalty(clock, () => behaviour().penaltyMinAnswers);
    this.penalties.set(host, fresh);
    return fresh;
  }

  private later(delayMs: number, task: () => void): void {
    const { generation } = this;
    this.parts.clock.after(delayMs, () => {
      if (generation === this.generation) task();
    });
  }
}

function isDelivered(status: number): boolean {
  return status >= 200 && status < 300;
}
