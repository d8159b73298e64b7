/**
 * Explains a state: the facts with their causes, what won by which rule, what is desired and shown
 * on each platform, what is blocked and why. Recomputed from the faces, never remembered, so that
 * an explanation of a past moment is the same as the one that was given then (I20).
 */
import type { AgentState, Desired, Face } from '../model/face.ts';
import { BLOCKED_WORDS } from '../model/blocked.ts';
import type { ExplainedDecision, ExplainedFact, Explanation } from '../model/explanation.ts';
import type { PlatformId } from '../model/ids.ts';
import type { Mark } from '../model/mark.ts';
import type { Plan } from '../model/plan.ts';
import { PRESET_LABELS } from '../model/preset.ts';
import { sentenceOf } from './sentence.ts';
import type { World } from './world.ts';
import { platformIds } from './world.ts';

export function explain(
  state: AgentState,
  plans: Readonly<Record<PlatformId, Plan>>,
  world: World,
): Explanation {
  const ids = platformIds(world);
  const facts = ids.map((id) => factOf(id, state, world));
  const decisions = ids.map((id) => decisionOf(id, state, plans[id], world));
  return {
    agent: state.agent,
    sentence: sentenceOf(state, plans, world),
    facts,
    decisions,
    trace: ids.flatMap((id) => traceOf(id, state, plans[id], world)),
    policyVersion: world.policy.version,
  };
}

function factOf(platform: PlatformId, state: AgentState, world: World): ExplainedFact {
  const face = state.faces[platform];
  const seen = face?.seen;
  const counts = Object.entries(state.desired).some(
    ([target, desired]) =>
      target !== platform && desired.kind === 'show' && desired.from === platform,
  );
  return {
    platform: labelOf(platform, world),
    says: seen === undefined ? 'nothing yet' : PRESET_LABELS[seen.preset],
    raw: seen?.presence.raw ?? '',
    cause: face?.cause.kind ?? 'unknown',
    certainty: face?.cause.certainty ?? 'certain',
    counts,
    ...(face?.cause.note === undefined ? {} : { note: face.cause.note }),
    ...(seen === undefined ? {} : { since: seen.since }),
  };
}

function decisionOf(
  platform: PlatformId,
  state: AgentState,
  plan: Plan | undefined,
  world: World,
): ExplainedDecision {
  const face = state.faces[platform];
  const desired = state.desired[platform];
  const shown = face?.seen === undefined ? 'nothing yet' : PRESET_LABELS[face.seen.preset];
  return {
    platform: labelOf(platform, world),
    desired: desired?.kind === 'show' ? desired.preset : 'leave_alone',
    rule: desired?.rule ?? 'no_data',
    because: becauseOf(platform, state, desired, world),
    shown,
    marks: (face?.ours ?? []).map(wordsOfMark),
    ...(plan?.kind === 'blocked' ? { blocked: blockedWords(plan) } : {}),
  };
}

/** Why the other platform's fact asks for this, or why it does not. */
function becauseOf(
  platform: PlatformId,
  state: AgentState,
  desired: Desired | undefined,
  world: World,
): string {
  if (desired === undefined) return 'nothing is known yet';
  if (desired.kind === 'show') {
    const fact = state.faces[desired.from]?.own;
    const says = fact === undefined ? 'something' : PRESET_LABELS[fact.preset];
    return `${labelOf(desired.from, world)} says ${says} (${fact?.cause.kind ?? 'unknown'})`;
  }
  return LEAVE_WORDS[desired.rule] ?? ownWords(platform, state.faces[platform], world);
}

const LEAVE_WORDS: Readonly<Record<string, string>> = {
  no_data: 'one platform has not been read yet',
  nothing_asked: 'no other platform asks for anything',
  logged_out: 'the agent is logged out',
  already_not_ready: 'the agent is Not Ready by their own choice',
  agent_chose_ready: 'the agent chose Ready later than the other status',
  already_shown: 'it shows the same by itself',
};

function ownWords(platform: PlatformId, face: Face | undefined, world: World): string {
  const own = face?.own;
  if (own === undefined) return 'nothing is known yet';
  return `${labelOf(platform, world)}’s own ${PRESET_LABELS[own.preset]} (${own.cause.kind}) stands`;
}

function traceOf(
  platform: PlatformId,
  state: AgentState,
  plan: Plan | undefined,
  world: World,
): string[] {
  const face = state.faces[platform];
  if (face === undefined) return [];
  const lines = [
    `${platform}: seen ${face.seen?.presence.raw ?? 'nothing'}, cause ${face.cause.kind}${noteOf(face.cause.note)}`,
    `${platform}: own fact ${face.own === undefined ? 'none' : `${face.own.preset} (${face.own.cause.kind}${noteOf(face.own.cause.note)})`}`,
    `${platform}: desired ${desiredWords(state.desired[platform])} by rule ${state.desired[platform]?.rule ?? 'no_data'} under ${world.policy.strategy}, policy ${world.policy.version}`,
    `${platform}: plan ${planWords(plan)}`,
  ];
  if (face.claim !== undefined)
    lines.push(`${platform}: the agent’s last choice ${face.claim.preset}`);
  for (const mark of face.ours)
    lines.push(`${platform}: mark ${wordsOfMark(mark)} (${mark.intent})`);
  if (face.intent !== undefined) lines.push(`${platform}: in flight ${face.intent.id}`);
  if (face.unknownSince !== undefined)
    lines.push(`${platform}: shown state unknown until read again`);
  if (world.live[platform] !== true)
    lines.push(`${platform}: data is not live; nothing new is decided`);
  return lines;
}

function noteOf(note: string | undefined): string {
  return note === undefined ? '' : `, ambiguity ${note}`;
}

function desiredWords(desired: Desired | undefined): string {
  if (desired?.kind !== 'show') return 'leave alone';
  return desired.reasonCode === undefined
    ? desired.preset
    : `${desired.preset} with reason code ${desired.reasonCode}`;
}

function planWords(plan: Plan | undefined): string {
  if (plan === undefined || plan.kind === 'none') return 'nothing to do';
  if (plan.kind === 'blocked') return `blocked: ${blockedWords(plan)}`;
  return `${plan.command.kind} ${plan.command.value} in slot ${plan.command.slot}`;
}

function blockedWords({ blocked }: Plan & { kind: 'blocked' }): string {
  const words = BLOCKED_WORDS[blocked.reason];
  return blocked.detail === undefined ? words : `${words} (${blocked.detail})`;
}

function wordsOfMark(mark: Mark): string {
  const code = mark.reasonCode === undefined ? '' : ` with code ${mark.reasonCode}`;
  const shown = mark.shownAt === undefined ? ', not shown yet' : '';
  return `${mark.value}${code} in ${mark.slot}${shown}`;
}

function labelOf(platform: PlatformId, world: World): string {
  return world.platforms[platform]?.label ?? platform;
}
