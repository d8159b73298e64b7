/**
 * From one bulk answer to observations and to those who are missing from it.
 *
 * B1  Only what was asked for is handed on, each account once, and nothing of an account that is
 *     no longer watched.
 * B2  An answer that is older than the last one delivered for the account is dropped.
 */
import type { Observation } from '../../model/observation.ts';
import type { Entry } from './agenda.ts';
import { PLATFORM_ID } from './manifest.ts';
import { readPresence } from './read.ts';
import type { ReadResult } from './reader.ts';
import type { Stamps } from './stamps.ts';
import type { WirePresence } from './wire.ts';

export type Answered = Extract<ReadResult, { readonly kind: 'answered' }>;

/** The moment before a read was sent, on both clocks. */
export interface Began {
  /** Epoch ms, for the observation. */
  readonly asOf: number;
  /** Monotonic ms, for the order: the wall clock may be set back. */
  readonly readAt: number;
}

export interface DigestContext {
  readonly began: Began;
  readonly stamps: Stamps;
  readonly unknownUsers: 'observe' | 'missing';
  readonly isWatched: (entry: Entry) => boolean;
  /** Told of those whose presence is another one than at the last read. */
  readonly changed: (entry: Entry) => void;
}

export interface Digest {
  readonly observations: readonly Observation[];
  readonly missing: readonly Entry[];
  readonly unknownWords: number;
}

/** Writes into the entries what was seen of them. */
export function digest(batch: readonly Entry[], result: Answered, context: DigestContext): Digest {
  const asked = new Map<string, Entry>();
  for (const entry of batch) asked.set(entry.key, entry);
  const observations: Observation[] = [];
  let unknownWords = 0;
  for (const wire of result.presences) {
    const key = wire.id.toLowerCase();
    const entry = asked.get(key);
    if (entry === undefined || isAbsent(wire, context)) continue;
    asked.delete(key);
    entry.misses = 0;
    entry.alone = false;
    if (!context.isWatched(entry) || context.began.readAt < entry.readAt) continue;
    const { presence, unknown } = readPresence(wire);
    unknownWords += unknown.length;
    const version = versionOf(entry, wire, `${presence.raw}/${presence.activity}`, context);
    entry.readAt = context.began.readAt;
    observations.push({
      platform: PLATFORM_ID,
      account: entry.account,
      presence,
      version,
      asOf: context.began.asOf,
      via: 'sweep',
    });
  }
  for (const entry of batch) entry.answered = true;
  // An item that could not be read may be that of somebody who seems to be missing.
  const missing = result.spoiled > 0 ? [] : [...asked.values()].filter(context.isWatched);
  return { observations, missing, unknownWords };
}

function versionOf(
  entry: Entry,
  wire: WirePresence,
  value: string,
  context: DigestContext,
): Observation['version'] {
  const stamp = wire.sequenceNumber;
  const seen = stamp === undefined ? { value } : { value, stamp };
  if (entry.seen !== undefined && entry.seen.value !== value) context.changed(entry);
  const { pushed } = entry;
  const isLong = pushed !== undefined && context.began.readAt > pushed.at + SETTLED_MS;
  if (isLong && !isBeyond(stamp, pushed.stamp)) context.stamps.incomparable();
  const admitted = context.stamps.admit(entry.seen, seen);
  entry.seen = seen;
  return admitted === undefined ? { generation: 0 } : { generation: 0, stamp: admitted };
}

/** A read may come from a replica that lags; one that begins so long after content may not. */
const SETTLED_MS = 60_000;

function isBeyond(stamp: string | undefined, pushed: string): boolean {
  return stamp !== undefined && stamp >= pushed;
}

/** By setting, people whom Graph shows as unknown count as not known. */
function isAbsent(wire: WirePresence, context: DigestContext): boolean {
  return (
    context.unknownUsers === 'missing' &&
    /^presenceunknown$/i.test(wire.availability ?? '') &&
    /^presenceunknown$/i.test(wire.activity ?? '')
  );
}
