/** A person whose account on a platform has changed: what was known of the old one is void (F75). */
import type { Journal } from '../journal/journal.ts';
import type { Json } from '../lib/json.ts';
import { asJson, canonical } from '../lib/json.ts';
import type { Agent } from '../model/agent.ts';
import type { Pipeline } from './pipeline.ts';

const TOGETHER = 1_000;

type Accounts = Agent['accounts'];

export function remap(before: Accounts | undefined, person: Agent, pipeline: Pipeline): void {
  for (const [platform, account] of Object.entries(person.accounts)) {
    if (before !== undefined && before[platform] !== account) {
      pipeline.apply(person.id, { kind: 'remapped', platform });
    }
  }
}

/** What changed while nobody was running, and who has left. */
export async function forgetOldAccounts(
  people: readonly Agent[],
  journal: Journal,
  pipeline: Pipeline,
): Promise<void> {
  const known = await journal.identities();
  const kept: Promise<void>[] = [];
  for (const person of people) {
    const before = known.get(person.id);
    const identity = asJson({ name: person.name, accounts: person.accounts });
    if (before !== undefined && canonical(before) === canonical(identity)) continue;
    remap(accountsOf(before), person, pipeline);
    kept.push(journal.remember(person.id, identity));
    // Written together, as far as they wait together.
    if (kept.length >= TOGETHER) await Promise.all(kept.splice(0));
  }
  await Promise.all(kept);
  const staying = new Set(people.map(({ id }) => id));
  for (const id of known.keys()) if (!staying.has(id)) await journal.forget(id);
}

/** The accounts in an identity as the journal's side table keeps it. */
export function accountsOf(identity: Json | undefined): Agent['accounts'] | undefined {
  if (typeof identity !== 'object' || identity === null || !('accounts' in identity))
    return undefined;
  const { accounts } = identity;
  if (typeof accounts !== 'object' || accounts === null) return undefined;
  const entries = Object.entries(accounts).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}
