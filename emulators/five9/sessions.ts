/**
 * Logins of the supervisor account, how a caller proves one, and the data centres.
 *
 * 1. One account has at most one session: AttachExisting joins it, ForceIn ends it and makes a new one.
 * 2. A session is usable only in login state WORKING.
 * 3. A migration moves the domain to another farm; sessions from before must restart.
 */
import type { Random } from '../../src/lib/random.ts';
import type { Five9Settings } from './options.ts';
import { SUPERVISOR_ID } from './users.ts';

type LoginState = 'SELECT_STATION' | 'ACCEPT_NOTICE' | 'RELOGIN' | 'WORKING';

export interface Session {
  readonly tokenId: string;
  readonly sessionId: string;
  readonly userId: string;
  /** On the clock handed in. */
  readonly loggedInAt: number;
  station: boolean;
  relogin: boolean;
}

interface Notice {
  readonly id: string;
  readonly annotation: string;
  readonly text: string;
  accepted: boolean;
}

type Proof =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong_farm' };

export class Sessions {
  private readonly settings: Five9Settings;
  private readonly random: Random;
  private session: Session | undefined;
  /** Tokens and session ids of all logins so far. */
  readonly handedOut: string[] = [];
  private waiting: Notice[] = [];
  private noticesMade = 0;
  private farm = 152;
  private atStandby = false;
  private readonly ended: ((session: Session) => void)[] = [];

  constructor(settings: Five9Settings) {
    this.settings = settings;
    this.random = settings.random.fork('five9-sessions');
    this.addNotices(settings.notices);
  }

  /** Told when a session ends for any reason. */
  onEnd(watch: (session: Session) => void): void {
    this.ended.push(watch);
  }

  reset(): void {
    this.end();
    this.waiting = [];
    this.farm = 152;
    this.atStandby = false;
    this.addNotices(this.settings.notices);
  }

  get farmId(): string {
    return String(this.farm);
  }

  /** Base URL of the data centre that serves the domain now. */
  get activeUrl(): string {
    return this.atStandby ? this.settings.standbyUrl : this.settings.baseUrl;
  }

  current(): Session | undefined {
    return this.session;
  }

  logIn(policy: string): Session {
    if (policy === 'AttachExisting' && this.session !== undefined) {
      if (this.session.relogin) this.session.station = false;
      this.session.relogin = false;
      return this.session;
    }
    this.end();
    const session: Session = {
      tokenId: this.token(),
      sessionId: this.hex(64),
      userId: SUPERVISOR_ID,
      loggedInAt: this.settings.clock.now(),
      station: false,
      relogin: false,
    };
    this.session = session;
    this.handedOut.push(session.tokenId, session.sessionId);
    return session;
  }

  end(): void {
    const session = this.session;
    this.session = undefined;
    if (session === undefined) return;
    for (const watch of this.ended) watch(session);
  }

  /** Somebody else logs in with the same account by force and starts to work. */
  kick(): void {
    this.logIn('ForceIn').station = true;
  }

  state(session: Session): LoginState {
    if (session.relogin) return 'RELOGIN';
    if (!session.station) return 'SELECT_STATION';
    return this.waiting.some((notice) => !notice.accepted) ? 'ACCEPT_NOTICE' : 'WORKING';
  }

  notices(): readonly Notice[] {
    return this.waiting;
  }

  addNotices(count: number): void {
    for (let i = 0; i < count; i += 1) {
      this.noticesMade += 1;
      const id = String(9_100 + this.noticesMade);
      const annotation = `Service update notice ${this.noticesMade}`;
      const text = '<h1>Planned maintenance</h1><table><tr><td>22:00-02:00</td></tr></table>';
      this.waiting.push({ id, annotation, text, accepted: false });
    }
  }

  /** Returns the notice as it was, which is what the captured reply shows. */
  accept(id: string): Omit<Notice, 'accepted'> & { readonly accepted: boolean } {
    const notice = this.waiting.find((candidate) => candidate.id === id);
    if (notice === undefined) throw new Error(`no maintenance notice has the id "${id}"`);
    const before = { ...notice };
    notice.accepted = true;
    const last = this.waiting.every((candidate) => candidate.accepted);
    if (last && this.session && this.settings.extrapolated.afterNotices === 'SELECT_STATION') {
      this.session.station = false;
    }
    return before;
  }

