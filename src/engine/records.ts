/** Inputs of the core as journal entries and back. Account ids and names stay out (J5). */
import type { Input } from '../core/input.ts';
import type { Entry, JournalRecord, RecordKind } from '../journal/journal.ts';
import { JournalError } from '../journal/journal.ts';
import { asJson } from '../lib/json.ts';
import { byKind, flag, number, text } from '../lib/shape.ts';
import type { Desired } from '../model/face.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { Policy } from '../policy/policy.ts';
import { isPolicy } from './shapes.ts';

/** Inputs that concern one agent and are kept word for word. */
const KIND_OF_INPUT: Readonly<Record<Input['kind'], RecordKind>> = {
  observed: 'observed',
  missing: 'missing',
  sent: 'sent',
  outcome: 'outcome',
  tick: 'tick',
  doubted: 'feed',
  taken_over: 'epoch',
  paused: 'operator',
  remapped: 'directory',
};

export function entryOfInput(agent: AgentId, input: Input, at: number): Entry {
  return { kind: KIND_OF_INPUT[input.kind], at, agent, body: asJson(withoutAccount(input)) };
}

/**
 * Undefined for what is no input of an agent. Throws `JournalError` for one of no known kind. What
 * stands in it is not judged here: an input that the core could not take in life was written down
 * too, and sets its agent aside again (F105).
 */
export function inputOfRecord(record: JournalRecord): Input | undefined {
  if (record.agent === undefined || record.kind === 'decided') return undefined;
  if (isKnownInput(record.body)) return record.body;
  throw strange(record);
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

/** A platform has announced changes of these agents. No part of the state: what changed is read. */
export function entryOfNotice(platform: PlatformId, agents: readonly AgentId[], at: number): Entry {
  return { kind: 'noticed', at, body: asJson({ platform, agents }) };
}

/** Undefined for what concerns one agent or changes nothing. Throws `JournalError` for a change of another shape. */
export function worldOfRecord(record: JournalRecord): WorldChange | undefined {
  const isNoChange = record.kind === 'decided' || record.kind === 'noticed';
  if (record.agent !== undefined || isNoChange) return undefined;
  if (isWorldChange(record.body)) return record.body;
  throw strange(record);
}

function isKnownInput(body: unknown): body is Input {
  const kind = typeof body === 'object' && body !== null && 'kind' in body ? body.kind : undefined;
  return typeof kind === 'string' && Object.hasOwn(KIND_OF_INPUT, kind);
}

const isWorldChange = byKind<WorldChange>({
  feed: { platform: text, live: flag },
  policy: { policy: isPolicy },
  epoch: { epoch: number, tenant: text },
});

/** To pass over it would rebuild another state than the one that was. */
function strange({ seq, kind }: JournalRecord): JournalError {
  return new JournalError(
    'JOURNAL_CORRUPT',
    `Record ${seq} of the journal (${kind}) has a shape that this version does not know.`,
    'Start the version that wrote it, restore the journal from a backup, or move it aside: Lockstep then rebuilds its state from the platforms.',
  );
}

function withoutAccount(input: Input): Input {
  if (input.kind !== 'observed') return input;
  return { ...input, observation: { ...input.observation, account: '' } };
}
