/** Doctor's checks of our own side: the reason codes and the mapping that the configuration names. */
import type { Config } from '../../config/config.ts';
import type { Check } from '../../connectors/connector.ts';
import { EMPTY_DIRECTORY } from '../../directory/directory.ts';
import type { AccountId } from '../../model/ids.ts';
import { CliError } from '../cli.ts';
import { mappingOf, readPeople } from './people.ts';
import type { Platforms } from './platforms.ts';
import { policyFrom } from './policy.ts';
import type { Known } from './sign-in.ts';
import { lookUp } from './sign-in.ts';

export interface OwnChecks {
  readonly checks: readonly Check[];
  /** The Teams accounts of the mapping, whom the connector's own checks are about. */
  readonly mapped: readonly AccountId[];
  /** Everybody whom the platforms list. */
  readonly accounts: Known['accounts'];
}

/** Looks both platforms' lists up. */
export async function ownChecks(config: Config, platforms: Platforms): Promise<OwnChecks> {
  const known = await lookUp(platforms).catch((error: unknown) => {
    if (error instanceof CliError) return UNKNOWN;
    throw error;
  });
  const { check, mapped } = mapping(config, known);
  return { checks: [reasonCodes(config, known), check], mapped, accounts: known.accounts };
}

/** What kept the lists away is found and explained by the connectors' own checks. */
const UNKNOWN: Known = {
  accounts: new Map([
    ['five9', []],
    ['teams', []],
  ]),
  codes: undefined,
  notes: [],
};

const REASON_CODES = { id: 'sync.reason_codes', title: 'Reason codes named in the configuration' };
const MAPPING = { id: 'agents.mapping', title: 'Who is who' };

function reasonCodes(config: Config, { codes }: Known): Check {
  const head = REASON_CODES;
  if (codes === undefined) {
    return {
      ...head,
      status: 'unknown',
      evidence: 'the codes were not listed; see the checks of both platforms',
      fix: 'mend what failed there, then run the checks again',
    };
  }
  const { mistakes } = policyFrom(config, codes);
  const named = Object.values(config.sync.reasonCodes).filter((code) => code !== undefined).length;
  const [first] = mistakes;
  if (first === undefined) {
    return {
      ...head,
      status: 'pass',
      evidence: `${named} reserved codes and ${config.sync.notReady.length} mapped ones exist`,
    };
  }
  return {
    ...head,
    status: 'fail',
    evidence: mistakes
      .map(({ path, value, message }) => `${path} is ${JSON.stringify(value)}: ${message}`)
      .join('; '),
    fix: first.fix,
  };
}

function mapping(
  config: Config,
  { accounts }: Known,
): { readonly check: Check; readonly mapped: readonly AccountId[] } {
  const head = MAPPING;
  try {
    const { directory, notes } = readPeople({
      tenant: config.tenant.id,
      accounts,
      current: EMPTY_DIRECTORY,
      ...mappingOf(config, undefined),
    });
    const mapped = directory.agents.flatMap(({ accounts: own }) => own['teams'] ?? []);
    const evidence = [`${directory.agents.length} agents are mapped`, ...notes].join('; ');
    const check: Check =
      notes.length === 0
        ? { ...head, status: 'pass', evidence }
        : { ...head, status: 'warn', evidence, fix: 'see: lockstep people' };
    return { check, mapped };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const check: Check = { ...head, status: 'fail', evidence: error.message, fix: error.fix };
    return { check, mapped: [] };
  }
}
