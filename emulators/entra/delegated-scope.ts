/**
 * The scopes that a client asks for in a person's name: permissions of one resource, and those of
 * OpenID Connect beside them.
 * https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc
 */

export interface AskedScope {
  /** Without a slash at the end. */
  readonly resource: string;
  /** Names of permissions; `.default` stands for all that were agreed to. */
  readonly names: readonly string[];
  /** Only then is there a refresh token. */
  readonly offline: boolean;
}

const OPENID = new Set(['openid', 'profile', 'email', 'offline_access']);
/** A name without a resource is one of Graph. */
const GRAPH = 'https://graph.microsoft.com';

/** Undefined when no permission is asked for, or those of more than one resource. */
export function parseScope(text: string): AskedScope | undefined {
  const words = text.split(/\s+/u).filter((word) => word !== '');
  const asked = words.filter((word) => !OPENID.has(word.toLowerCase())).map(partsOf);
  const resource = asked[0]?.resource;
  if (resource === undefined) return undefined;
  if (asked.some((each) => each.resource !== resource || each.name === '')) return undefined;
  const offline = words.some((word) => word.toLowerCase() === 'offline_access');
  return { resource, names: asked.map(({ name }) => name), offline };
}

function partsOf(word: string): { readonly resource: string; readonly name: string } {
  const slash = word.lastIndexOf('/');
  if (slash < 0) return { resource: GRAPH, name: word };
  return { resource: word.slice(0, slash).replace(/\/$/u, ''), name: word.slice(slash + 1) };
}

/** The permissions that a token gets, or undefined when one is asked for that nobody agreed to. */
export function grantedScopes(
  asked: AskedScope,
  agreed: readonly string[],
): readonly string[] | undefined {
  if (asked.names.includes('.default')) return agreed;
  const granted = asked.names.map((name) =>
    agreed.find((scope) => scope.toLowerCase() === name.toLowerCase()),
  );
  const whole = granted.filter((scope) => scope !== undefined);
  return whole.length === granted.length ? whole : undefined;
}
