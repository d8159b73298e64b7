/**
 * A disk that loses what was not flushed, and the log on it that one machine at a time owns.
 *
 * K1  A batch is on the platter only after its flush. A power cut keeps, tears or loses each batch
 *     that was still in the cache, one by one: a later one may survive an earlier one.
 * K2  Opening keeps the longest run of whole, chained batches and cuts off the rest.
 * K3  With a lock the log belongs to the process until it dies. With a lease it belongs to whoever
 *     renewed last, and an append of an earlier owner is refused.
 */
import type { Clock } from '../src/lib/clock.ts';
import { pause } from '../src/lib/clock.ts';
import type { Random } from '../src/lib/random.ts';
import { GENESIS, foreignSnapshot, verifySequence } from '../src/journal/chain.ts';
import type { Sealed } from '../src/journal/chain.ts';
import { GroupCommitJournal } from '../src/journal/group-commit.ts';
import type { Head, Journal } from '../src/journal/journal.ts';
import { JournalError } from '../src/journal/journal.ts';
import { PAGE_RECORDS } from '../src/journal/store.ts';
import type { Batch, IdentityEdit, Store, StoredSnapshot } from '../src/journal/store.ts';
import type { Machine } from './machine.ts';

export type Ownership = 'lock' | 'lease';

export type Trouble = 'full' | 'fsync_fails' | 'slow';

interface Frame extends Batch {
  /** Its checksum does not fit what is left of it. */
  readonly torn?: boolean;
}

const LEASE_MS = 60_000;
const RENEW_MS = 10_000;
const SNAPSHOTS_KEPT = 3;

export interface DiskOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ownership: Ownership;
  readonly count: (name: string) => void;
}

export class Disk {
  readonly options: DiskOptions;
  readonly platter: Sealed[] = [];
  readonly identities = new Map<string, string>();
  snapshots: StoredSnapshot[] = [];
  trouble: Trouble | undefined;
  /** Told after every flush, with what became durable. */
  onDurable: (records: readonly Sealed[]) => void = () => undefined;
  /** Highest sequence number that product code was told is durable. */
  acknowledged = 0;
  /** Broken promises of the journal, in words. */
  readonly lost: string[] = [];
  private cache: Frame[] = [];
  private holder: { readonly machine: Machine; readonly term: number; until: number } | undefined;
  private term = 0;

  constructor(options: DiskOptions) {
    this.options = options;
  }

  /** Rejects with JOURNAL_LOCKED while somebody else owns the log. */
  open(machine: Machine): Journal {
    if (this.isHeldByAnother(machine)) {
      throw new JournalError(
        'JOURNAL_LOCKED',
        'Another machine owns the log.',
        'Wait for its end.',
      );
    }
    this.term += 1;
    const term = this.term;
    this.holder = { machine, term, until: this.options.clock.monotonic() + LEASE_MS };
    this.recover();
    const last = this.platter.at(-1);
    const head: Head = last === undefined ? GENESIS : { seq: last.seq, hash: last.hash };
    if (head.seq < this.acknowledged) {
      this.lost.push(`${this.acknowledged} records were durable, ${head.seq} are found`);
    }
    const store = new DiskStore(this, machine, term);
    this.keepLease(machine, term);
    return new GroupCommitJournal(store, 'on the simulated disk', head);
  }

  /** The machine lost its power: what was not flushed is at the mercy of the disk. */
  cutPower(): void {
    const { random, count } = this.options;
    this.cache = this.cache.flatMap((frame): Frame[] => {
      const fate = random.next();
      count(fate < 0.3 ? 'disk.kept' : fate < 0.6 ? 'disk.torn' : 'disk.lost');
      if (fate < 0.3) return [frame];
      return fate < 0.6 ? [{ ...frame, torn: true }] : [];
    });
  }

  owns(term: number): boolean {
    return this.holder?.term === term;
  }

  holdsForMs(term: number): number {
    if (this.holder?.term !== term) return 0;
    if (this.options.ownership === 'lock') return Number.POSITIVE_INFINITY;
    return this.holder.until - this.options.clock.monotonic();
  }

  /** Whose requests may leave now. */
  owner(): Machine | undefined {
    return this.holder?.machine;
  }

  renew(term: number): void {
    if (this.holder?.term !== term) throw fenced();
    this.holder.until = this.options.clock.monotonic() + LEASE_MS;
  }

  release(term: number): void {
    if (this.holder?.term === term) this.holder = undefined;
  }

  write(frame: Frame): void {
    this.cache.push(frame);
  }

