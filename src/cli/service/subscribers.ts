/** The listener for what platforms send, and the sign-in of the accounts that ask them to. */
import { listenForPlatforms } from '../../api/inbound.ts';
import type { Config } from '../../config/config.ts';
import { createHttp } from '../../connectors/kit/http.ts';
import { teamsOrigins } from '../../connectors/teams/options.ts';
import { signInByDevice, type Prompt } from '../../connectors/teams/push/device-code.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { teamsOptionsOf, type Platforms } from './platforms.ts';

export interface Door {
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** Opened only where a platform is set up to send. Rejects when the address is not free. */
export async function openInbound(
  { inbound, five9, teams }: Config,
  platforms: Platforms,
  metrics: Pick<Metrics, 'inboundAnswered'>,
): Promise<Door> {
  const events = five9.source === 'socket' ? undefined : five9.cloud?.events;
  const addresses = [teams.push?.url, events?.url].filter((url) => url !== undefined);
  if (addresses.length === 0) return { notes: [], close: async () => undefined };
  const listener = await listenForPlatforms({
    host: inbound.host,
    port: inbound.port,
    connectors: platforms.all,
    answered: (ms, status) => metrics.inboundAnswered(status, ms),
  });
  const outside = addresses.join(' and ');
  const note = `Notifications are taken at ${listener.url}, to which ${outside} has to lead`;
  return { notes: [note], close: () => listener.close() };
}

/** The refresh token of an account that signs in now. Rejects with `ConnectorError`. */
export async function signInSubscriber(
  config: Config,
  world: { readonly clock: Clock; readonly random: Random },
  tell: (prompt: Prompt) => void,
): Promise<string> {
  const options = teamsOptionsOf(config, () => undefined);
  const http = createHttp({ allowed: teamsOrigins(options), clock: world.clock });
  try {
    return await signInByDevice(options, { ...world, exchange: http.exchange }, tell);
  } finally {
    await http.close();
  }
}
