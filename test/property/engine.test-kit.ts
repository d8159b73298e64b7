/**
 * Scripted ends for the engine: connectors that keep what they are asked and answer when the test
 * says so, what the two platforms show in such a script, and a journal with single calls replaced.
 */
import type {
  Account,
  Budget,
  Check,
  Connector,
  Log,
  Manifest,
  Outcome,
  Sink,
} from '../../src/connectors/connector.ts';
import { Bench } from '../../src/core/bench.test-kit.ts';
import type { Journal } from '../../src/journal/journal.ts';
import type { Json } from '../../src/lib/json.ts';
import type { Agent } from '../../src/model/agent.ts';
import type { AccountId, PlatformId } from '../../src/model/ids.ts';
import type { Command } from '../../src/model/mark.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Presence } from '../../src/model/presence.ts';

export const QUIET: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Accounts that are unlike the agents' ids, so that a mixed-up one is found. */
export const PEOPLE: readonly Agent[] = ['a', 'b'].map((id) => ({
  id,
  name: `Agent ${id.toUpperCase()}`,
  accounts: { five9: accountOf(id, 'five9'), teams: accountOf(id, 'teams') },
}));

export const READY: Presence = {
  reach: 'available',
  acd: 'ready',
  activity: 'none',
  raw: 'READY:0',
  channels: ['CALL'],
};

export const ON_CALL: Presence = {
  reach: 'busy',
  acd: 'engaged',
  activity: 'call',
  raw: 'ON_CALL:0',
  channels: ['CALL'],
};

export const AVAILABLE: Presence = {
  reach: 'available',
  acd: 'none',
  activity: 'none',
  raw: 'Available/Available',
};

export const DND: Presence = {
  reach: 'dnd',
  acd: 'none',
  activity: 'none',
  raw: 'DoNotDisturb/DoNotDisturb',
};

export function accountOf(agent: string, platform: PlatformId): AccountId {
  return `account-of-${agent}@${platform}`;
}

/** One read of one account that began at `asOf`. */
export function readOf(
  platform: PlatformId,
  agent: string,
  presence: Presence,
  asOf: number,
): Observation {
  const account = accountOf(agent, platform);
  return { platform, account, presence, version: { generation: 0 }, asOf, via: 'sweep' };
}

interface Written {
  readonly command: Command;
  readonly account: AccountId;
}

export class ScriptedConnector implements Connector {
  readonly manifest: Manifest;
  readonly writes: Written[] = [];
  readonly looks: AccountId[] = [];
  /** What the engine gave at the start; undefined while it has not started this one. */
  given: { readonly sink: Sink; readonly budget: Budget } | undefined;
  onStart: () => void = () => undefined;
  /** How a write ends; unless replaced, it waits for `answer`. */
  onWrite: () => Promise<Outcome> = () => new Promise((resolve) => this.waiting.push(resolve));
  private readonly waiting: ((outcome: Outcome) => void)[] = [];

  constructor(id: PlatformId, quota?: Manifest['quota'], push = false) {
    this.manifest = manifestOf(id, quota, push);
  }

  start(sink: Sink, budget: Budget): void {
    this.given = { sink, budget };
    this.onStart();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  watch(): void {
    // Whom to read, and how eagerly, is for the script.
  }

  look(accounts: readonly AccountId[]): void {
    this.looks.push(...accounts);
  }

  write(command: Command, account: AccountId): Promise<Outcome> {
    this.writes.push({ command, account });
    return this.onWrite();
  }

  accounts(): Promise<readonly Account[]> {
    return Promise.resolve([]);
  }

  doctor(): Promise<readonly Check[]> {
    return Promise.resolve([]);
  }

  /** Ends the write that has waited longest. */
  answer(outcome: Outcome): void {
    const resolve = this.waiting.shift();
    if (resolve === undefined) throw new Error(`no write waits on ${this.manifest.id}`);
    resolve(outcome);
  }

  /** Accounts that were written to, in order. */
  writtenTo(): readonly AccountId[] {
    return this.writes.map(({ account }) => account);
  }
}

function manifestOf(id: PlatformId, quota: Manifest['quota'], push: boolean): Manifest {
  const traits = new Bench().world.platforms[id];
  if (traits === undefined) throw new Error(`no such platform: ${id}`);
  return {
    id,
    label: traits.label,
    traits,
    capabilities: { push, sweep: true, reasonCodes: false, pending: false },
    scopes: [],
    limits: [],
    prerequisites: [],
    ...(quota === undefined ? {} : { quota }),
  };
}

/** The journal with these calls replaced; all others reach it. */
export function journalWith(journal: Journal, replaced: Partial<Journal>): Journal {
  return {
    append: (entry) => journal.append(entry),
    durable: (seq) => journal.durable(seq),
    head: () => journal.head(),
    holdsForMs: () => journal.holdsForMs(),
    read: (from, to) => journal.read(from, to),
    saveSnapshot: (snapshot) => journal.saveSnapshot(snapshot),
    loadSnapshot: (atSeq) => journal.loadSnapshot(atSeq),
    remember: (agent, identity) => journal.remember(agent, identity),
    forget: (agent) => journal.forget(agent),
    identities: () => journal.identities(),
    verify: () => journal.verify(),
    close: () => journal.close(),
    ...replaced,
  };
}

/** One field of a record's body; undefined where it has none. */
export function fieldOf(body: Json, name: string): Json | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  return Object.entries(body).find(([key]) => key === name)?.[1];
}