  flush(): void {
    const records = this.cache.flatMap((frame) => frame.records);
    for (const { identities } of this.cache) identities.forEach((edit) => this.edit(edit));
    this.platter.push(...records);
    this.cache = [];
    this.onDurable(records);
  }

  private edit({ agent, identity }: IdentityEdit): void {
    if (identity === null) this.identities.delete(agent);
    else this.identities.set(agent, identity);
  }

  private isHeldByAnother(machine: Machine): boolean {
    const { holder } = this;
    if (holder === undefined || holder.machine === machine) return false;
    if (this.options.ownership === 'lock') return !holder.machine.isDead;
    return holder.until > this.options.clock.monotonic();
  }

  /** K2. What a killed process had written and not flushed is still in the cache. */
  private recover(): void {
    const last = this.platter.at(-1);
    let head: Head = last === undefined ? GENESIS : { seq: last.seq, hash: last.hash };
    for (const frame of this.cache) {
      const check = verifySequence(head, frame.records);
      if (frame.torn === true || check.broken !== undefined) {
        this.options.count('disk.cut');
        break;
      }
      this.platter.push(...frame.records);
      frame.identities.forEach((edit) => this.edit(edit));
      this.onDurable(frame.records);
      head = check.head;
    }
    this.cache = [];
  }

  private keepLease(machine: Machine, term: number): void {
    if (this.options.ownership === 'lock') return;
    machine.after(RENEW_MS, () => {
      if (!this.owns(term)) return;
      this.renew(term);
      this.keepLease(machine, term);
    });
  }
}

class DiskStore implements Store {
  private readonly disk: Disk;
  private readonly machine: Machine;
  private readonly term: number;

  constructor(disk: Disk, machine: Machine, term: number) {
    this.disk = disk;
    this.machine = machine;
    this.term = term;
  }

  async commit(batch: Batch): Promise<void> {
    const { disk } = this;
    this.check();
    if (disk.trouble === 'full') throw broken(disk, 'is full');
    disk.write(batch);
    await pause(this.machine, this.flushMs());
    this.check();
    if (disk.trouble === 'fsync_fails') throw broken(disk, 'could not be flushed');
    disk.flush();
    if (disk.options.ownership === 'lease') disk.renew(this.term);
    disk.acknowledged = Math.max(disk.acknowledged, batch.records.at(-1)?.seq ?? 0);
  }

  async page(from: number, to: number): Promise<readonly Sealed[]> {
    this.check();
    return this.disk.platter.slice(from - 1, Math.min(to, from - 1 + PAGE_RECORDS));
  }

  async verifyStep(from: Head): ReturnType<Store['verifyStep']> {
    const page = this.disk.platter.slice(from.seq, from.seq + PAGE_RECORDS);
    return { ...verifySequence(from, page), done: page.length < PAGE_RECORDS };
  }

  async putSnapshot(snapshot: StoredSnapshot): Promise<void> {
    this.check();
    if (this.disk.platter[snapshot.seq - 1]?.hash !== snapshot.hash) {
      throw foreignSnapshot(snapshot.seq);
    }
    const others = this.disk.snapshots.filter(({ seq }) => seq !== snapshot.seq);
    this.disk.snapshots = [snapshot, ...others].slice(0, SNAPSHOTS_KEPT);
  }

  async snapshot(atSeq: number): Promise<StoredSnapshot | undefined> {
    const fits = ({ seq, hash }: StoredSnapshot): boolean =>
      seq <= atSeq && this.disk.platter[seq - 1]?.hash === hash;
    return this.disk.snapshots.filter(fits).sort((a, b) => b.seq - a.seq)[0];
  }

  async identities(): Promise<readonly IdentityEdit[]> {
    return [...this.disk.identities].map(([agent, identity]) => ({ agent, identity }));
  }

  holdsForMs(): number {
    return this.disk.holdsForMs(this.term);
  }

  async close(): Promise<void> {
    this.disk.release(this.term);
  }

  private check(): void {
    if (!this.disk.owns(this.term)) throw fenced();
  }

  private flushMs(): number {
    const { trouble, options } = this.disk;
    const usual = 0.5 + options.random.next() * 3;
    if (trouble !== 'slow') return usual;
    options.count('disk.slow_flush');
    return usual * 100;
  }
}

function broken({ options }: Disk, how: string): JournalError {
  options.count(`disk.${how}`);
  return new JournalError(
    'JOURNAL_IO',
    `The simulated disk ${how}.`,
    'Mend the disk, start again.',
  );
}

function fenced(): JournalError {
  return new JournalError('JOURNAL_LOCKED', 'The log has a newer owner.', 'Stop this process.');
}
