/** What the engine knows of one agent at this moment: the fold of the journal, and what is fresh. */
import type { Agent } from '../model/agent.ts';
import type { AgentState, Face } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';

/**
 * in_step: what is shown is what is desired. moving: a write is under way or not confirmed yet.
 * blocked: it cannot be shown, with the reason. unknown: no data, or data too old.
 */
export type StepStatus = 'in_step' | 'moving' | 'blocked' | 'unknown';

export interface Situation {
  readonly agent: Agent;
  readonly state: AgentState;
  readonly plans: Readonly<Record<PlatformId, Plan>>;
  readonly status: StepStatus;
  /** Our clock, epoch ms. */
  readonly statusSince: number;
}

/** Reasons that say "not now" about our own knowledge, not about the platform's willingness. */
const DOUBT: ReadonlySet<string> = new Set(['stale_data', 'unconfirmed']);

export function statusOf(state: AgentState, plans: Readonly<Record<PlatformId, Plan>>): StepStatus {
  const faces = Object.values(state.faces);
  if (state.quarantined !== undefined) return 'blocked';
  if (faces.some((face) => face.missingSince === undefined && !isKnown(face))) return 'unknown';
  const all = Object.values(plans);
  if (all.some((plan) => plan.kind === 'blocked' && DOUBT.has(plan.blocked.reason)))
    return 'unknown';
  if (all.some((plan) => plan.kind === 'blocked')) return 'blocked';
  const moving =
    all.some((plan) => plan.kind === 'write') ||
    Object.entries(state.faces).some(
      ([platform, face]) => face.intent !== undefined || isSettling(face, plans[platform]),
    );
  return moving ? 'moving' : 'in_step';
}

/** What a platform shows in words that nobody knows is not known. */
function isKnown({ seen }: Face): boolean {
  return seen !== undefined && seen.preset !== 'unknown';
}

function isSettling(face: Face, plan: Plan | undefined): boolean {
  const { nextAt } = face.tries ?? {};
  if (nextAt !== undefined && plan?.kind === 'none' && plan.wakeAt === nextAt) return true;
  if (face.ours.some((mark) => mark.shownAt === undefined)) return true;
  // An echo of what we took away is still being shown.
  return face.fading.length > 0 && face.cause.kind === 'ours';
}
