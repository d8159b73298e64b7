/**
 * Who is in which subscription. An account stays where it is as long as it is watched, so that one
 * newcomer makes one subscription anew and not all of them.
 */

/** https://learn.microsoft.com/en-us/graph/changenotifications-for-presence */
export const PEOPLE_MAX = 650;

export class Shards {
  readonly #shards: readonly Set<string>[];

  constructor(count: number) {
    this.#shards = Array.from({ length: count }, () => new Set<string>());
  }

  /** Replaces the people, in lower case. Returns how many find no place. */
  replace(people: ReadonlySet<string>): number {
    const placed = new Set<string>();
    for (const shard of this.#shards) {
      for (const person of shard) {
        if (people.has(person)) placed.add(person);
        else shard.delete(person);
      }
    }
    let left = 0;
    for (const person of [...people].sort()) {
      if (placed.has(person)) continue;
      const shard = this.#shards.find(({ size }) => size < PEOPLE_MAX);
      if (shard === undefined) left += 1;
      else shard.add(person);
    }
    return left;
  }

  of(index: number): readonly string[] {
    return [...(this.#shards[index] ?? [])].sort();
  }

  holding(person: string): number | undefined {
    const index = this.#shards.findIndex((shard) => shard.has(person));
    return index === -1 ? undefined : index;
  }
}
