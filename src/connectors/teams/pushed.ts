/**
 * What a notification brought of somebody, held against what was read. It only bridges the time until
 * the read that every notification causes, and when in doubt it is left alone.
 *
 * M1  It counts only with a sequence number beyond everything known: late and repeated ones have none.
 * M2  It never counts within a minute of a write of ours: it may tell of the time before it.
 */
import type { Observation } from '../../model/observation.ts';
import type { Entry } from './agenda.ts';
import { PLATFORM_ID } from './manifest.ts';
import { readPresence } from './read.ts';
import { STAMP_MAX, type Stamps } from './stamps.ts';
import type { WirePresence } from './wire.ts';

/** The vendor's longest delay. https://learn.microsoft.com/en-us/graph/api/resources/subscription */
const LATE_BY_MS = 60_000;

export interface Arrival {
  readonly stamps: Stamps;
  /** Epoch ms. */
  readonly asOf: number;
  /** Monotonic ms. */
  readonly now: number;
}

/** Writes into the entry what it has used. Undefined when the read has to tell. */
export function pushedObservation(
  entry: Entry,
  wire: WirePresence,
  { stamps, asOf, now }: Arrival,
): Observation | undefined {
  const stamp = wire.sequenceNumber;
  const read = entry.seen?.stamp;
  if (!stamps.usable || stamp === undefined || read === undefined) return undefined;
  if (stamp.length > STAMP_MAX) return undefined;
  if (stamp <= read || (entry.pushed !== undefined && stamp <= entry.pushed.stamp))
    return undefined;
  if (now < entry.wroteAt + LATE_BY_MS) return undefined;
  entry.pushed = { stamp, at: now };
  return {
    platform: PLATFORM_ID,
    account: entry.account,
    presence: readPresence(wire).presence,
    version: { generation: 0, stamp },
    asOf,
    via: 'push',
  };
}
