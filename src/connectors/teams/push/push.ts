/**
 * Notifications of presence: an accelerator, never a source that anything depends on. Without them
 * everybody is read as often as the quota allows; with them those who changed are read at once.
 *
 * N1  The sweep goes on unchanged; what no notification told it finds and repairs.
 * N2  A channel that tells nothing of changes that the sweep finds is made anew once an hour at most.
 */
import { randomBytes } from 'node:crypto';
import type { AccountId } from '../../../model/ids.ts';
import type { Timer } from '../../../lib/clock.ts';
import type { InboundAnswer, InboundRequest, Seams, Sink } from '../../connector.ts';
import type { GraphClient } from '../client.ts';
import type { WirePresence } from '../wire.ts';
import { isObjectId } from '../write.ts';
import { Content } from './content.ts';
import { Hearing } from './deaf.ts';
import { Inbox } from './inbox.ts';
import { Opener } from './open.ts';
import type { PushSetup } from './options.ts';
import { Sender, type SenderParts } from './sender.ts';
import { PEOPLE_MAX, Shards } from './shards.ts';
import { Subscription } from './subscription.ts';

export interface PushParts {
  readonly setup: PushSetup;
  readonly seams: Pick<Seams, 'clock' | 'random' | 'log' | 'exchange'>;
  readonly sender: Pick<SenderParts, 'keysUrl' | 'issuers' | 'audience'>;
  readonly sink: Pick<Sink, 'noticed' | 'count'>;
  /** A client that signs in as the subscriber. */
  readonly clientOf: (index: number) => GraphClient;
  readonly look: (accounts: readonly AccountId[]) => void;
  readonly offer: (account: AccountId, presence: WirePresence, asOf: number) => boolean;
  readonly advise: (about: string, action: string | undefined) => void;
}

const LISTEN_EVERY_MS = 10_000;
const REBUILD_AT_MOST_EVERY_MS = 3_600_000;
/** One that Graph has ended is no longer there to be spared. */
const REPLACE_AT_MOST_EVERY_MS = 60_000;
const SETTLE_MS = 2_000;

interface Channel {
  readonly subscription: Subscription;
  readonly hearing: Hearing;
  rebuiltAt: number;
}

export class Push {
  readonly #parts: PushParts;
  readonly #inbox: Inbox;
  readonly #content: Content;
  readonly #opener = new Opener();
  readonly #shards: Shards;
  readonly #channels: readonly Channel[];
  #watched = new Map<string, AccountId>();
  #listening: Timer | undefined;
  #settling: Timer | undefined;
  #stopped = false;

