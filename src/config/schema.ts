/**
 * What may stand in the configuration file. The published JSON schema, the sample file and the
 * advice in error messages are made from these descriptions and examples.
 *
 * S1  Every key is known: a key that is not listed here is a mistake, never ignored.
 * S2  Every value that has a safe default has one; a file with only the required keys loads.
 * S3  Lists and texts are bounded.
 */
import { z } from 'zod';
import { filePath, plainText } from './fields.ts';
import { five9Schema } from './five9-schema.ts';
import { syncSchema } from './sync-schema.ts';
import { teamsSchema } from './teams-schema.ts';

const tenantSchema = z
  .strictObject({
    id: plainText({
      about:
        'Short name of this installation, part of every id that Lockstep makes. Never change it.',
      example: 'main',
      max: 40,
      pattern: {
        shape: /^[a-z0-9][a-z0-9-]*$/,
        rule: 'use small letters, digits and hyphens, such as main',
      },
    }),
    name: plainText({ about: 'Name shown to people.', example: 'Customer service', max: 100 }),
  })
  .meta({ description: 'Whose agents these are.' });

function listeningPort(usual: number): z.ZodDefault<z.ZodInt> {
  return z
    .int({ error: () => 'must be a whole number' })
    .min(0)
    .max(65_535)
    .default(usual)
    .meta({ description: 'Port to listen on; 0 takes any free one.' });
}

export const serverSchema = z
  .strictObject({
    host: plainText({
      about: 'Address to listen on. Anything but 127.0.0.1 is reachable from other machines.',
      example: '127.0.0.1',
      max: 253,
    }).prefault('127.0.0.1'),
    port: listeningPort(8_430),
  })
  .meta({ description: 'The console and the API.' });

/** Only opened where a platform is set up to send. */
const inboundSchema = z
  .strictObject({
    host: plainText({
      about: 'Address to listen on for what platforms send; put a proxy with https in front of it.',
      example: '127.0.0.1',
      max: 253,
    }).prefault('127.0.0.1'),
    port: listeningPort(8_431),
  })
  .meta({
    description:
      'The listener for what platforms send; opened only where teams.push or five9.cloud.events is set.',
  });

const restSchema = {
  agents: z
    .strictObject({
      match: z
        .enum(['suggest'])
        .default('suggest')
        .meta({ description: 'Matching by name and e-mail only suggests; a person decides.' }),
      file: filePath('CSV file that says who is who.', 'agents.csv').optional(),
    })
    .prefault({})
    .meta({ description: 'Which Five9 user is which Teams user.' }),
  journal: z
    .strictObject({
      path: filePath('File of the journal.', 'data/journal.db').prefault('data/journal.db'),
    })
    .prefault({})
    .meta({ description: 'Where Lockstep writes down what it saw, decided and did.' }),
  server: serverSchema.prefault({}),
  inbound: inboundSchema.prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['info', 'warn', 'error', 'silent'])
        .default('info')
        .meta({ description: 'The least important lines that are written.' }),
    })
    .prefault({})
    .meta({ description: 'What is logged. Secrets never are.' }),
} as const;

export const settingsSchema = z.strictObject({
  tenant: tenantSchema,
  five9: five9Schema,
  teams: teamsSchema,
  sync: syncSchema.prefault({}),
  ...restSchema,
});

/** What a valid file says, defaults filled in, secrets still references. */
export type Settings = z.output<typeof settingsSchema>;
