/**
 * The ways to authorise a request after sign-in. Public clients disagree, and one client reports
 * that an Authorization header makes the agent paths refuse; so the way is a setting, or found out.
 *
 * - bearer_hyphen: https://github.com/Five9DeveloperProgram/Five9-Agent-Sup-REST-API-Python-Pack
 * - cookies_no_header: the cookies alone, https://github.com/equalsgibson/five9-go
 * - cookies: the cookies, and the farm's number beside them
 * - bearer_space: the form of RFC 6750
 */

/** In the order in which they are tried: the ones seen at work in public clients come first. */
export const AUTH_VARIANTS = [
  'bearer_hyphen',
  'cookies_no_header',
  'cookies',
  'bearer_space',
] as const;

export type AuthVariant = (typeof AUTH_VARIANTS)[number];

export interface Credentials {
  readonly tokenId: string;
  readonly farmId: string | undefined;
}

/** Headers that authorise one request; `cookies` is the text of the cookie header, if any. */
export function authHeaders(
  variant: AuthVariant,
  credentials: Credentials,
  cookies: string,
): Record<string, string> {
  const headers: Record<string, string> = cookies === '' ? {} : { cookie: cookies };
  if (variant === 'cookies_no_header') return headers;
  if (credentials.farmId !== undefined) headers['farmid'] = credentials.farmId;
  if (variant === 'cookies') headers['x-requested-with'] = 'XMLHttpRequest';
  if (variant === 'bearer_hyphen') headers['authorization'] = `Bearer-${credentials.tokenId}`;
  if (variant === 'bearer_space') headers['authorization'] = `Bearer ${credentials.tokenId}`;
  return headers;
}

/** The variants to try, in order: the configured one alone, or all with the remembered one first. */
export function variantsToTry(
  configured: AuthVariant | 'probe',
  remembered: AuthVariant | undefined,
): readonly AuthVariant[] {
  if (configured !== 'probe') return [configured];
  if (remembered === undefined) return AUTH_VARIANTS;
  return [remembered, ...AUTH_VARIANTS.filter((variant) => variant !== remembered)];
}
