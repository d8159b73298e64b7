/**
 * The guard against a bad import: a new directory that takes accounts away from more than a twentieth
 * of the agents is not applied until a person confirms exactly this change.
 *
 * Added agents and new names never need a confirmation: they take nothing away.
 */
import { createHash } from 'node:crypto';
import type { AgentId } from '../model/ids.ts';
import type { Directory, DirectoryDiff } from './directory.ts';
import { diffDirectory } from './directory.ts';

const SHARE_MAX = 0.05;

export type GuardedChange =
  | { readonly kind: 'allowed'; readonly diff: DirectoryDiff }
  | {
      readonly kind: 'needs_confirmation';
      readonly diff: DirectoryDiff;
      /** Agents who would lose an account that they have now. */
      readonly unmapped: readonly AgentId[];
      readonly agents: number;
      /** Stands for this change alone: another one gives another token. */
      readonly token: string;
      /** One sentence for people. */
      readonly words: string;
    };

export function guardChange(
  before: Directory,
  after: Directory,
  confirmation?: string,
): GuardedChange {
  const diff = diffDirectory(before, after);
  const losing = diff.remapped.filter(({ from }) => from !== undefined).map(({ agent }) => agent);
  const unmapped = [...new Set([...diff.removed.map(({ id }) => id), ...losing])];
  const agents = before.agents.length;
  const token = tokenOf(before, after);
  if (unmapped.length <= agents * SHARE_MAX || confirmation === token) {
    return { kind: 'allowed', diff };
  }
  const share = Math.round((100 * unmapped.length) / agents);
  const words = `This takes accounts away from ${unmapped.length} of ${agents} agents (${share} %).`;
  return { kind: 'needs_confirmation', diff, unmapped, agents, token, words };
}

function tokenOf(before: Directory, after: Directory): string {
  const change = `${before.version}>${after.version}`;
  return createHash('sha256').update(change).digest('hex').slice(0, 16);
}
