/** Which agent a row is about: somebody known, or somebody new. */
import { createHash } from 'node:crypto';
import type { Agent } from '../model/agent.ts';
import type { AgentId } from '../model/ids.ts';
import { PLATFORM_COLUMNS } from './columns.ts';
import type { Directory } from './directory.ts';
import { DirectoryError } from './directory.ts';
import type { Draft } from './read-row.ts';

const ATTEMPTS_MAX = 100;

/** Gives an id to an agent that has none. `attempt` grows from 0 while the id given is taken. */
export type NewAgentId = (accounts: Agent['accounts'], attempt: number) => AgentId;

/**
 * Ids that follow from the accounts, so that the same file gives the same agents everywhere. They
 * are hashed so that no account id stands in the journal.
 */
export function derivedAgentId(tenant: string): NewAgentId {
  return (accounts, attempt) => {
    const platform = PLATFORM_COLUMNS.find((columns) => Object.hasOwn(accounts, columns.platform));
    const key = platform?.platform ?? '';
    const seed = `${tenant}\n${key}\n${accounts[key] ?? ''}\n${attempt}`;
    return `a-${createHash('sha256').update(seed).digest('hex').slice(0, 16)}`;
  };
}

/**
 * In rounds, so that a sure sign always goes before a weaker one: the id in the file, then the
 * agent who has the account now (platform by platform), then a new id.
 */
export function withIds(
  drafts: readonly Draft[],
  current: Directory,
  newAgentId: NewAgentId,
): Agent[] {
  const ordered = drafts.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const taken = new Set<AgentId>();
  const ids = new Map<Draft, AgentId>();
  const claim = (draft: Draft, id: AgentId | undefined): void => {
    if (id === undefined || ids.has(draft) || taken.has(id)) return;
    taken.add(id);
    ids.set(draft, id);
  };
  for (const draft of ordered) claim(draft, draft.id);
  for (const { platform } of PLATFORM_COLUMNS) {
    const holders = current.byAccount.get(platform);
    for (const draft of ordered) claim(draft, holders?.get(draft.accounts[platform] ?? '')?.id);
  }
  // An id of somebody who leaves is never given to somebody else.
  const free = (id: AgentId): AgentId | undefined => (current.byId.has(id) ? undefined : id);
  for (const draft of ordered) {
    for (let attempt = 0; attempt < ATTEMPTS_MAX && !ids.has(draft); attempt += 1) {
      claim(draft, free(newAgentId(draft.accounts, attempt)));
    }
  }
  return ordered.map((draft) => asAgent(draft, ids.get(draft)));
}

function asAgent({ name, accounts, teams }: Draft, id: AgentId | undefined): Agent {
  if (id !== undefined) return { id, name, accounts, teams };
  throw new DirectoryError('', `no free id was found for ${name} in ${ATTEMPTS_MAX} attempts`);
}

function orderOf({ accounts }: Draft): string {
  return PLATFORM_COLUMNS.map(({ platform }) => accounts[platform] ?? '').join('\n');
}
