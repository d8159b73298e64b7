/**
 * Safety: what must hold in every state and at every write that leaves or arrives, judged from
 * both platforms' truth and never from the core's ledger. Races that no bridge can close are named
 * and counted:
 *
 * `unseen_choice`   a write to the shared slot met a choice that had not been read when it left
 * `alike_choice`    that choice had been read, but only as something that may be ours (A3, A5, A11)
 * `unseen_press`    a write of readiness met an agent's Not Ready that had not been read when it left
 */
import type { Command } from '../../src/model/mark.ts';
import { standing } from './five9-truth.ts';
import type { Flight, Side, System } from './system.ts';
import { SIDES } from './system.ts';
import { VALUE_OF, choiceIn } from './teams-truth.ts';

export type Exception = 'unseen_choice' | 'alike_choice' | 'unseen_press';

export interface Findings {
  readonly violations: string[];
  readonly exceptions: Exception[];
}

export function judgeState(system: System, findings: Findings): void {
  const { core, plans, flights, memory } = system;
  if (core.quarantined !== undefined) {
    findings.violations.push(`quarantined: ${core.quarantined.why}`);
  }
  for (const side of SIDES) {
    if (plans[side]?.kind !== 'write') continue;
    if (flights[side] !== undefined) {
      findings.violations.push(`a second write wanted on ${side} while one is in flight`);
    }
    if (memory.unclearSince[side] !== undefined) {
      findings.violations.push(`a write wanted on ${side} before a sweep after an unclear outcome`);
    }
  }
}

/** Rule 3: routing is stopped because of what a person chose, never because of our own echo. */
export function judgeLeaving(system: System, command: Command, findings: Findings): void {
  if (command.platform !== 'five9') return;
  if (command.kind === 'put') {
    if (command.preset !== 'not_ready') findings.violations.push(`${command.preset} asserted`);
    const { believed, lost } = system.memory;
    if (believed.choice === undefined && !lost && choiceIn(system.teams) === undefined) {
      findings.violations.push(
        'routing is stopped although nobody is known to have chosen anything',
      );
    }
  }
}

/** Called with the world as it is before the write takes effect. */
export function judgeArriving(system: System, flight: Flight, findings: Findings): void {
  if (flight.command.platform === 'five9') arrivingAtFive9(system, flight, findings);
  else if (flight.command.slot === 'preferred') arrivingInSharedSlot(system, flight, findings);
}

function arrivingAtFive9({ five9 }: System, { command, knew }: Flight, findings: Findings): void {
  const stands = standing(five9);
  if (stands.ready) return;
  const isTheirs = stands.by === 'agent' || five9.wish === 'not_ready';
  if (!isTheirs) return;
  if (command.kind === 'put' && stands.by === 'us') return;
  if (knew === 'no') {
    findings.exceptions.push('unseen_press');
    return;
  }
  const what = command.kind === 'put' ? 'our Not Ready replaces' : 'Ready replaces';
  findings.violations.push(`${what} a Not Ready that the agent is known to have chosen`);
}

function arrivingInSharedSlot(
  { teams }: System,
  { command, knew }: Flight,
  findings: Findings,
): void {
  const choice = choiceIn(teams);
  if (choice === undefined) return;
  if (command.kind === 'restore' && command.previous === VALUE_OF[choice]) return;
  if (knew === 'yes') {
    findings.violations.push(
      `a ${command.kind} takes away ${choice}, known as the person's choice`,
    );
    return;
  }
  findings.exceptions.push(knew === 'alike' ? 'alike_choice' : 'unseen_choice');
}

/** What the judge keeps of a write that has met somebody's choice. */
export function afterArrival(before: System, after: System, side: Side): System {
  if (side === 'teams') {
    const isLost = choiceIn(before.teams) !== undefined && choiceIn(after.teams) === undefined;
    const isBack = choiceIn(after.teams) !== undefined;
    const lost = !isBack && (isLost || before.memory.lost);
    return { ...after, memory: { ...after.memory, lost } };
  }
  // Made Ready against an unseen press: that was counted, and from now on they are Ready.
  if (!standing(after.five9).ready || after.five9.wish === 'ready') return after;
  return { ...after, five9: { ...after.five9, wish: 'ready' } };
}
