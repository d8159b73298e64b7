/**
 * Puts the parts of the double together and plays the faults that need more than one of them.
 * Both transports (in memory, and `serve.ts`) call the same three functions: `handle`, `admit`
 * and `attach`.
 */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { stateName } from './agents.ts';
import { type FaultName, type FaultSetting, Faults } from './faults.ts';
import { type Line, type Peer, SupervisorFeed } from './feed.ts';
import { Five9Domain } from './model.ts';
import type { Five9Settings } from './options.ts';
import { type Answer, RestApi } from './rest.ts';
import { DEFAULT_FILTER } from './routes-domain.ts';
import type { RestContext } from './routes.ts';
import { type Session, Sessions } from './sessions.ts';

type Admission =
  | { readonly kind: 'admitted'; readonly session: Session; readonly key: string }
  | { readonly kind: 'refused'; readonly status: number };

const FOREIGN_URL = 'https://app.five9.com.attacker.invalid';
const MAINTENANCE_IN_MS = 600_000;

export class Five9Core {
  readonly settings: Five9Settings;
  readonly domain: Five9Domain;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly feed: SupervisorFeed;
  readonly rest: RestApi;
  private readonly context: RestContext;
  private outOfWork: readonly string[] = [];

  constructor(settings: Five9Settings) {
    this.settings = settings;
    this.domain = new Five9Domain(settings);
    this.sessions = new Sessions(settings);
    this.faults = new Faults(settings.clock);
    const { domain, sessions, faults } = this;
    this.feed = new SupervisorFeed({ settings, domain, sessions, faults });
    const { feed } = this;
    this.context = { settings, domain, sessions, feed, faults, filter: DEFAULT_FILTER };
    this.rest = new RestApi(this.context);
    this.faults.onSwitch((name, on, setting) => {
      if (on) this.begin(name, setting);
      else this.end(name);
    });
  }

  handle(request: HttpRequest): Answer {
    return this.rest.handle(request);
  }

  /** Judges a handshake at `/supsvcs/sws/{key}`. */
  admit(request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  }): Admission {
    const url = new URL(request.url.replace(/^ws/, 'http'));
    const admission = this.judged(url, request.headers);
    this.rest.logHandshake(url.pathname, admission.kind === 'admitted' ? 101 : admission.status);
    return admission;
  }

  attach(admission: Extract<Admission, { kind: 'admitted' }>, peer: Peer): Line {
    return this.feed.open(admission.session, admission.key, peer);
  }

  /** As after a fresh start: people, faults, sessions, logs. Open sockets are closed. */
  reset(): void {
    this.faults.clear();
    this.feed.reset();
    this.sessions.reset();
    this.domain.reset();
    this.rest.reset();
    this.context.filter = DEFAULT_FILTER;
    this.outOfWork = [];
  }

  private judged(url: URL, headers: Readonly<Record<string, string>>): Admission {
    if (this.faults.strike('socket_refused') !== undefined) return { kind: 'refused', status: 503 };
    const key = /^\/supsvcs\/sws\/([^/]+)$/.exec(url.pathname)?.[1];
    if (key === undefined) return { kind: 'refused', status: 404 };
    const session = this.rest.admit(url, headers);
    if ('tokenId' in session) return { kind: 'admitted', session, key };
    return { kind: 'refused', status: session.status };
  }

  private begin(name: FaultName, setting: FaultSetting): void {
    const value = setting.value ?? 0;
    const times = setting.count ?? 1;
    const { feed, sessions, domain } = this;
    const acts: Partial<Record<FaultName, () => void>> = {
      migration: () => this.migrate(value),
      farm_moved: () => sessions.moveFarm(),
      migration_foreign: () =>
        feed.announce(feed.frames.migrated(sessions.metadata(FOREIGN_URL, FOREIGN_URL))),
      maintenance_announced: () =>
        feed.announce(feed.frames.maintenanceAnnounced(setting.value ?? MAINTENANCE_IN_MS)),
      kick: () => sessions.kick(),
      notices: () => sessions.addNotices(times),
      garbage_frame: () => this.garbage(value, times),
      close_sockets: () => feed.closeAll(setting.value ?? 1006, 'dropped'),
      clock_skew: () => (domain.skewMs = value),
      graceful_delay: () => (domain.gracefulDelayMs = value),
      domain_logged_out: () => this.everybodyOut(),
    };
    acts[name]?.();
  }

  private end(name: FaultName): void {
    if (name === 'clock_skew') this.domain.skewMs = 0;
    if (name === 'graceful_delay') this.domain.gracefulDelayMs = this.settings.gracefulDelayMs;
    if (name === 'domain_logged_out') this.everybodyBack();
  }

  /** 70, 1002, 73 with `stepMs` between them; then the old sockets are left behind. */
  private migrate(stepMs: number): void {
    const { feed, sessions } = this;
    const { frames } = feed;
    const steps = [
      (): void => {
        if (this.settings.extrapolated.announceMigration) feed.announce(frames.migrationStarted());
      },
      (): void => {
        sessions.migrate();
        const { moveEvent } = this.settings.extrapolated;
        feed.announce(frames.migrated(sessions.metadata(sessions.activeUrl), moveEvent));
      },
      (): void => {
        feed.announce(frames.migrationCompleted());
        feed.abandonAll();
      },
    ];
    for (const [index, step] of steps.entries()) {
      if (stepMs === 0) step();
      else this.settings.clock.after(index * stepMs, step);
    }
  }

  private garbage(kind: number, times: number): void {
    for (let i = 0; i < times; i += 1) this.feed.announce(this.feed.frames.garbage(kind + i));
  }

  private everybodyOut(): void {
    const inside = this.domain.all().filter((member) => stateName(member.state) !== 'LOGGED_OUT');
    this.outOfWork = inside.map((member) => member.user.id);
    for (const agent of this.outOfWork) this.domain.logOut(agent);
  }

  /** Those who were thrown out log in again, Not Ready as after any login. */
  private everybodyBack(): void {
    for (const agent of this.outOfWork) {
      if (this.domain.find(agent)?.state.loggedIn === false) this.domain.logIn(agent);
    }
    this.outOfWork = [];
  }
}
