/**
 * The REST API as one synchronous function from request to answer. The transports spend the delays.
 *
 * 1. Every request is logged once, without headers or bodies; writes to agents are logged with
 *    their body, what was true before and whether they took effect.
 * 2. Order of the gates: reachable, throttled, known route, proven caller, login state, faults.
 */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import type { Five9Truth } from '../acts.ts';
import { CODE, type Reply, exception } from './answers.ts';
import { BoundedLog } from './bounded-log.ts';
import type { FaultName, FaultSetting } from './faults.ts';
import { RateLimit, throttled } from './rate-limit.ts';
import { DOMAIN_ROUTES, PRESENCE_WRITE } from './routes-domain.ts';
import { SESSION_ROUTES, improper } from './routes-session.ts';
import { SKILLS_ROUTES, SKILLS_WRITE } from './routes-skills.ts';
import { type Call, type Match, type RestContext, matchRoute } from './routes.ts';
import type { Session } from './sessions.ts';

export type Answer =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly delayMs: number }
  /** The request arrives, its answer never. */
  | { readonly kind: 'silence' }
  /** Nobody listens there. */
  | { readonly kind: 'unreachable' };

export interface RequestRecord {
  /** The clock handed in, epoch ms. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  /** 0: no answer was sent. */
  readonly status: number;
}

export interface WriteRecord {
  readonly at: number;
  readonly agent: string;
  readonly operation: string;
  readonly body: string;
  readonly status: number;
  /** It reached the agent, whatever the caller was told. */
  readonly effect: boolean;
  readonly before: Five9Truth | undefined;
  readonly after: Five9Truth | undefined;
}

interface Outcome {
  readonly answer: Answer;
  readonly operation: string;
  readonly effect: boolean;
}

interface Served {
  /** Absent: the answer is lost on its way. */
  readonly reply: Reply | undefined;
  readonly effect: boolean;
}

const ROUTES = [...SESSION_ROUTES, ...DOMAIN_ROUTES, ...SKILLS_ROUTES];
const WRITES: ReadonlySet<string> = new Set([PRESENCE_WRITE, SKILLS_WRITE]);
const SLOW_MS = 20_000;
const POST_LOGIN_MS = 2_000;

export class RestApi {
  readonly requests: BoundedLog<RequestRecord>;
  readonly writes: BoundedLog<WriteRecord>;
  private readonly context: RestContext;
  private readonly limit: RateLimit | undefined;
  private counts = new Map<string, number>();

  constructor(context: RestContext) {
    const { settings } = context;
    this.context = context;
    this.requests = new BoundedLog(settings.keepRequests);
    this.writes = new BoundedLog(settings.keepWrites);
    this.limit = settings.rateLimit && new RateLimit(settings.clock, settings.rateLimit);
  }

  handle(request: HttpRequest): Answer {
    const url = new URL(request.url);
    const match = matchRoute(ROUTES, request.method, url.pathname);
    const write = WRITES.has(match?.route.operation ?? '');
    const agent = match?.params['agent'] ?? '';
    const before = write ? this.truthOf(agent) : undefined;
    const { answer, operation, effect } = this.outcome(request, url, match);
    const status = answer.kind === 'reply' ? answer.reply.status : 0;
    const at = this.context.settings.clock.now();
    this.requests.add({ at, method: request.method, path: url.pathname, operation, status });
    this.count(`${operation} ${status}`);
    if (write) {
      const after = this.truthOf(agent);
      const body = request.body ?? '';
      this.writes.add({ at, agent, operation, body, status, effect, before, after });
    }
    return answer;
  }

