/**
 * The health of the connection, told once per change.
 *
 *   starting ─▶ signing_in ─▶ syncing ─▶ live ◀─▶ throttled | degraded ─▶ down
 *                    └─▶ auth_blocked (an administrator has to act) ─▶ syncing
 *
 * N1  After `down` or `auth_blocked` it is `syncing` until everybody was read again: nothing that
 *     was read before is taken for current.
 * N2  Nothing is told after `close`.
 */
import type { Clock } from '../../lib/clock.ts';
import type { Health, Sink } from '../connector.ts';

const DOWN_AFTER_FAILURES = 3;
const DOWN_AFTER_MS = 15_000;

export class Vitals {
  readonly #sink: Pick<Sink, 'health'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #told: Health | undefined;
  #failures = 0;
  #workedAt: number;
  #closed = false;
  readonly #advice = new Map<string, string>();

  constructor(sink: Pick<Sink, 'health'>, clock: Pick<Clock, 'monotonic'>) {
    this.#sink = sink;
    this.#clock = clock;
    this.#workedAt = clock.monotonic();
  }

  /** Something to do about one thing while all works; undefined when that is settled. */
  advise(about: string, action: string | undefined): void {
    if (action === undefined) this.#advice.delete(about);
    else this.#advice.set(about, action);
    if (this.#told?.state === 'live') this.#live();
  }

  starting(): void {
    this.#tell({ state: 'starting', detail: 'The connection to Teams is being set up.' });
  }

  signingIn(): void {
    this.#tell({ state: 'signing_in', detail: 'Signing in to Microsoft Entra.' });
  }

  /** We are signed in, or a read has worked; `unanswered` people still have to be read. */
  worked(unanswered: number): void {
    this.#failures = 0;
    this.#workedAt = this.#clock.monotonic();
    if (unanswered > 0) {
      this.#tell({ state: 'syncing', detail: 'Reading everybody once.' });
    } else {
      this.#live();
    }
  }

  #live(): void {
    const detail = 'Presence is read from Teams all the time.';
    const action = [...this.#advice.values()].join(' ');
    this.#tell({ state: 'live', detail, ...(action === '' ? {} : { action }) });
  }

  throttled(): void {
    this.#tell({ state: 'throttled', detail: 'Teams asked to wait before more requests.' });
  }

  /** A read has failed. True when the feed has to be taken for down. */
  failed(why: string): boolean {
    this.#failures += 1;
    const quiet = this.#clock.monotonic() - this.#workedAt;
    const isDown = this.#failures >= DOWN_AFTER_FAILURES || quiet >= DOWN_AFTER_MS;
    this.#tell(
      isDown
        ? { state: 'down', detail: `Teams cannot be read: ${why}.` }
        : { state: 'degraded', detail: `A read of Teams failed: ${why}.` },
    );
    return isDown;
  }

  /** The service refuses everything, whoever is asked for. */
  refused(why: string, action: string): void {
    this.#tell({ state: 'down', detail: `Teams refuses every read: ${why}.`, action });
  }

  authBlocked(why: string, action: string): void {
    this.#tell({ state: 'auth_blocked', detail: `Teams refuses us: ${why}.`, action });
  }

  /** The last thing that is told. */
  close(): void {
    this.#tell({ state: 'stopped', detail: 'The connection to Teams was stopped.' });
    this.#closed = true;
  }

  #tell(health: Health): void {
    const told = this.#told;
    const same = health.state === told?.state && health.detail === told.detail;
    if ((same && health.action === told.action) || this.#closed) return;
    this.#told = health;
    this.#sink.health(health);
  }
}
