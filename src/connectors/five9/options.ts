/** The settings of the Five9 connector: their shape, their bounds and their defaults. */
import { z } from 'zod';
import { ConnectorError } from '../connector.ts';
import { boundedText } from '../kit/bounded-text.ts';
import { cloudSchema, CLOUD_SECRETS } from './cloud/options.ts';
import { AUTH_VARIANTS } from './variants.ts';
import { BODY_SHAPES } from './write.ts';

/** Where the write of a state goes. The path and the body are not published, so both are settings. */
const PRESENCE_PATH = '/supsvcs/rs/svc/supervisors/{supervisor}/agents/{agent}/presence';
const SKILLS_PATH = '/supsvcs/rs/svc/supervisors/{supervisor}/agents/{agent}/active_skills';

/** How routing is stopped, if at all. */
const WRITES = ['presence', 'skills', 'none'] as const;

/** Where states are read: the supervisor's socket, the New Platform, or it beside the socket. */
const SOURCES = ['socket', 'cloud', 'both'] as const;

function span(fallback: number, min: number, max: number): z.ZodDefault<z.ZodNumber> {
  return z.number().int().min(min).max(max).default(fallback);
}

/** A path that names an agent. */
function agentPath(fallback: string): z.ZodDefault<z.ZodString> {
  return z
    .string()
    .regex(/^\/[\w/{}.-]{1,300}$/)
    .refine((path) => path.includes('{agent}'), 'must hold {agent}')
    .default(fallback);
}

const five9OptionsSchema = z.strictObject({
  loginUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://app.five9.com')
    .describe('Where to sign in; regions differ'),
  source: z.enum(SOURCES).default('socket'),
  cloud: cloudSchema.optional(),
  username: boundedText(1, 256)
    .default('')
    .describe('A supervisor account that only Lockstep uses; none with the source cloud'),
  password: boundedText(1, 1_024).default(''),
  appKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .default('lockstep')
    .describe('Names this program to Five9'),
  policy: z
    .enum(['AttachExisting', 'ForceIn'])
    .default('AttachExisting')
    .describe('ForceIn ends the session of everybody else who uses the account'),
  auth: z
    .enum([...AUTH_VARIANTS, 'probe'])
    .default('probe')
    .describe('How requests are authorised after sign-in'),
  allowedHosts: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{0,252}(:\d{1,5})?$/)
        .transform((host) => host.replace(/:\d+$/, '')),
    )
    .refine((list) => list.length <= 20, 'must have at most 20 entries')
    .default(['five9.com', 'five9.net', 'five9.eu', 'five9.ca'])
    .describe('Domains below which a host named by Five9 is accepted'),
  allowPlainHttp: z.boolean().default(false).describe('Only for a platform on a private network'),
  acceptNotices: z
    .boolean()
    .default(false)
    .describe('Accept maintenance notices in the name of the account'),
  reservedReasonCodes: z
    .array(z.string().regex(/^\d{1,20}$/))
    .refine((list) => list.length <= 50, 'must have at most 50 entries')
    .default([])
    .describe('Not Ready reason codes that only Lockstep uses'),
  writes: z
    .enum(WRITES)
    .default('presence')
    .describe('How routing is stopped: by readiness, by taking the active skills, or not at all'),
  presencePath: agentPath(PRESENCE_PATH),
  presenceBody: z.enum(BODY_SHAPES).default('full'),
  skillsPath: agentPath(SKILLS_PATH),
  parkingSkill: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional()
    .describe('Skill that no contact asks for; what a stop by skill leaves instead of nothing'),
  skillReadsPerSecond: z.number().min(0.1).max(1_000).default(10),
  pingMs: span(15_000, 1_000, 60_000).describe('Between two pings of the socket'),
  quietMs: span(15_000, 1_000, 300_000).describe('Silence after which the feed must prove itself'),
  answerMs: span(5_000, 500, 120_000).describe('How long it may take to do so'),
  fullEveryMs: span(120_000, 10_000, 3_600_000).describe('Between two full statistics'),
  bytesPerAgentSecond: span(75, 1, 10_000).describe('Most that full statistics may cost'),
  reconnectMinMs: span(1_000, 100, 60_000),
  reconnectMaxMs: span(30_000, 1_000, 600_000),
  requestTimeoutMs: span(10_000, 500, 120_000),
  writesPerSecond: z.number().min(0.01).max(1_000).default(5),
  writeBurst: span(10, 1, 1_000),
});

export type Five9Options = z.input<typeof five9OptionsSchema>;
export type Settings = Readonly<z.output<typeof five9OptionsSchema>>;

/** Settings with every default filled in. Throws one `ConnectorError` that names the field. */
export function settingsFrom(options: Five9Options): Settings {
  const parsed = five9OptionsSchema.safeParse(options);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? 'options';
    throw invalid(field, shownValue(options, issue?.path ?? []), issue?.message ?? 'is not valid');
  }
  const settings = parsed.data;
  checkSources(settings);
  checkAddress('loginUrl', settings.loginUrl, settings);
  if (settings.cloud !== undefined) checkAddress('cloud.url', settings.cloud.url, settings);
  // Nothing is published that writes a state there.
  return settings.source === 'cloud' ? { ...settings, writes: 'none' } : settings;
}

function checkAddress(field: string, address: string, { allowPlainHttp }: Settings): void {
  const { protocol, hostname, origin } = new URL(address);
  if (protocol !== 'http:' || isLoopback(hostname) || allowPlainHttp) return;
  throw invalid(field, origin, 'must begin with https://, a password travels with it');
}

function checkSources({ source, cloud, username, password }: Settings): void {
  if (source !== 'socket' && cloud === undefined) {
    throw invalid('source', source, 'needs five9.cloud');
  }
  if (source === 'cloud') return;
  if (username === '') throw invalid('username', 'missing', 'is needed unless the source is cloud');
  if (password === '') throw invalid('password', 'missing', 'is needed unless the source is cloud');
}

function invalid(field: string, value: string, problem: string): ConnectorError {
  return new ConnectorError(
    'ask_admin',
    'FIVE9_OPTION_INVALID',
    `five9.${field} is ${value}: ${problem}`,
    `Correct five9.${field} in the configuration.`,
  );
}

/** The offending value in short; a secret is never shown. */
function shownValue(options: unknown, path: readonly PropertyKey[]): string {
  if (path.some((key) => CLOUD_SECRETS.has(key))) return 'hidden';
  let value: unknown = options;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return 'missing';
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value === undefined || path.length === 0
    ? 'missing or not known'
    : (JSON.stringify(value)?.slice(0, 80) ?? 'unreadable');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
