/** The users of the emulated tenant: who exists, who is licensed, in the order of their adding. */

/**
 * What Teams takes an account for.
 * https://learn.microsoft.com/en-us/graph/api/resources/teamsadministration-teamsuserconfiguration
 */
export const ACCOUNT_TYPES = [
  'user',
  'resourceAccount',
  'guest',
  'sfbOnPremUser',
  'unknown',
  'ineligibleUser',
] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

export interface UserSpec {
  /** The object id. */
  readonly id: string;
  readonly displayName?: string;
  readonly userPrincipalName?: string;
  readonly mail?: string;
  readonly givenName?: string;
  readonly surname?: string;
  readonly jobTitle?: string;
  readonly department?: string;
  readonly employeeId?: string;
  /** Default true. Without a licence every presence call for this user answers 403. */
  readonly licensed?: boolean;
  /** Default true. */
  readonly enabled?: boolean;
  /** Default `user`. */
  readonly accountType?: AccountType;
  /** Whether there is a mailbox in the cloud; default true. */
  readonly mailbox?: boolean;
}

export interface User extends UserSpec {
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly licensed: boolean;
  readonly enabled: boolean;
  readonly accountType: AccountType;
  readonly mailbox: boolean;
}

export interface Users {
  /** By object id, without regard to case. */
  byId(id: string): User | undefined;
  /** By object id or by user principal name. */
  byIdOrName(text: string): User | undefined;
  list(): readonly User[];
  put(spec: UserSpec): User;
  remove(id: string): boolean;
  reset(): void;
}

const MAX_USERS = 200_000;

export function createUsers(initial: readonly UserSpec[], domain: string): Users {
  const byId = new Map<string, User>();
  const put = (spec: UserSpec): User => {
    const user: User = {
      ...spec,
      displayName: spec.displayName ?? spec.id,
      userPrincipalName: spec.userPrincipalName ?? `${spec.id}@${domain}`,
      licensed: spec.licensed ?? true,
      enabled: spec.enabled ?? true,
      accountType: spec.accountType ?? 'user',
      mailbox: spec.mailbox ?? true,
    };
    if (byId.size >= MAX_USERS) throw new Error(`users: ${MAX_USERS} exist already`);
    byId.set(spec.id.toLowerCase(), user);
    return user;
  };
  for (const spec of initial) put(spec);
  return {
    byId: (id) => byId.get(id.toLowerCase()),
    byIdOrName(text): User | undefined {
      const key = text.toLowerCase();
      const named = (user: User): boolean => user.userPrincipalName.toLowerCase() === key;
      return byId.get(key) ?? (key.includes('@') ? [...byId.values()].find(named) : undefined);
    },
    list: () => [...byId.values()],
    put,
    remove: (id) => byId.delete(id.toLowerCase()),
    reset(): void {
      byId.clear();
      for (const spec of initial) put(spec);
    },
  };
}
