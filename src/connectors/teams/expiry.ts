/**
 * The end of the credential, told in time: 30, 14, 7 and 1 days before. A credential that was
 * changed meanwhile, or a second one that lives longer, settles it.
 */
import type { Clock, Timer } from '../../lib/clock.ts';
import type { Log } from '../connector.ts';
import type { ReadyCredential } from './options.ts';
import type { Registration } from './registrations.ts';

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 3_600_000;
const TOLD_AT_DAYS = [30, 14, 7, 1] as const;

export const CERTIFICATE_FIX =
  'Make a new certificate, upload its public part, and put both files in the place of the old ones: ' +
  'no restart is needed.';

interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  readonly registrations: () => readonly Pick<Registration, 'field' | 'credentials'>[];
  /** What to do, in words; undefined when nothing is. */
  readonly advise: (action: string | undefined) => void;
}

/** Whole days until the last certificate ends; undefined where something else is used, which tells no end. */
export function daysLeft(credentials: readonly ReadyCredential[], now: number): number | undefined {
  const ends = credentials.map((each) =>
    each.kind === 'certificate' ? Date.parse(each.certificate.validTo) : Number.POSITIVE_INFINITY,
  );
  const last = Math.max(...ends);
  return Number.isFinite(last) ? Math.floor((last - now) / DAY_MS) : undefined;
}

export class Expiry {
  private readonly parts: Parts;
  private timer: Timer | undefined;
  /** The registration and the step. */
  private told: string | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  start(): void {
    this.look();
    this.timer = this.parts.clock.after(LOOK_EVERY_MS, () => this.start());
  }

  stop(): void {
    this.timer?.cancel();
  }

  private look(): void {
    const { clock, log, registrations, advise } = this.parts;
    const now = clock.wall?.() ?? clock.now();
    const [first] = registrations()
      .map(({ field, credentials }) => ({ field, days: daysLeft(credentials, now) }))
      .toSorted((a, b) => (a.days ?? Infinity) - (b.days ?? Infinity));
    const days = first?.days;
    const step = days === undefined ? undefined : TOLD_AT_DAYS.findLast((most) => days <= most);
    const told = step === undefined ? undefined : `${first?.field} ${step}`;
    if (told === this.told) return;
    this.told = told;
    if (first === undefined || step === undefined) return advise(undefined);
    log.warn('the certificate of the Teams connection ends soon', { days, field: first.field });
    advise(
      `The certificate of teams.${first.field} ends in ${Math.max(0, days ?? 0)} days. ${CERTIFICATE_FIX}`,
    );
  }
}
