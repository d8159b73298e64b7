/**
 * The New Platform as a source of states: sweeps of snapshots, and events that tell when to look.
 *
 * N1  The supervisor's feed is the first source where there is one. From the first row of a
 *     connection to its end nothing of the New Platform is told, and its events only have the feed
 *     asked; between two connections it stands in, with a generation between theirs.
 * N2  An event always leads to a look. Its content counts only where nothing is ever written, for an
 *     agent whose state a sweep has read, with a number beyond the agent's last, and with a time of
 *     Five9's own beyond the time of that state. In doubt it is a look and nothing else.
 * N3  A snapshot may lag behind an event for a while; after that the snapshot is right.
 */
import type { Clock } from '../../../lib/clock.ts';
import type { AccountId } from '../../../model/ids.ts';
import type { InboundAnswer, InboundRequest, Seams } from '../../connector.ts';
import { createBackoff } from '../backoff.ts';
import type { Intake } from '../intake.ts';
import type { Outlet } from '../outlet.ts';
import { stampOf } from '../read.ts';
import { Trouble } from '../trouble.ts';
import type { Row } from '../wire.ts';
import { CloudClient } from './client.ts';
import { EventInbox, type NamedEvent } from './inbox.ts';
import { EventOrder, type Place } from './event-order.ts';
import type { CloudSettings } from './options.ts';
import { SnapshotSweep } from './sweep.ts';
import { CloudTokens } from './tokens.ts';

/** Secrets as they stand in the configuration now; undefined: as they were at the start. */
export interface CloudSecrets {
  readonly clientSecret?: string;
  readonly eventsPassword?: string;
}

export interface CloudSourceParts {
  readonly settings: CloudSettings;
  readonly seams: Pick<Seams, 'clock' | 'random' | 'exchange' | 'log'>;
  readonly outlet: Outlet;
  /** Its own: rows of two sources are not held against each other. */
  readonly intake: Intake;
  readonly reread?: () => CloudSecrets | undefined;
  /** Beside the supervisor's feed; absent: it is the only source. */
  readonly first?: {
    /** The generation in which to stand in; undefined: the feed speaks for itself. */
    readonly standIn: () => number | undefined;
    readonly look: () => void;
  };
}

/** How long a snapshot may be older than an event that has arrived, ms. */
const LAG_MS = 10_000;
const PAUSE_MS = { least: 1_000, most: 60_000 } as const;
const LIVE = 'Reading all agents by snapshots of the New Platform; nothing can be written there.';

const COUNTED: ReadonlyMap<Place, string> = new Map<Place, string>([
  ['gap', 'event_gap'],
  ['repeated', 'event_repeated'],
  ['late', 'event_late'],
  ['unnumbered', 'event_unnumbered'],
]);

export class CloudSource {
  readonly client: CloudClient;
  readonly tokens: CloudTokens;
  readonly #parts: CloudSourceParts;
  readonly #clock: Clock;
  readonly #sweep: SnapshotSweep;
  readonly #inbox: EventInbox | undefined;
  readonly #order = new EventOrder();
  readonly #generation: number;
  /** When an event told of an account, epoch ms. */
  readonly #told = new Map<AccountId, number>();
  #watched: ReadonlySet<AccountId> = new Set();
  #seen: ReadonlySet<string> | undefined;
  #events = { taken: 0, gaps: 0 };
  #isStopped = false;

