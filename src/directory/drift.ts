/** What has changed on the platforms since people were mapped. Ids do not change; all else may. */
import type { Account } from '../connectors/connector.ts';
import type { AccountId, AgentId, PlatformId } from '../model/ids.ts';
import type { Directory } from './directory.ts';
import { agentOf } from './directory.ts';
import { normal } from './normal.ts';

const FIELDS = ['name', 'upn', 'email'] as const;

export interface Renamed {
  readonly platform: PlatformId;
  readonly account: AccountId;
  /** Set when somebody is mapped to it. */
  readonly agent?: AgentId;
  readonly field: (typeof FIELDS)[number];
  readonly before: string;
  readonly now: string;
  /** The account that had the new user name or address before: it was given to somebody else. */
  readonly takenFrom?: AccountId;
}

export interface Inactive {
  readonly platform: PlatformId;
  readonly account: AccountId;
  /** Set when somebody is mapped to it. */
  readonly agent?: AgentId;
  /** `missing`: mapped, but the platform does not list it any more. */
  readonly why: 'inactive' | 'missing';
}

export function findRenamed(
  platform: PlatformId,
  earlier: readonly Account[],
  now: readonly Account[],
  mapping: Directory,
): Renamed[] {
  const before = new Map(earlier.map((account) => [account.id, account]));
  const holders = new Map<string, AccountId>();
  for (const account of earlier) {
    for (const key of reusableNames(account)) holders.set(key, account.id);
  }
  return now.flatMap((account) => {
    const old = before.get(account.id);
    const who = ownerOf(mapping, platform, account.id);
    return FIELDS.flatMap((field) => {
      const value = account[field] ?? '';
      const was = old?.[field] ?? '';
      const holder = field === 'name' ? undefined : holders.get(`${field} ${normal(value)}`);
      const taken = holder === undefined || holder === account.id ? {} : { takenFrom: holder };
      // A new account is news only when it bears a name that was somebody else's.
      if (old === undefined ? holder === undefined : was === value) return [];
      return [{ platform, account: account.id, ...who, field, before: was, now: value, ...taken }];
    });
  });
}

/** Two people may share a display name; a user name or an address has one owner at a time. */
function reusableNames(account: Account): string[] {
  return (['upn', 'email'] as const).flatMap((field) => {
    const value = normal(account[field] ?? '');
    return value === '' ? [] : [`${field} ${value}`];
  });
}

export function findInactive(
  platform: PlatformId,
  accounts: readonly Account[],
  mapping: Directory,
): Inactive[] {
  // Nobody at all means that nothing could be asked, not that everybody has left.
  if (accounts.length === 0) return [];
  const listed = new Set(accounts.map(({ id }) => id));
  const inactive = accounts
    .filter(({ active }) => !active)
    .map(({ id }): Inactive => {
      return { platform, account: id, ...ownerOf(mapping, platform, id), why: 'inactive' };
    });
  const mapped = [...(mapping.byAccount.get(platform) ?? [])];
  const missing = mapped
    .filter(([account]) => !listed.has(account))
    .map(([account, agent]): Inactive => ({ platform, account, agent: agent.id, why: 'missing' }));
  return [...inactive, ...missing];
}

function ownerOf(
  mapping: Directory,
  platform: PlatformId,
  account: AccountId,
): { readonly agent?: AgentId } {
  const agent = agentOf(mapping, platform, account);
  return agent === undefined ? {} : { agent: agent.id };
}