  /** Requests by "operation status", unbounded in time. */
  counters(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  /** A socket handshake is no REST call but belongs to the same log. */
  logHandshake(path: string, status: number): void {
    const at = this.context.settings.clock.now();
    const operation = 'openSocket';
    this.requests.add({ at, method: 'GET', path, operation, status });
    this.count(`${operation} ${status}`);
  }

  /** The session that these headers prove, or the refusal. */
  admit(url: URL, headers: Readonly<Record<string, string>>): Session | Reply {
    const { sessions, domain, settings, faults } = this.context;
    if (url.origin !== new URL(sessions.activeUrl).origin) return this.migrated();
    const proof = sessions.prove(headers);
    if (proof.kind === 'wrong_farm') return this.migrated();
    const unauthorised = { code: CODE.unauthorised, message: 'Not logged in' };
    if (proof.kind === 'none') return exception(401, domain.now(), unauthorised);
    const age = settings.clock.now() - proof.session.loggedInAt;
    const window = faults.active('unauthorized_after_login')?.value ?? POST_LOGIN_MS;
    if (age < window && faults.strike('unauthorized_after_login') !== undefined) {
      return exception(401, domain.now(), unauthorised);
    }
    return proof.session;
  }

  reset(): void {
    this.requests.clear();
    this.writes.clear();
    this.counts = new Map();
    this.limit?.clear();
  }

  private outcome(request: HttpRequest, url: URL, match: Match | undefined): Outcome {
    const operation = match?.route.operation ?? 'unknown';
    const down = this.strike('rest_down', operation, 'all');
    if (down !== undefined && down.value === undefined) {
      return { answer: { kind: 'unreachable' }, operation, effect: false };
    }
    if (!this.knows(url.origin)) {
      return { answer: { kind: 'unreachable' }, operation, effect: false };
    }
    const slow = this.strike('slow_answers', operation, 'all');
    const delayMs = slow === undefined ? 0 : (slow.value ?? SLOW_MS);
    const refused = this.refusal(url, operation, down);
    const { reply, effect } =
      refused === undefined ? this.served(request, url, match) : { reply: refused, effect: false };
    if (reply === undefined) return { answer: { kind: 'silence' }, operation, effect };
    return { answer: { kind: 'reply', reply, delayMs }, operation, effect };
  }

  /** What stops a request before anybody looks at it. */
  private refusal(url: URL, operation: string, down: FaultSetting | undefined): Reply | undefined {
    const { domain, settings } = this.context;
    const now = domain.now();
    if (down !== undefined) {
      const message = 'Service unavailable';
      return exception(down.value ?? 503, now, { code: CODE.internal, message });
    }
    const forced = this.strike('rate_limited', operation, 'all');
    if (forced !== undefined) {
      const seconds = forced.value ?? 5;
      return throttled(now, 0, seconds <= 0 ? undefined : seconds * 1_000);
    }
    const waitMs = this.limit?.take();
    if (waitMs !== undefined) return throttled(now, settings.rateLimit?.requests ?? 0, waitMs);
    if (!url.pathname.endsWith('/auth/login')) {
      const moved = this.strike('improper_state', operation, 'all');
      if (moved !== undefined) {
        return exception(435, now, { code: CODE.internal, message: 'Service was migrated' });
      }
    }
    return undefined;
  }

  private served(request: HttpRequest, url: URL, match: Match | undefined): Served {
    const now = this.context.domain.now();
    const internal = { code: CODE.internal, message: 'Internal error' };
    if (match === undefined) {
      const message = `No resource at ${request.method} ${url.pathname}`;
      return { reply: exception(404, now, { code: CODE.notFound, message }), effect: false };
    }
    const { operation } = match.route;
    const before = this.strike('error_before_effect', operation, 'writes');
    if (before !== undefined) {
      return { reply: exception(before.value ?? 500, now, internal), effect: false };
    }
    const reply = this.dispatched(request, url, match);
    if (reply.status >= 300) return { reply, effect: false };
    if (this.strike('timeout_after_effect', operation, 'writes') !== undefined) {
      return { reply: undefined, effect: true };
    }
    const after = this.strike('error_after_effect', operation, 'writes');
    if (after === undefined) return { reply, effect: true };
    return { reply: exception(after.value ?? 500, now, internal), effect: true };
  }

  private dispatched(request: HttpRequest, url: URL, match: Match): Reply {
    const { route, params } = match;
    const call: Call = { params, query: url.searchParams, body: request.body };
    if (route.needs === 'nothing') return route.handle(this.context, call);
    const session = this.admit(url, request.headers);
    if (!('tokenId' in session)) return session;
    const foreign = this.foreign(params, session);
    if (foreign !== undefined) return foreign;
    if (route.needs === 'working' && this.context.sessions.state(session) !== 'WORKING') {
      return improper(this.context, session, route.operation);
    }
    return route.handle(this.context, call, session);
  }

  /** The path must speak of the caller's own organisation and user. */
  private foreign(params: Readonly<Record<string, string>>, session: Session): Reply | undefined {
    const { domain, settings } = this.context;
    const org = params['org'] ?? settings.orgId;
    const user = params['user'] ?? session.userId;
    if (org === settings.orgId && user === session.userId) return undefined;
    const message = `Not allowed for organisation ${org}, user ${user}`;
    return exception(403, domain.now(), { code: CODE.forbidden, message });
  }

  private migrated(): Reply {
    const { sessions, domain } = this.context;
    const message = 'Service was migrated to another farm';
    const detail = { code: CODE.migrated, message, contextCode: 'MIGRATED' };
    return exception(435, domain.now(), { ...detail, farmId: sessions.farmId });
  }

  private knows(origin: string): boolean {
    const { baseUrl, loginUrl, standbyUrl } = this.context.settings;
    return [baseUrl, loginUrl, standbyUrl].some((url) => new URL(url).origin === origin);
  }

  private strike(
    name: FaultName,
    operation: string,
    scope: 'writes' | 'all',
  ): FaultSetting | undefined {
    const { faults } = this.context;
    const wanted = faults.active(name)?.scope ?? scope;
    return wanted === 'all' || WRITES.has(operation) ? faults.strike(name) : undefined;
  }

  private truthOf(agent: string): Five9Truth | undefined {
    const { domain } = this.context;
    return domain.find(agent) === undefined ? undefined : domain.truth(agent);
  }

  private count(key: string): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}