  constructor(parts: CloudSourceParts) {
    const { settings, seams, outlet } = parts;
    const { clock, exchange, random } = seams;
    this.#parts = parts;
    this.#clock = clock;
    // Seconds of our clock, so that a later process is above an earlier one.
    this.#generation = Math.floor(clock.now() / 1_000);
    this.tokens = new CloudTokens({
      clock,
      exchange,
      settings,
      secret: () => parts.reread?.()?.clientSecret ?? settings.clientSecret,
    });
    const { tokens } = this;
    this.client = new CloudClient({ clock, exchange, settings, tokens, count: outlet.count });
    this.#sweep = new SnapshotSweep({
      clock,
      client: this.client,
      everyMs: settings.sweepMs,
      backoff: createBackoff(random.fork('five9-cloud'), PAUSE_MS.least, PAUSE_MS.most),
      isWanted: () => this.#lead() !== undefined,
      read: (rows, badRows, asOf) => this.#read(rows, badRows, asOf),
      settled: (present) => this.#settled(present),
      failed: (error) => this.#failed(error),
    });
    this.#inbox = settings.events && this.#openInbox(settings.events);
  }

  start(): void {
    if (this.#parts.first === undefined) {
      this.#parts.outlet.health({ state: 'syncing', detail: 'Reading all agents.' });
    }
    this.#sweep.start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#sweep.stop();
  }

  watch(accounts: ReadonlySet<AccountId>): void {
    this.#watched = accounts;
    this.#parts.intake.watch(accounts);
    for (const account of this.#told.keys()) {
      if (!accounts.has(account)) this.#told.delete(account);
    }
  }

  look(): void {
    if (this.#lead() === undefined) this.#parts.first?.look();
    else this.#sweep.soon();
  }

  /** Never rejects. */
  receive(request: InboundRequest): Promise<InboundAnswer> {
    if (this.#inbox === undefined) return Promise.resolve({ status: 404 });
    return this.#isStopped ? Promise.resolve({ status: 503 }) : this.#inbox.receive(request);
  }

  /** Ids of the agents that the last whole sweep saw; undefined before the first. */
  seen(): ReadonlySet<string> | undefined {
    return this.#seen;
  }

  settings(): CloudSettings {
    return this.#parts.settings;
  }

  watched(): ReadonlySet<AccountId> {
    return this.#watched;
  }

  /** Events of watched agents since the start. */
  events(): { readonly taken: number; readonly gaps: number } {
    return this.#events;
  }

  #openInbox({ url, username, password }: NonNullable<CloudSettings['events']>): EventInbox {
    const { outlet, reread } = this.#parts;
    const { pathname } = new URL(url);
    return new EventInbox({
      path: pathname.slice(pathname.lastIndexOf('/')),
      username,
      password: () => reread?.()?.eventsPassword ?? password,
      isWatched: (id) => this.#watched.has(id),
      sink: outlet,
      announced: (events) => {
        for (const event of events) this.#announced(event);
        this.look();
      },
    });
  }

  /** The generation of what is told; undefined: nothing is (N1). */
  #lead(): number | undefined {
    const { first } = this.#parts;
    return first === undefined ? this.#generation : first.standIn();
  }

  #read(rows: readonly Row[], badRows: number, asOf: number): void {
    const generation = this.#lead();
    if (generation === undefined) return;
    const current = rows.filter((row) => !this.#isBehind(row, asOf));
    if (current.length < rows.length) {
      this.#parts.outlet.count('snapshot_behind', rows.length - current.length);
    }
    const frame = { kind: 'full', rows: current, badRows, hasAgents: true } as const;
    this.#parts.intake.full(frame, { generation, asOf, via: 'sweep' });
  }

  /** N3 */
  #isBehind(row: Row, asOf: number): boolean {
    const told = this.#told.get(row.id);
    if (told === undefined) return false;
    const known = this.#parts.intake.latest(row.id)?.observation.version.stamp;
    if (asOf < told + LAG_MS && (stampOf(row) ?? '') < (known ?? '')) return true;
    this.#told.delete(row.id);
    return false;
  }

  #settled(present: ReadonlySet<string>): void {
    const { intake, outlet, first } = this.#parts;
    this.#seen = present;
    if (first !== undefined) {
      // Whether both generations use the same ids is not known: nobody is missing for that.
      outlet.count('stand_in_sweep');
      return;
    }
    intake.settled(present);
    outlet.health({ state: 'live', detail: LIVE });
  }

  #failed(error: unknown): void {
    const { seams, outlet, first } = this.#parts;
    const code = error instanceof Trouble ? error.code : 'unexpected';
    outlet.count('snapshot_failed');
    seams.log.warn('the states of the New Platform cannot be read', { code });
    // Beside the feed, the feed's own health is what counts.
    if (first !== undefined) return;
    const detail = error instanceof Trouble ? `${error.message}.` : 'Reading failed unexpectedly.';
    if (error instanceof Trouble && error.reaction === 'ask_admin') {
      outlet.health({ state: 'auth_blocked', detail, action: error.fix });
    } else if (error instanceof Trouble && error.reaction === 'wait_until') {
      outlet.health({ state: 'throttled', detail });
    } else {
      outlet.health({ state: this.#seen === undefined ? 'down' : 'degraded', detail });
    }
  }

  #announced({ account, event }: NamedEvent): void {
    const { outlet } = this.#parts;
    const place = this.#order.place(account, event.subscription, event.sequence);
    const gaps = this.#events.gaps + (place === 'gap' ? 1 : 0);
    this.#events = { taken: this.#events.taken + 1, gaps };
    const counted = COUNTED.get(place);
    if (counted !== undefined) outlet.count(counted);
    const row = place === 'next' || place === 'gap' ? event.row : undefined;
    const isUsed = row !== undefined && this.#offer({ ...row, id: account });
    outlet.count(isUsed ? 'event_used' : 'event_hint_only');
  }

  /** N2: whether the content counts. */
  #offer(row: Row): boolean {
    const { intake, first } = this.#parts;
    const known = intake.latest(row.id)?.observation.version.stamp;
    const stamp = stampOf(row);
    if (first !== undefined || known === undefined || stamp === undefined) return false;
    if (stamp <= known) return false;
    const asOf = this.#clock.now();
    this.#told.set(row.id, asOf);
    intake.difference(
      { kind: 'diff', rows: [row], badRows: 0, removed: [] },
      { generation: this.#generation, asOf, via: 'push' },
    );
    return true;
  }
}
