/**
 * A small cookie jar: enough for Five9's session, and no more than that.
 *
 * J1  A cookie goes back only to the host that set it, or below the domain that it named, and that
 *     domain must be one of the hosts that may be spoken to.
 * J2  At most 50 cookies of at most 4 KB; the oldest gives way.
 */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  /** Sent below `host` as well. */
  readonly wide: boolean;
  readonly expiresAt: number;
}

const MAX_COOKIES = 50;
const MAX_LENGTH = 4_096;

export class CookieJar {
  private readonly cookies = new Map<string, Cookie>();
  private readonly mayShare: (domain: string) => boolean;

  /** `mayShare` says whether a cookie may be shared below this domain. */
  constructor(mayShare: (domain: string) => boolean) {
    this.mayShare = mayShare;
  }

  /** Takes the `set-cookie` values of one reply, joined by newlines. */
  store(host: string, setCookie: string | undefined, now: number): void {
    for (const line of (setCookie ?? '').split('\n').slice(0, MAX_COOKIES)) {
      const cookie = this.parse(host, line, now);
      if (cookie === undefined) continue;
      const key = `${cookie.host}\n${cookie.name}`;
      this.cookies.delete(key);
      if (cookie.expiresAt > now) this.cookies.set(key, cookie);
      const oldest = this.cookies.keys().next();
      if (this.cookies.size > MAX_COOKIES && oldest.done !== true)
        this.cookies.delete(oldest.value);
    }
  }

  /** Text of the `cookie` header for this host; empty when there is none. */
  header(host: string, now: number): string {
    return [...this.cookies.values()]
      .filter((cookie) => cookie.expiresAt > now && matches(cookie, host))
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join('; ');
  }

  clear(): void {
    this.cookies.clear();
  }

  private parse(host: string, line: string, now: number): Cookie | undefined {
    const [pair = '', ...attributes] = line.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (equals <= 0 || !isPlain(name) || !isPlain(value) || line.length > MAX_LENGTH) {
      return undefined;
    }
    const given = readAttributes(attributes);
    const domain = given.get('domain')?.replace(/^\./, '').toLowerCase();
    if (domain === undefined || domain === host) {
      return { name, value, host, wide: domain === host, expiresAt: expiry(given, now) };
    }
    if (!host.endsWith(`.${domain}`) || !this.mayShare(domain)) return undefined;
    return { name, value, host: domain, wide: true, expiresAt: expiry(given, now) };
  }
}

function matches(cookie: Cookie, host: string): boolean {
  return cookie.host === host || (cookie.wide && host.endsWith(`.${cookie.host}`));
}

/** No control characters and nothing that would end the value early. */
function isPlain(text: string): boolean {
  return /^[\x21-\x3a\x3c-\x7e ]*$/.test(text);
}

function readAttributes(attributes: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    attributes.map((attribute) => {
      const [key = '', ...rest] = attribute.split('=');
      return [key.trim().toLowerCase(), rest.join('=').trim()];
    }),
  );
}

function expiry(given: ReadonlyMap<string, string>, now: number): number {
  const maxAge = Number(given.get('max-age') ?? 'none');
  if (Number.isFinite(maxAge)) return now + maxAge * 1_000;
  const date = Date.parse(given.get('expires') ?? '');
  return Number.isFinite(date) ? date : Number.POSITIVE_INFINITY;
}
