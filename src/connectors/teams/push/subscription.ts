/**
 * One subscription, from its making to its end: an account's view of up to 650 people.
 *
 * U1  It is renewed at 60 % of its life, with jitter. Only PATCH is ever used, which extends and
 *     reauthorizes; the vendor forbids to mix it with /reauthorize within ten minutes.
 * U2  What is left of an earlier process, or was made by a request whose answer was lost, is deleted
 *     first: one account holds one subscription.
 * U3  A failure never hurts the sweep: it backs off and says what is missing.
 *
 * https://learn.microsoft.com/en-us/graph/api/resources/subscription
 */
import type { HttpResponse } from '../../../lib/exchange.ts';
import type { Timer } from '../../../lib/clock.ts';
import { ConnectorError, type Seams, type Sink } from '../../connector.ts';
import type { GraphClient } from '../client.ts';
import { parseGraphError } from '../wire.ts';
import { parseSubscription, parseSubscriptions } from './subscription-wire.ts';

/** What Graph seals content with: base64 DER of the public part, under a label of ours. */
export interface SealingCertificate {
  readonly der: string;
  readonly label: string;
}

export interface SubscriptionParts {
  readonly client: GraphClient;
  readonly seams: Pick<Seams, 'clock' | 'random' | 'log'>;
  readonly sink: Pick<Sink, 'count'>;
  /** Where Graph posts to, with the secret path. */
  readonly url: string;
  /** The part of it that all of our addresses share, to know what earlier processes left. */
  readonly base: string;
  /** The certificate of now; without one only announcements come. */
  readonly certificate: () => SealingCertificate | undefined;
  readonly newSecret: () => string;
  /** Everybody in it has to be read: changes may have been lost. */
  readonly made: () => void;
  /** What an administrator has to do; undefined when all is well. */
  readonly advise: (action: string | undefined) => void;
}

/** The longest life that is not refused, less a little for clocks that differ. */
const LIFE_MS = 59 * 60_000;
const RENEW_SHARE = 0.6;
const JITTER_SHARE = 0.1;
const PAUSE_MS = { first: 30_000, most: 15 * 60_000 } as const;
/** Told to reauthorize again and again, it is enough to have tried to extend it a minute ago. */
const EXTEND_AT_MOST_EVERY_MS = 60_000;
/** Whatever end Graph names: never a flood of renewals. */
const RENEW_AFTER_MS_MIN = 60_000;
const TIMEOUT_MS = 20_000;
/** A stop waits so long and no longer; what is left then ends by itself within the hour. */
const STOP_TIMEOUT_MS = 3_000;

interface Standing {
  readonly id: string;
  readonly clientState: string;
  readonly isRich: boolean;
}

