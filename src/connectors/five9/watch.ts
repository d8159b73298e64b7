/**
 * Keeps one supervisor socket open for as long as the connector runs: sign in, connect, ask for
 * everything, pass on what comes; when it ends, find out why and begin again.
 *
 * V1  Every connection has a generation above all earlier ones, also those of an earlier process.
 * V2  A move to another host changes the feed and no state: what was known stays as it was.
 * V3  `confirmed` is told on data, and on a pong only while data is fresh.
 * V4  Between two attempts lies a jittered pause that doubles up to its limit.
 */
import type { Clock, Timer } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import type { OpenSocket } from '../../lib/socket.ts';
import type { AccountId } from '../../model/ids.ts';
import type { HealthState, Log } from '../connector.ts';
import type { Session } from './auth.ts';
import { createBackoff, type Backoff } from './backoff.ts';
import type { Client } from './client.ts';
import type { Crowding } from './crowding.ts';
import { Feed, MAX_FRAME_BYTES, type AskResult, type End } from './feed.ts';
import { COUNTED, type Frame } from './frame.ts';
import type { Arrived } from './frame-queue.ts';
import { socketOrigin } from './hosts.ts';
import type { Intake } from './intake.ts';
import type { Lead } from './lead.ts';
import type { Settings } from './options.ts';
import type { Outlet } from './outlet.ts';
import type { LargeFrames } from './parts.ts';
import type { Entry } from './roster.ts';
import type { Login, Transport } from './transport.ts';
import { Trouble } from './trouble.ts';

interface WatcherParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly openSocket: OpenSocket;
  readonly largeFrames: LargeFrames | undefined;
  readonly log: Log;
  readonly settings: Settings;
  readonly session: Session;
  readonly transport: Transport;
  readonly client: Client;
  readonly intake: Intake;
  readonly outlet: Outlet;
  readonly crowding: Crowding;
  readonly lead: Lead;
}

/** A feed that lived this long was a good one: the next pause begins short again. */
const GOOD_LIFE_MS = 30_000;
/** How long a migration excuses silence; after it the usual words are used again. */
const MIGRATION_MS = 120_000;
const MOST_PATIENCE = 8;
const READ_ONLY =
  'Reading all agents as they change; read only by choice, as five9.writes is none.';

export class Watcher {
  private readonly parts: WatcherParts;
  private readonly backoff: Backoff;
  private feed: Feed | undefined;
  private migratingSince: number | undefined;
  private isSynced = false;
  private patience = 1;
  private isStopped = false;
  private sleeper: { readonly timer: Timer; readonly wake: () => void } | undefined;

  constructor(parts: WatcherParts) {
    this.parts = parts;
    const { reconnectMinMs, reconnectMaxMs } = parts.settings;
    this.backoff = createBackoff(parts.random, reconnectMinMs, reconnectMaxMs);
  }

  async run(): Promise<void> {
    this.say('starting', 'Starting.');
    while (!this.isStopped) {
      const pauseMs = await this.connectOnce().catch((error: unknown) => this.failed(error));
      if (!this.isStopped && pauseMs > 0) await this.sleep(pauseMs);
    }
  }

  stop(): void {
    this.isStopped = true;
    this.feed?.end({ kind: 'stopped' });
    this.sleeper?.timer.cancel();
    this.sleeper?.wake();
  }

  /** Wants everything read again. */
  look(): void {
    this.feed?.want();
  }

  /** The session in use is another one now; a socket of the old one is of no use. */
  sessionChanged(): void {
    this.feed?.end({ kind: 'replaced' });
  }

  /** What the feed showed last of this account, while the feed is alive; else undefined. */
  latest(account: AccountId): Entry | undefined {
    const isAlive = this.isSynced && this.feed?.isFresh() === true;
    return isAlive ? this.parts.intake.latest(account) : undefined;
  }

  isLive(): boolean {
    return this.isSynced;
  }

  /** Returns how long to pause before the next connection. */
  private async connectOnce(): Promise<number> {
    const { session, clock, crowding, outlet } = this.parts;
    this.step('signing_in', 'Signing in to Five9.');
    const login = await session.ensure();
    if (crowding.goesOn(login, clock.monotonic())) outlet.count('socket_taken');
    await this.loadLabels();
    if (this.isStopped || session.current() !== login) return 0;
    const began = clock.monotonic();
    const end = await this.follow(login);
    crowding.ended(end, login);
    const wasSynced = this.isSynced;
    this.isSynced = false;
    this.feed = undefined;
    this.parts.lead.ended();
    if (wasSynced && clock.monotonic() - began >= GOOD_LIFE_MS) this.backoff.reset();
    return this.after(end, wasSynced);
  }

  private follow(login: Login): Promise<End> {
    const { clock, random, settings, transport, openSocket, largeFrames, lead } = this.parts;
    const generation = lead.begins(clock.now());
    const key = Math.floor(random.next() * 2 ** 48).toString(16);
    const feed = new Feed({
      clock,
      openSocket,
      largeFrames,
      settings,
      patience: this.patience,
      request: {
        url: `${socketOrigin(login.origin)}/supsvcs/sws/${settings.appKey}-${key}`,
        headers: transport.headersFor(login),
        maxPayloadBytes: MAX_FRAME_BYTES,
      },
      permit: () => this.parts.outlet.budget().read(),
      requestFull: () => this.parts.client.requestFull(),
      frame: (frame, arrived) => this.heard(frame, generation, arrived),
      settled: (present) => this.settled(present),
      refused: (result) => this.refused(result),
    });
    this.feed = feed;
    this.step('syncing', 'Reading all agents.');
    feed.open();
    return feed.ended;
  }

