/** Whether a configuration that was read again is still about the accounts that are signed in. */
import type { Config } from '../../config/config.ts';

/** A password that was changed together with its user belongs to nobody whom we sign in as yet. */
export function sameAccount(config: Config, now: Config | undefined): Config | undefined {
  const isSame =
    now?.five9.username === config.five9.username &&
    now.five9.loginUrl === config.five9.loginUrl &&
    now.teams.tenantId === config.teams.tenantId &&
    now.teams.clientId === config.teams.clientId &&
    now.teams.read?.clientId === config.teams.read?.clientId;
  return isSame ? now : undefined;
}
