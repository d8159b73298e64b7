/** Inputs of the core as journal entries and back. Account ids and names stay out (J5). */
import type { Input } from '../core/core.ts';
import type { Entry, JournalRecord, RecordKind } from '../journal/journal.ts';
import { asJson } from '../lib/json.ts';
import type { Desired } from '../model/face.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { Policy } from '../policy/policy.ts';

/** Inputs that concern one agent and are kept word for word. */
const KIND_OF_INPUT: Readonly<Record<Input['kind'], RecordKind>> = {
  observed: 'observed',
  missing: 'missing',
  sent: 'sent',
  outcome: 'outcome',
  tick: 'tick',
  taken_over: 'epoch',
  paused: 'operator',
  remapped: 'directory',
};

export function entryOfInput(agent: AgentId, input: Input, at: number): Entry {
  return { kind: KIND_OF_INPUT[input.kind], at, agent, body: asJson(withoutAccount(input)) };
}

export function inputOfRecord(record: JournalRecord): Input | undefined {
  const input = record.body;
  if (record.agent === undefined || record.kind === 'decided') return undefined;
  return isInput(input) ? input : undefined;
}

export function entryOfDecision(
  agent: AgentId,
  desired: Readonly<Record<PlatformId, Desired>>,
  at: number,
): Entry {
  return { kind: 'decided', at, agent, body: asJson(desired) };
}

/** Changes that concern all agents. */
export type WorldChange =
  | { readonly kind: 'feed'; readonly platform: PlatformId; readonly live: boolean }
  | { readonly kind: 'policy'; readonly policy: Policy }
  /** The tenant's id is part of every intent's id, so a replay needs it. */
  | { readonly kind: 'epoch'; readonly epoch: number; readonly tenant: string };

export function entryOfWorld(change: WorldChange, at: number): Entry {
  return { kind: change.kind, at, body: asJson(change) };
}

export function worldOfRecord(record: JournalRecord): WorldChange | undefined {
  if (record.agent !== undefined) return undefined;
  return isWorldChange(record.body) ? record.body : undefined;
}

function withoutAccount(input: Input): Input {
  if (input.kind !== 'observed') return input;
  return { ...input, observation: { ...input.observation, account: '' } };
}

function isInput(body: unknown): body is Input {
  return hasKind(body) && Object.hasOwn(KIND_OF_INPUT, body.kind);
}

function isWorldChange(body: unknown): body is WorldChange {
  return hasKind(body) && ['feed', 'policy', 'epoch'].includes(body.kind);
}

function hasKind(body: unknown): body is { readonly kind: string } {
  return (
    typeof body === 'object' && body !== null && 'kind' in body && typeof body.kind === 'string'
  );
}
