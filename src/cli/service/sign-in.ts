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
  const accounts = new Map<PlatformId, readonly Account[]>();
  for (const connector of platforms.all) {
    const found = await unlessDown(connector, notes, () => connector.accounts());
    accounts.set(connector.manifest.id, found ?? []);
  }
  const { five9 } = platforms;
  const codes = await unlessDown(five9, notes, () => five9.reasonCodes?.() ?? Promise.resolve([]));
  return { accounts, codes, notes };
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
    if (error.reaction === 'retry' || error.reaction === 'wait_until') {
      notes.push(
        `${connector.manifest.label} cannot be reached now (${error.message}); ids are taken as they are`,
      );
      return undefined;
    }
    throw new CliError(EXIT.refused, `${connector.manifest.label}: ${error.message}`, error.fix);
  }
}
