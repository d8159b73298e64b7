/** The people of the emulated tenant who can sign in to an application, and what they agreed to. */

export interface AccountSpec {
  /** The object id; the `oid` of the person's tokens. */
  readonly id: string;
  readonly userPrincipalName: string;
  /** Delegated permissions of Graph that are agreed to; default `Presence.Read.All`. */
  readonly scopes?: readonly string[];
  /** A disabled account gets no token any more. Default false. */
  readonly disabled?: boolean;
  /** Refresh tokens that exist from the start, for a client that begins signed in. */
  readonly refreshTokens?: readonly { readonly clientId: string; readonly value: string }[];
}

export type Account = Required<AccountSpec>;

export interface AccountList {
  list(): readonly Account[];
  /** By object id or user principal name, without regard to case. */
  find(name: string): Account | undefined;
  /** Adds an account, or replaces it. */
  put(spec: AccountSpec): Account;
  reset(): void;
}

const MAX_ACCOUNTS = 1_000;

export function createAccountList(initial: readonly AccountSpec[]): AccountList {
  const byId = new Map<string, Account>();
  const put = (spec: AccountSpec): Account => {
    const account = registered(spec);
    const key = account.id.toLowerCase();
    if (!byId.has(key) && byId.size >= MAX_ACCOUNTS) {
      throw new Error(`accounts: ${MAX_ACCOUNTS} exist already; put none beyond that`);
    }
    byId.set(key, account);
    return account;
  };
  for (const spec of initial) put(spec);
  return {
    list: () => [...byId.values()],
    find(name): Account | undefined {
      const key = name.toLowerCase();
      const named = (account: Account): boolean => account.userPrincipalName.toLowerCase() === key;
      return byId.get(key) ?? [...byId.values()].find(named);
    },
    put,
    reset(): void {
      byId.clear();
      for (const spec of initial) put(spec);
    },
  };
}

function registered(spec: AccountSpec): Account {
  return {
    ...spec,
    scopes: spec.scopes ?? ['Presence.Read.All'],
    disabled: spec.disabled ?? false,
    refreshTokens: spec.refreshTokens ?? [],
  };
}
