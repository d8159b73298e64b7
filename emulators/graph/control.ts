/** The handles of the Graph double besides its exchange and its acts: change it, look into it. */
import type { BoundedLog } from '../entra/bounded-log.ts';
import type { FaultBook } from '../entra/fault-book.ts';
import type { Behaviour } from './behaviour.ts';
import type { GraphDesk, GraphFault } from './desk.ts';
import { SESSION_LIFE, type Pair } from './pairs.ts';
import { FOREIGN_APP } from './presence-write.ts';
import { createPushControl, type PushControl } from './push-control.ts';
import type { QuotaCount } from './quota.ts';
import type { LostChoice } from './stage.ts';
import type { User, UserSpec } from './users.ts';

interface GraphCounts {
  readonly quota: readonly QuotaCount[];
  /** Answers by HTTP status; 0 stands for a request that never arrived. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly writes: number;
  readonly lostChoices: number;
}

export interface GraphControl {
  readonly faults: FaultBook<GraphFault>;
  readonly lostChoices: BoundedLog<LostChoice>;
  /** Subscriptions and notifications. */
  readonly push: PushControl;
  behaviour(): Behaviour;
  change(change: Partial<Behaviour>): void;
  users(): readonly User[];
  /** Adds a user who is signed in nowhere. */
  addUser(spec: UserSpec): User;
  /** Licence, account, mailbox, names; presence stays as it is. */
  changeUser(id: string, change: Partial<UserSpec>): User;
  removeUser(id: string): boolean;
  /** Another product sets its own session, or takes it away. */
  foreignWrite(user: string, pair: Pair, lifeMs?: number): void;
  foreignClear(user: string): void;
  /** The person's own status message; an empty one takes it away. */
  say(user: string, message: string): void;
  counts(): GraphCounts;
  reset(): void;
}

export function createControl(desk: GraphDesk, initial: Behaviour): GraphControl {
  const { model, users } = desk;
  return {
    faults: desk.faults,
    lostChoices: model.lostChoices,
    push: createPushControl(desk),
    behaviour: () => desk.behaviour,
    change(change): void {
      desk.behaviour = { ...desk.behaviour, ...change };
    },
    users: () => users.list(),
    addUser(spec): User {
      if (users.byId(spec.id) !== undefined)
        throw new Error(`id: user "${spec.id}" exists already`);
      model.add(spec.id);
      return users.put(spec);
    },
    changeUser(id, change): User {
      const user = users.byId(id);
      if (user === undefined) throw new Error(`id: user "${id}" is unknown; add it first`);
      return users.put({ ...user, ...change, id: user.id });
    },
    removeUser(id): boolean {
      const user = users.byId(id);
      if (user !== undefined) model.remove(user.id);
      return users.remove(id);
    },
    foreignWrite(user, pair, lifeMs = SESSION_LIFE.maxMs): void {
      model.setSession(user, { app: FOREIGN_APP, pair, lifeMs, echoLagMs: 0 });
    },
    foreignClear: (user) => void model.clearSession(user, FOREIGN_APP),
    say(user, message): void {
      const said = { content: message, publishedAt: desk.clock.now() };
      model.setStatusMessage(user, message === '' ? undefined : said);
    },
    counts: () => ({
      quota: desk.quota.counts(),
      statuses: Object.fromEntries(desk.statuses),
      requests: desk.requests.total(),
      writes: desk.writes.total(),
      lostChoices: model.lostChoices.total(),
    }),
    reset(): void {
      desk.behaviour = initial;
      // Before the model: what ends here must not be told of its users' new start.
      desk.push.reset();
      users.reset();
      model.reset(users.list().map((user) => user.id));
      desk.quota.reset();
      desk.faults.reset();
      desk.requests.clear();
      desk.writes.clear();
      desk.statuses.clear();
    },
  };
}
