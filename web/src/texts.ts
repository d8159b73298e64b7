/**
 * Every text of the console, in one place. A second language is a second object of the same type.
 * Short sentences, plain British English; the platforms' own words are shown as they are.
 */
import type { CauseKind } from '../../src/model/cause.ts';
import type { Preset } from '../../src/model/preset.ts';
import type { Trouble } from './data/trouble.ts';
import type { Order, Step } from './data/view.ts';
import type { Scheme } from './look/scheme.ts';

const presets: Readonly<Record<Preset, string>> = {
  unknown: 'Unknown',
  offline: 'Offline',
  off_work: 'Off work',
  out_of_office: 'Out of office',
  available: 'Available',
  ready: 'Ready',
  ringing: 'Ringing',
  in_call: 'In a call',
  in_conference: 'In a conference',
  wrap_up: 'After-call work',
  in_meeting: 'In a meeting',
  presenting: 'Presenting',
  focus: 'Focusing',
  busy: 'Busy',
  dnd: 'Do not disturb',
  away: 'Away',
  brb: 'Be right back',
  break: 'On a break',
  meal: 'At a meal',
  training: 'In training',
  not_ready: 'Not ready',
  unresponsive: 'Not responding',
};

const causes: Readonly<Record<CauseKind, string>> = {
  human: 'Chosen by the person',
  call: 'A call',
  calendar: 'The calendar',
  idle: 'Idle time',
  expiry: 'A status that ran out',
  ours: 'Set by Lockstep',
  other: 'Another program',
  unknown: 'Cause not known',
};

const steps: Readonly<Record<Step, string>> = {
  in_step: 'In step',
  moving: 'Moving',
  blocked: 'Blocked',
  unknown: 'Unknown',
};

/** In the middle of a line. */
const stepsShort: Readonly<Record<Step, string>> = {
  in_step: 'in step',
  moving: 'moving',
  blocked: 'blocked',
  unknown: 'unknown',
};

/** The same when the live stream is lost: nothing may look like the present. */
const stepsThen: Readonly<Record<Step, string>> = {
  in_step: 'Was in step',
  moving: 'Was moving',
  blocked: 'Was blocked',
  unknown: 'Was unknown',
};

const stepMeanings: Readonly<Record<Step, string>> = {
  in_step: 'Every platform shows what it should.',
  moving: 'A change is on its way to a platform.',
  blocked: 'A platform cannot show what it should. The row says why.',
  unknown: 'The data is too old, or there is none yet.',
};

const orders: Readonly<Record<Order, string>> = {
  attention: 'Attention first',
  name: 'Name',
  longest: 'Longest out of step',
};

const schemes: Readonly<Record<Scheme, string>> = {
  light: 'Light',
  dark: 'Dark',
  system: 'Like the system',
};

/** Shorter than the platforms' own labels, for the board's narrow columns. */
const platformNames: Readonly<Record<string, string>> = { teams: 'Teams' };

const healthStates: Readonly<Record<string, string>> = {
  starting: 'Starting',
  signing_in: 'Signing in',
  syncing: 'Catching up',
  live: 'Live',
  degraded: 'Degraded',
  migrating: 'Moving to another server',
  throttled: 'Throttled',
  down: 'Down',
  auth_blocked: 'Sign-in refused',
  stopped: 'Stopped',
};

const certainties: Readonly<Record<string, string>> = {
  certain: 'certain',
  likely: 'likely',
};

const troubles: Readonly<Record<Exclude<Trouble['kind'], 'status'>, string>> = {
  unreachable: 'The server does not answer. Check the network and that Lockstep is running.',
  signed_out: 'You are signed out. Reload the page to sign in again.',
  refused: 'You may not see this board. Ask an administrator for the supervisor role.',
  gone: 'The server does not know this address. Console and server may be of different versions.',
};

