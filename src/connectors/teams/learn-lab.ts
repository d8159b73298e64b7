/** What the measurements of Teams share: counted requests, timed reads of the test user, and undoing. */
import type { Clock } from '../../lib/clock.ts';
import { pause } from '../../lib/clock.ts';
import type { HttpResponse } from '../../lib/exchange.ts';
import type { AccountId } from '../../model/ids.ts';
import type { LearnOptions } from '../connector.ts';
import { waitUnlessStopped, type FindingBook } from '../kit/learning.ts';
import type { GraphClient } from './client.ts';
import type { TeamsQuestion } from './learn-questions.ts';
import type { TeamsSetup } from './options.ts';
import type { Registrations } from './registrations.ts';
import { parsePresences, type WireList, type WirePresence } from './wire.ts';

export interface LabParts {
  readonly setup: TeamsSetup;
  readonly clock: Clock;
  readonly tokens: Registrations;
  readonly client: GraphClient;
  /** Everybody who is mapped. */
  readonly accounts: readonly AccountId[];
  /** Counts a request against the quota. */
  readonly spend: () => void;
  readonly options: LearnOptions;
  readonly book: FindingBook<TeamsQuestion>;
}

/** One read of the test user. */
export interface Look {
  /** Monotonic ms, when the answer was there. */
  readonly at: number;
  /** `busy/inacall`, in small letters. */
  readonly pair: string;
  readonly stamp: string | undefined;
}

export type Action =
  | 'setPresence'
  | 'clearPresence'
  | 'setUserPreferredPresence'
  | 'clearUserPreferredPresence';

export const IN_CALL = 'busy/inacall';
export const BUSY = 'busy/busy';

const UNDO_TRIES = 4;
const UNDO_GAP_MS = 5_000;
const GONE_LOOKS = 40;
const LOOK_GAP_MS = 500;

export class Lab {
  readonly parts: LabParts;
  /** What was written to the test user and not taken back yet. */
  private readonly standing = new Set<'session' | 'preferred'>();

  constructor(parts: LabParts) {
    this.parts = parts;
  }

  now(): number {
    return this.parts.clock.monotonic();
  }

  /** Rejects with `LearningStopped`. */
  wait(ms: number): Promise<void> {
    return waitUnlessStopped(this.parts.clock, ms, this.parts.options);
  }

  /** Rejects when there is no answer. */
  read(ids: readonly AccountId[]): Promise<HttpResponse> {
    const { client, spend, setup } = this.parts;
    spend();
    return client.call({
      method: 'POST',
      path: '/communications/getPresencesByUserId',
      body: JSON.stringify({ ids }),
      timeoutMs: setup.readTimeoutMs,
    });
  }

  /** Undefined where it is no list. */
  async list(ids: readonly AccountId[]): Promise<WireList<WirePresence> | undefined> {
    const { status, body } = await this.read(ids);
    return status === 200 ? parsePresences(body) : undefined;
  }

  /** Undefined while the test user is not returned. */
  async look(probe: AccountId): Promise<Look | undefined> {
    const [wire] = (await this.list([probe]))?.items ?? [];
    if (wire === undefined) return undefined;
    const pair = `${wire.availability ?? ''}/${wire.activity ?? ''}`.toLowerCase();
    return { at: this.now(), pair, stamp: wire.sequenceNumber };
  }

  /** Looks again until `isIt`; undefined when it has not come about within the time. */
  async until(
    probe: AccountId,
    limit: { readonly withinMs: number; readonly everyMs: number },
    isIt: (look: Look) => boolean,
  ): Promise<Look | undefined> {
    const end = this.now() + limit.withinMs;
    while (this.now() < end) {
      const look = await this.look(probe);
      if (look !== undefined && isIt(look)) return look;
      await this.wait(limit.everyMs);
    }
    return undefined;
  }

  /** The HTTP status. Rejects when there is no answer. */
  async act(probe: AccountId, action: Action, body: object): Promise<number> {
    const { client, spend, setup } = this.parts;
    const slot = action.includes('Preferred') ? 'preferred' : 'session';
    if (action.startsWith('set')) this.standing.add(slot);
    spend();
    const response = await client.call({
      method: 'POST',
      path: `/users/${probe}/presence/${action}`,
      body: JSON.stringify(slot === 'session' ? { sessionId: setup.clientId, ...body } : body),
      timeoutMs: setup.writeTimeoutMs,
    });
    const { status } = response;
    const isGone = action === 'clearPresence' && status === 404;
    if (action.startsWith('clear') && (isGone || isOk(status))) this.standing.delete(slot);
    return status;
  }

  /** Ended by itself, so that what stands in the slot now is not ours. */
  ended(slot: 'session' | 'preferred'): void {
    this.standing.delete(slot);
  }

  /** Takes back what stands, also when somebody wants to stop. Never rejects. */
  async undo(probe: AccountId): Promise<boolean> {
    for (let attempt = 1; attempt <= UNDO_TRIES && this.standing.size > 0; attempt += 1) {
      if (attempt > 1) await pause(this.parts.clock, UNDO_GAP_MS);
      for (const slot of this.standing) {
        const action = slot === 'session' ? 'clearPresence' : 'clearUserPreferredPresence';
        await this.act(probe, action, {}).catch(() => undefined);
      }
    }
    return this.standing.size === 0;
  }

  /** Whether a read shows nothing of ours any more. Never rejects. */
  async isGone(probe: AccountId, before: string): Promise<boolean> {
    for (let looks = 0; looks < GONE_LOOKS; looks += 1) {
      const look = await this.look(probe).catch(() => undefined);
      const isOurs = look === undefined || look.pair === IN_CALL || look.pair === BUSY;
      if (look?.pair === before || !isOurs) return true;
      await pause(this.parts.clock, LOOK_GAP_MS);
    }
    return false;
  }
}

export function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}
