/**
 * What the feed showed last of each account: enough to guard a write, to see what a difference
 * frame did not tell, and to notice who has gone.
 *
 * M1  A row that is older by Five9's own time never replaces a newer one of the same connection.
 * M2  An account is reported gone only after two full statistics in a row without it: one may be
 *     cut in pieces, or taken while Five9 moves house.
 */
import type { AccountId } from '../../model/ids.ts';
import { isStale, type Observation } from '../../model/observation.ts';
import type { Readiness } from './wire.ts';

export interface Entry {
  readonly observation: Observation;
  readonly standing: Readiness | undefined;
}

/** Far above the 10,000 agents of the largest domain that is planned for. */
const MOST = 100_000;

export class Roster {
  private readonly entries = new Map<AccountId, Entry>();
  private absent: ReadonlySet<AccountId> = new Set();

  /** Keeps the entry unless a newer one is known, and says which of the two it was. */
  note(entry: Entry): 'changed' | 'same' | 'stale' {
    const account = entry.observation.account;
    const last = this.entries.get(account)?.observation.version;
    const next = entry.observation.version;
    if (last !== undefined && isStale(next, last)) return 'stale';
    if (last !== undefined || this.entries.size < MOST) this.entries.set(account, entry);
    const isSame = last?.generation === next.generation && last.stamp === next.stamp;
    return isSame ? 'same' : 'changed';
  }

  get(account: AccountId): Entry | undefined {
    return this.entries.get(account);
  }

  remove(accounts: readonly AccountId[]): void {
    for (const account of accounts) this.entries.delete(account);
  }

  /** Takes the accounts of one full statistics and returns those that are gone. */
  gone(present: ReadonlySet<AccountId>, watched: Iterable<AccountId>): readonly AccountId[] {
    if (present.size === 0) return [];
    const missing = new Set<AccountId>();
    for (const account of [...this.entries.keys(), ...watched]) {
      if (!present.has(account)) missing.add(account);
    }
    const gone = [...missing].filter((account) => this.absent.has(account));
    this.absent = missing;
    this.remove(gone);
    return gone;
  }

  get size(): number {
    return this.entries.size;
  }
}