  private after(end: End, wasSynced: boolean): number {
    const { session, outlet, log } = this.parts;
    if (end.kind === 'stopped') return 0;
    outlet.count('reconnect');
    log.info('the Five9 feed ended', { end: end.kind, ...('why' in end ? { why: end.why } : {}) });
    if (end.kind === 'move') {
      this.migrating();
      outlet.count('migration');
      session.move(end.metadata);
      return this.backoff.next();
    }
    if (end.kind === 'replaced') return this.backoff.next();
    // Whatever ended the feed may have ended the session as well.
    session.suspect();
    const isMute = end.kind === 'lost' && end.why === 'no_data';
    if (isMute) outlet.count('zombie');
    this.patience = isMute && !wasSynced ? Math.min(MOST_PATIENCE, this.patience * 2) : 1;
    if (!this.isMigrating()) {
      const why = 'why' in end ? ` (${end.why})` : '';
      this.say(wasSynced ? 'degraded' : 'down', `No feed from Five9${why}; connecting again.`);
    }
    return this.backoff.next();
  }

  private failed(error: unknown): number {
    const { outlet, log } = this.parts;
    this.isSynced = false;
    const pauseMs = this.backoff.next();
    if (!(error instanceof Trouble)) {
      log.error('connecting to Five9 failed', { error: String(error) });
      this.say('down', 'Connecting to Five9 failed in an unexpected way; trying again.');
      return pauseMs;
    }
    if (error.reaction === 'drop') return pauseMs;
    log.warn('connecting to Five9 failed', { code: error.code });
    const detail = `${error.message}.`;
    if (error.reaction === 'ask_admin') {
      outlet.health({ state: 'auth_blocked', detail, action: error.fix });
    } else if (error.reaction === 'wait_until') {
      this.say('throttled', detail);
    } else if (!this.isMigrating()) {
      this.say('down', detail);
    }
    return Math.max(pauseMs, error.retryMs ?? 0);
  }

  private heard(frame: Frame, generation: number, { at, askedAt }: Arrived): void {
    const { intake, settings, lead } = this.parts;
    lead.hears(frame, generation);
    if (frame.kind === 'full') {
      const via = askedAt === undefined ? 'push' : 'sweep';
      intake.full(frame, { generation, asOf: askedAt ?? at, via });
      if (frame.more !== true) this.synced(at);
    } else if (frame.kind === 'diff') {
      if (intake.difference(frame, { generation, asOf: at, via: 'push' })) this.look();
      if (frame.more !== true) this.confirm(at);
    } else if (frame.kind === 'pong') {
      const quiet = this.feed?.quietFor() ?? Number.POSITIVE_INFINITY;
      if (quiet <= settings.quietMs) this.confirm(at);
    } else {
      this.told(frame);
    }
  }

  private confirm(at: number): void {
    if (this.isSynced) this.parts.outlet.confirmed(at);
  }

  private told(frame: Frame): void {
    const { outlet, log } = this.parts;
    const event = COUNTED.get(frame.kind);
    if (event !== undefined) outlet.count(event);
    switch (frame.kind) {
      case 'bad':
        log.warn('a frame from Five9 was skipped', { why: frame.why });
        return;
      case 'maintenance_soon':
        log.info('Five9 announced maintenance', { inMs: frame.inMs });
        return;
      case 'migration_started':
        this.migrating();
        return;
      case 'view_changed':
        this.look();
        return;
      case 'reason_codes_changed':
        void this.loadLabels().then(() => this.look());
        return;
      default:
      // Nothing to do: the feed acts on moves, restarts and connections itself.
    }
  }

  private settled(present: ReadonlySet<AccountId>): void {
    this.patience = 1;
    this.parts.intake.settled(present);
  }

  private synced(at: number): void {
    this.parts.outlet.confirmed(at);
    // Announced but not yet carried out: the old host still delivers.
    const isAnnounced = this.isSynced && this.isMigrating();
    this.isSynced = true;
    if (isAnnounced) return;
    this.migratingSince = undefined;
    const isReadOnly = this.parts.settings.writes === 'none';
    this.say('live', isReadOnly ? READ_ONLY : 'Reading all agents as they change.');
  }

  private migrating(): void {
    this.migratingSince = this.parts.clock.monotonic();
    this.say('migrating', 'Five9 is moving this domain; the last known states are held.');
  }

  private isMigrating(): boolean {
    const since = this.migratingSince;
    return since !== undefined && this.parts.clock.monotonic() - since < MIGRATION_MS;
  }

  private refused(result: AskResult): void {
    if (result.kind !== 'refused') return;
    this.parts.outlet.count('ask_refused');
    if (result.waitMs !== undefined) {
      this.say('throttled', 'Five9 asked us to wait before reading all agents again.');
    }
  }

  /** Codes without names are still codes: the feed does not wait for a list that fails. */
  private async loadLabels(): Promise<void> {
    const codes = await this.parts.client.reasonCodes().catch(() => undefined);
    if (codes === undefined) this.parts.outlet.count('labels_failed');
    else this.parts.intake.label(new Map(codes.map((code) => [code.code, code.label])));
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.sleeper = { timer: this.parts.clock.after(ms, resolve), wake: resolve };
    });
  }

  private step(state: 'signing_in' | 'syncing', detail: string): void {
    if (this.parts.outlet.isBeginning()) this.say(state, detail);
  }

  private say(state: HealthState, detail: string): void {
    this.parts.outlet.health({ state, detail });
  }
}
