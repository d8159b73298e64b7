/**
 * The supervisor WebSocket: who is connected and what is sent to them.
 *
 * 1. The first frame is 1010. Statistics flow only to sockets of a session in state WORKING.
 * 2. 5000 is sent at session start and on request; 5012 carries whole rows of whatever changed
 *    since the last batch, and batches leave at multiples of `batchMs`.
 * 3. At most three sockets per user: a fourth closes the oldest. The same key twice: 1020, then
 *    close code 3000.
 * 4. A zombie socket answers pings and delivers nothing; a half-open one does nothing at all.
 */
import type { Timer } from '../../src/lib/clock.ts';
import type { Faults } from './faults.ts';
import { type Difference, FrameMaker, type Rows } from './frames.ts';
import type { DomainChange, Five9Domain, Member } from './model.ts';
import type { Five9Settings } from './options.ts';
import { agentStateRow, agentStatisticRow } from './rows.ts';
import type { Session, Sessions } from './sessions.ts';

const MAX_SOCKETS = 3;

/** The far end of a socket, in memory or on the wire. */
export interface Peer {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** A frozen peer neither reads nor answers anything. */
  freeze(frozen: boolean): void;
}

/** One open socket, as its transport sees it. */
export interface Line {
  receive(text: string): void;
  /** The transport is closed. */
  gone(): void;
  /** Not even the transport's own pings are answered. */
  silent(): boolean;
}

interface Connection {
  readonly key: string;
  readonly session: Session;
  readonly peer: Peer;
  mode: 'live' | 'zombie' | 'half_open';
  /** A migration left this socket behind for good. */
  abandoned: boolean;
}

type Change = 'added' | 'updated' | 'removed';

interface FeedParts {
  readonly settings: Five9Settings;
  readonly domain: Five9Domain;
  readonly sessions: Sessions;
  readonly faults: Faults;
}

export class SupervisorFeed {
  readonly frames: FrameMaker;
  private readonly settings: Five9Settings;
  private readonly domain: Five9Domain;
  private readonly sessions: Sessions;
  private readonly faults: Faults;
  /** Replaced, never changed in place, so that a loop may close what it walks over. */
  private connections: readonly Connection[] = [];
  private changed = new Map<string, Change>();
  private batch: Timer | undefined;
  private held: string | undefined;

  constructor(parts: FeedParts) {
    this.settings = parts.settings;
    this.domain = parts.domain;
    this.sessions = parts.sessions;
    this.faults = parts.faults;
    this.frames = new FrameMaker(() => ({
      tenantId: this.settings.orgId,
      userId: this.sessions.current()?.userId ?? '',
      userName: this.settings.supervisor.userName,
      now: this.domain.now(),
    }));
    this.domain.onChange((change) => this.note(change));
    this.sessions.onEnd((session) => this.closeSession(session));
    this.faults.onSwitch((name, on) => {
      if (name === 'zombie_socket') this.turn('zombie', on);
      if (name === 'half_open_socket') this.turn('half_open', on);
    });
  }

  reset(): void {
    this.closeAll(1001, 'reset');
    this.batch?.cancel();
    this.batch = undefined;
    this.changed = new Map();
    this.held = undefined;
  }

  open(session: Session, key: string, peer: Peer): Line {
    const connection: Connection = { key, session, peer, mode: 'live', abandoned: false };
    if (this.faults.active('zombie_socket')?.value === 1) connection.mode = 'zombie';
    if (this.faults.active('half_open_socket')?.value === 1) connection.mode = 'half_open';
    const twin = this.connections.find((other) => other.key === key);
    this.connections = [...this.connections, connection];
    if (twin !== undefined) {
      this.closeTwin(this.settings.extrapolated.duplicateKeyCloses === 'newer' ? connection : twin);
    }
    if (this.connections.includes(connection)) this.welcome(connection);
    return {
      receive: (text) => this.receive(connection, text),
      gone: () => this.forget(connection),
      silent: () => connection.mode === 'half_open',
    };
  }

  /** Sends the whole picture to every socket of the account. */
  sendFull(): void {
    if (this.listeners().length === 0) return;
    this.data(this.frames.full(this.wholePicture()), false);
  }

  /** A frame for everybody that is not statistics, such as a migration's. */
  announce(text: string): void {
    for (const connection of this.connections) this.put(connection, text);
  }

  /** The present sockets stay open and answer pings, but never again carry data. */
  abandonAll(): void {
    for (const connection of this.connections) {
      connection.mode = 'zombie';
      connection.abandoned = true;
    }
  }

  closeAll(code: number, reason: string): void {
    for (const connection of this.connections) this.close(connection, code, reason);
  }

  sockets(): number {
    return this.connections.length;
  }

  private welcome(connection: Connection): void {
    const oldest = this.connections[0];
    if (this.connections.length > MAX_SOCKETS && oldest !== undefined) {
      this.close(oldest, this.settings.extrapolated.oldestCloseCode, 'too many sockets');
    }
    if (connection.mode !== 'half_open') connection.peer.send(this.frames.connected());
    else connection.peer.freeze(true);
    if (this.settings.extrapolated.fullOnAttach) this.sendFull();
  }

