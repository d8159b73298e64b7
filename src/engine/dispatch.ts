/**
 * One attempt: what is wanted now is written down, made durable, sent, and its outcome written down.
 *
 * A1  Nothing leaves before the record that it leaves is durable (rule 7).
 * A2  What is sent is the plan of this moment, not of the moment when it was queued.
 * A3  A guarded write goes only right after a read that still showed what it rests on.
 * A4  Nothing leaves through a lane that was closed meanwhile, nor that could still be on its way when another owner takes over (I12).
 */
import type { Receipt } from '../core/receipt.ts';
import { ON_ITS_WAY_MS } from '../core/receipt.ts';
import type { Connector, Outcome } from '../connectors/connector.ts';
import type { Report } from '../delivery/delivery.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../lib/clock.ts';
import type { AccountId, AgentId, PlatformId } from '../model/ids.ts';
import type { Command } from '../model/mark.ts';
import type { Freshness } from './freshness.ts';
import type { Pipeline } from './pipeline.ts';
import type { Population } from './population.ts';

/**
 * A read may have begun this long before a guarded write that rests on it. What a person chooses
 * between the two is not seen, so it is kept to little more than one round trip.
 */
const GUARD_MS = 500;

/** A plan that waited longer for its record (a frozen process, a slow disk) is decided again. */
const WAITED_MAX_MS = 2_000;

export interface DispatchParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly population: Population;
  readonly pipeline: Pipeline;
  readonly freshness: Freshness;
  /** Whether the platform has not closed its lane meanwhile: it may have, while the record was written. */
  readonly mayPass: () => boolean;
  readonly onOutcome: (platform: PlatformId, outcome: Outcome) => void;
  /** A record took this long to become durable, ms. */
  readonly onDurable: (ms: number) => void;
  /** The journal refuses: nothing may be sent any more. */
  readonly onFatal: (error: unknown) => void;
}

export async function dispatch(
  agent: AgentId,
  connector: Connector,
  parts: DispatchParts,
): Promise<Report> {
  const { population, pipeline } = parts;
  const platform = connector.manifest.id;
  const plan = population.plan(agent, platform);
  const account = population.person(agent)?.accounts[platform];
  if (plan?.kind !== 'write' || account === undefined) return { kind: 'skipped' };
  const { command } = plan;
  if (command.guarded === true && !isFresh(agent, connector, parts)) {
    connector.look([account]);
    return { kind: 'skipped' };
  }
  const seq = pipeline.apply(agent, { kind: 'sent', platform, command });
  const intent = population.state(agent).faces[platform]?.intent?.id;
  const waitedMs = await untilDurable(seq, parts);
  if (waitedMs === undefined) return { kind: 'failed' };
  const outcome = await leave(connector, command, account, { ...parts, waitedMs });
  const receipt = receiptOf(outcome, account);
  if (intent !== undefined) pipeline.apply(agent, { kind: 'outcome', platform, intent, receipt });
  return reportOf(outcome);
}

/** How long it took, ms; undefined when the journal refuses. */
async function untilDurable(seq: number, parts: DispatchParts): Promise<number | undefined> {
  const { clock, journal, onDurable, onFatal } = parts;
  const began = clock.monotonic();
  try {
    await journal.durable(seq);
  } catch (error) {
    onFatal(error);
    return undefined;
  }
  const waitedMs = clock.monotonic() - began;
  onDurable(waitedMs);
  return waitedMs;
}

/** Undefined when nothing was sent, and it has to be decided again. */
async function leave(
  connector: Connector,
  command: Command,
  account: AccountId,
  { journal, mayPass, onOutcome, waitedMs }: DispatchParts & { readonly waitedMs: number },
): Promise<Outcome | undefined> {
  const isHeld = journal.holdsForMs() > ON_ITS_WAY_MS && waitedMs <= WAITED_MAX_MS;
  if (!isHeld || !mayPass()) return undefined;
  const outcome = await write(connector, command, account);
  onOutcome(connector.manifest.id, outcome);
  return outcome;
}

/** C2 says that a connector never throws; should one, nobody knows what it did. */
async function write(connector: Connector, command: Command, account: AccountId): Promise<Outcome> {
  try {
    return await connector.write(command, account);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown error';
    return { kind: 'ambiguous', detail, mayArrive: true };
  }
}

function isFresh(agent: AgentId, connector: Connector, parts: DispatchParts): boolean {
  const { capabilities, id } = connector.manifest;
  // A platform that pushes tells by itself; its liveness is checked by the core.
  if (capabilities.push) return true;
  const confirmed = parts.freshness.confirmedAt(id, agent);
  if (confirmed === undefined || parts.clock.now() - confirmed > GUARD_MS) return false;
  // A read from before our own last write knows nothing of what that did.
  return confirmed >= (parts.population.state(agent).faces[id]?.wroteAt ?? 0);
}

function receiptOf(outcome: Outcome | undefined, account: AccountId): Receipt {
  switch (outcome?.kind) {
    case 'accepted':
      return { kind: 'accepted' };
    case 'ambiguous':
      return outcome.mayArrive === true
        ? { kind: 'ambiguous', mayArrive: true }
        : { kind: 'ambiguous' };
    case 'refused':
      // A vendor's words may name the account, which the journal must not hold (J5).
      return {
        kind: 'refused',
        reason: outcome.reason,
        detail: outcome.detail.replaceAll(account, 'the account'),
      };
    case 'denied':
      return outcome.readOnly === true
        ? { kind: 'refused', reason: 'read_only', detail: outcome.detail }
        : { kind: 'no_effect' };
    case 'throttled':
    case 'failed':
    case undefined:
      return { kind: 'no_effect' };
  }
}

function reportOf(outcome: Outcome | undefined): Report {
  switch (outcome?.kind) {
    case 'accepted':
    case 'refused':
      return { kind: 'done' };
    case 'throttled':
      return outcome.retryAfterMs === undefined
        ? { kind: 'throttled' }
        : { kind: 'throttled', retryAfterMs: outcome.retryAfterMs };
    case 'failed':
    case 'ambiguous':
      return { kind: 'failed' };
    case 'denied':
      return { kind: 'denied' };
    case undefined:
      return { kind: 'skipped' };
  }
}
