/**
 * Active skills that Lockstep still holds for somebody. Only a service that goes by skill reads them
 * and gives them back, so no other one may take their place.
 */
import type { Config } from '../../config/config.ts';
import { isOfSkills } from '../../connectors/five9/skills.ts';
import type { AgentState } from '../../model/face.ts';
import { CliError, EXIT } from '../cli.ts';

/** Throws a `CliError` when the journal holds skills that this configuration could not give back. */
export function refuseTakenSkills({ five9 }: Config, states: readonly AgentState[]): void {
  if (five9.writes === 'skills') return;
  const agents = states.filter(({ faces }) => faces['five9']?.ours.some(isOfSkills));
  if (agents.length === 0) return;
  throw new CliError(
    EXIT.config,
    `five9.writes is ${five9.writes}, but the active skills of ${agents.length} agents are still taken`,
    'set five9.writes back to skills and empty sync.reasonCodes; start once, until the board shows nobody as ours in Five9; then change five9.writes',
  );
}
