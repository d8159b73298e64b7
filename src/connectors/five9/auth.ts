/**
 * The one owner of the Five9 session. Everybody else asks it for a login that works and tells it
 * when one did not.
 *
 * A1  At most one sign-in is under way, whoever asks, and at most three in ten minutes.
 * A2  A login that does not work is proved dead by its login state before it is given up: a single
 *     path that refuses must not cost a session.
 * A3  A host that Five9 names is spoken to only when it is allowed.
 * A4  The password leaves in the sign-in request and nowhere else.
 */
import { pause, type Clock } from '../../lib/clock.ts';
import type { HttpResponse } from '../../lib/exchange.ts';
import { readWith } from '../../lib/read-with.ts';
import type { Log, Sink } from '../connector.ts';
import { LoginGuard } from './login-guard.ts';
import { driveToWorking, READ_LOGIN_STATE, type Driven } from './login-state.ts';
import { placeIn } from './hosts.ts';
import type { Settings } from './options.ts';
import { isOk, jsonOf, sessionFault, type SessionFault } from './reply.ts';
import type { Call, Login, Transport } from './transport.ts';
import type { Trouble } from './trouble.ts';
import * as trouble from './trouble.ts';
import { variantsToTry, type AuthVariant } from './variants.ts';
import { loginSchema, type Metadata } from './wire.ts';

const LOGIN_PATH = '/supsvcs/rs/svc/auth/login';
const LOGOUT_PATH = '/supsvcs/rs/svc/auth/logout';
const LOGOUT_MS = 2_000;
/** A fresh session is not known at once in every data centre: three tries, two seconds apart. */
const TRIES = 3;
const TRY_GAP_MS = 2_000;
/** How long a session counts as fresh. */
const FRESH_MS = 10_000;
/** The guard lets three sign-ins through in ten minutes. */
const FOLLOW_AGAIN_MS = 240_000;

/** Answers to a sign-in that trying again would not change, and that may count against us. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404]);

interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  readonly transport: Transport;
  readonly settings: Settings;
  /** The password as it stands in the configuration now. */
  readonly password: () => string;
  readonly count: Sink['count'];
  /** Called whenever the login in use is another one, or none. */
  readonly changed: () => void;
}

export class Session {
  private readonly parts: Parts;
  private readonly guard = new LoginGuard();
  private login: Login | undefined;
  private isSuspect = false;
  private underWay: Promise<Login> | undefined;
  private remembered: AuthVariant | undefined;
  private nextOrigin: string | undefined;
  /** When a sign-in last looked for a service that had moved. */
  private followedAt: number | undefined;
  private wasKicked = false;
  private unrecognised = 0;
  private isOver = false;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  current(): Login | undefined {
    return this.login;
  }

  /** From now on the login is used only after its state was read again. */
  suspect(): void {
    this.isSuspect = true;
  }

