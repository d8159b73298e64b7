/** From rows to observations: what the feed delivers goes through here to the engine. */
import type { Clock } from '../../lib/clock.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Frame } from './frame.ts';
import type { Outlet } from './outlet.ts';
import {
  isKnownState,
  observationOf,
  standingOf,
  type Arrival,
  type ReasonLabels,
} from './read.ts';
import { Roster, type Entry } from './roster.ts';
import type { Row } from './wire.ts';

export class Intake {
  private readonly outlet: Outlet;
  private readonly clock: Clock;
  private readonly roster = new Roster();
  private labels: ReasonLabels = new Map();
  private watched: ReadonlySet<AccountId> = new Set();

  constructor(outlet: Outlet, clock: Clock) {
    this.outlet = outlet;
    this.clock = clock;
  }

  label(labels: ReasonLabels): void {
    this.labels = labels;
  }

  watch(accounts: ReadonlySet<AccountId>): void {
    this.watched = accounts;
  }

  latest(account: AccountId): Entry | undefined {
    return this.roster.get(account);
  }

  agents(): number {
    return this.roster.size;
  }

  full(frame: Extract<Frame, { kind: 'full' }>, arrival: Arrival): void {
    const changed = this.deliver(frame.rows, frame.badRows, arrival);
    // Changes inside one connection that no difference frame has told.
    if (arrival.via === 'sweep' && changed > 0) this.outlet.count('diff_gap', changed);
    this.outlet.confirmed(this.clock.now());
  }

  difference(frame: Extract<Frame, { kind: 'diff' }>, arrival: Arrival): void {
    this.deliver(frame.rows, frame.badRows, arrival);
    if (frame.removed.length === 0) return;
    this.outlet.count('removed', frame.removed.length);
    this.roster.remove(frame.removed);
    this.outlet.missing(frame.removed, arrival.asOf);
  }

  /** One question for full statistics is answered: these are all the accounts that it named. */
  settled(present: ReadonlySet<AccountId>): void {
    this.outlet.missing(this.roster.gone(present, this.watched), this.clock.now());
  }

  /** Returns how many rows moved on from an earlier row of the same connection. */
  private deliver(rows: readonly Row[], badRows: number, arrival: Arrival): number {
    let changed = 0;
    const observations = rows.map((row) => {
      const observation = observationOf(row, this.labels, arrival);
      const known = this.roster.get(row.id)?.observation.version;
      const what = this.roster.note({ observation, standing: standingOf(row) });
      if (what === 'changed' && known?.generation === arrival.generation) changed += 1;
      if (what === 'stale') this.outlet.count('stale_row');
      if (!isKnownState(row.state)) this.outlet.count('unknown_value');
      return observation;
    });
    if (badRows > 0) this.outlet.count('bad_row', badRows);
    this.outlet.observe(observations);
    return changed;
  }
}
