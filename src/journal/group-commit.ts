/**
 * Makes a journal of a store: numbers and chains the entries at once, gathers them into batches,
 * and tells who waits when a batch is durable.
 *
 * G1  Sequence number and hash are fixed synchronously in `append`; the store only keeps them.
 * G2  One batch at a time is with the store. The next one leaves when it is back, so a batch is as
 *     large as the store is slow.
 * G3  `durable(n)` resolves only after the store confirmed n. Nothing is confirmed twice or early.
 * G4  After a failed write the journal is dead (J4): everything waiting and everything new is
 *     refused with the same error, and only `close` still works.
 * G5  The backlog is bounded. The entry that finds it full is not taken and neither is any after
 *     it: its `durable` rejects with JOURNAL_FULL, because whoever appended it may already act on
 *     a state that the journal does not have. What was taken before is still written.
 */
import type { Clock, Timer } from '../lib/clock.ts';
import type { Json } from '../lib/json.ts';
import type { AgentId } from '../model/ids.ts';
import { Backlog, bound } from './backlog.ts';
import type { Bounds } from './backlog.ts';
import { GENESIS, boundedText, brokenChain, checkAgent, parseJson, seal, unseal } from './chain.ts';
import { journalFailure } from './failure.ts';
import { JournalError } from './journal.ts';
import type { Entry, Head, Journal, JournalRecord, Snapshot, Verification } from './journal.ts';
import type { Store, VerifyStep } from './store.ts';

export interface CommitOptions extends Bounds {
  /** How long the first record of a batch waits for company while the store is idle; default 0. */
  readonly flushAfterMs?: number;
  /** Needed with `flushAfterMs`. */
  readonly clock?: Clock;
}

/** Longest canonical identity and snapshot, in characters. */
const MAX_IDENTITY = 64 * 1024;
const MAX_SNAPSHOT = 256 * 1024 * 1024;

export class GroupCommitJournal implements Journal {
  readonly #store: Store;
  readonly #name: string;
  readonly #backlog: Backlog;
  readonly #linger: { readonly ms: number; readonly clock: Clock } | undefined;
  #head: Head;
  #durable: number;
  #pumping: Promise<void> | undefined;
  #timer: Timer | undefined;
  #failure: JournalError | undefined;
  #closing: Promise<void> | undefined;

  /** `name` is how messages call the journal; `head` is the store's last record. */
  constructor(store: Store, name: string, head: Head, options: CommitOptions = {}) {
    this.#store = store;
    this.#name = name;
    this.#backlog = new Backlog(name, options);
    this.#linger = lingerOf(options);
    this.#head = head;
    this.#durable = head.seq;
  }

