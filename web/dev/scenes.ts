/**
 * Situations that an agent can be in, as the API would tell them. Pure data and functions: what
 * each platform shows, why, and what Lockstep made of it. For development and tests only.
 */
import type { BoardItem, ExplanationView, PlatformView } from '../../src/api/contract/board.ts';

export interface Side {
  readonly preset: string;
  readonly label: string;
  readonly raw: string;
  readonly cause: string;
  readonly ours?: boolean;
  readonly reason?: string;
  readonly pending?: string;
  readonly desired?: string;
  readonly blocked?: { readonly reason: string; readonly words: string; readonly detail?: string };
}

export interface Scene {
  /** How often it is met, relative to the others. */
  readonly weight: number;
  readonly step: BoardItem['step'];
  readonly why: string;
  readonly five9: Side;
  readonly teams: Side;
  /** How old each platform's data is beyond the usual, ms. */
  readonly lateMs?: { readonly five9?: number; readonly teams?: number };
}

const READY: Side = { preset: 'ready', label: 'Ready', raw: 'READY', cause: 'human' };
const FREE: Side = {
  preset: 'available',
  label: 'Available',
  raw: 'Available/Available',
  cause: 'unknown',
};
const ON_CALL: Side = { preset: 'in_call', label: 'In a call', raw: 'ON_CALL', cause: 'call' };
const SHOWN_CALL: Side = {
  preset: 'in_call',
  label: 'In a call',
  raw: 'Busy/InACall',
  cause: 'ours',
  ours: true,
  desired: 'in_call',
};

export const SCENES: readonly [Scene, ...Scene[]] = [
  {
    weight: 46,
    step: 'in_step',
    why: 'Ready for calls; Teams shows Available by itself.',
    five9: READY,
    teams: FREE,
  },
  {
    weight: 22,
    step: 'in_step',
    why: 'On a Five9 call, so Teams shows In a call.',
    five9: ON_CALL,
    teams: SHOWN_CALL,
  },
  {
    weight: 7,
    step: 'in_step',
    why: 'After-call work in Five9, so Teams shows Busy.',
    five9: { preset: 'wrap_up', label: 'After-call work', raw: 'AFTER_CALL_WORK', cause: 'call' },
    teams: {
      preset: 'busy',
      label: 'Busy',
      raw: 'Busy/Busy',
      cause: 'ours',
      ours: true,
      desired: 'busy',
    },
  },
  {
    weight: 7,
    step: 'in_step',
    why: 'In a Teams meeting, so Five9 is Not ready with the reason Teams meeting.',
    five9: {
      preset: 'not_ready',
      label: 'Not ready',
      raw: 'NOT_READY (31)',
      cause: 'ours',
      ours: true,
      reason: 'Teams meeting',
      desired: 'in_meeting',
    },
    teams: {
      preset: 'in_meeting',
      label: 'In a meeting',
      raw: 'Busy/InAMeeting',
      cause: 'calendar',
    },
  },
  {
    weight: 5,
    step: 'in_step',
    why: 'On a break in Five9, so Teams shows Be right back.',
    five9: {
      preset: 'break',
      label: 'On a break',
      raw: 'NOT_READY (12)',
      cause: 'human',
      reason: 'Break',
    },
    teams: {
      preset: 'brb',
      label: 'Be right back',
      raw: 'BeRightBack/BeRightBack',
      cause: 'ours',
      ours: true,
      desired: 'brb',
    },
  },
  {
    weight: 3,
    step: 'in_step',
    why: 'Do not disturb was chosen in Teams, so Five9 is Not ready.',
    five9: {
      preset: 'not_ready',
      label: 'Not ready',
      raw: 'NOT_READY (30)',
      cause: 'ours',
      ours: true,
      reason: 'Teams do not disturb',
      desired: 'dnd',
    },
    teams: {
      preset: 'dnd',
      label: 'Do not disturb',
      raw: 'DoNotDisturb/DoNotDisturb',
      cause: 'human',
    },
  },
  {
    weight: 5,
    step: 'in_step',
    why: 'Signed out of both platforms.',
    five9: { preset: 'offline', label: 'Offline', raw: 'LOGGED_OUT', cause: 'human' },
    teams: { preset: 'offline', label: 'Offline', raw: 'Offline/Offline', cause: 'unknown' },
  },
  {
    weight: 1.2,
    step: 'blocked',
    why: 'On a Five9 call, but Teams keeps Available: the person chose another status by hand.',
    five9: ON_CALL,
    teams: {
      ...FREE,
      cause: 'human',
      desired: 'in_call',
      blocked: {
        reason: 'outranked_by_human',
        words: 'the person chose another status by hand',
        detail: 'Teams lets a hand-made status outrank every program until it is reset.',
      },
    },
  },
  {
    weight: 0.7,
    step: 'blocked',
    why: 'In a Teams meeting, but Five9 changes to Not ready only when the present call ends.',
    five9: {
      ...ON_CALL,
      pending: 'Not ready (Teams meeting)',
      desired: 'in_meeting',
      blocked: { reason: 'pending', words: 'the platform will apply it when the contact ends' },
    },
    teams: {
      preset: 'in_meeting',
      label: 'In a meeting',
      raw: 'Busy/InAMeeting',
      cause: 'calendar',
    },
  },
  {
    weight: 0.4,
    step: 'blocked',
    why: 'On a Five9 call, but the account has no licence for Teams.',
    five9: ON_CALL,
    teams: {
      preset: 'offline',
      label: 'Offline',
      raw: 'Offline/Offline',
      cause: 'unknown',
      desired: 'in_call',
      blocked: { reason: 'no_licence', words: 'the account has no licence for it' },
    },
  },
  {
    weight: 0.8,
    step: 'unknown',
    why: 'Teams has not confirmed this state for too long, so nothing is decided from it.',
    five9: READY,
    teams: { preset: 'away', label: 'Away', raw: 'Away/Away', cause: 'idle' },
    lateMs: { teams: 74_000 },
  },
  {
    weight: 0.3,
    step: 'unknown',
    why: 'No status from Five9 has arrived yet.',
    five9: { preset: 'unknown', label: 'Unknown', raw: '', cause: 'unknown' },
    teams: FREE,
    lateMs: { five9: Number.POSITIVE_INFINITY },
  },
];

