/**
 * Doctor's checks for the console: the same as `lockstep doctor` without a write.
 *
 * X1  One examination at a time, and not again within ten seconds: whoever asks meanwhile gets the
 *     one that runs, or the last one.
 */
import type { Clock } from '../lib/clock.ts';
import type { CheckView, ExaminationView } from './contract/checks.ts';

const AGAIN_AFTER_MS = 10_000;

export interface ExaminationParts {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Checks of everything that must be in place, without a write. */
  readonly examine: () => Promise<readonly CheckView[]>;
}

export class Examination {
  private readonly parts: ExaminationParts;
  private running: Promise<ExaminationView> | undefined;
  private latest: ExaminationView | undefined;
  private endedAt = -Infinity;

  constructor(parts: ExaminationParts) {
    this.parts = parts;
  }

  /** The last one; undefined while there was none. */
  last(): ExaminationView | undefined {
    return this.latest;
  }

  async run(): Promise<ExaminationView> {
    const isFresh = this.parts.clock.monotonic() < this.endedAt + AGAIN_AFTER_MS;
    if (isFresh && this.latest !== undefined) return this.latest;
    this.running ??= this.examine().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async examine(): Promise<ExaminationView> {
    const { clock, examine } = this.parts;
    const startedAt = clock.now();
    const checks = await examine();
    this.latest = { startedAt, checks: checks.map((check) => ({ ...check })) };
    this.endedAt = clock.monotonic();
    return this.latest;
  }
}
