/** From rows to observations: what the feed delivers goes through here to the engine. */
import type { Clock } from '../../lib/clock.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Observation } from '../../model/observation.ts';
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

/** Rows that moved on from an earlier row of the same connection, and rows older than what is known. */
interface Delivered {
  readonly changed: number;
  readonly stale: number;
}

type Judgement = 'changed' | 'same' | 'stale';

/** What the engine is told of what a row says; undefined: nothing yet. */
export type Shown = (observation: Observation) => Observation | undefined;

/** A thousandth of a generation: a connection is a whole one, and what stands in for it a half. */
const ERA = 0.001;
const HALF = 0.5;

export class Intake {
  private readonly outlet: Outlet;
  private readonly clock: Clock;
  private readonly roster = new Roster();
  /** Of accounts whose order has begun anew; it outlives their leaving the view (F63). */
  private readonly eras = new Map<AccountId, number>();
  private labels: ReasonLabels = new Map();
  private watched: ReadonlySet<AccountId> = new Set();
  private readonly shown: Shown;
  private delays = 0;

  constructor(outlet: Outlet, clock: Clock, shown: Shown = (observation) => observation) {
    this.outlet = outlet;
    this.clock = clock;
    this.shown = shown;
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

  /** How often Five9 was seen to delay a Not Ready (graceful mode). */
  delayed(): number {
    return this.delays;
  }

  full(frame: Extract<Frame, { kind: 'full' }>, arrival: Arrival): void {
    const { changed } = this.deliver(frame.rows, frame.badRows, arrival);
    // Changes inside one connection that no difference frame has told.
    if (arrival.via === 'sweep' && changed > 0) this.outlet.count('diff_gap', changed);
  }

  /** Returns whether some row was older than what is known. */
  difference(frame: Extract<Frame, { kind: 'diff' }>, arrival: Arrival): boolean {
    const { stale } = this.deliver(frame.rows, frame.badRows, arrival);
    if (frame.removed.length > 0) {
      this.outlet.count('removed', frame.removed.length);
      this.roster.remove(frame.removed);
      this.outlet.missing(frame.removed, arrival.asOf);
    }
    return stale > 0;
  }

  /** One question for full statistics is answered: these are all the accounts that it named. */
  settled(present: ReadonlySet<AccountId>): void {
    this.outlet.missing(this.roster.gone(present, this.watched), this.clock.now());
  }

  /** Tells anew of an account of which more is known now, by a read that began at `asOf` (epoch ms). */
  retell(account: AccountId, asOf: number): void {
    const known = this.roster.get(account)?.observation;
    if (known === undefined) return;
    this.tell([{ ...known, asOf: Math.max(asOf, known.asOf), via: 'sweep' }]);
  }

  private tell(observations: readonly Observation[]): void {
    this.outlet.observe(observations.flatMap((each) => this.shown(each) ?? []));
  }

  private deliver(rows: readonly Row[], badRows: number, arrival: Arrival): Delivered {
    let changed = 0;
    let stale = 0;
    const observations = rows.map((row) => {
      const { observation, what } = this.take(row, arrival);
      if (what === 'changed') changed += 1;
      if (what === 'stale') stale += 1;
      if (!isKnownState(row.state)) this.outlet.count('unknown_value');
      return observation;
    });
    if (stale > 0) this.outlet.count('stale_row', stale);
    if (badRows > 0) this.outlet.count('bad_row', badRows);
    this.tell(observations);
    return { changed, stale };
  }

  private take(row: Row, arrival: Arrival): { observation: Observation; what: Judgement } {
    if (row.presence?.gracefulModeOn === true) this.delays += 1;
    const known = this.roster.get(row.id)?.observation;
    const isSame = isEraOf(known?.version.generation ?? -1, arrival.generation);
    const era = this.eraOf(row.id, arrival);
    const first = observationOf(row, this.labels, { ...arrival, generation: era });
    const what = this.roster.note({ observation: first, standing: standingOf(row) });
    if (what !== 'stale' || known === undefined || !isSetBack(known, arrival)) {
      return { observation: first, what: what === 'changed' && !isSame ? 'same' : what };
    }
    this.outlet.count('clock_set_back');
    const generation = era + ERA;
    this.eras.set(row.id, generation);
    const observation = observationOf(row, this.labels, { ...arrival, generation });
    this.roster.note({ observation, standing: standingOf(row) });
    return { observation, what: 'changed' };
  }

  private eraOf(account: AccountId, { generation }: Arrival): number {
    const era = this.eras.get(account);
    if (era !== undefined && isEraOf(era, generation)) return era;
    this.eras.delete(account);
    return generation;
  }
}

function isEraOf(era: number, generation: number): boolean {
  return era >= generation && era < generation + HALF;
}

/**
 * What was asked for cannot be older than what came before the question. Where it is dated so,
 * Five9's clock has gone back (F68), and the order of this account begins anew.
 */
function isSetBack(known: Observation, { asOf, via }: Arrival): boolean {
  return via === 'sweep' && known.asOf < asOf;
}
