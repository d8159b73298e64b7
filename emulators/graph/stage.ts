/** What the acts of people and the writes of applications share: users, clock, order of events. */
import type { Clock } from '../../src/lib/clock.ts';
import type { BoundedLog } from '../entra/bounded-log.ts';
import { publish, settle, type Account } from './account.ts';
import type { Behaviour } from './behaviour.ts';
import type { Pair } from './pairs.ts';

/** A live choice of a person that an application took away. */
export interface LostChoice {
  readonly at: number;
  readonly chosenAt: number;
  readonly user: string;
  readonly app: string;
  readonly how: 'overwritten' | 'cleared';
  readonly choice: Pair;
}

export interface Stage {
  readonly clock: Clock;
  readonly behaviour: () => Behaviour;
  readonly accounts: Map<string, Account>;
  readonly lostChoices: BoundedLog<LostChoice>;
  order: number;
}

function accountOf(stage: Stage, user: string): Account {
  const account = stage.accounts.get(user);
  if (account === undefined) throw new Error(`user "${user}" is unknown; add it first`);
  return account;
}

export function settled(stage: Stage, user: string): Account {
  const account = accountOf(stage, user);
  settle(account, stage.clock.now(), stage.behaviour());
  return account;
}

/** Lets due things happen, makes the change, and publishes what follows from it. */
export function change(
  stage: Stage,
  user: string,
  make: (account: Account, now: number) => void,
): void {
  const account = settled(stage, user);
  make(account, stage.clock.now());
  publish(account, stage.clock.now(), stage.behaviour(), 'write');
}

export function nextOrder(stage: Stage): number {
  stage.order += 1;
  return stage.order;
}
