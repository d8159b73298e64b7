/** What may be set about Microsoft Teams. */
import { z } from 'zod';
import { duration, filePath, guid, secretReference, tokenFile, webAddress } from './fields.ts';
import { pushSchema } from './push-schema.ts';

/** https://learn.microsoft.com/en-us/graph/deployments */
export const CLOUD_HOSTS = {
  global: {
    loginUrl: 'https://login.microsoftonline.com',
    graphUrl: 'https://graph.microsoft.com',
  },
  gcc_high: {
    loginUrl: 'https://login.microsoftonline.us',
    graphUrl: 'https://graph.microsoft.us',
  },
  dod: {
    loginUrl: 'https://login.microsoftonline.us',
    graphUrl: 'https://dod-graph.microsoft.us',
  },
} as const;

export const MICROSOFT_HOSTS: ReadonlySet<string> = new Set(
  Object.values(CLOUD_HOSTS).flatMap(({ loginUrl, graphUrl }) => [loginUrl, graphUrl]),
);

/** Where the webhook of Azure's workload identity puts it in a pod. */
const TOKEN_FILE = '/var/run/secrets/azure/tokens/azure-identity-token';

const credentialSchema = z
  .strictObject({
    secret: secretReference('Client secret of the registration.', {
      env: 'LOCKSTEP_TEAMS_SECRET',
    }).optional(),
    certificate: filePath(
      'Certificate of the registration, PEM.',
      'secrets/teams-certificate.pem',
    ).optional(),
    privateKey: secretReference('Private key of that certificate, PEM, without a passphrase.', {
      file: 'secrets/teams-private-key.pem',
    }).optional(),
    // https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation
    assertion: tokenFile(
      'JWT of an issuer that the registration trusts (federated credential), read anew for each sign-in.',
      TOKEN_FILE,
    ).optional(),
  })
  .refine(
    ({ secret, certificate, privateKey, assertion }) => {
      const whole = certificate !== undefined && privateKey !== undefined;
      const ways = [secret, assertion, certificate ?? privateKey].filter(
        (way) => way !== undefined,
      );
      return ways.length === 1 && (whole || certificate === privateKey);
    },
    { error: () => 'must hold one of: certificate and privateKey, assertion, secret' },
  )
  .meta({
    description:
      'How Lockstep proves who it is to Microsoft: a certificate with its private key, or the token file of a federated credential; a client secret is the last choice.',
    examples: [
      {
        certificate: 'secrets/teams-certificate.pem',
        privateKey: { file: 'secrets/teams-private-key.pem' },
      },
      { assertion: { file: TOKEN_FILE } },
      { secret: { env: 'LOCKSTEP_TEAMS_SECRET' } },
    ],
    oneOf: [
      { required: ['certificate', 'privateKey'] },
      { required: ['assertion'] },
      { required: ['secret'] },
    ],
  });

/** Reading needs another permission than writing does, so each can have a registration of its own. */
export const readSchema = z
  .strictObject({
    clientId: guid(
      'Application (client) id of the registration that reads.',
      '00000000-0000-0000-0000-000000000001',
    ),
    credential: credentialSchema.meta({
      ...credentialSchema.meta(),
      examples: [
        {
          certificate: 'secrets/teams-read-certificate.pem',
          privateKey: { file: 'secrets/teams-read-private-key.pem' },
        },
      ],
    }),
  })
  .meta({
    description:
      'A registration of its own for reading (recommended): it holds Presence.Read.All and the permissions to look, and teams.clientId then needs Presence.ReadWrite.All alone. Without it that one does both.',
  });

export const sweepSchema = z
  .strictObject({
    hot: duration({
      min: '500ms',
      max: '1m',
      example: '1250ms',
      about: 'Agents whom a change could affect now.',
    }).prefault('1250ms'),
    warm: duration({
      min: '1s',
      max: '5m',
      example: '2500ms',
      about: 'Agents who are signed in.',
    }).prefault('2500ms'),
    cold: duration({
      min: '5s',
      max: '30m',
      example: '10s',
      about: 'Everybody else.',
    }).prefault('10s'),
  })
  .meta({
    description:
      'How often the presence of agents is read. Periods are stretched by themselves where the quota asks for it.',
  });

const quotaSchema = z
  .strictObject({
    // https://learn.microsoft.com/en-us/graph/throttling-limits
    requests: z
      .int({ error: () => 'must be a whole number' })
      .min(10)
      .max(100_000)
      .default(1_500)
      .meta({
        description: 'Requests in any window. Microsoft publishes 1,500, elsewhere 10,000.',
      }),
    window: duration({
      min: '1s',
      max: '10m',
      example: '30s',
      about: 'Length of the window.',
    }).prefault('30s'),
  })
  .meta({ description: 'The share of Microsoft Graph that reads and writes live on.' });

export const teamsSchema = z
  .strictObject({
    cloud: z.enum(['global', 'gcc_high', 'dod']).default('global').meta({
      description:
        'The Microsoft cloud: global (also GCC), gcc_high or dod. The cloud in China has no presence.',
    }),
    tenantId: guid('Directory (tenant) id in Microsoft Entra.'),
    clientId: guid(
      'Application (client) id of the registration that Lockstep uses; with teams.read, the one that writes.',
    ),
    credential: credentialSchema,
    read: readSchema.optional(),
    push: pushSchema.optional(),
    loginUrl: webAddress(
      'Sign-in host, when it is not the one of the cloud.',
      'https://login.microsoftonline.com',
    ).optional(),
    graphUrl: webAddress(
      'Microsoft Graph host, when it is not the one of the cloud.',
      'https://graph.microsoft.com',
    ).optional(),
    sweep: sweepSchema.prefault({}),
    quota: quotaSchema.prefault({}),
  })
  .meta({ description: 'The Microsoft 365 tenant.' });
