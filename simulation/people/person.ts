/** Who an account belongs to, on either platform. */
import type { Person } from '../truths.ts';
import type { World } from '../world.ts';

const INDEX = new WeakMap<World, ReadonlyMap<string, Person>>();

export function personOf(world: World, account: string): Person | undefined {
  let index = INDEX.get(world);
  if (index === undefined) {
    index = new Map(
      world.people.flatMap((person) => [
        [person.agent, person] as const,
        [person.user, person] as const,
      ]),
    );
    INDEX.set(world, index);
  }
  return index.get(account);
}

/** The agent whom the running product takes the account for; mappings change, accounts stay. */
export function agentIdOf(world: World, host: string, account: string): string {
  const platform = host === 'five9' ? 'five9' : 'teams';
  const running = world.active()?.population.owner(platform, account);
  if (running !== undefined) return running;
  const mapped = world.config.directory.byAccount.get(platform)?.get(account)?.id;
  return mapped ?? personOf(world, account)?.id ?? account;
}