  private closeTwin(connection: Connection): void {
    connection.peer.send(this.frames.duplicate());
    this.close(connection, 3000, 'duplicate connection');
  }

  private receive(connection: Connection, text: string): void {
    if (text === 'ping') this.pong(connection);
  }

  private pong(connection: Connection): void {
    if (connection.mode === 'half_open') this.faults.strike('half_open_socket');
    else connection.peer.send(this.frames.pong());
  }

  private note(change: DomainChange): void {
    if (change.what === 'users' || change.what === 'reasons') {
      const id = change.what === 'users' ? '5006' : '5007';
      for (const connection of this.listeners()) this.put(connection, this.frames.invalidated(id));
      return;
    }
    const before = this.changed.get(change.agent);
    this.changed.set(change.agent, merged(before, change.what));
    this.scheduleBatch();
  }

  private scheduleBatch(): void {
    const { batchMs, clock } = this.settings;
    if (batchMs === 0) {
      this.flush();
      return;
    }
    this.batch ??= clock.after(batchMs - (clock.monotonic() % batchMs), () => this.flush());
  }

  private flush(): void {
    this.batch = undefined;
    const changed = this.changed;
    this.changed = new Map();
    if (this.listeners().length === 0) return;
    const payLoad = this.differences(changed);
    if (payLoad.length > 0) this.data(this.frames.difference(payLoad), true);
  }

  /** Statistics, subject to the faults of the feed. */
  private data(text: string, isDifference: boolean): void {
    if (isDifference && this.faults.strike('drop_diff') !== undefined) return;
    if (isDifference && this.held === undefined && this.faults.strike('reorder_diff')) {
      this.held = text;
      return;
    }
    const twice = isDifference && this.faults.strike('duplicate_diff') !== undefined;
    const late = this.held;
    this.held = undefined;
    const texts = [text, ...(twice ? [text] : []), ...(late === undefined ? [] : [late])];
    for (const connection of this.listeners()) {
      for (const each of texts) this.put(connection, each);
    }
  }

  private put(connection: Connection, text: string): void {
    if (connection.mode === 'live') connection.peer.send(text);
    else if (!connection.abandoned) {
      this.faults.strike(connection.mode === 'zombie' ? 'zombie_socket' : 'half_open_socket');
    }
  }

  private listeners(): readonly Connection[] {
    return this.connections.filter(
      ({ session }) =>
        session === this.sessions.current() && this.sessions.state(session) === 'WORKING',
    );
  }

  private wholePicture(): readonly Rows[] {
    const visible = this.domain.all().filter((member) => member.visible);
    const state = { dataSource: 'AGENT_STATE', data: visible.map((member) => this.row(member)) };
    if (!this.settings.statistics) return [state];
    const now = this.domain.now();
    const data = visible.map((member) => agentStatisticRow(member, now));
    return [state, { dataSource: 'AGENT_STATISTIC', data }];
  }

  private differences(changed: ReadonlyMap<string, Change>): readonly Difference[] {
    const state = { added: [] as object[], updated: [] as object[], removed: [] as string[] };
    const statistic = { added: [] as object[], updated: [] as object[], removed: [] as string[] };
    const now = this.domain.now();
    for (const [agent, change] of changed) {
      const member = this.domain.find(agent);
      if (change === 'removed') {
        state.removed.push(agent);
        statistic.removed.push(agent);
      } else if (member?.visible === true) {
        const key = change === 'added' ? this.settings.extrapolated.newRowsAs : 'updated';
        state[key].push(this.row(member));
        statistic[key].push(agentStatisticRow(member, now));
      }
    }
    if (state.added.length + state.updated.length + state.removed.length === 0) return [];
    const first = { dataSource: 'AGENT_STATE', ...state };
    return this.settings.statistics
      ? [first, { dataSource: 'AGENT_STATISTIC', ...statistic }]
      : [first];
  }

  private row(member: Member): object {
    return agentStateRow(member, this.settings.extrapolated);
  }

  /** Only the sockets that are open now are struck; later ones are not, unless `value` is 1. */
  private turn(mode: 'zombie' | 'half_open', on: boolean): void {
    for (const connection of this.connections) {
      if (connection.abandoned) continue;
      if (on && connection.mode === 'live') connection.mode = mode;
      else if (!on && connection.mode === mode) connection.mode = 'live';
      connection.peer.freeze(connection.mode === 'half_open');
    }
  }

  private closeSession(session: Session): void {
    for (const connection of this.connections) {
      if (connection.session === session) this.close(connection, 1000, 'session ended');
    }
  }

  private close(connection: Connection, code: number, reason: string): void {
    this.forget(connection);
    connection.peer.close(code, reason);
  }

  private forget(connection: Connection): void {
    this.connections = this.connections.filter((other) => other !== connection);
  }
}

/** What a batch has to say of an agent after two changes. */
function merged(before: Change | undefined, now: 'state' | 'added' | 'removed'): Change {
  if (now !== 'state') return now;
  return before === 'added' ? 'added' : 'updated';
}