  constructor(parts: PushParts) {
    this.#parts = parts;
    const { seams, sink, setup } = parts;
    // Not of the seeded kind: nobody else may know it.
    const path = `/${randomBytes(32).toString('base64url')}`;
    this.#inbox = new Inbox({
      path,
      sink,
      clientStateOf: (id) => this.#channelOf(id)?.subscription.clientState,
      watched: (account) => this.#watched.get(account),
      announced: (changes, tokens) => {
        for (const { account } of changes) this.#noticed(account);
        void this.#content.take(changes, tokens);
      },
      lifecycle: (id, event) => this.#lifecycle(id, event),
    });
    this.#content = new Content({
      clock: seams.clock,
      sender: new Sender({ ...parts.sender, exchange: seams.exchange, clock: seams.clock }),
      opener: this.#opener,
      sink,
      look: parts.look,
      offer: parts.offer,
      proofsCome: (come) => parts.advise('push.sender', come ? undefined : UNPROVEN),
    });
    this.#shards = new Shards(setup.subscribers.length);
    this.#channels = setup.subscribers.map((_, index) => this.#channel(index, path));
    this.#listening = seams.clock.after(LISTEN_EVERY_MS, () => this.#listen());
  }

  receive(request: InboundRequest): Promise<InboundAnswer> {
    // Another process may be there when Graph tries again.
    return this.#stopped ? Promise.resolve({ status: 503 }) : this.#inbox.receive(request);
  }

  watch(accounts: Iterable<AccountId>): void {
    if (this.#stopped) return;
    const watched = new Map<string, AccountId>();
    for (const account of accounts) {
      // One that is no object id would spoil the subscription of all the others.
      if (isObjectId(account)) watched.set(account.toLowerCase(), account);
    }
    const isSame =
      watched.size === this.#watched.size &&
      [...watched.keys()].every((key) => this.#watched.has(key));
    this.#watched = watched;
    if (isSame) return;
    // Changes of the mapping come in one after the other.
    this.#settling?.cancel();
    this.#settling = this.#parts.seams.clock.after(SETTLE_MS, () => this.#cover());
  }

  /** A read has found that somebody's presence is another one. */
  changed(account: AccountId): void {
    const channel = this.#channels[this.#shards.holding(account.toLowerCase()) ?? -1];
    if (channel?.subscription.id === undefined) return;
    channel.hearing.changed(account.toLowerCase(), this.#parts.seams.clock.monotonic());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#listening?.cancel();
    this.#settling?.cancel();
    this.#content.stop();
    await Promise.all(this.#channels.map(({ subscription }) => subscription.stop()));
  }

  #channel(index: number, path: string): Channel {
    const { seams, sink, setup, advise } = this.#parts;
    const name = setup.subscribers[index]?.name ?? '';
    const hearing = new Hearing();
    const subscription = new Subscription({
      client: this.#parts.clientOf(index),
      seams,
      sink,
      url: setup.url + path,
      base: `${setup.url}/`,
      certificate: () => {
        const content = setup.content();
        if (content !== undefined) this.#opener.learn(content.label, content.privateKey);
        return content;
      },
      newSecret: () => randomBytes(32).toString('base64url'),
      made: () => {
        hearing.begin(seams.clock.monotonic());
        this.#parts.look(this.#accountsOf(index));
      },
      advise: (action) =>
        advise(
          `push.${index}`,
          action === undefined ? undefined : `Notifications for ${name}: ${action}`,
        ),
    });
    return { subscription, hearing, rebuiltAt: -Infinity };
  }

  #cover(): void {
    const left = this.#shards.replace(new Set(this.#watched.keys()));
    const more = Math.ceil(left / PEOPLE_MAX);
    this.#parts.advise(
      'push.shards',
      left === 0
        ? undefined
        : `${left} agents are read without notifications: sign in ${more} more under teams.push.subscribers.`,
    );
    for (const [index, { subscription }] of this.#channels.entries()) {
      subscription.cover(this.#accountsOf(index));
    }
  }

  #noticed(account: AccountId): void {
    const channel = this.#channels[this.#shards.holding(account.toLowerCase()) ?? -1];
    channel?.hearing.noticed(account.toLowerCase(), this.#parts.seams.clock.monotonic());
  }

  #lifecycle(id: string, event: string): void {
    const channel = this.#channelOf(id);
    this.#parts.sink.count('notice_lifecycle');
    if (channel === undefined) return;
    if (event === 'reauthorizationRequired') channel.subscription.extend();
    else if (event === 'subscriptionRemoved') this.#rebuild(channel, REPLACE_AT_MOST_EVERY_MS);
    else this.#parts.look(this.#accountsOf(this.#channels.indexOf(channel)));
  }

  #listen(): void {
    const { clock, log } = this.#parts.seams;
    this.#listening = clock.after(LISTEN_EVERY_MS, () => this.#listen());
    for (const [index, channel] of this.#channels.entries()) {
      if (!channel.hearing.isDeaf(clock.monotonic())) continue;
      this.#parts.sink.count('channel_deaf');
      log.warn('changes were found that no notification told of', { channel: index });
      channel.hearing.begin(clock.monotonic());
      this.#rebuild(channel, REBUILD_AT_MOST_EVERY_MS);
    }
  }

  #rebuild(channel: Channel, atMostEveryMs: number): void {
    const now = this.#parts.seams.clock.monotonic();
    if (now < channel.rebuiltAt + atMostEveryMs) return;
    channel.rebuiltAt = now;
    channel.subscription.rebuild();
  }

  #channelOf(id: string): Channel | undefined {
    return this.#channels.find(({ subscription }) => subscription.id === id);
  }

  #accountsOf(index: number): readonly AccountId[] {
    return this.#shards.of(index).flatMap((key) => this.#watched.get(key) ?? []);
  }
}

const UNPROVEN =
  'Notifications come without a proof of their sender, so their content is not used: set ' +
  'appRoleAssignmentRequired of the application to false, or give Microsoft Graph Change Tracking a role.';