  /** Another farm at the same place: the session lives on, and nothing is announced. */
  moveFarm(): void {
    this.farm += 1;
  }

  /** The domain now lives on another farm; the old session has to restart there. */
  migrate(): void {
    this.moveFarm();
    this.atStandby = !this.atStandby;
    if (this.session !== undefined) this.session.relogin = true;
  }

  prove(headers: Readonly<Record<string, string>>): Proof {
    const session = this.session;
    if (session === undefined || !this.carries(headers, session)) return { kind: 'none' };
    const farm = headers['farmid'];
    if (farm !== undefined && farm !== this.farmId) return { kind: 'wrong_farm' };
    return { kind: 'session', session };
  }

  /** Login and metadata reply. */
  loginReply(session: Session): object {
    return {
      tokenId: session.tokenId,
      sessionId: session.sessionId,
      orgId: this.settings.orgId,
      userId: session.userId,
      context: {
        cloudClientUrl: 'https://api.prod.us.five9.net/',
        cloudTokenUrl: 'https://api.prod.us.five9.net/',
        farmId: this.farmId,
      },
      metadata: this.metadata(this.activeUrl),
    };
  }

  /** `apiUrl` is where it says that the domain is served, `loginUrl` where to sign in. */
  metadata(apiUrl: string, loginUrl = this.settings.loginUrl): object {
    const dataCenters = [centre('Main Data Center', loginUrl, apiUrl, true)];
    if (this.settings.decoyDataCentre) {
      const nowhere = 'https://idle-data-centre.invalid';
      dataCenters.unshift(centre('Idle Data Center', nowhere, nowhere, false));
    }
    return { freedomUrl: loginUrl, dataCenters };
  }

  /** `set-cookie` values of a login, one per line. */
  cookies(session: Session): string {
    const { cookieDomain, loginUrl } = this.settings;
    const attributes = [
      'Path=/',
      'HttpOnly',
      ...(cookieDomain === undefined ? [] : [`Domain=${cookieDomain}`]),
      ...(loginUrl.startsWith('https:') ? ['Secure'] : []),
    ].join('; ');
    const values = {
      apiRouteKey: `ROUTEKEYAPI${this.farmId}`,
      farmId: this.farmId,
      Authorization: `Bearer-${session.tokenId}`,
      'f9-sessionId': session.sessionId,
    };
    return Object.entries(values)
      .map(([name, value]) => `${name}=${value}; ${attributes}`)
      .join('\n');
  }

  private carries(headers: Readonly<Record<string, string>>, session: Session): boolean {
    const header = headers['authorization'];
    const farm = headers['farmid'] !== undefined;
    const cookie = cookieValue(headers['cookie'], 'Authorization') === `Bearer-${session.tokenId}`;
    const hyphen = farm && header === `Bearer-${session.tokenId}`;
    const space = farm && header === `Bearer ${session.tokenId}`;
    switch (this.settings.auth) {
      case 'bearer_hyphen':
        return hyphen;
      case 'bearer_space':
        return space;
      case 'cookies':
        return cookie;
      case 'cookies_no_header':
        return cookie && header === undefined;
      case 'any':
        return hyphen || space || cookie;
    }
  }

  private token(): string {
    return [8, 4, 4, 4, 12].map((length) => this.hex(length)).join('-');
  }

  private hex(length: number): string {
    const digit = (): string => Math.floor(this.random.next() * 16).toString(16);
    return Array.from({ length }, digit).join('');
  }
}

function centre(name: string, loginUrl: string, apiUrl: string, active: boolean): object {
  return {
    name,
    uiUrls: [place(apiUrl, 'ROUTEKEYUI')],
    apiUrls: [place(apiUrl, 'ROUTEKEYAPI')],
    loginUrls: [place(loginUrl, 'ROUTEKEYLOGIN')],
    active,
  };
}

/** All fields are text, the port too. */
function place(url: string, routeKey: string): object {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? '443' : '80';
  return { host: hostname, port: port === '' ? usual : port, routeKey, version: '13.0.183' };
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
