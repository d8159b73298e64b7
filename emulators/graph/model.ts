/**
 * The presence of one tenant's users: what people do, what applications write, what is shown.
 * Driven by the given clock, without timers and without I/O.
 *
 * 1. Every act and every write takes effect at the clock's time, after all that fell due before.
 * 2. An application's marks never change what `withoutApps` says.
 * 3. Taking all of an application's marks away leaves what people would have shown without it,
 *    except where it overwrote or cleared a person's choice; each such loss is counted.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { TeamsTruth } from '../acts.ts';
import { boundedLog, type BoundedLog } from '../entra/bounded-log.ts';
import {
  appPair,
  devicePair,
  newAccount,
  publishedAt,
  shownNow,
  shownWithoutApps,
  type Account,
  type Published,
  type StatusMessage,
  type Watcher,
} from './account.ts';
import type { Behaviour } from './behaviour.ts';
import { preferredLifeMs, samePair, type Pair } from './pairs.ts';
import { personActs, type PersonActs } from './person-acts.ts';
import { change, nextOrder, settled, type LostChoice, type Stage } from './stage.ts';

export interface GraphTruth extends TeamsTruth {
  /** The person's last choice while it would still live, wherever the slot went since. */
  readonly choice?: { readonly availability: string; readonly activity: string };
  /** True when that choice no longer stands in the slot. */
  readonly choiceLost: boolean;
  readonly outOfOffice: boolean;
}

export interface PresenceView extends Published {
  readonly outOfOffice: boolean;
  readonly statusMessage: StatusMessage | undefined;
}

export interface PresenceModel extends PersonActs {
  users(): readonly string[];
  truth(user: string): GraphTruth;
  add(user: string): void;
  remove(user: string): void;
  /** An application's writes; the caller has checked pair and life. */
  setSession(user: string, write: SessionWrite): void;
  /** False when the app has no session there. */
  clearSession(user: string, app: string): boolean;
  setPreferred(user: string, write: PreferredWrite): void;
  clearPreferred(user: string, app: string): void;
  setStatusMessage(user: string, message: StatusMessage | undefined): void;
  /** What a reader gets whose view is `lagMs` old. */
  read(user: string, lagMs: number): PresenceView;
  /** Tells the watcher, the only one of its user, or nobody any more. */
  watch(user: string, watcher: Watcher | undefined): void;
  /** Lets everything happen that fell due; nothing for an unknown user. */
  settle(user: string): void;
  readonly lostChoices: BoundedLog<LostChoice>;
  reset(users: readonly string[]): void;
}

interface SessionWrite {
  readonly app: string;
  readonly pair: Pair;
  readonly lifeMs: number;
  readonly echoLagMs: number;
}

interface PreferredWrite {
  readonly app: string;
  readonly pair: Pair;
  readonly lifeMs?: number;
}

const MAX_LOST = 10_000;

export function createPresenceModel(clock: Clock, behaviour: () => Behaviour): PresenceModel {
  const stage: Stage = {
    clock,
    behaviour,
    accounts: new Map(),
    lostChoices: boundedLog(MAX_LOST),
    order: 0,
  };
  const watchers = new Map<string, Watcher>();
  const add = (user: string): void => {
    const account = newAccount(user, clock.now(), behaviour());
    account.watcher = watchers.get(user);
    stage.accounts.set(user, account);
  };
  return {
    ...personActs(stage),
    ...appWrites(stage),
    users: () => [...stage.accounts.keys()],
    add,
    remove: (user) => void stage.accounts.delete(user),
    read: views(stage),
    truth: truths(stage),
    lostChoices: stage.lostChoices,
    watch(user, watcher): void {
      if (watcher === undefined) watchers.delete(user);
      else watchers.set(user, watcher);
      const account = stage.accounts.has(user) ? settled(stage, user) : undefined;
      if (account !== undefined) account.watcher = watcher;
      watcher?.nextAt(account?.nextAt ?? Infinity);
    },
    settle: (user) => {
      if (stage.accounts.has(user)) settled(stage, user);
    },
    reset(users): void {
      stage.accounts.clear();
      stage.lostChoices.clear();
      for (const user of users) add(user);
    },
  };
}

type AppWrites = Pick<
  PresenceModel,
  'setSession' | 'clearSession' | 'setPreferred' | 'clearPreferred' | 'setStatusMessage'
>;