export class Subscription {
  readonly #parts: SubscriptionParts;
  #people: readonly string[] = [];
  #standing: Standing | undefined;
  #timer: Timer | undefined;
  #pauseMs: number = PAUSE_MS.first;
  #busy: Promise<void> = Promise.resolve();
  #stopped = false;
  /** When it was last made, or told to be extended; monotonic ms. */
  #askedAt = -Infinity;
  /** Of an earlier process, or made by a request whose answer did not come. */
  #mayBeLeft = true;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
  }

  get id(): string | undefined {
    return this.#standing?.id;
  }

  get clientState(): string | undefined {
    return this.#standing?.clientState;
  }

  get people(): readonly string[] {
    return this.#people;
  }

  /** Whom it is about; made anew only when that has changed. */
  cover(people: readonly string[]): void {
    if (people.join() === this.#people.join()) return;
    this.#people = people;
    this.rebuild();
  }

  /** Ended by Graph, or fallen silent: made again. */
  rebuild(): void {
    this.#enqueue(() => this.#make());
  }

  /** Graph asks to be told that we are still there. */
  extend(): void {
    const now = this.#parts.seams.clock.monotonic();
    if (this.#standing === undefined || now < this.#askedAt + EXTEND_AT_MOST_EVERY_MS) return;
    this.#askedAt = now;
    this.#enqueue(() => this.#extend());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await new Promise<void>((resolve) => {
      const timer = this.#parts.seams.clock.after(STOP_TIMEOUT_MS, resolve);
      void this.#end().finally(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** After what is under way: it may have made one. */
  async #end(): Promise<void> {
    await this.#busy;
    const standing = this.#standing;
    if (standing !== undefined) await this.#delete(standing.id, STOP_TIMEOUT_MS);
  }

  /** One request at a time. */
  #enqueue(task: () => Promise<void>): void {
    this.#busy = this.#busy.then(async () => {
      if (this.#stopped) return;
      this.#timer?.cancel();
      await task().catch((error: unknown) => this.#failed(error));
    });
  }

  async #make(): Promise<void> {
    await this.#clear();
    if (this.#people.length === 0 || this.#stopped) return;
    const clientState = this.#parts.newSecret();
    const certificate = this.#parts.certificate();
    this.#mayBeLeft = true;
    const response = await this.#call('POST', '/subscriptions', {
      changeType: 'updated',
      resource: resourceOf(this.#people),
      notificationUrl: this.#parts.url,
      lifecycleNotificationUrl: this.#parts.url,
      expirationDateTime: this.#expiry(),
      clientState,
      includeResourceData: certificate !== undefined,
      ...(certificate === undefined ? {} : sealedWith(certificate)),
    });
    const made = response.status === 201 ? parseSubscription(response.body) : undefined;
    if (made === undefined) throw refusalOf(response);
    this.#mayBeLeft = false;
    this.#standing = { id: made.id, clientState, isRich: certificate !== undefined };
    this.#askedAt = this.#parts.seams.clock.monotonic();
    if (this.#stopped) return;
    this.#works('made', made.expiresAt);
    // Whatever happened before it stood was announced by nobody.
    this.#parts.made();
  }

  async #extend(): Promise<void> {
    const standing = this.#standing;
    if (standing === undefined) return this.#make();
    const certificate = this.#parts.certificate();
    if (standing.isRich !== (certificate !== undefined)) return this.#make();
    const response = await this.#call('PATCH', `/subscriptions/${standing.id}`, {
      expirationDateTime: this.#expiry(),
      // So that a new certificate comes into use; content under the old one can be opened as before.
      ...(certificate === undefined ? {} : sealedWith(certificate)),
    });
    if (response.status === 404) {
      this.#standing = undefined;
      return this.#make();
    }
    if (response.status !== 200) throw refusalOf(response);
    this.#works('extended', parseSubscription(response.body)?.expiresAt);
  }

  #works(what: string, expiresAt: number | undefined): void {
    const { seams, sink, advise } = this.#parts;
    sink.count(`subscription_${what}`);
    this.#pauseMs = PAUSE_MS.first;
    advise(undefined);
    const life = Math.min(LIFE_MS, (expiresAt ?? Infinity) - this.#now());
    const share = RENEW_SHARE + (seams.random.next() - 0.5) * JITTER_SHARE;
    this.#later(Math.max(RENEW_AFTER_MS_MIN, life * share), () => this.#extend());
  }

  #failed(error: unknown): void {
    const { seams, sink, advise } = this.#parts;
    sink.count('subscription_failed');
    const known = error instanceof ConnectorError ? error : undefined;
    const code = known?.code ?? 'TEAMS_SUBSCRIPTION_FAILED';
    seams.log.warn('no notifications for a while, presence is read all the same', { code });
    advise(known?.fix ?? 'Notifications are not set up yet; it is tried again.');
    const wait = this.#pauseMs * (0.75 + seams.random.next() / 2);
    this.#pauseMs = Math.min(PAUSE_MS.most, this.#pauseMs * 2);
    this.#later(Math.min(PAUSE_MS.most, wait), () =>
      this.#standing === undefined ? this.#make() : this.#extend(),
    );
  }

  #later(delayMs: number, task: () => Promise<void>): void {
    if (this.#stopped) return;
    this.#timer = this.#parts.seams.clock.after(delayMs, () => this.#enqueue(task));
  }

  /** What stands of ours, and what may be left without our knowing its id. */
  async #clear(): Promise<void> {
    const standing = this.#standing;
    this.#standing = undefined;
    if (standing !== undefined) await this.#delete(standing.id, TIMEOUT_MS);
    if (!this.#mayBeLeft || this.#stopped) return;
    const response = await this.#call('GET', '/subscriptions');
    if (response.status !== 200) throw refusalOf(response);
    for (const left of parseSubscriptions(response.body)) {
      if (left.notificationUrl?.startsWith(this.#parts.base) === true) {
        await this.#delete(left.id, TIMEOUT_MS);
      }
    }
    this.#mayBeLeft = false;
  }

  async #delete(id: string, timeoutMs: number): Promise<void> {
    await this.#call('DELETE', `/subscriptions/${id}`, undefined, timeoutMs).catch(() => undefined);
  }

  #call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    timeoutMs: number = TIMEOUT_MS,
  ): Promise<HttpResponse> {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.#parts.client.call({ method, path, timeoutMs, ...text });
  }

  #expiry(): string {
    return new Date(this.#now() + LIFE_MS).toISOString();
  }

  #now(): number {
    const { clock } = this.#parts.seams;
    return clock.wall?.() ?? clock.now();
  }
}

function sealedWith({ der, label }: SealingCertificate): object {
  return { encryptionCertificate: der, encryptionCertificateId: label };
}

function resourceOf(people: readonly string[]): string {
  const ids = people.map((id) => `'${id}'`).join(',');
  return `/communications/presences?$filter=id in (${ids})`;
}

function refusalOf(response: HttpResponse): ConnectorError {
  const { code } = parseGraphError(response.body);
  const told = `Graph answers HTTP ${response.status}${/^\w{1,64}$/.test(code) ? ` ${code}` : ''}`;
  const fix = FIXES[response.status] ?? 'It is tried again; presence is read all the same.';
  return new ConnectorError(
    'retry',
    'TEAMS_SUBSCRIPTION_REFUSED',
    `no subscription: ${told}`,
    `${told}. ${fix}`,
  );
}

const FIXES: Readonly<Record<number, string>> = {
  400: 'Check that teams.push.url can be reached from the internet over https and leads to teams.push.listen.',
  403: 'Grant the delegated permission Presence.Read.All, and use one account for each 650 agents and for Lockstep alone.',
  409: 'The account holds another subscription of this application; it ends within the hour.',
};
