/** What may be set about notifications of Microsoft Graph. */
import { z } from 'zod';
import { filePath, listWithin, plainText, secretReference, webAddress } from './fields.ts';

const subscriberSchema = z
  .strictObject({
    name: plainText({
      about:
        'Sign-in name of an account that subscribes; it needs no licence to be seen by anybody.',
      example: 'presence-1@example.com',
      max: 320,
    }),
    tokenFile: filePath(
      'Where its refresh token is kept; lockstep subscriber writes it, and Lockstep replaces it with each use.',
      'secrets/presence-1.token',
    ),
  })
  .meta({ description: 'An account that subscribes.' });

export const pushSchema = z
  .strictObject({
    url: webAddress(
      'Public address that leads to inbound.port; Microsoft posts to a secret path below it.',
      'https://lockstep.example.com',
    ),
    // https://learn.microsoft.com/en-us/graph/changenotifications-for-presence
    subscribers: listWithin({ min: 1, max: 100 }, subscriberSchema).meta({
      description: 'Accounts that hold the subscriptions: one for each 650 agents.',
      examples: [[{ name: 'presence-1@example.com', tokenFile: 'secrets/presence-1.token' }]],
    }),
    certificate: filePath(
      'Certificate under which Microsoft seals the content, PEM; without it notifications only say who changed.',
      'secrets/push-certificate.pem',
    ).optional(),
    privateKey: secretReference('Private key of that certificate, PEM, without a passphrase.', {
      file: 'secrets/push-private-key.pem',
    }).optional(),
  })
  .refine(
    ({ certificate, privateKey }) => (certificate === undefined) === (privateKey === undefined),
    { error: () => 'must hold both certificate and privateKey, or neither' },
  )
  .meta({
    description:
      'Notifications beside the sweep: changes are read at once. It needs a public address and accounts that sign in, so it is off unless it is set. With certificate and privateKey they also say what somebody shows now.',
  });