function appWrites(stage: Stage): AppWrites {
  return {
    setSession: (user, write) =>
      change(stage, user, (account, now) => {
        const before = account.apps.get(write.app);
        // Re-posting what stands already does not shake the echo again.
        const fresh = before === undefined || !samePair(before.pair, write.pair);
        const echoUntil = fresh ? now + write.echoLagMs : before.echoUntil;
        const { app, pair } = write;
        const order = nextOrder(stage);
        const session = { app, pair, setAt: now, expiresAt: now + write.lifeMs, order, echoUntil };
        account.apps.set(app, session);
      }),
    clearSession(user, app): boolean {
      if (!settled(stage, user).apps.has(app)) return false;
      change(stage, user, (account) => void account.apps.delete(app));
      return true;
    },
    setPreferred: (user, write) =>
      change(stage, user, (account, now) => {
        const sessions = account.devices.size + account.apps.size;
        if (sessions === 0 && stage.behaviour().preferredWithoutSession === 'dropped') return;
        recordLoss(stage, account, { app: write.app, how: 'overwritten' });
        const lifeMs = write.lifeMs ?? preferredLifeMs(write.pair.availability);
        account.slot = { pair: write.pair, setAt: now, expiresAt: now + lifeMs, by: 'app' };
      }),
    clearPreferred: (user, app) =>
      change(stage, user, (account) => {
        recordLoss(stage, account, { app, how: 'cleared' });
        account.slot = undefined;
      }),
    setStatusMessage: (user, message) =>
      change(stage, user, (account) => void (account.statusMessage = message)),
  };
}

function recordLoss(
  stage: Stage,
  account: Account,
  by: { readonly app: string; readonly how: 'overwritten' | 'cleared' },
): void {
  if (account.slot?.by !== 'person') return;
  const { pair: choice, setAt: chosenAt } = account.slot;
  const at = stage.clock.now();
  stage.lostChoices.push({ at, chosenAt, user: account.id, ...by, choice });
}

/** As long as nothing happens, readers without a lag are given one and the same view. */
function views(stage: Stage): PresenceModel['read'] {
  const known = new WeakMap<Account, { readonly view: PresenceView; readonly version: number }>();
  return (user, lagMs) => {
    const account = settled(stage, user);
    if (lagMs > 0) return viewOf(account, stage.clock.now(), lagMs);
    const last = known.get(account);
    if (last?.version === account.version) return last.view;
    const view = viewOf(account, stage.clock.now(), 0);
    known.set(account, { view, version: account.version });
    return view;
  };
}

function viewOf(account: Account, now: number, lagMs: number): PresenceView {
  const { outOfOffice, statusMessage } = account;
  const { at, pair, fromApp, stamp } = publishedAt(account, now, lagMs);
  return { at, pair, fromApp, stamp, outOfOffice, statusMessage };
}

interface KnownTruth {
  readonly truth: GraphTruth;
  readonly version: number;
  readonly rules: Behaviour;
  /** It holds from this moment until the other: neither expires anything in between. */
  readonly from: number;
  readonly until: number;
}

/** What is true of a user is asked far more often than it changes: worked out once a change. */
function truths(stage: Stage): (user: string) => GraphTruth {
  const known = new WeakMap<Account, KnownTruth>();
  return (user) => {
    const account = settled(stage, user);
    const now = stage.clock.now();
    const rules = stage.behaviour();
    const { version, choice, nextAt } = account;
    const last = known.get(account);
    const isSame = last?.version === version && last.rules === rules;
    if (isSame && last.from <= now && now < last.until) return last.truth;
    const choiceEnd = choice !== undefined && choice.expiresAt > now ? choice.expiresAt : Infinity;
    const truth = truthOf(account, now, rules);
    known.set(account, { truth, version, rules, from: now, until: Math.min(nextAt, choiceEnd) });
    return truth;
  };
}

function truthOf(account: Account, now: number, rules: Behaviour): GraphTruth {
  const { slot, choice } = account;
  const lives = choice !== undefined && choice.expiresAt > now;
  const devices = [...account.devices.values()].map((device) => ({
    id: device.id,
    ...devicePair(device),
    app: false,
  }));
  const apps = [...account.apps.values()].map((session) => ({
    id: session.app,
    ...appPair(session, now),
    app: true,
    expiresAt: session.expiresAt,
  }));
  return {
    ...shownNow(account, now, rules).pair,
    withoutApps: shownWithoutApps(account, now, rules).pair,
    ...(slot === undefined
      ? {}
      : { preferred: { ...slot.pair, expiresAt: slot.expiresAt, by: slot.by } }),
    sessions: [...devices, ...apps],
    ...(lives ? { choice: choice.pair } : {}),
    choiceLost: lives && slot?.by !== 'person',
    outOfOffice: account.outOfOffice,
  };
}
