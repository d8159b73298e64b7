/**
 * What is done with announcements once they are written down: everybody concerned is looked at, and
 * content that is proven, opened and newer than what was read is handed on at once.
 *
 * Content has no time of its own, comes late by up to a minute (a repeated one by four hours) and in
 * any order, so by itself it proves nothing:
 *
 * P1  An announcement always leads to a read; the content only bridges the time until then.
 * P2  Content counts only with a sequence number beyond the last read one, and never within a minute
 *     of a write of ours to that person.
 * P3  So much may wait to be opened and no more; the rest is only an announcement.
 */
import type { Clock } from '../../../lib/clock.ts';
import type { Sink } from '../../connector.ts';
import { parsePresence, type WirePresence } from '../wire.ts';
import type { Announced } from './inbox.ts';
import type { Opener } from './open.ts';
import type { Sender } from './sender.ts';

export interface ContentParts {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly sender: Pick<Sender, 'prove'>;
  readonly opener: Pick<Opener, 'open' | 'knows'>;
  readonly sink: Pick<Sink, 'count'>;
  /** Asks for a read of these. */
  readonly look: (accounts: readonly string[]) => void;
  /** Offers what was opened to whoever keeps the reads; `asOf` is when it arrived, epoch ms. */
  readonly offer: (account: string, presence: WirePresence, asOf: number) => boolean;
  /** Whether Graph sends proofs of itself along; where it does not, an administrator can help. */
  readonly proofsCome: (come: boolean) => void;
}

const WAITING_MAX = 10_000;
/** Enough for every core; more would only hold up what else waits for the same threads. */
const AT_ONCE = 16;
/** What was taken from the front is let go in pieces of this size. */
const TAKEN_MAX = 1_024;

interface Job extends Announced {
  readonly asOf: number;
}

export class Content {
  readonly #parts: ContentParts;
  readonly #waiting: Job[] = [];
  #next = 0;
  #open = 0;
  #stopped = false;

  constructor(parts: ContentParts) {
    this.#parts = parts;
  }

  async take(changes: readonly Announced[], tokens: readonly string[]): Promise<void> {
    const { clock, look, sink, sender, proofsCome } = this.#parts;
    const asOf = clock.now();
    look([...new Set(changes.map((each) => each.account))]);
    const sealed = changes.filter(({ notice }) => notice.sealed !== undefined);
    if (sealed.length === 0) return;
    if (tokens.length === 0) proofsCome(false);
    const proof = await sender.prove(tokens);
    if (proof !== 'proven') {
      sink.count(`notice_${proof}`, sealed.length);
      return;
    }
    proofsCome(true);
    for (const change of sealed) this.#enqueue({ ...change, asOf });
  }

  /** How many wait to be opened. */
  waiting(): number {
    return this.#waiting.length - this.#next + this.#open;
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
    this.#next = 0;
  }

  #enqueue(job: Job): void {
    if (this.#stopped) return;
    if (this.waiting() >= WAITING_MAX) {
      this.#parts.sink.count('notice_shed');
      return;
    }
    this.#waiting.push(job);
    this.#pump();
  }

  #pump(): void {
    while (this.#open < AT_ONCE) {
      const job = this.#waiting[this.#next];
      if (job === undefined) break;
      this.#next += 1;
      this.#open += 1;
      void this.#handle(job).finally(() => {
        this.#open -= 1;
        this.#pump();
      });
    }
    if (this.#next === this.#waiting.length || this.#next >= TAKEN_MAX) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
  }

  async #handle({ account, notice, asOf }: Job): Promise<void> {
    const { opener, sink, offer } = this.#parts;
    if (notice.sealed === undefined || this.#stopped) return;
    const text = await opener.open(notice.sealed);
    if (this.#stopped) return;
    const presence = text === undefined ? undefined : parsePresence(text);
    const isTheirs = presence?.id.toLowerCase() === account.toLowerCase();
    if (presence === undefined || !isTheirs) {
      const isKnown = opener.knows(notice.sealed.encryptionCertificateId);
      sink.count(isKnown ? 'notice_not_opened' : 'notice_other_key');
      return;
    }
    sink.count(offer(account, presence, asOf) ? 'notice_used' : 'notice_hint_only');
  }
}
