/**
 * What waits for the store: records and identity edits in order, and who waits for them.
 *
 * B1  Bounded: the record that finds the backlog full closes it for good (`overflow` stays set).
 * B2  A batch stays in the backlog until it is settled, so the bound counts it too.
 */
import type { Sealed } from './chain.ts';
import { JournalError } from './journal.ts';
import type { IdentityEdit } from './store.ts';

export interface Bounds {
  /** Most records in one batch. */
  readonly maxBatch?: number;
  /** Most records that wait for the store, those with the store included. */
  readonly maxBacklog?: number;
  /** Most characters of bodies that wait. */
  readonly maxBacklogCharacters?: number;
}

interface Waiter {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: JournalError): void;
}

interface PendingEdit extends IdentityEdit {
  readonly waiter: Waiter;
}

export interface PendingBatch {
  readonly records: readonly Sealed[];
  readonly identities: readonly PendingEdit[];
}

export class Backlog {
  readonly #name: string;
  readonly #maxBatch: number;
  readonly #maxRecords: number;
  readonly #maxCharacters: number;
  readonly #waiters = new Map<number, Waiter>();
  #records: Sealed[] = [];
  #edits: PendingEdit[] = [];
  #characters = 0;
  #overflow: JournalError | undefined;

  constructor(name: string, bounds: Bounds) {
    this.#name = name;
    this.#maxBatch = bound('maxBatch', bounds.maxBatch ?? 1000);
    this.#maxRecords = bound('maxBacklog', bounds.maxBacklog ?? 100_000);
    this.#maxCharacters = bound('maxBacklogCharacters', bounds.maxBacklogCharacters ?? 2 ** 27);
  }

  /** Set once a record was turned away. */
  get overflow(): JournalError | undefined {
    return this.#overflow;
  }

  get isEmpty(): boolean {
    return this.#records.length + this.#edits.length === 0;
  }

  get hasFullBatch(): boolean {
    return this.#records.length >= this.#maxBatch;
  }

  /** Takes the record, or answers false and takes none ever after. */
  add(record: Sealed): boolean {
    const fits =
      this.#records.length < this.#maxRecords &&
      (this.#characters === 0 || this.#characters + record.body.length <= this.#maxCharacters);
    if (!fits) this.#overflow ??= this.#fullError();
    if (this.#overflow !== undefined) return false;
    this.#records.push(record);
    this.#characters += record.body.length;
    return true;
  }

  /** Resolves when the edit is durable. */
  edit(edit: IdentityEdit): Promise<void> {
    if (this.#edits.length >= this.#maxRecords) return Promise.reject(this.#fullError());
    const waiter = createWaiter();
    this.#edits.push({ ...edit, waiter });
    return waiter.promise;
  }

  /** Resolves when record `seq`, which must be waiting, is durable. */
  wait(seq: number): Promise<void> {
    const waiter = this.#waiters.get(seq) ?? createWaiter();
    this.#waiters.set(seq, waiter);
    return waiter.promise;
  }

  next(): PendingBatch {
    return {
      records: this.#records.slice(0, this.#maxBatch),
      identities: this.#edits.slice(0, this.#maxBatch),
    };
  }

  /** The batch that `next` gave is durable. */
  settle({ records, identities }: PendingBatch): void {
    this.#records = this.#records.slice(records.length);
    this.#edits = this.#edits.slice(identities.length);
    for (const { seq, body } of records) {
      this.#characters -= body.length;
      this.#waiters.get(seq)?.resolve();
      this.#waiters.delete(seq);
    }
    for (const { waiter } of identities) waiter.resolve();
  }

  /** Nothing of it will ever be durable. */
  abandon(error: JournalError): void {
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    for (const { waiter } of this.#edits) waiter.reject(error);
    this.#waiters.clear();
    this.#records = [];
    this.#edits = [];
  }

  #fullError(): JournalError {
    return new JournalError(
      'JOURNAL_FULL',
      `The journal ${this.#name} takes nothing more: ${this.#records.length} records (${this.#characters} characters) and ${this.#edits.length} identities wait for the disk.`,
      'The disk is too slow or hangs. Open the journal anew, and wait for `durable` before taking more input.',
    );
  }
}

export function bound(field: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`${field}: ${value} is no bound; give a whole number above 0`);
}

function createWaiter(): Waiter {
  let resolve = (): void => undefined;
  let reject = (_error: JournalError): void => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
