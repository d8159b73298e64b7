/**
 * All that is emulated of one user, and what colleagues have been shown of it over time.
 *
 * 1. Nothing here waits for a timer: `settle` walks through every expiry and fade between the last
 *    look and now, in order, and records each at the moment when it happened.
 * 2. What a person did and what an application did are kept apart for ever: `choice` is the
 *    person's last choice even after an application has overwritten it in the slot.
 */
import { aggregate, type AggregateRules, type Mark, type Shown } from './aggregate.ts';
import { FADE_MS, samePair, type Pair } from './pairs.ts';

export interface Device {
  readonly id: string;
  idle: boolean;
  inCall: boolean;
  presenting: boolean;
  order: number;
}

export interface AppSession {
  readonly app: string;
  readonly pair: Pair;
  readonly setAt: number;
  readonly expiresAt: number;
  readonly order: number;
  /** Until then readers see Busy/Busy in place of Busy/InACall. */
  readonly echoUntil: number;
}

interface CalendarEntry {
  readonly teamsMeeting: boolean;
  readonly order: number;
}

interface Slot {
  readonly pair: Pair;
  readonly setAt: number;
  readonly expiresAt: number;
  readonly by: 'person' | 'app';
}

export interface StatusMessage {
  readonly content: string;
  readonly publishedAt: number;
  readonly expiry?: { readonly dateTime: string; readonly timeZone: string };
}

/** What readers got from this moment on. */
export interface Published {
  readonly at: number;
  readonly pair: Pair;
  readonly fromApp: boolean;
  readonly stamp: string;
}

/** Told of one account as it happens. */
export interface Watcher {
  /** Readers are shown something else from now on, or the same under a new stamp. */
  shown(entry: Published): void;
  /** When the next thing happens by itself; Infinity when nothing will. */
  nextAt(at: number): void;
}

export interface Account {
  readonly id: string;
  readonly devices: Map<string, Device>;
  readonly apps: Map<string, AppSession>;
  readonly meetings: CalendarEntry[];
  slot: Slot | undefined;
  choice: Omit<Slot, 'by'> | undefined;
  outOfOffice: boolean;
  statusMessage: StatusMessage | undefined;
  history: Published[];
  stamp: number;
  changes: number;
  /** When the next thing happens by itself; Infinity when nothing will. */
  nextAt: number;
  /** Grows with everything that happens: what was worked out at one version holds until `nextAt`. */
  version: number;
  watcher: Watcher | undefined;
}

export interface PublishRules extends AggregateRules {
  readonly sequence: 'on-change' | 'every-write' | 'absent' | 'regressing';
}

/** Enough to answer a lagging read for any sane lag. */
const MAX_HISTORY = 64;

export function newAccount(id: string, at: number, rules: PublishRules): Account {
  const account: Account = {
    id,
    devices: new Map(),
    apps: new Map(),
    meetings: [],
    slot: undefined,
    choice: undefined,
    outOfOffice: false,
    statusMessage: undefined,
    history: [],
    stamp: 0,
    changes: 0,
    nextAt: Infinity,
    version: 0,
    watcher: undefined,
  };
  publish(account, at, rules);
  return account;
}

export function devicePair(device: Device): Pair {
  if (device.presenting) return { availability: 'DoNotDisturb', activity: 'Presenting' };
  if (device.inCall) return { availability: 'Busy', activity: 'InACall' };
  if (device.idle) return { availability: 'Away', activity: 'Away' };
  return { availability: 'Available', activity: 'Available' };
}

/** What an app's session says at a time: only Available fades, whatever its expiry. */
export function appPair(session: AppSession, at: number): Pair {
  if (session.pair.availability !== 'Available') return session.pair;
  const age = at - session.setAt;
  if (age < FADE_MS) return session.pair;
  if (age < 2 * FADE_MS) return { availability: 'Available', activity: 'AvailableInactive' };
  return { availability: 'Away', activity: 'Away' };
}

/** What is really so: no lag, no unstable echo. */
export function shownNow(account: Account, at: number, rules: AggregateRules): Shown {
  const marks = [...personMarks(account), ...appMarks(account, at, 'real')];
  return aggregate(
    { marks, preferred: account.slot?.pair, outOfOffice: account.outOfOffice },
    rules,
  );
}

/** What would be so if no application had ever written anything. */
export function shownWithoutApps(account: Account, at: number, rules: AggregateRules): Shown {
  const choice = account.choice;
  const preferred = choice !== undefined && choice.expiresAt > at ? choice.pair : undefined;
  const marks = personMarks(account);
  return aggregate({ marks, preferred, outOfOffice: account.outOfOffice }, rules);
}

