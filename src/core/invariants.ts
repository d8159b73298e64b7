/**
 * Invariants that are cheap enough to check in production after every step. One that does not hold
 * is a bug of ours: the agent is quarantined (no writes), the process lives on.
 */
import type { AgentState, Face } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Command } from '../model/mark.ts';
import type { Plan } from '../model/plan.ts';
import type { World } from './world.ts';

export function violation(
  state: AgentState,
  plans: Readonly<Record<PlatformId, Plan>>,
  world: World,
): string | undefined {
  for (const [platform, plan] of Object.entries(plans)) {
    const face = state.faces[platform];
    if (face === undefined || plan.kind !== 'write') continue;
    const centre = world.platforms[platform]?.kind === 'contact_centre';
    const broken =
      brokenByWrite(face, plan.command) ?? (centre ? madeReady(plan.command) : undefined);
    if (broken !== undefined) return `${broken} (${platform})`;
  }
  return brokenLedger(state);
}

function brokenByWrite(face: Face, command: Command): string | undefined {
  if (face.intent !== undefined) return 'I10: a second write in flight';
  if (face.unknownSince !== undefined) return 'I11: a write before the state was read again';
  if (command.kind !== 'put' && !face.ours.some((mark) => mark.slot === command.slot)) {
    return 'I13: taking away what is not in the ledger';
  }
  return undefined;
}

/** I7: a contact centre is told Not Ready, or given back exactly what we took. */
function madeReady(command: Command): string | undefined {
  if (command.kind === 'put') {
    return command.preset === 'not_ready' ? undefined : `I7: ${command.preset} asserted`;
  }
  return command.previous === undefined ? 'I7: Ready without a remembered state' : undefined;
}

function brokenLedger(state: AgentState): string | undefined {
  for (const [platform, face] of Object.entries(state.faces)) {
    const slots = new Set(face.ours.map((mark) => mark.slot));
    if (slots.size < face.ours.length) return `I13: two marks in one slot (${platform})`;
  }
  return undefined;
}
