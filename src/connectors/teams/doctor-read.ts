/** The doctor's read of everybody who is mapped: who is not there, and whose own status hides ours. */
import type { AccountId } from '../../model/ids.ts';
import { presetOf, type Preset } from '../../model/preset.ts';
import { probeRead, type DoctorParts, type Rest } from './doctor-parts.ts';
import { PAGES } from './manifest.ts';
import { readPresence } from './read.ts';
import type { AccessToken } from './token.ts';

const READS_MAX = 20;
const NAMED_MAX = 3;

export interface Everybody {
  readonly whole: Rest;
  readonly outranked: Rest;
  /** Not returned, or shown as unknown. */
  readonly doubtful: readonly AccountId[];
}

/** Chosen in the shared slot, by the person or by a program that writes there. */
const OUTRANK: ReadonlySet<Preset> = new Set(['dnd', 'brb', 'off_work']);

export async function readEverybody(parts: DoctorParts, token: AccessToken): Promise<Everybody> {
  const { batch } = parts.setup.cadence;
  const accounts = parts.accounts.slice(0, READS_MAX * batch);
  if (accounts.length === 0) {
    const fix = 'Map at least one person, then run the checks again.';
    return nothing({ status: 'skipped', evidence: 'nobody is mapped', fix, link: PAGES.read });
  }
  const shown = new Map<string, Preset>();
  for (let i = 0; i < accounts.length; i += batch) {
    const result = await probeRead(parts, token, accounts.slice(i, i + batch));
    if (result.kind !== 'answered') {
      const detail = 'detail' in result ? result.detail : result.kind;
      const fix = 'action' in result ? result.action : 'Try again; compare the permissions above.';
      return nothing({
        status: 'fail',
        evidence: `the read failed: ${detail}`,
        fix,
        link: PAGES.read,
      });
    }
    for (const wire of result.presences) {
      shown.set(wire.id.toLowerCase(), presetOf(readPresence(wire).presence));
    }
  }
  return judged(accounts, shown);
}

function nothing(whole: Rest): Everybody {
  const fix = 'Mend the read first, then run the checks again.';
  const outranked: Rest = {
    status: 'skipped',
    evidence: 'nobody was read',
    fix,
    link: PAGES.states,
  };
  return { whole, outranked, doubtful: [] };
}

function judged(accounts: readonly AccountId[], shown: ReadonlyMap<string, Preset>): Everybody {
  const of = (account: AccountId): Preset | undefined => shown.get(account.toLowerCase());
  const missing = accounts.filter((account) => of(account) === undefined);
  const unknown = accounts.filter((account) => of(account) === 'unknown');
  const chosen = accounts.filter((account) => OUTRANK.has(of(account) ?? 'unknown'));
  const doubtful = [...missing, ...unknown];
  return {
    whole: wholeOf(accounts.length, missing.length, unknown.length, doubtful),
    outranked: outrankedOf(accounts.length, chosen),
    doubtful,
  };
}

function wholeOf(
  asked: number,
  missing: number,
  unknown: number,
  doubtful: readonly AccountId[],
): Rest {
  const link = PAGES.read;
  const evidence = `${asked} asked for, ${missing} not returned, ${unknown} shown as unknown`;
  if (doubtful.length === 0) return { status: 'pass', evidence, link };
  const fix = `Check that these have a Teams licence and still exist: ${named(doubtful)}.`;
  return { status: 'warn', evidence, fix, link };
}

function outrankedOf(asked: number, chosen: readonly AccountId[]): Rest {
  const link = PAGES.states;
  const evidence = `${chosen.length} of ${asked} show a status that was chosen`;
  if (chosen.length === 0) return { status: 'pass', evidence, link };
  const fix =
    'Nothing, if they chose it themselves. If another program sets it, stop that program: ' +
    `calls stay hidden for ${named(chosen)} until it is reset.`;
  return { status: 'warn', evidence, fix, link };
}

function named(accounts: readonly AccountId[]): string {
  const rest = accounts.length > NAMED_MAX ? ' and others' : '';
  return accounts.slice(0, NAMED_MAX).join(', ') + rest;
}
