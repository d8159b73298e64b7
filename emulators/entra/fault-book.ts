/**
 * Faults that are switched on from outside: how often, how long and for whom each one strikes.
 *
 * 1. A fault ends by itself after `count` strikes or `durationMs`, whichever comes first; with
 *    neither it lasts until it is removed.
 * 2. Every strike is counted by kind, also after the fault has ended.
 * 3. Randomness is drawn only for a fault with a `probability` below 1.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Random } from '../../src/lib/random.ts';
import { isRecord } from './json-body.ts';

/** Parameters beyond the limits mean what the README says for each kind. */
interface FaultDetails {
  readonly count?: number;
  readonly durationMs?: number;
  readonly probability?: number;
  /** Only requests of this operation or class of operations. */
  readonly op?: string;
  /** Only requests about this user. */
  readonly user?: string;
  readonly ms?: number;
  readonly how?: string;
  readonly status?: number;
  readonly retryAfter?: number | string;
  readonly bytes?: number;
  readonly copies?: number;
  readonly text?: string;
  readonly availability?: string;
  readonly activity?: string;
}

export interface FaultSpec<K extends string> extends FaultDetails {
  readonly kind: K;
}

export interface FaultTarget {
  readonly ops: readonly string[];
  readonly user?: string;
  /** Only faults that name a user may strike: the others had their chance at the whole request. */
  readonly namedOnly?: boolean;
}

interface ActiveFault<K extends string> extends FaultSpec<K> {
  readonly id: string;
  readonly strikes: number;
}

/** All that the code which suffers a fault needs to see of the book. */
export interface FaultDraw<K extends string> {
  /** The first fault of this kind that strikes this request now; the strike is counted. */
  draw(kind: K, target: FaultTarget): FaultDetails | undefined;
}

export interface FaultBook<K extends string> extends FaultDraw<K> {
  /** Whether a fault of this kind is on; if not, nobody needs to draw. */
  has(kind: K): boolean;
  /** Switches a fault on; returns its id. */
  add(spec: FaultSpec<K>): string;
  remove(id: string): boolean;
  clear(): void;
  active(): readonly ActiveFault<K>[];
  /** Strikes by kind since the start or the last `reset`. */
  strikes(): Readonly<Record<string, number>>;
  reset(): void;
}

const MAX_ACTIVE = 1_000;

interface Entry<K extends string> {
  readonly id: string;
  readonly spec: FaultSpec<K>;
  readonly until: number;
  strikes: number;
}

export function createFaultBook<K extends string>(clock: Clock, random: Random): FaultBook<K> {
  let entries: Entry<K>[] = [];
  let serial = 0;
  let counts = new Map<string, number>();

  const prune = (): void => {
    if (entries.length > 0) entries = entries.filter((entry) => isLive(entry, clock.now()));
  };
  const strikes = (entry: Entry<K>, target: FaultTarget): boolean => {
    if (!isLive(entry, clock.now()) || !concerns(entry.spec, target)) return false;
    const probability = entry.spec.probability ?? 1;
    return probability >= 1 || random.next() < probability;
  };

  return {
    add(spec: FaultSpec<K>): string {
      prune();
      if (entries.length >= MAX_ACTIVE) {
        throw new Error(`faults: ${MAX_ACTIVE} are active already; remove some first`);
      }
      serial += 1;
      const until = clock.now() + (spec.durationMs ?? Infinity);
      entries.push({ id: `f${serial}`, spec, until, strikes: 0 });
      return `f${serial}`;
    },
    remove(id: string): boolean {
      const before = entries.length;
      entries = entries.filter((entry) => entry.id !== id);
      return entries.length < before;
    },
    clear(): void {
      entries = [];
    },
    active(): readonly ActiveFault<K>[] {
      prune();
      return entries.map((entry) => ({ ...entry.spec, id: entry.id, strikes: entry.strikes }));
    },
    has: (kind) => entries.some((entry) => entry.spec.kind === kind),
    strikes: () => Object.fromEntries(counts),
    reset(): void {
      entries = [];
      counts = new Map();
    },
    draw(kind: K, target: FaultTarget): FaultDetails | undefined {
      for (const entry of entries) {
        if (entry.spec.kind !== kind || !strikes(entry, target)) continue;
        entry.strikes += 1;
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        return entry.spec;
      }
      return undefined;
    },
  };
}

function isLive<K extends string>(entry: Entry<K>, now: number): boolean {
  return now < entry.until && entry.strikes < (entry.spec.count ?? Infinity);
}

function concerns<K extends string>(spec: FaultSpec<K>, target: FaultTarget): boolean {
  if (spec.op !== undefined && !target.ops.includes(spec.op)) return false;
  if (spec.user === undefined) return target.namedOnly !== true;
  return spec.user.toLowerCase() === target.user?.toLowerCase();
}

const NUMBER_FIELDS = [
  'count',
  'durationMs',
  'probability',
  'ms',
  'status',
  'bytes',
  'copies',
] as const;
const TEXT_FIELDS = ['op', 'user', 'how', 'text', 'availability', 'activity'] as const;

/** A fault from JSON; throws one clear error that names the field. */
export function parseFault<K extends string>(kinds: readonly K[], value: unknown): FaultSpec<K> {
  if (!isRecord(value)) throw new Error('fault: send a JSON object with a "kind"');
  const kind = kinds.find((known) => known === value['kind']);
  if (kind === undefined) {
    throw new Error(`kind: ${JSON.stringify(value['kind'])} is unknown; use ${kinds.join(', ')}`);
  }
  const fields: Record<string, number | string> = {};
  for (const [field, content] of Object.entries(value)) {
    if (field !== 'kind') fields[field] = checkedField(field, content);
  }
  return { ...fields, kind };
}

function checkedField(field: string, content: unknown): number | string {
  if ((NUMBER_FIELDS as readonly string[]).includes(field)) {
    if (typeof content === 'number' && content >= 0) return content;
    throw new Error(`${field}: ${JSON.stringify(content)} is not a number of 0 or more`);
  }
  if ((TEXT_FIELDS as readonly string[]).includes(field)) {
    if (typeof content === 'string') return content;
    throw new Error(`${field}: ${JSON.stringify(content)} is not a text`);
  }
  if (field !== 'retryAfter') throw new Error(`${field}: no such field of a fault; leave it out`);
  if (typeof content === 'number' || typeof content === 'string') return content;
  throw new Error(`retryAfter: ${JSON.stringify(content)} is neither a number nor a text`);
}
