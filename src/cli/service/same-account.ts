/** Whether a configuration that was read again is still about the accounts that are signed in. */
import type { Config } from '../../config/config.ts';

/** A password that was changed together with its user belongs to nobody whom we sign in as yet. */
export function sameAccount(config: Config, now: Config | undefined): Config | undefined {
  return now !== undefined && accountOf(now) === accountOf(config) ? now : undefined;
}

/** Whom we sign in as, on every platform. */
function accountOf({ five9, teams }: Config): string {
  const { username, loginUrl, cloud } = five9;
  const platform = cloud && [cloud.url, cloud.clientId, cloud.events?.username];
  const own = [teams.tenantId, teams.clientId, teams.read?.clientId];
  return JSON.stringify([username, loginUrl, platform, own]);
}
