/**
 * What Five9 would really hold for one agent who is signed in. Pure; from the published contract.
 *
 * F1  Readiness and contact are two things. What is asked for during a contact waits until it ends.
 * F2  The state's own time moves when its name changes; the row's stamp moves with every change.
 * F3  Whose readiness it is, is known here and nowhere else: this is what the search judges by.
 */
import type { Command } from '../../src/model/mark.ts';
import type { Presence } from '../../src/model/presence.ts';

/** The code of an agent's own Not Ready. Those of `STOP_CODES` are reserved for Lockstep. */
export const OWN_CODE = '7';

export const STOP_CODES = { busy: '901', dnd: '902', in_call: '903' } as const;

type Contact = 'none' | 'call' | 'wrap_up';

export interface Readiness {
  readonly ready: boolean;
  readonly code: string;
  readonly by: 'agent' | 'us';
}

export interface Five9Truth {
  readonly contact: Contact;
  readonly current: Readiness;
  readonly pending: Readiness | undefined;
  /** What the agent pressed last, whatever stands there now. */
  readonly wish: 'ready' | 'not_ready';
  /** Counts changes of the state's name, as the vendor's times of it would. */
  readonly since: number;
  readonly stamp: number;
}

const READY: Readiness = { ready: true, code: '0', by: 'agent' };

export const QUIET_FIVE9: Five9Truth = {
  contact: 'none',
  current: READY,
  pending: undefined,
  wish: 'ready',
  since: 1,
  stamp: 1,
};

/** What will hold when nothing else happens. */
export function standing(truth: Five9Truth): Readiness {
  return truth.pending ?? truth.current;
}

function nameOf({ contact, current }: Five9Truth): string {
  if (contact === 'call') return 'ON_CALL';
  if (contact === 'wrap_up') return 'ACW';
  return current.ready ? 'READY' : 'NOT_READY';
}

function changed(before: Five9Truth, after: Five9Truth): Five9Truth {
  const turned = nameOf(before) !== nameOf(after);
  return { ...after, stamp: before.stamp + 1, since: before.since + (turned ? 1 : 0) };
}

function asked(truth: Five9Truth, wanted: Readiness): Five9Truth {
  const { current } = truth;
  if (current.ready === wanted.ready && current.code === wanted.code) {
    const by = wanted.by === 'agent' ? 'agent' : current.by;
    return changed(truth, { ...truth, current: { ...current, by }, pending: undefined });
  }
  if (truth.contact !== 'none') return changed(truth, { ...truth, pending: wanted });
  return changed(truth, { ...truth, current: wanted, pending: undefined });
}

export function pressed(truth: Five9Truth, wish: 'ready' | 'not_ready'): Five9Truth {
  const wanted: Readiness =
    wish === 'ready' ? READY : { ready: false, code: OWN_CODE, by: 'agent' };
  return { ...asked(truth, wanted), wish };
}

export function contacted(truth: Five9Truth, contact: Contact): Five9Truth {
  const { pending } = truth;
  if (contact !== 'none' || pending === undefined) return changed(truth, { ...truth, contact });
  return changed(truth, { ...truth, contact, current: pending, pending: undefined });
}

export function takenByFive9(truth: Five9Truth, command: Command): Five9Truth {
  if (command.kind === 'put') {
    return asked(truth, { ready: false, code: command.reasonCode ?? '', by: 'us' });
  }
  return asked(truth, { ready: true, code: '0', by: 'us' });
}

const AXES: Readonly<Record<string, Pick<Presence, 'reach' | 'acd' | 'activity'>>> = {
  READY: { reach: 'available', acd: 'ready', activity: 'none' },
  NOT_READY: { reach: 'away', acd: 'not_ready', activity: 'none' },
  ON_CALL: { reach: 'busy', acd: 'engaged', activity: 'call' },
  ACW: { reach: 'busy', acd: 'wrap_up', activity: 'admin' },
};

const CHANNELS: readonly string[] = ['CALL', 'VOICE_MAIL'];

export function channelsOf({ ready }: Readiness): readonly string[] {
  return ready ? CHANNELS : [];
}

export function presenceInFive9(truth: Five9Truth): Presence {
  const name = nameOf(truth);
  const axes = AXES[name];
  if (axes === undefined) throw new Error(`Five9 has no state ${name}`);
  const { current, pending } = truth;
  return {
    ...axes,
    channels: channelsOf(current),
    since: truth.since,
    raw: name === 'NOT_READY' ? `${name}:${current.code}` : name,
    ...(name === 'NOT_READY' ? { reason: { code: current.code } } : {}),
    ...(pending === undefined ? {} : { pending: pendingOf(pending) }),
  };
}

function pendingOf(pending: Readiness): NonNullable<Presence['pending']> {
  return {
    acd: pending.ready ? 'ready' : 'not_ready',
    channels: channelsOf(pending),
    ...(pending.ready ? {} : { reason: { code: pending.code } }),
  };
}
