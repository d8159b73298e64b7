/**
 * The probe of the one request whose body and permission Five9 does not publish. It writes back
 * the Not Ready that the probe agent already has, which changes nothing whatever becomes of it;
 * an agent who is ready, logged out or in a contact is left alone.
 */
import { pause, type Clock } from '../../lib/clock.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Command } from '../../model/mark.ts';
import type { Check } from '../connector.ts';
import type { Assembly } from './assembly.ts';
import { NOT_READY, PLATFORM_ID, READINESS_SLOT } from './manifest.ts';

const ECHO_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 500;
const BASE = { id: 'five9.write', title: 'Writing readiness' };

export async function probeWrite(
  assembly: Assembly,
  clock: Clock,
  account: AccountId | undefined,
): Promise<Check> {
  if (account === undefined) {
    const fix = 'Name a probe agent who is Not Ready to let the examination write to them.';
    return { ...BASE, status: 'skipped', evidence: 'No probe agent was named.', fix };
  }
  const before = assembly.watcher.latest(account)?.observation.presence;
  const code = before?.acd === 'not_ready' ? before.reason?.code : undefined;
  if (code === undefined) {
    const evidence =
      before === undefined
        ? 'The feed does not show the probe agent.'
        : `The probe agent shows ${before.raw.replace(/[^\w:]/g, '?')}.`;
    const fix = 'Let the probe agent sign in and choose Not Ready with a reason, then try again.';
    return { ...BASE, status: 'skipped', evidence, fix };
  }
  const command: Command = {
    platform: PLATFORM_ID,
    kind: 'put',
    slot: READINESS_SLOT,
    slotKind: 'shared',
    value: NOT_READY,
    preset: 'not_ready',
    shows: ['not_ready'],
    reasonCode: code,
  };
  const sentAt = clock.now();
  const outcome = await assembly.client.write(command, account);
  if (outcome.kind !== 'accepted') {
    const detail = 'detail' in outcome ? outcome.detail : outcome.kind;
    return {
      ...BASE,
      status: 'fail',
      evidence: `Five9 did not take the write: ${detail}.`,
      fix: 'action' in outcome ? outcome.action : 'Check presencePath and presenceBody with Five9.',
    };
  }
  return echoed(assembly, clock, { account, code, sentAt });
}

async function echoed(
  { watcher }: Assembly,
  clock: Clock,
  probe: { readonly account: AccountId; readonly code: string; readonly sentAt: number },
): Promise<Check> {
  const end = clock.monotonic() + ECHO_WITHIN_MS;
  watcher.look();
  while (clock.monotonic() < end) {
    const seen = watcher.latest(probe.account)?.observation;
    if (seen !== undefined && seen.asOf > probe.sentAt) {
      const isSame = seen.presence.reason?.code === probe.code;
      if (isSame) return { ...BASE, status: 'pass', evidence: 'Accepted, and shown by the feed.' };
      return {
        ...BASE,
        status: 'warn',
        evidence: 'Accepted, but the feed shows another state now.',
        fix: 'Try again while nobody changes the state of the probe agent.',
      };
    }
    await pause(clock, LOOK_EVERY_MS);
  }
  return {
    ...BASE,
    status: 'warn',
    evidence: 'Accepted, but the feed has not shown it within a minute.',
    fix: 'Check that the bridge account sees the probe agent’s group, then try again.',
  };
}
