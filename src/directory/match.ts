/**
 * People on two platforms: who is probably whom, and what does not fit. It only suggests. A mapping
 * is made by a person, from immutable ids.
 *
 * P1  Nothing that is mapped already is suggested again.
 * P2  Two people who could be one, or one who could be two, are never suggested, only reported.
 * P3  The result does not depend on the order of the lists.
 */
import type { Account } from '../connectors/connector.ts';
import type { AccountId } from '../model/ids.ts';
import { groupByName } from './accounts.ts';
import type { Directory } from './directory.ts';
import { agentOf } from './directory.ts';
import type { Inactive, Renamed } from './drift.ts';
import { findInactive, findRenamed } from './drift.ts';
import { normal } from './normal.ts';

export interface MatchInput {
  readonly five9: readonly Account[];
  readonly teams: readonly Account[];
  readonly mapping: Directory;
  /** The lists as they were when the mapping was made; without them nothing counts as renamed. */
  readonly earlier?: { readonly five9: readonly Account[]; readonly teams: readonly Account[] };
}

type Confidence = 'high' | 'medium' | 'low';

interface Suggestion {
  readonly five9: AccountId;
  readonly teams: AccountId;
  readonly confidence: Confidence;
  /** Why, in words. */
  readonly reason: string;
  /** Other Teams users at whom a weaker sign points; look twice. */
  readonly rivals: readonly AccountId[];
}

/** Accounts that point at each other in more than one way. */
interface Doubled {
  readonly five9: readonly AccountId[];
  readonly teams: readonly AccountId[];
  readonly reason: string;
}

export interface MatchReport {
  readonly suggestions: readonly Suggestion[];
  readonly unmatched: {
    readonly five9: readonly AccountId[];
    readonly teams: readonly AccountId[];
  };
  readonly doubled: readonly Doubled[];
  readonly renamed: readonly Renamed[];
  readonly inactive: readonly Inactive[];
}

export function suggestMatches(input: MatchInput): MatchReport {
  const { mapping } = input;
  const five9 = input.five9.toSorted(byId);
  const teams = input.teams.toSorted(byId);
  const open = five9.filter(({ id, active }) => active && !agentOf(mapping, 'five9', id));
  const links = linksOf(
    open,
    teams.filter(({ active }) => active),
  );
  const { suggestions, doubled } = judge(links, mapping);
  const told = {
    five9: new Set([
      ...suggestions.map((one) => one.five9),
      ...doubled.flatMap((one) => one.five9),
    ]),
    teams: new Set([
      ...suggestions.map((one) => one.teams),
      ...doubled.flatMap((one) => one.teams),
    ]),
  };
  const idle = teams.filter(({ id, active }) => active && !agentOf(mapping, 'teams', id));
  return {
    suggestions,
    doubled,
    unmatched: {
      five9: open.map(({ id }) => id).filter((id) => !told.five9.has(id)),
      teams: idle.map(({ id }) => id).filter((id) => !told.teams.has(id)),
    },
    renamed: [
      ...findRenamed('five9', input.earlier?.five9 ?? [], five9, mapping),
      ...findRenamed('teams', input.earlier?.teams ?? [], teams, mapping),
    ],
    inactive: [...findInactive('five9', five9, mapping), ...findInactive('teams', teams, mapping)],
  };
}

interface Link {
  readonly five9: AccountId;
  /** All Teams accounts that the first sign that fits points at. */
  readonly teams: readonly AccountId[];
  readonly sign: Sign;
  readonly rivals: readonly AccountId[];
}

interface Sign {
  readonly confidence: Confidence;
  readonly reason: string;
  readonly of: (account: Account) => string | undefined;
  readonly among: readonly ('upn' | 'email')[];
}

/** Signs in the order of how much they say; the first that finds anybody decides. */
const SIGNS: readonly Sign[] = [
  {
    confidence: 'high',
    reason: 'the federation id in Five9 is the user principal name in Teams',
    of: (account) => account.federationId,
    among: ['upn'],
  },
  {
    confidence: 'medium',
    reason: 'the e-mail address in Five9 is the address or user principal name in Teams',
    of: (account) => account.email,
    among: ['upn', 'email'],
  },
  {
    confidence: 'low',
    reason: 'the user name in Five9 is the user principal name in Teams',
    of: (account) => account.upn ?? account.name,
    among: ['upn'],
  },
];

function linksOf(five9: readonly Account[], teams: readonly Account[]): Link[] {
  const tables = {
    upn: groupByName(teams, (account) => account.upn),
    email: groupByName(teams, (account) => account.email),
  };
  return five9.flatMap((account) => {
    const found = SIGNS.map(({ of, among }) => {
      const key = normal(of(account) ?? '');
      return new Set(among.flatMap((table) => (tables[table].get(key) ?? []).map(({ id }) => id)));
    });
    const first = found.findIndex((ids) => ids.size > 0);
    const sign = SIGNS[first];
    if (sign === undefined) return [];
    const ids = [...(found[first] ?? [])];
    const all = new Set(found.flatMap((one) => [...one]));
    const rivals = [...all].filter((id) => !ids.includes(id));
    return [{ five9: account.id, teams: ids, sign, rivals }];
  });
}

function judge(
  links: readonly Link[],
  mapping: Directory,
): Pick<MatchReport, 'suggestions' | 'doubled'> {
  const claims = new Map<AccountId, AccountId[]>();
  for (const { five9, teams } of links) {
    for (const id of teams) {
      const claimants = claims.get(id);
      if (claimants === undefined) claims.set(id, [five9]);
      else claimants.push(five9);
    }
  }
  const isFree = (id: AccountId): boolean =>
    agentOf(mapping, 'teams', id) === undefined && claims.get(id)?.length === 1;
  const suggestions = links.flatMap((link) => suggest(link, isFree));
  const split = links
    .filter(({ teams }) => teams.length > 1)
    .map(({ five9, teams }) => ({
      five9: [five9],
      teams,
      reason: 'one Five9 user fits several Teams users',
    }));
  return { suggestions, doubled: [...split, ...crowded(claims, mapping)] };
}

function suggest(link: Link, isFree: (id: AccountId) => boolean): Suggestion[] {
  const { five9, teams, sign, rivals } = link;
  const [only] = teams;
  if (teams.length !== 1 || only === undefined || !isFree(only)) return [];
  const confidence = rivals.length === 0 ? sign.confidence : 'low';
  return [{ five9, teams: only, confidence, reason: sign.reason, rivals }];
}

/** Teams users at whom several Five9 users point, the one who is mapped already included. */
function crowded(
  claims: ReadonlyMap<AccountId, readonly AccountId[]>,
  mapping: Directory,
): Doubled[] {
  return [...claims].flatMap(([teams, claimants]) => {
    const holder = agentOf(mapping, 'teams', teams)?.accounts['five9'];
    const five9 = holder === undefined ? claimants : [holder, ...claimants];
    if (five9.length < 2) return [];
    return [{ five9, teams: [teams], reason: 'several Five9 users fit one Teams user' }];
  });
}

function byId(a: Account, b: Account): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