/** The same scene on its way: the platform that follows still shows what it showed before. */
export function movingTo(scene: Scene): Scene {
  const teamsFollows = scene.teams.ours === true;
  if (!teamsFollows && scene.five9.ours !== true) return scene;
  const words = teamsFollows ? 'Teams' : 'Five9';
  const following = teamsFollows ? scene.teams : scene.five9;
  const behind: Side = { ...(teamsFollows ? FREE : READY), desired: following.desired ?? 'busy' };
  return {
    ...scene,
    step: 'moving',
    why: `${words} has been asked to show ${following.label} and has not confirmed it yet.`,
    ...(teamsFollows ? { teams: behind } : { five9: behind }),
  };
}

/** As the server names the platforms, in its summary and in its explanations. */
export const LABELS: Readonly<Record<string, string>> = {
  five9: 'Five9',
  teams: 'Microsoft Teams',
};

export function explain(item: BoardItem, now: number): ExplanationView {
  return {
    agent: item.id,
    name: item.name,
    at: now,
    past: false,
    sentence: item.why,
    facts: item.platforms.map((view) => ({
      platform: LABELS[view.platform] ?? view.platform,
      says: view.label,
      raw: view.raw,
      cause: view.cause,
      certainty: view.cause === 'unknown' ? 'likely' : 'certain',
      ...(view.confirmedAt === undefined ? {} : { ageMs: now - view.confirmedAt }),
      counts: !view.ours && !view.stale,
    })),
    decisions: item.platforms.map((view) => decisionOn(view)),
    trace: traceOf(item),
    policyVersion: 'default-7',
  };
}

function decisionOn(view: PlatformView): ExplanationView['decisions'][number] {
  const alone = view.desired === undefined;
  return {
    platform: LABELS[view.platform] ?? view.platform,
    desired: view.desired ?? 'leave_alone',
    rule: alone ? 'own_fact_wins' : 'most_important_other_fact',
    because: alone
      ? 'Its own fact outranks what the other platform says.'
      : 'The other platform shows something that ranks higher.',
    shown: view.preset,
    ...(view.blocked === undefined ? {} : { blocked: view.blocked.words }),
    marks: view.ours ? [`session: ${view.raw}`] : [],
  };
}

function traceOf(item: BoardItem): string[] {
  const facts = item.platforms.map(
    (view) =>
      `${view.platform} says ${view.raw === '' ? 'nothing' : view.raw}, cause ${view.cause}`,
  );
  const ours = item.platforms.filter((view) => view.ours);
  return [
    ...facts,
    ...ours.map((view) => `${view.platform} is set aside: Lockstep put it there`),
    ...item.platforms.map(
      (view) => `${view.platform} should show ${view.desired ?? 'its own state'}`,
    ),
    `the board says ${item.step}`,
  ];
}