/** Lets everything happen that falls due until now. */
export function settle(account: Account, now: number, rules: PublishRules): void {
  while (account.nextAt <= now) {
    const at = account.nextAt;
    expire(account, at);
    publish(account, at, rules);
  }
}

/** Records what readers are shown from `at` on, and finds when it will next change by itself. */
export function publish(
  account: Account,
  at: number,
  rules: PublishRules,
  cause: 'time' | 'write' = 'time',
): void {
  const bumps = cause === 'write' && rules.sequence === 'every-write';
  record(account, at, rules, bumps);
  account.nextAt = nextChange(account, at);
  account.version += 1;
  account.watcher?.nextAt(account.nextAt);
}

/** A new entry of the history when there is anything new; `bumps` asks for a new stamp anyway. */
function record(account: Account, at: number, rules: PublishRules, bumps: boolean): void {
  const { pair, fromApp } = published(account, at, rules);
  const last = account.history.at(-1);
  const changed = last === undefined || bumps || !samePair(last.pair, pair);
  if (!changed && last.fromApp === fromApp) return;
  const stamp = changed ? nextStamp(account, at, rules) : last.stamp;
  const entry = { at, pair, fromApp, stamp };
  account.history.push(entry);
  if (account.history.length > MAX_HISTORY) account.history.shift();
  if (changed) account.watcher?.shown(entry);
}

/** What a reader gets whose view is `lagMs` old; without a lag always the newest. */
export function publishedAt(account: Account, now: number, lagMs: number): Published {
  const { history } = account;
  const newest = history.at(-1);
  if (newest === undefined) throw new Error(`user "${account.id}" was never published`);
  if (lagMs <= 0) return newest;
  return history.findLast((entry) => entry.at <= now - lagMs) ?? history[0] ?? newest;
}

function published(
  account: Account,
  at: number,
  rules: AggregateRules,
): { readonly pair: Pair; readonly fromApp: boolean } {
  const marks = [...personMarks(account), ...appMarks(account, at, 'echo')];
  const preferred = account.slot?.pair;
  const shown = aggregate({ marks, preferred, outOfOffice: account.outOfOffice }, rules);
  return { pair: shown.pair, fromApp: shown.source === 'app' };
}

function personMarks(account: Account): readonly Mark[] {
  const devices = [...account.devices.values()].map((device) => ({
    pair: devicePair(device),
    source: 'device' as const,
    order: device.order,
  }));
  const meetings = account.meetings.map((meeting) => ({
    pair: { availability: 'Busy', activity: meeting.teamsMeeting ? 'InAMeeting' : 'Busy' },
    source: 'calendar' as const,
    order: meeting.order,
  }));
  return [...devices, ...meetings];
}

function appMarks(account: Account, at: number, view: 'real' | 'echo'): readonly Mark[] {
  return [...account.apps.values()].map((session) => {
    const pair = appPair(session, at);
    const echo = view === 'echo' && at < session.echoUntil && pair.activity === 'InACall';
    return {
      pair: echo ? { availability: 'Busy', activity: 'Busy' } : pair,
      source: 'app' as const,
      order: session.order,
    };
  });
}

function expire(account: Account, at: number): void {
  for (const session of account.apps.values()) {
    if (session.expiresAt <= at) account.apps.delete(session.app);
  }
  if (account.slot !== undefined && account.slot.expiresAt <= at) account.slot = undefined;
}

function nextChange(account: Account, after: number): number {
  const moments = [account.slot?.expiresAt ?? Infinity];
  for (const session of account.apps.values()) {
    moments.push(session.expiresAt, session.echoUntil);
    if (session.pair.availability === 'Available') {
      moments.push(session.setAt + FADE_MS, session.setAt + 2 * FADE_MS);
    }
  }
  return Math.min(...moments.filter((moment) => moment > after));
}

/** Sortable as text. In the regressing mode every third change carries an older stamp. */
function nextStamp(account: Account, at: number, rules: PublishRules): string {
  account.changes += 1;
  const isOlder = rules.sequence === 'regressing' && account.changes % 3 === 0;
  if (!isOlder) account.stamp = Math.max(account.stamp + 1, at * 1000);
  const value = isOlder ? Math.max(0, account.stamp - 5_000) : account.stamp;
  return String(value).padStart(20, '0');
}