export const texts = {
  locale: 'en-GB',
  product: 'Lockstep',
  page: 'Live board',
  skip: 'Skip to the agents',

  units: {
    milliseconds: (count: string): string => `${count} ms`,
    seconds: (count: string): string => `${count} s`,
    minutes: (count: string): string => `${count} min`,
    hours: (count: string): string => `${count} h`,
    days: (count: string): string => `${count} d`,
    bytesPerSecond: (count: string): string => `${count} B/s`,
    kilobytesPerSecond: (count: string): string => `${count} KB/s`,
  },

  platformNames,
  presets,
  causes,
  steps,
  stepsShort,
  stepsThen,
  stepMeanings,
  certainties,

  scheme: { label: 'Appearance', names: schemes },

  connection: {
    starting: 'Connecting',
    live: 'Live',
    liveNote: 'Changes appear as they happen.',
    lost: (span: string): string => `Reconnecting for ${span}`,
    lostShort: (span: string): string => `Lost for ${span}`,
    lostTitle: 'The live connection is lost.',
    lostAsOf: (moment: string, span: string): string =>
      `What you see is as of ${moment}, ${span} ago. It may have changed since.`,
    tryNow: 'Try now',
    announceLost: 'The live connection is lost. The board is no longer current.',
    announceBack: 'The live connection is back. The board is current.',
  },

  summary: {
    label: 'Summary',
    inStep: 'Agents in step',
    ofAgents: (inStep: string, total: string): string => `${inStep} of ${total}`,
    delay: (from: string, to: string): string => `${from} to ${to}`,
    delayNote: (p95: string, count: string): string =>
      `Mean time from the moment a change was seen until its effect was confirmed. 95 of 100 changes took less than ${p95}. Measured over ${count} changes.`,
    noDelay: 'No change yet',
    noDelayNote: 'No change has been carried over in this direction yet.',
    mean: 'mean',
    quota: 'Quota used',
    quotaNote:
      'Share of the requests that the platforms allow, used in the last window. Lockstep slows down before it reaches the limit.',
    quotaHigh: 'high',
    quotaFull: 'at the limit',
    bytes: 'Per agent',
    bytesNote: 'Network traffic of all platforms together, divided by the number of agents.',
    unknownFigure: '–',
    unknownFigureSpoken: 'not known yet',
  },

  health: {
    label: 'Platforms',
    states: healthStates,
    was: (state: string): string => `was ${state.toLowerCase()}`,
    confirmed: (span: string): string => `Last heard ${span} ago.`,
    action: 'What to do:',
  },

  filters: {
    search: 'Find an agent, team or status',
    searchHint: 'Find an agent',
    order: 'Order',
    orders,
    steps: 'Show only',
    all: 'All',
    byTeam: 'By team',
    byTeamNote: 'Group the agents by team',
    noTeam: 'No team',
    shown: (shown: string, total: string): string => `${shown} of ${total} agents shown`,
  },

  board: {
    label: 'Agents',
    agent: 'Agent',
    step: 'In step?',
    why: 'Why',
    forSpan: (span: string): string => `for ${span}`,
    dataAge: 'data age',
    ageBefore: 'data age ',
    ageNever: 'no data',
    stale: 'stale',
    byUs: 'by Lockstep',
    next: (preset: string): string => `next: ${preset}`,
    noAccount: 'No account',
    teamAgents: (agents: number, shown: string): string =>
      agents === 1 ? '1 agent' : `${shown} agents`,
  },

  states: {
    loading: 'Loading the board',
    emptyTitle: 'No agents yet',
    emptyText:
      'Lockstep does not know anyone to keep in step. Match people with their accounts on both platforms in the directory. Each person appears here as soon as the first status arrives.',
    errorTitle: 'Lockstep cannot be reached',
    closedTitle: 'This board is not open to you',
    troubles,
    status: (status: number): string => `The server answered with status ${status}.`,
    noMatchTitle: 'No agent matches',
    noMatchText: 'Change the text or the filters to see more agents.',
    clear: 'Clear filters',
  },

  detail: {
    label: (name: string): string => `Details of ${name}`,
    close: 'Close',
    loading: 'Loading details',
    failedTitle: 'The details could not be loaded.',
    retry: 'Try again',
    goneText: 'This agent has left the board.',
    platforms: 'What each platform says',
    raw: 'In its own words',
    reason: 'Reason',
    cause: 'Cause',
    causeWith: (cause: string, certainty: string): string => `${cause} (${certainty})`,
    since: 'Since',
    sinceAt: (moment: string, span: string): string => `${moment} (${span})`,
    pending: 'Will change to',
    desired: 'Should show',
    leaveAlone: 'Its own status',
    note: 'Note',
    weight: 'Used to decide',
    counts: 'Yes',
    countsNot: 'No',
    blocked: 'Blocked',
    blockedOn: (platform: string): string => `${platform} is blocked`,
    decisions: 'Decisions',
    decidedFor: (platform: string, desired: string): string =>
      `${platform} should show: ${desired}`,
    rule: 'Rule',
    because: 'Because',
    shown: 'Shown',
    marks: 'Our marks',
    noMarks: 'none',
    trace: 'Step by step',
    policy: (version: string): string => `Policy ${version}`,
    at: (moment: string): string => `Explained at ${moment}`,
  },
} as const;
