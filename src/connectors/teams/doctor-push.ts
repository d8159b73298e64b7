/** The doctor's check of the accounts that subscribe to presence, one for each. */
import { ConnectorError, type Check } from '../connector.ts';
import { PAGES } from './manifest.ts';
import type { Tokens } from './token.ts';

/** An account that subscribes, with a sign-in of the doctor's own. */
export interface SignedUp {
  readonly name: string;
  readonly tokens: Tokens;
}

export async function subscriberChecks(subscribers: readonly SignedUp[]): Promise<Check[]> {
  const checks: Check[] = [];
  for (const each of subscribers) checks.push(await subscriberCheck(each));
  return checks;
}

async function subscriberCheck({ name, tokens }: SignedUp): Promise<Check> {
  const base = { id: 'teams.subscriber', title: `Account that subscribes, ${name}` };
  try {
    await tokens.get();
    const evidence =
      'it is signed in; whether Graph reaches our listener is seen once it subscribes';
    return { ...base, status: 'pass', evidence, link: PAGES.notifications };
  } catch (error) {
    const known = error instanceof ConnectorError ? error : undefined;
    return {
      ...base,
      // Presence is read without notifications too, only later.
      status: 'warn',
      evidence: known?.message ?? 'it cannot sign in',
      fix: known?.fix ?? `Run: lockstep subscriber ${name}`,
      link: PAGES.notifications,
    };
  }
}
