/**
 * The kinds of field that the configuration is made of. Each carries its description and an
 * example, from which the published schema, the sample file and the advice in error messages come.
 *
 * `writeOnly` marks a field whose content is never echoed: not in problems, not when printing.
 */
import { z } from 'zod';
import { DURATION_PATTERN, formatDuration, parseDuration } from '../lib/duration.ts';

/** Whole milliseconds; in the file they are text such as "90s". */
export type Milliseconds = number;

export interface Span {
  readonly min: string;
  readonly max: string;
  readonly about: string;
  readonly example: string;
}

/** A custom issue: what is wrong with the value, and what to write instead. */
function complain(context: z.RefinementCtx, message: string, fix: string): never {
  context.addIssue({ code: 'custom', message, params: { fix } });
  return z.NEVER;
}

export function duration(span: Span): z.ZodType<Milliseconds, string> {
  const min = parseDuration(span.min) ?? 0;
  const max = parseDuration(span.max) ?? Number.MAX_SAFE_INTEGER;
  const about = `${span.about} From ${span.min} to ${span.max}.`;
  return z
    .string({ error: () => 'must be a duration with its unit' })
    .meta({ description: about, examples: [span.example], pattern: DURATION_PATTERN })
    .transform((text, context): Milliseconds => {
      const ms = parseDuration(text);
      if (ms === undefined) {
        return complain(
          context,
          'is not a duration',
          'write a number with its unit (ms, s, m, h, d), such as "90s", "5m" or "1h30m"',
        );
      }
      if (ms >= min && ms <= max) return ms;
      const side = ms < min ? 'short' : 'long';
      return complain(
        context,
        `is too ${side}`,
        `write a duration from ${formatDuration(min)} to ${formatDuration(max)}`,
      );
    });
}

/** Addresses that cannot leave the machine. */
export const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The origin of a web address. Plain http is accepted only where it cannot leave the machine. */
export function webAddress(about: string, example: string): z.ZodType<string, string> {
  return z
    .string({ error: () => 'must be a web address' })
    .meta({ description: about, examples: [example], pattern: '^https?://' })
    .transform((text, context): string => {
      const fix = `write scheme and host only, such as ${example}`;
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url === undefined) return complain(context, 'is not a web address', fix);
      if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
        return complain(context, 'does not begin with https://', fix);
      }
      if (url.username !== '' || url.password !== '') {
        return complain(context, 'must not hold a name or a password', fix);
      }
      if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
        return complain(context, 'must not hold a path, a query or a fragment', fix);
      }
      return url.origin;
    });
}

export function guid(
  about: string,
  example = '00000000-0000-0000-0000-000000000000',
): z.ZodType<string, string> {
  return z
    .string({ error: () => 'must be a GUID in quotes' })
    .meta({ description: about, examples: [example], format: 'uuid' })
    .transform((text, context): string => {
      if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
      return complain(context, 'is not a GUID', `write 32 hexadecimal digits, such as ${example}`);
    });
}

/** A host name, or `*.` and a domain of two labels or more; a port may follow. */
export function hostPattern(about: string): z.ZodType<string, string> {
  return z
    .string({ error: () => 'must be a host name' })
    .meta({ description: about, examples: ['*.five9.com'] })
    .transform((text, context): string => {
      const entry = text.toLowerCase();
      const host = entry.replace(/:\d{1,5}$/, '');
      const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
      const plain = new RegExp(`^${label}(?:\\.${label})*$`);
      const wild = new RegExp(`^\\*\\.${label}(?:\\.${label})+$`);
      if (host.length <= 253 && (plain.test(host) || wild.test(host))) return entry;
      return complain(
        context,
        'is not a host name',
        'write a host such as app.five9.com, or *.five9.com for all hosts below a domain',
      );
    });
}

