/**
 * Where the parts of the connector put what they learn. Between `start` and `stop` it reaches the
 * engine; before and after, nobody: so no call can follow a stop.
 */
import type { Budget, Health, HealthState, Sink } from '../connector.ts';

const FREE: Budget = {
  read: () => Promise.resolve(),
  spend: () => undefined,
  throttled: () => undefined,
  used: () => 0,
};

/** While one of these is shown, the way to `live` is told step by step. */
const BEGINNINGS: ReadonlySet<HealthState> = new Set([
  'starting',
  'signing_in',
  'syncing',
  'auth_blocked',
]);

export class Outlet implements Sink {
  private target: Sink | undefined;
  private lane: Budget = FREE;
  private shown: Health | undefined;

  attach(sink: Sink, budget: Budget): void {
    this.target = sink;
    this.lane = budget;
    this.shown = undefined;
  }

  detach(): void {
    this.target = undefined;
    this.lane = FREE;
  }

  budget(): Budget {
    return this.lane;
  }

  observe: Sink['observe'] = (observations) => {
    if (observations.length > 0) this.target?.observe(observations);
  };

  missing: Sink['missing'] = (accounts, asOf) => {
    if (accounts.length > 0) this.target?.missing(accounts, asOf);
  };

  confirmed: Sink['confirmed'] = (asOf) => this.target?.confirmed(asOf);

  /** Rejects while nobody is there who could write it down. */
  noticed: Sink['noticed'] = (accounts) =>
    this.target?.noticed(accounts) ?? Promise.reject(new Error('the connector is not running'));

  /** Tells only what is new. */
  health: Sink['health'] = (health) => {
    const last = this.shown;
    this.shown = health;
    const isSame =
      last?.state === health.state &&
      last.detail === health.detail &&
      last.action === health.action;
    if (!isSame) this.target?.health(health);
  };

  count: Sink['count'] = (event, by) => this.target?.count(event, by);

  isBeginning(): boolean {
    return BEGINNINGS.has(this.shown?.state ?? 'starting');
  }

  /** The health told last. */
  lastHealth(): Health | undefined {
    return this.shown;
  }
}
