/**
 * Posts events to whoever subscribed, with a number for each, and with the faults that a delivery
 * without published guarantees may have.
 *
 * 1. Without a fault posts leave in order, one after the other.
 * 2. An answer outside 2xx, or none, is tried again after a second, as often as set; then it is lost.
 */
import { pause } from '../../src/lib/clock.ts';
import { BoundedLog } from './bounded-log.ts';
import type { AgentEvent } from './cloud-events.ts';
import type { CloudSettings, Envelope } from './cloud-options.ts';
import type { CloudSubscription } from './cloud-subscriptions.ts';
import { basic } from './cloud-tokens.ts';

export interface DeliveryFaults {
  /** Shares of events, 0 to 1. */
  drop: number;
  duplicate: number;
  /** Every event is this late, ms. */
  delayMs: number;
  /** Every event is late by up to this, each by another time, ms. */
  shuffleMs: number;
  envelope: Envelope;
  /** In place of the right one. */
  password: string | undefined;
}

interface Post {
  readonly url: string;
  /** 0: no answer. */
  readonly status: number;
}

const KEPT_POSTS = 10_000;
const AGAIN_MS = 1_000;

export class EventDelivery {
  readonly posts = new BoundedLog<Post>(KEPT_POSTS);
  readonly faults: DeliveryFaults;
  dropped = 0;
  private readonly settings: CloudSettings;
  private readonly numbers = new Map<string, number>();
  private tail: Promise<void> = Promise.resolve();
  /** Of events that are on their way. */
  private open = 0;

  constructor(settings: CloudSettings) {
    this.settings = settings;
    this.faults = {
      drop: 0,
      duplicate: 0,
      delayMs: 0,
      shuffleMs: 0,
      envelope: settings.envelope,
      password: undefined,
    };
  }

  send(subscription: CloudSubscription, event: AgentEvent): void {
    const { random, sequence } = this.settings;
    const scope = `${subscription.id} ${sequence === 'agent' ? event.agent : ''}`;
    const number = (this.numbers.get(scope) ?? 0) + 1;
    this.numbers.set(scope, number);
    if (random.next() < this.faults.drop) {
      this.dropped += 1;
      return;
    }
    const numbered = { ...event.fields, sequence_number: number };
    const times = random.next() < this.faults.duplicate ? 2 : 1;
    for (let sent = 0; sent < times; sent += 1) this.plan(subscription, numbered);
  }

  /** Nothing is on its way. */
  isIdle(): boolean {
    return this.open === 0;
  }

  private plan(subscription: CloudSubscription, event: object): void {
    const { clock, random } = this.settings;
    const { delayMs, shuffleMs } = this.faults;
    const lateMs = delayMs + (shuffleMs === 0 ? 0 : random.next() * shuffleMs);
    const body = this.wrapped(event);
    this.open += 1;
    const post = (): void => {
      this.tail = this.tail
        .then(() => this.post(subscription, body))
        .finally(() => (this.open -= 1));
    };
    if (lateMs === 0) post();
    else clock.after(lateMs, post);
  }

  private async post(subscription: CloudSubscription, body: string): Promise<void> {
    const { deliver, postTimeoutMs, retries, clock } = this.settings;
    const { url, userName, password } = subscription;
    const headers = {
      'content-type': 'application/json',
      authorization: basic(userName, this.faults.password ?? password),
    };
    for (let attempt = 0; attempt <= retries; attempt += 1) {
      const status = await deliver(url, headers, body, postTimeoutMs).then(
        (answer) => answer.status,
        () => 0,
      );
      this.posts.add({ url, status });
      if ((status >= 200 && status < 300) || attempt === retries) return;
      await pause(clock, AGAIN_MS);
    }
  }

  private wrapped(event: object): string {
    const around = this.settings.unknownFields ? { version: '9', links: [{ self: null }] } : {};
    switch (this.faults.envelope) {
      case 'bare':
        return JSON.stringify(event);
      case 'array':
        return JSON.stringify([event]);
      case 'events':
        return JSON.stringify({ ...around, events: [event] });
      case 'data':
        return JSON.stringify({ ...around, data: event });
    }
  }
}