  append(entry: Entry): number {
    if (this.#closing !== undefined) throw this.#closed();
    const record = seal(this.#head, entry);
    if (this.#failure === undefined && this.#backlog.add(record)) {
      this.#head = { seq: record.seq, hash: record.hash };
      this.#wake();
    }
    return record.seq;
  }

  async durable(seq: number): Promise<void> {
    if (seq <= this.#durable) return;
    if (this.#failure !== undefined) throw this.#failure;
    if (seq > this.#head.seq || !Number.isInteger(seq)) {
      const { overflow } = this.#backlog;
      throw (
        overflow ?? new RangeError(`seq: ${seq} is not appended; the head is ${this.#head.seq}`)
      );
    }
    await this.#backlog.wait(seq);
  }

  head(): Head {
    return this.#head;
  }

  holdsForMs(): number {
    return this.#store.holdsForMs?.() ?? Number.POSITIVE_INFINITY;
  }

  read(from = 1, to = this.#head.seq): AsyncIterable<JournalRecord> {
    return this.#readPages(Math.max(1, Math.ceil(from)), Math.min(Math.floor(to), this.#head.seq));
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    this.#usable();
    const { seq, hash } = snapshot;
    if (seq > this.#head.seq) {
      throw new JournalError(
        'JOURNAL_CORRUPT',
        `The snapshot at record ${seq} is newer than the journal, which ends at ${this.#head.seq}.`,
        'Rebuild the state from this journal; the snapshot belongs to another one.',
      );
    }
    const body = boundedText('snapshot.body', snapshot.body, MAX_SNAPSHOT);
    await this.#flush(seq);
    try {
      await this.#store.putSnapshot({ seq, hash, body });
    } catch (error) {
      const failure = journalFailure(this.#name, error);
      if (failure.code === 'JOURNAL_IO') this.#fail(failure);
      throw failure;
    }
  }

  async loadSnapshot(atSeq = this.#head.seq): Promise<Snapshot | undefined> {
    this.#usable();
    const found = await this.#store.snapshot(atSeq);
    return found && { seq: found.seq, hash: found.hash, body: parseJson(found.body) };
  }

  async remember(agent: AgentId, identity: Json): Promise<void> {
    await this.#edit(agent, boundedText('identity', identity, MAX_IDENTITY));
  }

  async forget(agent: AgentId): Promise<void> {
    await this.#edit(agent, null);
  }

  async identities(): Promise<ReadonlyMap<AgentId, Json>> {
    this.#usable();
    const found = new Map<AgentId, Json>();
    for (const { agent, identity } of await this.#store.identities()) {
      if (identity !== null) found.set(agent, parseJson(identity));
    }
    return found;
  }

  async verify(): Promise<Verification> {
    await this.#flush(this.#head.seq);
    let head = GENESIS;
    let records = 0;
    for (;;) {
      this.#usable();
      const step = await this.#verifyStep(head);
      records += step.records;
      head = step.head;
      if (step.broken !== undefined) {
        return { ok: false, records, brokenAt: step.broken.at, detail: step.broken.detail };
      }
      if (step.done) return { ok: true, records, detail: `all ${records} records verified` };
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    // One turn later, so that `#closing` is set before anything else can be appended.
    await Promise.resolve();
    this.#startPump();
    await this.#pumping;
    await this.#store.close();
    if (this.#failure !== undefined && this.#head.seq > this.#durable) throw this.#failure;
  }

  async *#readPages(from: number, to: number): AsyncGenerator<JournalRecord> {
    await this.#flush(to);
    let next = from;
    while (next <= to) {
      this.#usable();
      const page = await this.#store.page(next, to);
      if (page.length === 0) throw brokenChain(`record ${next} is missing`);
      for (const record of page) yield unseal(record);
      next += page.length;
    }
  }

  /** A store that cannot even read a piece has found damage there. */
  async #verifyStep(head: Head): Promise<VerifyStep> {
    try {
      return await this.#store.verifyStep(head);
    } catch (error) {
      const { code, message } = journalFailure(this.#name, error);
      if (code !== 'JOURNAL_CORRUPT') throw error;
      return { head, records: 0, done: true, broken: { at: head.seq + 1, detail: message } };
    }
  }

  async #edit(agent: AgentId, identity: string | null): Promise<void> {
    this.#usable();
    checkAgent('agent', agent);
    const durable = this.#backlog.edit({ agent, identity });
    this.#wake();
    await durable;
  }

  async #flush(seq: number): Promise<void> {
    this.#usable();
    this.#startPump();
    await this.durable(seq);
  }

  #wake(): void {
    if (this.#linger === undefined || this.#backlog.hasFullBatch) {
      this.#startPump();
    } else if (this.#pumping === undefined) {
      const { clock, ms } = this.#linger;
      this.#timer ??= clock.after(ms, () => this.#startPump());
    }
  }

  #startPump(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#pumping ??= this.#pump();
  }

  async #pump(): Promise<void> {
    // One turn later, so that everything appended in the same turn shares the first batch.
    await Promise.resolve();
    while (this.#failure === undefined && !this.#backlog.isEmpty) {
      const batch = this.#backlog.next();
      const identities = batch.identities.map(({ agent, identity }) => ({ agent, identity }));
      try {
        await this.#store.commit({ records: batch.records, identities });
        this.#durable = batch.records.at(-1)?.seq ?? this.#durable;
        this.#backlog.settle(batch);
      } catch (error) {
        this.#fail(journalFailure(this.#name, error));
      }
    }
    this.#pumping = undefined;
  }

  #fail(error: JournalError): void {
    this.#failure ??= error;
    this.#backlog.abandon(this.#failure);
  }

  #usable(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closing !== undefined) throw this.#closed();
  }

  #closed(): JournalError {
    return new JournalError(
      'JOURNAL_CLOSED',
      `The journal ${this.#name} is closed.`,
      'Open it again; nothing more can be read from or written to this one.',
    );
  }
}

function lingerOf({
  flushAfterMs = 0,
  clock,
}: CommitOptions): { ms: number; clock: Clock } | undefined {
  if (flushAfterMs === 0) return undefined;
  const ms = bound('flushAfterMs', flushAfterMs);
  if (clock === undefined) throw new RangeError('clock: missing; flushAfterMs needs a clock');
  return { ms, clock };
}
