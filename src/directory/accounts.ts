/** The accounts of one platform, to look up by id or by name. */
import type { Account } from '../connectors/connector.ts';
import type { AccountId } from '../model/ids.ts';
import { normal } from './normal.ts';

export interface AccountIndex {
  readonly byId: ReadonlyMap<AccountId, Account>;
  /** All accounts with this name, first key that finds any. */
  find(name: string, keys: readonly ('upn' | 'name')[]): readonly Account[];
}

export function indexAccounts(accounts: readonly Account[]): AccountIndex {
  const byId = new Map(accounts.map((account) => [normal(account.id), account]));
  const byKey = {
    upn: groupByName(accounts, (account) => account.upn),
    name: groupByName(accounts, (account) => account.name),
  };
  return {
    byId,
    find: (name, keys): readonly Account[] => {
      for (const key of keys) {
        const found = byKey[key].get(normal(name));
        if (found !== undefined) return found;
      }
      return [];
    },
  };
}

export function groupByName(
  accounts: readonly Account[],
  nameOf: (account: Account) => string | undefined,
): ReadonlyMap<string, readonly Account[]> {
  const groups = new Map<string, Account[]>();
  for (const account of accounts) {
    const name = normal(nameOf(account) ?? '');
    if (name === '') continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [account]);
    else group.push(account);
  }
  return groups;
}