/** Plain text on one line. `pattern` narrows it; `rule` says in words what the pattern wants. */
export function plainText(options: {
  readonly about: string;
  readonly example: string;
  readonly max: number;
  readonly pattern?: { readonly shape: RegExp; readonly rule: string };
}): z.ZodType<string, string> {
  const { pattern } = options;
  return z
    .string({ error: () => 'must be text' })
    .meta({
      description: options.about,
      examples: [options.example],
      minLength: 1,
      maxLength: options.max,
      ...(pattern === undefined ? {} : { pattern: pattern.shape.source }),
    })
    .superRefine((value, context) => {
      const fix = `write 1 to ${options.max} characters on one line, such as ${options.example}`;
      if (value.trim() === '') complain(context, 'is empty', fix);
      else if (value.length > options.max) complain(context, 'is too long', fix);
      else if (/[\r\n]/.test(value)) complain(context, 'has more than one line', fix);
      else if (pattern?.shape.test(value) === false) {
        complain(context, 'has a wrong form', pattern.rule);
      }
    });
}

/**
 * Bounds of a text or of a list. The type is settled before the bounds are looked at: zod 4.6.7
 * otherwise holds the `length` of a group against them too, and throws for some. The bounds are
 * written down twice because the published schema describes what goes in.
 */
interface Bounds {
  readonly min: number;
  readonly max: number;
}

function textWithin(
  { min, max }: Bounds,
  type: z.ZodString = z.string(),
): z.ZodType<string, string> {
  const described = type.meta({ minLength: min, maxLength: max });
  return described.pipe(z.string().min(min).max(max));
}

export function listWithin<T, I>({ min, max }: Bounds, item: z.ZodType<T, I>): z.ZodType<T[], I[]> {
  return z
    .array(item, { error: () => 'must be a list' })
    .meta({ ...(min === 0 ? {} : { minItems: min }), maxItems: max })
    .pipe(z.array(z.custom<T>()).min(min).max(max));
}

/** Path of a file; relative ones count from the folder of the configuration file. */
export function filePath(about: string, example: string): z.ZodType<string, string> {
  return plainText({ about, example, max: 1_024 });
}

/** A reason code's id or its label. Numbers are welcome: ids are numbers in Five9's own pages. */
export function codeOrLabel(about: string, example: string): z.ZodType<string, string | number> {
  return z
    .union([textWithin({ min: 1, max: 200 }), z.int().nonnegative()], {
      error: () => 'must be a reason code: its id or its label',
    })
    .meta({ description: about, examples: [example] })
    .transform(String);
}

/**
 * A reference to a secret, never the secret. Exactly one of `file` and `env`.
 */
export function secretReference(
  about: string,
  example: { readonly file: string } | { readonly env: string },
): z.ZodType<SecretReference, SecretReference> {
  return z
    .strictObject(
      {
        file: textWithin(
          { min: 1, max: 1_024 },
          z.string({ error: () => 'must be the path of a file' }),
        ).optional(),
        env: textWithin(
          { min: 1, max: 200 },
          z
            .string({ error: () => 'must be the name of an environment variable' })
            .regex(/^[A-Z_][A-Z0-9_]*$/, {
              error: () => 'must be the name of an environment variable, in capitals',
            }),
        ).optional(),
      },
      { error: (issue) => (issue.code === 'invalid_type' ? NOT_A_REFERENCE : undefined) },
    )
    .refine((value) => (value.file === undefined) !== (value.env === undefined), {
      error: () => NOT_A_REFERENCE,
    })
    .meta({
      description: `${about} A reference: {file: path} or {env: NAME}, never the secret itself.`,
      examples: [example],
      minProperties: 1,
      maxProperties: 1,
      writeOnly: true,
    });
}

export interface SecretReference {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
}

/**
 * The file of a token that somebody else writes and replaces. What stands here is never echoed: it
 * may be the token itself.
 */
export function tokenFile(about: string, example: string): z.ZodType<TokenFile, TokenFile> {
  return z
    .strictObject(
      {
        file: textWithin(
          { min: 1, max: 1_024 },
          z.string({ error: () => 'must be the path of a file' }).regex(/^(?!\s*eyJ)/, {
            error: () => 'must be the path of a file, not the token itself',
          }),
        ),
      },
      { error: (issue) => (issue.code === 'invalid_type' ? NOT_A_REFERENCE : undefined) },
    )
    .meta({
      description: `${about} A reference: {file: path}, never the token itself.`,
      examples: [{ file: example }],
      writeOnly: true,
    });
}

interface TokenFile {
  readonly file: string;
}

export const NOT_A_REFERENCE = 'must be a reference to the secret, not the secret itself';
