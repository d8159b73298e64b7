/**
 * What has to be asked of both platforms before the service can start: who there is, and which
 * reason codes exist. A refusal ends the start with its fix; an outage does not, as long as the
 * mapping and the codes are given as ids.
 */
import type { Account, Connector, ReasonCode } from '../../connectors/connector.ts';
import { ConnectorError } from '../../connectors/connector.ts';
import type { PlatformId } from '../../model/ids.ts';
import { CliError, EXIT } from '../cli.ts';
import type { Platforms } from './platforms.ts';

export interface Known {
  readonly accounts: ReadonlyMap<PlatformId, readonly Account[]>;
  readonly codes: readonly ReasonCode[] | undefined;
  readonly notes: readonly string[];
}

export async function lookUp(platforms: Platforms): Promise<Known> {
  const notes: string[] = [];
  const { five9, teams } = platforms;
  const five9Accounts = await unlessDown(five9, notes, () => five9.accounts());
  // A source that lists none: ids are taken as they are, as in an outage.
  const codes = await unlessDown(five9, notes, async () => five9.reasonCodes?.());
  const teamsAccounts = await unlessDown(teams, notes, () => people(teams, notes));
  const accounts = new Map<PlatformId, readonly Account[]>([
    ['five9', five9Accounts ?? []],
    ['teams', teamsAccounts ?? []],
  ]);
  return { accounts, codes, notes };
}

/** Checks whose failure means that nothing will ever work until somebody acts. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  'teams.token',
  'teams.roles',
  'teams.read_token',
  'teams.read_roles',
]);

/**
 * The people of the tenant. Listing them needs a permission of its own, which is only a comfort:
 * without it the mapping's ids are taken as they are. The permissions for presence are no comfort.
 */
async function people(teams: Connector, notes: string[]): Promise<readonly Account[]> {
  const listed = await teams.accounts().catch((error: unknown) => {
    if (error instanceof ConnectorError && !isTemporary(error)) return error;
    throw error;
  });
  const failed = (await teams.doctor()).find(
    ({ id, status }) => ESSENTIAL.has(id) && (status === 'fail' || status === 'warn'),
  );
  if (failed !== undefined) {
    throw new CliError(
      EXIT.refused,
      `${teams.manifest.label}: ${failed.title}: ${failed.evidence}`,
      failed.fix ?? 'see: lockstep doctor',
    );
  }
  if (!(listed instanceof ConnectorError)) return listed;
  notes.push(
    `${teams.manifest.label}: the people cannot be listed (${listed.message}); ids are taken as they are`,
  );
  return [];
}

function isTemporary({ reaction }: ConnectorError): boolean {
  return reaction === 'retry' || reaction === 'wait_until';
}

async function unlessDown<T>(
  connector: Connector,
  notes: string[],
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (!isTemporary(error)) {
      throw new CliError(EXIT.refused, `${connector.manifest.label}: ${error.message}`, error.fix);
    }
    notes.push(
      `${connector.manifest.label} cannot be reached now (${error.message}); ids are taken as they are`,
    );
    return undefined;
  }
}
