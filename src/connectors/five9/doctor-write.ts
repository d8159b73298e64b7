/**
 * The probe of the one request whose body and permission Five9 does not publish. It writes back
 * the Not Ready that the probe agent already has, which changes nothing whatever becomes of it;
 * an agent who is ready, logged out or in a contact is left alone. Where Five9 refuses it, the other
 * way is tried alike: the active skills that are there already are written back.
 */
import { pause, type Clock } from '../../lib/clock.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Command } from '../../model/mark.ts';
import type { Observation } from '../../model/observation.ts';
import type { Check } from '../connector.ts';
import type { Assembly } from './assembly.ts';
import { NOT_READY, PLATFORM_ID, READINESS_SLOT } from './manifest.ts';
import { isOk, wordsOf } from './reply.ts';
import { sameSkills } from './skills.ts';
import { Trouble } from './trouble.ts';

const ECHO_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 500;
const BASE = { id: 'five9.write', title: 'Writing readiness' };

export async function probeWrite(
  assembly: Assembly,
  clock: Clock,
  account: AccountId | undefined,
): Promise<Check> {
  const { writes } = assembly.settings;
  if (writes === 'none') {
    const evidence = 'Read only by choice: five9.writes is none, so nothing is written to Five9.';
    const fix = 'Set five9.writes to "presence" or "skills" to let Teams stop routing.';
    return { ...BASE, status: 'skipped', evidence, fix };
  }
  if (account === undefined) {
    const fix = 'Name a probe agent who is Not Ready to let the examination write to them.';
    return { ...BASE, status: 'skipped', evidence: 'No probe agent was named.', fix };
  }
  return writes === 'skills'
    ? skillsAlone(assembly, account)
    : readinessFirst(assembly, clock, account);
}

async function readinessFirst(
  assembly: Assembly,
  clock: Clock,
  account: AccountId,
): Promise<Check> {
  const before = assembly.watcher.latest(account)?.observation;
  const code = before && ownCode(before);
  if (before === undefined || code === undefined) return notToBeProbed(before?.presence.raw);
  const sentAt = clock.now();
  const outcome = await assembly.client.write(commandOf(code), account);
  if (outcome.kind === 'accepted') {
    const { stamp } = before.version;
    return echoed(assembly, clock, { account, code, sentAt, stamp });
  }
  const why = `Five9 did not take the write: ${'detail' in outcome ? outcome.detail : outcome.kind}.`;
  if (outcome.kind !== 'refused' && outcome.kind !== 'denied') {
    const fix = 'Try again; if it stays so, check presencePath and presenceBody with Five9.';
    return { ...BASE, status: 'fail', evidence: why, fix };
  }
  return refused(assembly, account, { why, fix: 'action' in outcome ? outcome.action : PATHS });
}

/** Of a Not Ready that stands there; nothing else is written back. */
function ownCode({ presence }: Observation): string | undefined {
  return presence.acd === 'not_ready' ? presence.reason?.code : undefined;
}

const PATHS = 'Check presencePath and presenceBody with Five9.';

function notToBeProbed(raw: string | undefined): Check {
  const evidence =
    raw === undefined
      ? 'The feed does not show the probe agent.'
      : `The probe agent shows ${raw.replace(/[^\w:]/g, '?')}.`;
  const fix = 'Let the probe agent sign in and choose Not Ready with a reason, then try again.';
  return { ...BASE, status: 'skipped', evidence, fix };
}

function commandOf(code: string): Command {
  return {
    platform: PLATFORM_ID,
    kind: 'put',
    slot: READINESS_SLOT,
    slotKind: 'shared',
    value: NOT_READY,
    preset: 'not_ready',
    shows: ['not_ready'],
    reasonCode: code,
  };
}

/** Readiness is refused: the words say which way is left. */
async function refused(
  assembly: Assembly,
  account: AccountId,
  readiness: { readonly why: string; readonly fix: string },
): Promise<Check> {
  const trouble = await skillsTrouble(assembly, account);
  if (trouble === undefined) {
    const evidence = `${readiness.why} Replacing active skills works.`;
    const fix = `Switch on five9.writes: skills. Or keep readiness: ${readiness.fix}`;
    return { ...BASE, status: 'fail', evidence, fix };
  }
  const evidence = `Read only. ${readiness.why} Active skills: ${trouble}`;
  const fix = `${readiness.fix} Or give the bridge account CAN_EDIT_AGENT_SKILLS and set five9.writes to skills. To stay read only, set five9.writes to none.`;
  return { ...BASE, status: 'fail', evidence, fix };
}

async function skillsAlone(assembly: Assembly, account: AccountId): Promise<Check> {
  const base = { id: BASE.id, title: 'Replacing active skills' };
  const trouble = await skillsTrouble(assembly, account);
  if (trouble === undefined) {
    const evidence = 'The active skills of the probe agent were written back as they were.';
    return { ...base, status: 'pass', evidence };
  }
  const fix =
    'Give the bridge account CAN_EDIT_AGENT_SKILLS and let it see the agent’s group, or set five9.writes to presence or none.';
  return { ...base, status: 'fail', evidence: `Read only. ${trouble}`, fix };
}

/** Writes back the active skills that are there; undefined: it works. */
async function skillsTrouble(
  { client, rest, settings }: Assembly,
  account: AccountId,
): Promise<string | undefined> {
  try {
    const skills = await client.skills(account);
    const path = settings.skillsPath.replaceAll('{agent}', account);
    const reply = await rest.send({ method: 'PUT', path, body: JSON.stringify(skills) });
    if (!isOk(reply)) return `Five9 did not take the write: ${wordsOf(reply)}.`;
    const after = await client.skills(account);
    return sameSkills(skills, after) ? undefined : 'other skills stand there after the write.';
  } catch (error) {
    return error instanceof Trouble ? `${error.message}.` : 'Five9 did not answer.';
  }
}

/** The same value shows nothing new by itself; a time that has moved on shows that it was set. */
function proven(hasMoved: boolean): Check {
  if (hasMoved) return { ...BASE, status: 'pass', evidence: 'Accepted, and shown by the feed.' };
  return {
    ...BASE,
    status: 'warn',
    evidence: 'Accepted, but nothing in the feed shows that Five9 carried it out.',
    fix: 'Watch a first agent whom Teams stops. If the board says that Five9 does not show it, switch on five9.writes: skills.',
  };
}

async function echoed(
  { watcher }: Assembly,
  clock: Clock,
  probe: {
    readonly account: AccountId;
    readonly code: string;
    readonly sentAt: number;
    readonly stamp: string | undefined;
  },
): Promise<Check> {
  const end = clock.monotonic() + ECHO_WITHIN_MS;
  watcher.look();
  while (clock.monotonic() < end) {
    const seen = watcher.latest(probe.account)?.observation;
    if (seen !== undefined && seen.asOf > probe.sentAt) {
      const isSame = seen.presence.reason?.code === probe.code;
      if (isSame) return proven(seen.version.stamp !== probe.stamp);
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
