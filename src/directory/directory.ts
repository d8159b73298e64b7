/**
 * Who is who: each agent's account on each platform. The contract of this folder.
 *
 * D1  A directory is a value: it never changes, and its version is a fingerprint of its content.
 * D2  Agents are known by immutable ids. Names, user names and e-mail addresses only suggest.
 * D3  An account belongs to at most one agent, so that what two agents do is never merged on one.
 * D4  The order in which agents were given does not matter.
 */
import { createHash } from 'node:crypto';
import { canonical } from '../lib/json.ts';
import type { Json } from '../lib/json.ts';
import type { Agent } from '../model/agent.ts';
import type { AccountId, AgentId, PlatformId } from '../model/ids.ts';

const NAME_MAX = 1_024;
const TEAM_MAX = 100;
const TEAMS_MAX = 100;

export const AGENT_ID_RULE = 'use at most 64 letters, digits and . : @ _ -';

export interface Directory {
  /** `d-` and 16 hexadecimal digits; equal for equal content. */
  readonly version: string;
  /** In ascending order of id. */
  readonly agents: readonly Agent[];
  readonly byId: ReadonlyMap<AgentId, Agent>;
  readonly byAccount: ReadonlyMap<PlatformId, ReadonlyMap<AccountId, Agent>>;
}

export class DirectoryError extends Error {
  override readonly name = 'DirectoryError';
  readonly agent: AgentId;

  constructor(agent: AgentId, message: string) {
    super(message);
    this.agent = agent;
  }
}

/** Throws `DirectoryError` when two agents share an id or an account, or a name or id is empty. */
export function createDirectory(agents: readonly Agent[]): Directory {
  const sorted = agents.map(tidy).toSorted((a, b) => compare(a.id, b.id));
  const byId = new Map<AgentId, Agent>();
  const byAccount = new Map<PlatformId, Map<AccountId, Agent>>();
  for (const agent of sorted) {
    if (byId.has(agent.id))
      throw new DirectoryError(agent.id, `two agents have the id ${agent.id}`);
    byId.set(agent.id, agent);
    for (const [platform, account] of Object.entries(agent.accounts)) {
      const accounts = byAccount.get(platform) ?? new Map<AccountId, Agent>();
      const other = accounts.get(account);
      if (other !== undefined) throw shared(agent, other, platform, account);
      byAccount.set(platform, accounts.set(account, agent));
    }
  }
  return { version: fingerprint(sorted), agents: sorted, byId, byAccount };
}

export const EMPTY_DIRECTORY: Directory = createDirectory([]);

export function agentOf(
  directory: Directory,
  platform: PlatformId,
  account: AccountId,
): Agent | undefined {
  return directory.byAccount.get(platform)?.get(account);
}

interface Remapping {
  readonly agent: AgentId;
  readonly platform: PlatformId;
  /** Absent when the agent had no account there. */
  readonly from?: AccountId;
  /** Absent when the agent has none there any more. */
  readonly to?: AccountId;
}

export interface DirectoryDiff {
  readonly added: readonly Agent[];
  readonly removed: readonly Agent[];
  /** Agents on both sides whose account on a platform is another one. */
  readonly remapped: readonly Remapping[];
}

export function diffDirectory(before: Directory, after: Directory): DirectoryDiff {
  return {
    added: after.agents.filter(({ id }) => !before.byId.has(id)),
    removed: before.agents.filter(({ id }) => !after.byId.has(id)),
    remapped: before.agents.flatMap((agent) => remappings(agent, after.byId.get(agent.id))),
  };
}

function remappings(before: Agent, after: Agent | undefined): Remapping[] {
  if (after === undefined) return [];
  const platforms = new Set([...Object.keys(before.accounts), ...Object.keys(after.accounts)]);
  const found: Remapping[] = [];
  for (const platform of [...platforms].toSorted(compare)) {
    const from = before.accounts[platform];
    const to = after.accounts[platform];
    if (from === to) continue;
    found.push({
      agent: before.id,
      platform,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  }
  return found;
}

/** Whether an id may stand for an agent: short, and safe in a path, a header and a log line. */
export function isAgentId(id: string): boolean {
  return id.length <= 64 && /^[\w.:@-]+$/.test(id);
}

/** Whether an id may stand for an account. */
export function isAccountId(id: AccountId): boolean {
  return id !== '' && id === id.trim();
}

/** A name as it is kept; empty when nothing of it can be. */
export function keptName(name: string): string {
  return tidyText(name, NAME_MAX);
}

/** The same agent in the one form that is compared and fingerprinted. */
function tidy(agent: Agent): Agent {
  const name = keptName(agent.name);
  const entries = Object.entries(agent.accounts).toSorted(([a], [b]) => compare(a, b));
  if (!isAgentId(agent.id)) {
    throw new DirectoryError(agent.id, `"${agent.id}" is not an agent id: ${AGENT_ID_RULE}`);
  }
  if (name === '') throw new DirectoryError(agent.id, `agent "${agent.id}" has no name`);
  for (const [platform, account] of entries) {
    if (isAccountId(account)) continue;
    const message = `agent "${agent.id}" has an empty or padded account id on ${platform}`;
    throw new DirectoryError(agent.id, message);
  }
  const teams = [...new Set((agent.teams ?? []).map((team) => tidyText(team, TEAM_MAX)))]
    .filter((team) => team !== '')
    .toSorted(compare)
    .slice(0, TEAMS_MAX);
  return {
    id: agent.id,
    name,
    accounts: Object.fromEntries(entries),
    ...(teams.length === 0 ? {} : { teams }),
  };
}

/** Any script and any sign may stand in a name, except what no UTF-8 file can hold. */
function tidyText(text: string, max: number): string {
  return text
    .slice(0, max)
    .replaceAll(/[\0\uFFFD\p{Cs}]/gu, '')
    .trim();
}

function shared(
  agent: Agent,
  other: Agent,
  platform: PlatformId,
  account: AccountId,
): DirectoryError {
  const both = `"${other.id}" and "${agent.id}"`;
  return new DirectoryError(
    agent.id,
    `the agents ${both} share the ${platform} account ${account}`,
  );
}

function fingerprint(agents: readonly Agent[]): string {
  const plain: Json = agents.map(({ id, name, accounts, teams }) => [
    id,
    name,
    accounts,
    teams ?? [],
  ]);
  return `d-${createHash('sha256').update(canonical(plain)).digest('hex').slice(0, 16)}`;
}

/** By code unit: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
