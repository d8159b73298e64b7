/** Both connectors from the configuration, on the real transports, behind the egress list. */
import type { Config, Five9CloudConfig, TeamsCredential } from '../../config/config.ts';
import type { Connector, Log } from '../../connectors/connector.ts';
import type { CloudSecrets } from '../../connectors/five9/cloud/source.ts';
import { createFrameThread } from '../../connectors/five9/frame-thread.ts';
import { createFive9Connector } from '../../connectors/five9/index.ts';
import type { Http } from '../../connectors/kit/http.ts';
import { createHttp } from '../../connectors/kit/http.ts';
import type { Sockets } from '../../connectors/kit/socket.ts';
import { createSockets } from '../../connectors/kit/socket.ts';
import type { CloudName } from '../../connectors/teams/clouds.ts';
import { createTeamsConnector } from '../../connectors/teams/index.ts';
import type { Credential, TeamsOptions } from '../../connectors/teams/options.ts';
import { teamsOrigins } from '../../connectors/teams/options.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import { pushOf } from './push-options.ts';
import { sameAccount } from './same-account.ts';

export interface Platforms {
  readonly five9: Connector;
  readonly teams: Connector;
  readonly all: readonly Connector[];
  /** Bytes on all sockets since the start. */
  wireBytes(): { readonly in: number; readonly out: number };
  close(): Promise<void>;
}

export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const CLOUD_NAMES: Readonly<Record<Config['teams']['cloud'], CloudName>> = {
  global: 'global',
  gcc_high: 'usgov_l4',
  dod: 'usgov_l5',
};

/** The users of a Five9 domain come in one answer, about 2 KB each. */
const BODY_MAX_BYTES = 64 * 1024 * 1024;

/** `reread`: the configuration as it stands now; credentials are taken from it when they are used. */
export function connectPlatforms(
  config: Config,
  world: World,
  reread?: () => Config | undefined,
): Platforms {
  const teamsOptions = teamsOptionsOf(config, () => sameAccount(config, reread?.()));
  const allowed = [...five9Origins(config), ...teamsOrigins(teamsOptions)];
  const http = createHttp({ allowed, clock: world.clock, limits: { bodyBytes: BODY_MAX_BYTES } });
  const sockets = createSockets({ allowed });
  const frames = createFrameThread();
  const seams = { ...world, exchange: http.exchange, openSocket: sockets.open };
  const five9 = createFive9Connector(
    five9OptionsOf(config),
    { ...seams, random: world.random.fork('five9') },
    {
      reread: () => sameAccount(config, reread?.())?.five9.password.reveal(),
      rereadCloud: () => cloudSecretsOf(sameAccount(config, reread?.())),
      largeFrames: frames,
    },
  );
  const teams = createTeamsConnector(
    teamsOptions,
    { ...seams, random: world.random.fork('teams') },
    (side) => {
      const teamsNow = sameAccount(config, reread?.())?.teams;
      const credential = side === 'read' ? teamsNow?.read?.credential : teamsNow?.credential;
      return credential && credentialOf(credential);
    },
  );
  return {
    five9,
    teams,
    all: [five9, teams],
    wireBytes: () => total(http, sockets),
    close: async () => {
      await frames.close();
      await http.close();
    },
  };
}

function total(http: Http, sockets: Sockets): { readonly in: number; readonly out: number } {
  const rest = http.bytes();
  const live = sockets.bytes();
  return { in: rest.received + live.received, out: rest.sent + live.sent };
}

/** The login host and the domains below which Five9 may send us on; the host of its New Platform. */
function five9Origins({ five9 }: Config): string[] {
  const cloud = five9.source === 'socket' ? undefined : five9.cloud?.url;
  const more = cloud === undefined ? [] : [cloud];
  if (five9.source === 'cloud') return more;
  const hosts = five9.allowedHosts.map((host) => originOf(host, five9.loginUrl));
  return [five9.loginUrl, ...hosts, ...more];
}

/** A domain is always reached over https; a host with a port, as the login host is. */
function originOf(host: string, loginUrl: string): string {
  if (host.includes('://')) return host;
  return /:\d+$/.test(host) ? `${new URL(loginUrl).protocol}//${host}` : `https://${host}`;
}

function five9OptionsOf({ five9, sync }: Config): Parameters<typeof createFive9Connector>[0] {
  return {
    source: five9.source,
    ...(five9.cloud === undefined ? {} : { cloud: cloudOptionsOf(five9.cloud) }),
    loginUrl: five9.loginUrl,
    username: five9.username,
    password: five9.password.reveal(),
    policy: five9.policy,
    auth: five9.authorization,
    allowedHosts: five9.allowedHosts.map((host) => host.replace(/^\*\./, '')),
    acceptNotices: five9.acceptNotices,
    presencePath: five9.presencePath,
    presenceBody: five9.presenceBody,
    writes: five9.writes,
    skillsPath: five9.skillsPath,
    ...(five9.parkingSkill === undefined ? {} : { parkingSkill: five9.parkingSkill }),
    fullEveryMs: five9.fullStatisticsEvery,
    quietMs: five9.quietAfter,
    writesPerSecond: five9.writesPerSecond,
    reservedReasonCodes: Object.values(sync.reasonCodes)
      .filter((code) => code !== undefined)
      .map(String)
      .filter((code) => /^\d+$/.test(code)),
  };
}

function cloudOptionsOf({
  sweepEvery,
  clientSecret,
  events,
  ...rest
}: Five9CloudConfig): NonNullable<Parameters<typeof createFive9Connector>[0]['cloud']> {
  const posted = events && { ...events, password: events.password.reveal() };
  return {
    ...rest,
    sweepMs: sweepEvery,
    clientSecret: clientSecret.reveal(),
    ...(posted === undefined ? {} : { events: posted }),
  };
}

function cloudSecretsOf(config: Config | undefined): CloudSecrets | undefined {
  const cloud = config?.five9.cloud;
  if (cloud === undefined) return undefined;
  const eventsPassword = cloud.events?.password.reveal();
  return {
    clientSecret: cloud.clientSecret.reveal(),
    ...(eventsPassword === undefined ? {} : { eventsPassword }),
  };
}

function readerOf({ read }: Config['teams']): Pick<TeamsOptions, 'read'> {
  if (read === undefined) return {};
  return { read: { clientId: read.clientId, credential: credentialOf(read.credential) } };
}

function credentialOf(credential: TeamsCredential): Credential {
  switch (credential.kind) {
    case 'secret':
      return { secret: credential.secret.reveal() };
    case 'certificate':
      return { certificate: credential.certificate, privateKey: credential.privateKey.reveal() };
    case 'assertion':
      return { assertion: { file: credential.file, read: () => credential.read() } };
  }
}

export function teamsOptionsOf(config: Config, now: () => Config | undefined): TeamsOptions {
  const { teams } = config;
  const { sweep } = teams;
  return {
    cloud: CLOUD_NAMES[teams.cloud],
    tenantId: teams.tenantId,
    clientId: teams.clientId,
    ...readerOf(teams),
    ...pushOf(teams, now),
    loginUrl: teams.loginUrl,
    graphUrl: teams.graphUrl,
    credential: credentialOf(teams.credential),
    cadence: { hotMs: sweep.hot, warmMs: sweep.warm, coldMs: sweep.cold },
    quota: { requests: teams.quota.requests, windowMs: teams.quota.window },
  };
}
