/**
 * When Graph answers 429: reads of one person as fast as they go, for one window at most.
 *
 * Q1  Never more requests than the configured quota, and as many beyond it as were allowed.
 * Q2  Our own requests of before are out of the window when it begins.
 * Q3  The first 429 ends it.
 */
import type { HttpResponse } from '../../lib/exchange.ts';
import type { AccountId } from '../../model/ids.ts';
import { retryAfterMs } from '../kit/retry-after.ts';
import type { Lab } from './learn-lab.ts';

const AT_ONCE = 32;
const RECOVERY_EVERY_MS = 2_000;
const RECOVERY_WITHIN_MS = 120_000;

interface Burst {
  sent: number;
  answered: number;
  unclear: number;
  refused: HttpResponse | undefined;
  /** Monotonic ms: of the first request, and when the burst was over. */
  readonly from: number;
  endedAt: number;
}

export async function learnQuota(lab: Lab, probe: AccountId, beyond: number): Promise<void> {
  const { setup, options } = lab.parts;
  const { requests, windowMs } = setup.quota;
  const most = requests + beyond;
  options.progress(`Teams: waiting for one window, then sending up to ${most} reads in the next`);
  await lab.wait(windowMs);
  const burst: Burst = {
    sent: 0,
    answered: 0,
    unclear: 0,
    refused: undefined,
    from: lab.now(),
    endedAt: lab.now(),
  };
  const isOver = (): boolean =>
    burst.refused !== undefined ||
    burst.sent >= most ||
    options.isStopped() ||
    lab.now() - burst.from >= windowMs;
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, most) }, () => send(lab, probe, burst, isOver)),
  );
  burst.endedAt = lab.now();
  tellQuota(lab, burst, windowMs);
  await learnRetryAfter(lab, probe, burst);
}

async function send(
  lab: Lab,
  probe: AccountId,
  burst: Burst,
  isOver: () => boolean,
): Promise<void> {
  const count = (change: Partial<Burst>): void => void Object.assign(burst, change);
  while (!isOver()) {
    count({ sent: burst.sent + 1 });
    const response = await lab.read([probe]).catch(() => undefined);
    if (response?.status === 200) count({ answered: burst.answered + 1 });
    else if (response?.status !== 429) count({ unclear: burst.unclear + 1 });
    else if (burst.refused === undefined) count({ refused: response });
  }
}

function tellQuota({ parts: { book } }: Lab, burst: Burst, windowMs: number): void {
  const { sent, answered, unclear, refused, from, endedAt } = burst;
  book.measured('teams.quota', {
    value: {
      refused: refused !== undefined,
      sent,
      answered,
      otherAnswers: unclear,
      tookMs: Math.round(endedAt - from),
      windowMs,
    },
    unit: 'requests',
    how: 'bulk reads of one person, up to 32 at once, after one window without a request of this run; whatever else uses the registration counts too',
  });
}

async function learnRetryAfter(lab: Lab, probe: AccountId, burst: Burst): Promise<void> {
  const { book, options, clock } = lab.parts;
  const { refused } = burst;
  if (refused === undefined) {
    const needed = 'Allow more requests with --beyond N, or leave it: the quota is not smaller.';
    book.missed('teams.retry_after', 'no request was answered with 429', needed);
    return;
  }
  const header = refused.headers['retry-after'];
  const waitMs = retryAfterMs(header, clock.now());
  options.progress('Teams: waiting until Graph takes requests again');
  const from = burst.endedAt;
  await lab.wait(Math.min(RECOVERY_WITHIN_MS, waitMs ?? RECOVERY_EVERY_MS));
  let looks = 1;
  let status = await statusOf(lab, probe);
  while (status !== 200 && lab.now() - from < RECOVERY_WITHIN_MS) {
    await lab.wait(RECOVERY_EVERY_MS);
    looks += 1;
    status = await statusOf(lab, probe);
  }
  book.measured('teams.retry_after', {
    value: {
      form: formOf(header),
      ...(waitMs === undefined ? {} : { seconds: waitMs / 1_000, holds: looks === 1 }),
      takenAgainAfterS:
        status === 200 ? Math.round((lab.now() - from) / 1_000) : 'not within 120 s',
    },
    unit: 's',
    how: 'the header of the first 429; then one read when it said so, or every 2 s without it',
  });
}

async function statusOf(lab: Lab, probe: AccountId): Promise<number> {
  const response = await lab.read([probe]).catch(() => undefined);
  return response?.status ?? 0;
}

function formOf(header: string | undefined): string {
  const text = header?.trim() ?? '';
  if (text === '') return 'absent';
  if (/^\d+$/.test(text)) return 'seconds';
  if (/^\d+\.\d+$/.test(text)) return 'fractional seconds';
  return text.endsWith('GMT') ? 'date' : 'another form';
}
