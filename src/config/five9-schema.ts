/** What may be set about Five9. */
import { z } from 'zod';
import {
  duration,
  hostPattern,
  listWithin,
  plainText,
  secretReference,
  webAddress,
} from './fields.ts';

/** Public clients disagree on how a request proves who it is; https://github.com/equalsgibson/five9-go */
export const AUTHORIZATIONS = [
  'probe',
  'bearer_hyphen',
  'bearer_space',
  'cookies',
  'cookies_no_header',
] as const;

export const LOGIN_URL = 'https://app.five9.com';

/** Below these Five9 names its data centres, by region. */
export const FIVE9_DOMAINS: readonly string[] = [
  '*.five9.com',
  '*.five9.net',
  '*.five9.eu',
  '*.five9.ca',
];

/** By region; https://github.com/ryanshatz/five9-mcp */
export const FIVE9_CLOUD_HOSTS = {
  us: 'https://api.prod.us.five9.net',
  ca: 'https://api.prod.ca.five9.net',
  eu: 'https://api.prod.eu.five9.net',
  uk: 'https://api.prod.uk.five9.net',
  in: 'https://api.prod.in.five9.net',
} as const;

const eventsSchema = z
  .strictObject({
    url: plainText({
      about:
        'Public address that Five9 posts events to, and that leads to this service. Let its last part be hard to guess.',
      example: 'https://hooks.example.com/five9/5c1f0a9e7d24',
      max: 1_000,
      pattern: {
        shape: /^https:\/\/[^/?#@\s]+\/[^?#@\s]*[^/?#@\s]$/,
        rule: 'write https://, a host and a path without a query, such as https://hooks.example.com/five9/5c1f0a9e7d24',
      },
    }),
    username: plainText({
      about: 'Name in the BASIC profile of the subscription.',
      example: 'lockstep',
      max: 200,
    }),
    password: secretReference('Password in that profile.', { file: 'secrets/five9-events' }),
  })
  .meta({
    description: 'Events of agents that Five9 posts to us, so that changes are looked at sooner.',
    examples: [
      {
        url: 'https://hooks.example.com/five9/5c1f0a9e7d24',
        username: 'lockstep',
        password: { file: 'secrets/five9-events' },
      },
    ],
  });

export const cloudSchema = z
  .strictObject({
    region: z
      .enum(['us', 'ca', 'eu', 'uk', 'in'], { error: () => 'must be us, ca, eu, uk or in' })
      .default('us')
      .meta({ description: 'Region of the domain on the New Platform.' }),
    url: webAddress(
      'API host of the New Platform, when it is not the one of the region.',
      'https://api.prod.us.five9.net',
    ).optional(),
    clientId: plainText({
      about: 'Key from API Access Control.',
      example: 'lockstep-key',
      max: 256,
    }),
    clientSecret: secretReference('Secret of that key.', { file: 'secrets/five9-cloud' }),
    domainId: plainText({
      about: 'Id of the domain on the New Platform.',
      example: '130045',
      max: 64,
      pattern: { shape: /^[\w-]+$/, rule: 'write the id, in quotation marks' },
    }),
    sweepEvery: duration({
      min: '1s',
      max: '10m',
      example: '10s',
      about: 'How often all agents are read. A hundred of them take one of 5 requests a second.',
    }).prefault('10s'),
    events: eventsSchema.optional(),
  })
  .meta({
    description:
      'The New Platform as a second source of states. Off without it. Not yet proven on a live domain.',
  });

export const five9Schema = z
  .strictObject({
    loginUrl: webAddress('Five9 login host of your region.', LOGIN_URL).prefault(LOGIN_URL),
    username: plainText({
      about: 'Five9 user that Lockstep signs in as. Use one that nobody else signs in with.',
      example: 'lockstep@example.com',
      max: 200,
    }),
    password: secretReference('Password of that user.', { file: 'secrets/five9-password' }),
    source: z
      .enum(['socket', 'cloud', 'both'], { error: () => 'must be socket, cloud or both' })
      .default('socket')
      .meta({
        description:
          'Where states are read: "socket" from the supervisor feed; "cloud" from the New Platform alone, which takes no writes; "both" from the feed, and from the New Platform while the feed is down.',
      }),
    cloud: cloudSchema.optional(),
    policy: z.enum(['AttachExisting', 'ForceIn']).default('AttachExisting').meta({
      description:
        'AttachExisting joins a session that is already there; ForceIn ends it. Prefer the first.',
    }),
    authorization: z.enum(AUTHORIZATIONS).default('probe').meta({
      description:
        'How requests after the login prove who they are. "probe" finds out once and remembers.',
    }),
    acceptNotices: z
      .boolean({ error: () => 'must be true or false' })
      .default(false)
      .meta({
        description:
          'Whether Lockstep may accept maintenance notices that block the login. They are read by nobody then.',
      }),
    fullStatisticsEvery: duration({
      min: '30s',
      max: '1h',
      example: '2m',
      about: 'How often the whole state is asked for again, in case a difference was lost.',
    }).prefault('2m'),
    quietAfter: duration({
      min: '5s',
      max: '10m',
      example: '15s',
      about: 'Silence after which the connection is checked, whatever it answers to pings.',
    }).prefault('15s'),
    allowedHosts: listWithin({ min: 1, max: 20 }, hostPattern('A host name, or *. and a domain.'))
      .prefault([...FIVE9_DOMAINS])
      .meta({
        description:
          'Hosts that Five9 may send Lockstep to, beside the login host. A migration to another one is refused.',
      }),
    writesPerSecond: z
      .number({ error: () => 'must be a number' })
      .min(0.1)
      .max(50)
      .default(5)
      .meta({ description: 'Most state changes a second. Five9 publishes no limit for them.' }),
    writes: z
      .enum(['presence', 'skills', 'none'], { error: () => 'must be presence, skills or none' })
      .default('presence')
      .meta({
        description:
          'How routing is stopped: "presence" sets Not Ready; "skills" takes the agent\'s active skills and gives them back, for a domain that refuses the first; "none" only reads.',
      }),
    presencePath: plainText({
      about:
        "Path of the request that changes an agent's state, with {agent} and, where it is needed, {supervisor}.",
      example: '/supsvcs/rs/svc/supervisors/{supervisor}/agents/{agent}/presence',
      max: 300,
      pattern: {
        shape: /^\/(?=.*\{agent\})[\w/{}.-]+$/,
        rule: 'write an absolute path that holds {agent}',
      },
    }).prefault('/supsvcs/rs/svc/supervisors/{supervisor}/agents/{agent}/presence'),
    presenceBody: z.enum(['full', 'current_state']).default('full').meta({
      description:
        'Body of that request: the whole presence resource, or the part called currentState alone.',
    }),
    skillsPath: plainText({
      about:
        "Path of the request that reads and replaces an agent's active skills, with {agent} and, where it is needed, {supervisor}.",
      example: '/supsvcs/rs/svc/supervisors/{supervisor}/agents/{agent}/active_skills',
      max: 300,
      pattern: {
        shape: /^\/(?=.*\{agent\})[\w/{}.-]+$/,
        rule: 'write an absolute path that holds {agent}',
      },
    }).prefault('/supsvcs/rs/svc/supervisors/{supervisor}/agents/{agent}/active_skills'),
    parkingSkill: plainText({
      about:
        'With writes: skills, the id of a skill that no contact asks for. It is left to a stopped agent instead of no skill at all.',
      example: '300000000600099',
      max: 20,
      pattern: { shape: /^\d+$/, rule: 'write the numeric id of a skill, in quotation marks' },
    }).optional(),
  })
  .meta({ description: 'The Five9 domain.' });
