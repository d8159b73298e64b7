/** The one sentence that an agent or a supervisor reads first. */
import { BLOCKED_WORDS } from '../model/blocked.ts';
import type { AgentState, Desired, Face, Fact } from '../model/face.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { PRESET_LABELS } from '../model/preset.ts';
import type { World } from './world.ts';
import { platformIds } from './world.ts';

export function sentenceOf(
  state: AgentState,
  plans: Readonly<Record<PlatformId, Plan>>,
  world: World,
): string {
  if (state.quarantined !== undefined) {
    return `Nothing is written for this agent: ${BLOCKED_WORDS.quarantined} (${state.quarantined.why}).`;
  }
  const unread = platformIds(world).filter((id) => state.faces[id]?.seen === undefined);
  if (unread.length > 0)
    return `Waiting for the first word from ${unread.map((id) => label(id, world)).join(' and ')}.`;
  const dead = platformIds(world).filter((id) => world.live[id] !== true);
  const doubt =
    dead.length === 0
      ? ''
      : ` ${dead.map((id) => label(id, world)).join(' and ')} cannot be read now; the last known state is kept.`;
  const parts = platformIds(world).flatMap((id) => partOf(id, state, plans[id], world));
  const text = parts.length === 0 ? quiet(state, world) : parts.join(' ');
  return `${text}${doubt}`;
}

function partOf(
  platform: PlatformId,
  state: AgentState,
  plan: Plan | undefined,
  world: World,
): string[] {
  const desired = state.desired[platform];
  if (desired === undefined) return [];
  const name = label(platform, world);
  const why = plan?.kind === 'blocked' ? plan.blocked : undefined;
  if (desired.kind === 'show') {
    const cause = causeWords(desired, state, world);
    const shows = PRESET_LABELS[desired.preset];
    if (why !== undefined)
      return [`${name} should show ${shows} because ${cause}, but ${BLOCKED_WORDS[why.reason]}.`];
    const verb = isConfirmed(state.faces[platform]) ? 'shows' : 'was asked to show';
    return [`${name} ${verb} ${shows} because ${cause}; it ends when that changes.`];
  }
  if (desired.blocked === undefined || desired.wished === undefined) return [];
  const own = state.faces[platform]?.own;
  return [
    `${name} keeps ${own === undefined ? 'its state' : PRESET_LABELS[own.preset]} instead of ${PRESET_LABELS[desired.wished]}: ${BLOCKED_WORDS[desired.blocked]}.`,
  ];
}

/** Shown, not only accepted: a 2xx is not yet what colleagues see. */
function isConfirmed(face: Face | undefined): boolean {
  return (
    face !== undefined &&
    face.intent === undefined &&
    (face.cause.kind === 'ours' || face.ours.some((mark) => mark.shownAt !== undefined))
  );
}

function causeWords(
  desired: Extract<Desired, { kind: 'show' }>,
  state: AgentState,
  world: World,
): string {
  const fact = state.faces[desired.from]?.own;
  const name = label(desired.from, world);
  return fact === undefined
    ? `${name} asked for it`
    : `${name} says ${PRESET_LABELS[fact.preset]}${chosen(fact)}`;
}

function chosen(fact: Fact): string {
  switch (fact.cause.kind) {
    case 'human':
      return fact.cause.certainty === 'certain' ? ', chosen by hand' : '';
    case 'calendar':
      return ', from the calendar';
    case 'idle':
      return ', by inactivity';
    case 'call':
    case 'expiry':
    case 'ours':
    case 'other':
    case 'unknown':
      return '';
  }
}

function quiet(state: AgentState, world: World): string {
  const says = platformIds(world).map((id) => {
    const preset = state.faces[id]?.seen?.preset ?? 'unknown';
    return `${label(id, world)} says ${PRESET_LABELS[preset]}`;
  });
  return `${says.join(' and ')}; nothing is asked of either.`;
}

function label(platform: PlatformId, world: World): string {
  return world.platforms[platform]?.label ?? platform;
}
