/** People who sign in to an application of the tenant: accounts, device codes, refresh tokens. */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import { createAccountList, type Account, type AccountList, type AccountSpec } from './accounts.ts';
import { createDeviceCodes, type DeviceCodes } from './device-codes.ts';
import { createRefreshTokens, type RefreshTokens } from './refresh-tokens.ts';
import type { AskedScope } from './delegated-scope.ts';

export interface DelegatedDesk {
  readonly accounts: AccountList;
  readonly codes: DeviceCodes;
  readonly refreshTokens: RefreshTokens;
  reset(): void;
}

/** What tests and people do to the accounts. `account` is an object id or a user principal name. */
export interface AccountControl {
  list(): readonly Account[];
  /** Adds an account, or replaces it. Refresh tokens that it names are good from now on. */
  put(spec: AccountSpec): Account;
  /** A refresh token of this account for this client, as if the device code had been redeemed. */
  signIn(account: string, clientId: string): string;
  /** Every refresh token that the account has so far is refused; a new sign-in is good. */
  revoke(account: string): void;
  /** The person enters the code that the client shows, and agrees. */
  approve(userCode: string, account: string): void;
  decline(userCode: string): void;
  waitingCodes(): ReturnType<DeviceCodes['waiting']>;
}

const WHOLE_SCOPE: AskedScope = {
  resource: 'https://graph.microsoft.com',
  names: ['.default'],
  offline: true,
};

export function createDelegatedDesk(parts: {
  readonly clock: Clock;
  readonly random: Random;
  readonly accounts: readonly AccountSpec[];
}): DelegatedDesk {
  const { clock, random } = parts;
  const desk: DelegatedDesk = {
    accounts: createAccountList(parts.accounts),
    codes: createDeviceCodes(clock, random.fork('codes')),
    refreshTokens: createRefreshTokens(clock, random.fork('refresh')),
    reset(): void {
      desk.accounts.reset();
      desk.codes.reset();
      desk.refreshTokens.reset();
      for (const account of desk.accounts.list()) keepGiven(desk, account);
    },
  };
  for (const account of desk.accounts.list()) keepGiven(desk, account);
  return desk;
}

function keepGiven(desk: DelegatedDesk, account: Account): void {
  for (const { clientId, value } of account.refreshTokens) {
    desk.refreshTokens.keep(value, { clientId, account: account.id, scope: WHOLE_SCOPE });
  }
}

export function accountControl(desk: DelegatedDesk): AccountControl {
  const known = (name: string): Account => {
    const account = desk.accounts.find(name);
    if (account === undefined) throw new Error(`account: "${name}" is unknown; put it first`);
    return account;
  };
  return {
    list: () => desk.accounts.list(),
    put(spec): Account {
      const account = desk.accounts.put(spec);
      keepGiven(desk, account);
      return account;
    },
    signIn: (account, clientId) =>
      desk.refreshTokens.issue({ clientId, account: known(account).id, scope: WHOLE_SCOPE }),
    revoke: (account) => desk.refreshTokens.revoke(known(account)),
    approve: (userCode, account) => desk.codes.settle(userCode, known(account)),
    decline: (userCode) => desk.codes.settle(userCode, 'declined'),
    waitingCodes: () => desk.codes.waiting(),
  };
}
