/** Cores that are broken on purpose, each in one place, to prove that the search would see it. */
import type { Step } from '../../src/core/core.ts';
import { step } from '../../src/core/core.ts';
import type { Input } from '../../src/core/input.ts';
import type { AgentState, Face } from '../../src/model/face.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Scope } from './system.ts';

type Core = Scope['step'];

/** Takes a write of which nobody knows anything for one that surely had no effect. */
const forgetsDoubt: Core = (state, input, world, now) =>
  step(state, withoutDoubt(input), world, now);

function withoutDoubt(input: Input): Input {
  if (input.kind !== 'outcome' || input.receipt.kind !== 'ambiguous') return input;
  return { ...input, receipt: { kind: 'no_effect' } };
}

/** Forgets that a command is in flight, and so wants a second one. */
const forgetsFlight: Core = (state, input, world, now) => {
  const taken = step(state, input, world, now);
  if (input.kind !== 'sent') return taken;
  const ours = state.faces[input.platform]?.ours ?? [];
  const forgotten = withFace(taken.state, input.platform, ({ intent: _intent, ...face }) => ({
    ...face,
    ours,
  }));
  return step(forgotten, { kind: 'tick' }, world, now);
};

/** Loses its ledger, and so takes its own echo for a person's choice. */
const forgetsMarks: Core = (state, input, world, now) => {
  if (input.kind !== 'observed') return step(state, input, world, now);
  const forgotten = withFace(state, input.observation.platform, (face) => ({ ...face, ours: [] }));
  return step(forgotten, input, world, now);
};

/** Never takes anything away. */
const neverClears: Core = (state, input, world, now) => {
  const taken = step(state, input, world, now);
  const plans: Record<string, Plan> = {};
  for (const [platform, plan] of Object.entries(taken.plans)) {
    const isKept = plan.kind !== 'write' || plan.command.kind === 'put';
    plans[platform] = isKept ? plan : { kind: 'none' };
  }
  return { ...taken, plans } satisfies Step;
};

/** Is never content with what it has put into Teams, and puts it there again and again. */
const neverContent: Core = (state, input, world, now) => {
  const taken = step(state, input, world, now);
  const face = taken.state.faces['teams'];
  const mark = face?.ours[0];
  const isIdle = face?.intent === undefined && face?.unknownSince === undefined;
  if (taken.plans['teams']?.kind !== 'none' || mark === undefined || !isIdle) return taken;
  const { slot, kind: slotKind, value, preset, shows } = mark;
  const what = { platform: 'teams', slot, slotKind, value, preset, shows, lifeMs: 900_000 };
  const again: Plan = { kind: 'write', command: { ...what, kind: 'put' }, since: now };
  return { ...taken, plans: { ...taken.plans, teams: again } };
};

function withFace(state: AgentState, platform: string, change: (face: Face) => Face): AgentState {
  const face = state.faces[platform];
  if (face === undefined) return state;
  return { ...state, faces: { ...state.faces, [platform]: change(face) } };
}

export const BROKEN = {
  forgetsDoubt,
  forgetsFlight,
  forgetsMarks,
  neverClears,
  neverContent,
} as const;
