/**
 * A double of Five9's New Platform: client credentials, pages of agents' states, subscriptions and
 * the events that are posted to them. It looks at the same people as the double of the older
 * generation, and writes nothing: no write of a state is published for this platform.
 */
import type { Exchange, HttpRequest, HttpResponse } from '../../src/lib/exchange.ts';
import { ExchangeError } from '../../src/lib/exchange.ts';
import type { Reply } from './answers.ts';
import { refused, tooMany } from './cloud-answers.ts';
import { type DeliveryFaults, EventDelivery } from './cloud-delivery.ts';
import { AgentEvents } from './cloud-events.ts';
import { type CloudOptions, type CloudSettings, cloudSettings } from './cloud-options.ts';
import { agentStates, userList } from './cloud-snapshot.ts';
import { type CloudSubscription, CloudSubscriptions } from './cloud-subscriptions.ts';
import { CloudTokens } from './cloud-tokens.ts';
import { responseOf } from './in-memory.ts';
import { RateLimit } from './rate-limit.ts';

export interface CloudEmulator {
  readonly settings: CloudSettings;
  readonly exchange: Exchange;
  handle(request: HttpRequest): Reply;
  readonly faults: DeliveryFaults;
  subscriptions(): readonly CloudSubscription[];
  /** The next so many requests, those for tokens aside, are answered with this status. */
  answerWith(status: number, times: number): void;
  /** Every token that was given stops working. */
  revokeTokens(): void;
  counts(): CloudCounts;
  /** Nothing is on its way to a subscriber. */
  isIdle(): boolean;
}

interface CloudCounts {
  readonly tokens: number;
  readonly pages: number;
  readonly throttled: number;
  readonly dropped: number;
  /** Posts that were answered with this, 0 for those without an answer. */
  posts(status: number): number;
}

export function createCloud(options: CloudOptions): CloudEmulator {
  return new Cloud(cloudSettings(options));
}

class Cloud implements CloudEmulator {
  readonly settings: CloudSettings;
  private readonly tokens: CloudTokens;
  private readonly book = new CloudSubscriptions();
  private readonly delivery: EventDelivery;
  private readonly limit: RateLimit;
  private planned = { status: 0, times: 0 };
  private pages = 0;
  private throttled = 0;

  constructor(settings: CloudSettings) {
    this.settings = settings;
    this.tokens = new CloudTokens(settings);
    this.delivery = new EventDelivery(settings);
    const { clock, requestsPerSecond, domain } = settings;
    this.limit = new RateLimit(clock, { requests: requestsPerSecond, periodMs: 1_000 });
    const events = new AgentEvents(settings);
    domain.onChange(({ what, agent }) => {
      const member = domain.find(agent);
      if (what === 'state' && member !== undefined) this.tell(events.changed(member));
    });
  }

  get faults(): DeliveryFaults {
    return this.delivery.faults;
  }

  exchange: Exchange = (request) => {
    if (!request.url.startsWith(`${this.settings.baseUrl}/`)) {
      return Promise.reject(new ExchangeError('connect', false, `${request.url}: no such host`));
    }
    return Promise.resolve(this.respond(request));
  };

  respond(request: HttpRequest): HttpResponse {
    return responseOf(this.handle(request));
  }

  handle(request: HttpRequest): Reply {
    const url = new URL(request.url);
    const call = `${request.method} ${url.pathname}`;
    if (call === 'POST /oauth2/v1/token') return this.tokens.grant(request);
    if (this.planned.times > 0) {
      this.planned.times -= 1;
      const { status } = this.planned;
      return status === 429 ? tooMany(2_000) : refused(status, 'EMULATED', 'a fault');
    }
    if (!this.tokens.admits(request)) return refused(401, 'UNAUTHORIZED', 'token');
    const wait = this.limit.take();
    if (wait !== undefined) {
      this.throttled += 1;
      return tooMany(wait);
    }
    return this.route(call, url, request.body) ?? refused(404, 'NOT_FOUND', 'no such path');
  }

  subscriptions(): readonly CloudSubscription[] {
    return this.book.all();
  }

  answerWith(status: number, times: number): void {
    this.planned = { status, times };
  }

  revokeTokens(): void {
    this.tokens.revoke();
  }

  isIdle(): boolean {
    return this.delivery.isIdle();
  }

  counts(): CloudCounts {
    return {
      tokens: this.tokens.granted(),
      pages: this.pages,
      throttled: this.throttled,
      dropped: this.delivery.dropped,
      posts: (status) => this.delivery.posts.list().filter((post) => post.status === status).length,
    };
  }

  private route(call: string, url: URL, body: string | undefined): Reply | undefined {
    const { domainId } = this.settings;
    const subscriptions = `/events-subscription/v1/domains/${domainId}/events/subscriptions`;
    switch (call) {
      case `GET /snapshot-stats/v1/domains/${domainId}/statistics/agent-state`:
        this.pages += 1;
        return agentStates(url, this.settings);
      case `GET /users/v1/domains/${domainId}/users`:
        return userList(url, this.settings);
      case `POST /auth-profiles/v1/domains/${domainId}/auth-profiles`:
        return this.book.addProfile(body);
      case `POST ${subscriptions}`:
        return this.book.add(body);
      case `GET ${subscriptions}`:
        return this.book.list();
      default:
        return this.ofOne(call, subscriptions);
    }
  }

  private ofOne(call: string, base: string): Reply | undefined {
    const [method, path = ''] = call.split(' ');
    if (!path.startsWith(`${base}/`)) return undefined;
    const [id = '', act] = path.slice(base.length + 1).split('/');
    if (method === 'POST' && act === 'start') return this.book.setStatus(id, 'STARTED');
    if (method === 'POST' && act === 'stop') return this.book.setStatus(id, 'STOPPED');
    return method === 'DELETE' && act === undefined ? this.book.remove(id) : undefined;
  }

  private tell(events: ReturnType<AgentEvents['changed']>): void {
    for (const subscription of this.book.all()) {
      if (subscription.status !== 'STARTED') continue;
      for (const event of events) {
        if (subscription.events.includes(event.name)) this.delivery.send(subscription, event);
      }
    }
  }
}
