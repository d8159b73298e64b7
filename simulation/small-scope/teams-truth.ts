/**
 * What Teams would really hold and show for one person who is signed in on one device. Pure, and
 * written from the vendor's pages alone:
 * https://learn.microsoft.com/en-us/graph/cloud-communications-manage-presence-state
 *
 * T1  A preferred presence outranks every session; the application's session outranks Available.
 * T2  The person's choice and the application's preferred presence share one slot.
 * T3  What has a life ends by itself; what a person chose by hand outlives every run of the search.
 */
import type { Command } from '../../src/model/mark.ts';
import type { Presence } from '../../src/model/presence.ts';

export type Choice = 'busy' | 'dnd';

export const VALUE_OF: Readonly<Record<Choice, string>> = {
  busy: 'Busy/Busy',
  dnd: 'DoNotDisturb/DoNotDisturb',
};

interface Preferred {
  readonly value: string;
  readonly by: 'person' | 'us';
  readonly until?: number;
}

export interface TeamsTruth {
  readonly preferred: Preferred | undefined;
  /** The application's own session. */
  readonly session: { readonly value: string; readonly until: number } | undefined;
  /** Grows with each change, as the vendor's sequence number does. */
  readonly stamp: number;
}

/** When a change moves the version stamp: with the value that is shown, or with every write. */
export type StampRule = 'on_change' | 'every_write';

export const QUIET_TEAMS: TeamsTruth = { preferred: undefined, session: undefined, stamp: 1 };

const AVAILABLE = 'Available/Available';

export function shownInTeams(truth: TeamsTruth): string {
  return truth.preferred?.value ?? truth.session?.value ?? AVAILABLE;
}

export function choiceIn({ preferred }: TeamsTruth): Choice | undefined {
  if (preferred?.by !== 'person') return undefined;
  return preferred.value === VALUE_OF.busy ? 'busy' : 'dnd';
}

function changed(before: TeamsTruth, after: TeamsTruth, rule: StampRule): TeamsTruth {
  const moves = rule === 'every_write' || shownInTeams(before) !== shownInTeams(after);
  return moves ? { ...after, stamp: before.stamp + 1 } : after;
}

export function chosen(truth: TeamsTruth, choice: Choice, rule: StampRule): TeamsTruth {
  const preferred: Preferred = { value: VALUE_OF[choice], by: 'person' };
  return changed(truth, { ...truth, preferred }, rule);
}

/** "Reset status" empties the slot, whoever filled it. */
export function reset(truth: TeamsTruth, rule: StampRule): TeamsTruth {
  return changed(truth, { ...truth, preferred: undefined }, rule);
}

export function endedInTeams(truth: TeamsTruth, now: number): TeamsTruth {
  const { session, preferred } = truth;
  const over = session !== undefined && session.until <= now;
  const faded = preferred?.until !== undefined && preferred.until <= now;
  if (!over && !faded) return truth;
  const after: TeamsTruth = {
    ...truth,
    session: over ? undefined : session,
    preferred: faded ? undefined : preferred,
  };
  return changed(truth, after, 'on_change');
}

export function takenByTeams(
  truth: TeamsTruth,
  command: Command,
  now: number,
  rule: StampRule,
): TeamsTruth {
  const after = withCommand(truth, command, now);
  return changed(truth, after, rule);
}

function withCommand(truth: TeamsTruth, command: Command, now: number): TeamsTruth {
  const life = command.lifeMs ?? 0;
  if (command.slot === 'session') {
    const session =
      command.kind === 'put' ? { value: command.value, until: now + life } : undefined;
    return { ...truth, session };
  }
  if (command.kind === 'clear') return { ...truth, preferred: undefined };
  if (command.kind === 'put') {
    return { ...truth, preferred: { value: command.value, by: 'us', until: now + life } };
  }
  // Written back for the person: theirs again, with the vendor's own long life.
  return { ...truth, preferred: { value: command.previous ?? '', by: 'person' } };
}

const AXES: Readonly<Record<string, Pick<Presence, 'reach' | 'activity'>>> = {
  [AVAILABLE]: { reach: 'available', activity: 'none' },
  'Busy/Busy': { reach: 'busy', activity: 'none' },
  'Busy/InACall': { reach: 'busy', activity: 'call' },
  'DoNotDisturb/DoNotDisturb': { reach: 'dnd', activity: 'none' },
  'BeRightBack/BeRightBack': { reach: 'away', activity: 'brb' },
};

export function presenceInTeams(truth: TeamsTruth): Presence {
  const raw = shownInTeams(truth);
  const axes = AXES[raw];
  if (axes === undefined) throw new Error(`Teams cannot show ${raw}`);
  return { ...axes, acd: 'none', raw };
}