  /** A login that works. Rejects with `Trouble`. */
  async ensure(): Promise<Login> {
    if (this.isOver) throw trouble.stopped();
    if (this.underWay !== undefined) return this.underWay;
    if (this.login !== undefined && !this.isSuspect) return this.login;
    this.underWay = this.establish().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** A login that works, after this one showed a fault. */
  async recover(failed: Login, fault: SessionFault): Promise<Login> {
    if (this.login !== failed || this.underWay !== undefined) return this.ensure();
    if (fault.kind === 'farm') {
      return this.trust(this.use({ ...failed, farmId: fault.farmId }));
    }
    if (fault.kind === 'migrated' && this.mayFollow()) this.forget();
    this.suspect();
    return this.ensure();
  }

  /** The domain has moved: the next login is made at the place that this metadata names. */
  move(metadata: Metadata | undefined): void {
    const place = placeIn(metadata, 'login', this.parts.settings);
    if (place.kind === 'refused') this.denyHost(place.host);
    this.nextOrigin = place.kind === 'origin' ? place.origin : undefined;
    this.forget();
  }

  /** Nothing is signed in or sent any more; the session at Five9 stays as it is. */
  leave(): void {
    this.isOver = true;
    this.login = undefined;
    this.parts.transport.forgetCookies();
  }

  /** Ends the session at Five9 as far as possible, and leaves it. */
  async end(): Promise<void> {
    const { transport } = this.parts;
    const login = this.login;
    const farewell =
      login === undefined
        ? undefined
        : transport.send(login, { method: 'POST', path: LOGOUT_PATH, timeoutMs: LOGOUT_MS });
    this.leave();
    await farewell?.catch(() => undefined);
  }

  private async establish(): Promise<Login> {
    const known = this.login && (await this.stillThere(this.login));
    if (known !== undefined) {
      const driven = await this.drive(known.login, known.state);
      if (driven === 'working') return this.trust(known.login);
      this.wasKicked = true;
      this.parts.count('kicked');
    }
    if (this.login !== undefined) this.forget();
    return this.signIn();
  }

  /** Undefined when the domain is somewhere else by now: only a new sign-in tells where. */
  private async stillThere(
    login: Login,
  ): Promise<{ readonly login: Login; readonly state: HttpResponse } | undefined> {
    const state = await this.readState(login);
    const fault = sessionFault(state);
    if (fault?.kind === 'migrated' && this.mayFollow()) return undefined;
    if (fault?.kind !== 'farm') return { login, state };
    const moved = this.use({ ...login, farmId: fault.farmId });
    return { login: moved, state: await this.readState(moved) };
  }

  /**
   * Whether a new sign-in may look for the service elsewhere. Where the last one has found the same
   * answer, it is waited for: each sign-in counts towards a war of logins.
   */
  private mayFollow(): boolean {
    const now = this.parts.clock.monotonic();
    if (this.followedAt !== undefined && now - this.followedAt < FOLLOW_AGAIN_MS) return false;
    this.followedAt = now;
    return true;
  }

  private async signIn(): Promise<Login> {
    const { clock, log, settings, count } = this.parts;
    const wait = this.guard.waitMs(clock.monotonic());
    if (wait > 0) throw trouble.loginWar(wait, this.wasKicked);
    const origin = this.nextOrigin ?? new URL(settings.loginUrl).origin;
    this.nextOrigin = undefined;
    const reply = await this.postLogin(origin);
    const granted = this.readLogin(reply, origin);
    const { login, state } = await this.recognise(granted);
    // Kept before it works: a notice that waits must not cost one sign-in after the other.
    this.use(login);
    this.suspect();
    count('login');
    log.info('signed in to Five9', { origin: login.origin, auth: login.variant });
    if ((await this.drive(login, state)) !== 'working') {
      this.forget();
      throw this.notRecognised();
    }
    return this.trust(login);
  }

  private async postLogin(origin: string): Promise<HttpResponse> {
    const { clock, settings, transport, password } = this.parts;
    const body = JSON.stringify({
      passwordCredentials: { username: settings.username, password: password() },
      appKey: settings.appKey,
      policy: settings.policy,
    });
    transport.forgetCookies();
    const reply = await transport
      .sendTo(origin, { method: 'POST', path: LOGIN_PATH, body })
      .catch((error: unknown) => {
        throw trouble.unreachable(error);
      });
    const refused = REFUSALS.has(reply.status);
    if (isOk(reply) || refused) this.guard.note(clock.monotonic());
    if (isOk(reply)) return reply;
    if (refused) throw trouble.passwordRefused(reply);
    throw trouble.unexpected('signing in', reply, clock.now());
  }

  private readLogin(reply: HttpResponse, origin: string): Omit<Login, 'variant'> {
    const read = readWith(loginSchema, jsonOf(reply));
    if (read === undefined) throw trouble.unreadable('signing in');
    const place = placeIn(read.metadata, 'api', this.parts.settings);
    if (place.kind === 'refused') {
      this.denyHost(place.host);
      throw trouble.hostRefused(place.host);
    }
    return {
      origin: place.kind === 'origin' ? place.origin : origin,
      tokenId: read.tokenId,
      farmId: read.context?.farmId,
      orgId: read.orgId,
      userId: read.userId,
      at: this.parts.clock.monotonic(),
    };
  }

  /** Finds the way of authorising that this domain takes; any answer but 401 proves it. */
  private async recognise(
    granted: Omit<Login, 'variant'>,
  ): Promise<{ readonly login: Login; readonly state: HttpResponse }> {
    const variants = variantsToTry(this.parts.settings.auth, this.remembered);
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      for (const variant of variants) {
        const login: Login = { ...granted, variant };
        const state = await this.ask(login, READ_LOGIN_STATE);
        if (state.status !== 401) {
          this.remembered = variant;
          return { login, state };
        }
        this.parts.count('post_login_401');
      }
      if (attempt < TRIES) await pause(this.parts.clock, TRY_GAP_MS);
    }
    throw this.notRecognised();
  }

  private async readState(login: Login): Promise<HttpResponse> {
    const { clock } = this.parts;
    for (let attempt = 1; ; attempt += 1) {
      const state = await this.ask(login, READ_LOGIN_STATE);
      const isFresh = clock.monotonic() - login.at < FRESH_MS;
      if (state.status !== 401 || !isFresh || attempt >= TRIES) return state;
      this.parts.count('post_login_401');
      await pause(clock, TRY_GAP_MS);
    }
  }

  private drive(login: Login, state: HttpResponse): Promise<Driven> {
    const driver = {
      send: (call: Call) => this.ask(login, call),
      now: () => this.parts.clock.now(),
      acceptNotices: this.parts.settings.acceptNotices,
    };
    return driveToWorking(driver, state);
  }

  private ask(login: Login, call: Call): Promise<HttpResponse> {
    if (this.isOver) throw trouble.stopped();
    return this.parts.transport.send(login, call).catch((error: unknown) => {
      throw trouble.unreachable(error);
    });
  }

  private notRecognised(): Trouble {
    this.unrecognised += 1;
    return trouble.notRecognised(this.unrecognised === 1);
  }

  private trust(login: Login): Login {
    this.isSuspect = false;
    this.unrecognised = 0;
    return login;
  }

  private use(login: Login): Login {
    this.login = login;
    this.parts.changed();
    return login;
  }

  private forget(): void {
    this.login = undefined;
    this.isSuspect = false;
    this.parts.changed();
  }

  private denyHost(host: string): void {
    this.parts.count('egress_denied');
    this.parts.log.error('Five9 named a host outside the allowed domains', {
      host: host.replace(/[^\w.-]/g, '?'),
    });
  }
}
