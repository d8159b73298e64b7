/**
 * Redaction: what is printed or logged, without what must stay secret.
 *
 * R1  A known secret is taken out wherever it occurs, also inside longer text, in base64 and in
 *     percent encoding.
 * R2  A value under a telling key, a bearer token, a JWT and a private key are taken out even when
 *     nobody declared them.
 * R3  It never throws and always ends: cycles, depth, breadth and length are bounded.
 */
import { Buffer } from 'node:buffer';
import type { Json } from '../lib/json.ts';
import type { Config, PushConfig, Secret, TeamsCredential } from './config.ts';
import { AUTHORIZATIONS } from './five9-schema.ts';

export interface Redactor {
  readonly text: (text: string) => string;
  /** Plain data for printing, whatever is handed in. */
  readonly data: (value: unknown) => Json;
  /** From now on these are taken out too; the earlier ones stay known. */
  readonly learn: (secrets: readonly string[]) => void;
}

const HIDDEN = '[secret]';
const DEPTH_MAX = 8;
/** Values looked at in one call; the rest is left out. */
const NODES_MAX = 2_000;
const TEXT_MAX = 8_192;
/** Shorter ones would blacken half of every sentence, and protect nothing. */
const SECRET_MIN = 4;

/** A word of a key that tells of a secret below it. */
const TELLING =
  /^(?:pass(?:word|wd|code|phrase)?|secrets?|tokens?|authorization|auth|cookies?|assertion|apikey|privatekey|signature|bearer|jwt|sessionid)$/;
/** Words at the end of a key that tell of a measure of a secret, not of its content. */
const HARMLESS = /^(?:at|ms|age|days|seconds|count|url|kind|type|path|origin|expired|valid|ok)$/;

/** Values of our own setting `five9.authorization`, which is no secret in spite of its name. */
const OWN_WORDS: ReadonlySet<string> = new Set(AUTHORIZATIONS);

const PATTERNS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g,
  /(?<=\bBearer[- ])[\w.~+/-]{8,}=*/gi,
  /(?<=\bBasic )[\w+/]{8,}=*/gi,
  /(?<=:\/\/[^\s/@:]{1,200}:)[^\s/@]{1,200}(?=@)/g,
  /(?<=\b(?:client_secret|client_assertion|access_token|refresh_token|password)=)[^\s&"']{1,4000}/gi,
];

export function createRedactor(secrets: readonly string[]): Redactor {
  let known = formsOf(secrets);
  const scrub = (raw: string): string => {
    let clean = raw;
    for (const form of known) {
      if (form.length <= clean.length) clean = clean.replaceAll(form, HIDDEN);
    }
    for (const pattern of PATTERNS) clean = clean.replaceAll(pattern, HIDDEN);
    return clean;
  };
  const text = (raw: string): string => {
    if (raw.length <= TEXT_MAX) return scrub(raw);
    const clean = scrub(raw.slice(0, TEXT_MAX));
    // The cut may have gone through a secret, whose first part nothing recognises any more.
    const longest = known[0]?.length ?? 0;
    return `${clean.slice(0, Math.max(0, clean.length - longest))}…`;
  };
  return {
    text,
    data: (value) => walk(value, { text, nodes: 0, above: new Set() }, 0),
    learn: (more) => {
      known = [...new Set([...known, ...formsOf(more)])].toSorted((a, b) => b.length - a.length);
    },
  };
}

/** The contents of all secrets of a configuration, for `createRedactor`. */
export function secretsOf(config: Config): string[] {
  const { credential, read } = config.teams;
  const { password, cloud } = config.five9;
  const secrets = [
    password,
    ...(cloud === undefined ? [] : [cloud.clientSecret]),
    ...(cloud?.events === undefined ? [] : [cloud.events.password]),
    ...secretsIn(credential),
    ...(read === undefined ? [] : secretsIn(read.credential)),
  ];
  return [...secrets.map((secret) => secret.reveal()), ...pushSecrets(config.teams.push)];
}

/** With the refresh tokens that are there now; those to come are read again with the configuration. */
function pushSecrets(push: PushConfig | undefined): readonly string[] {
  const key = push?.content?.privateKey.reveal();
  const tokens = (push?.subscribers ?? []).map((each) => each.read());
  return [
    ...(key === undefined ? [] : [key]),
    ...tokens.flatMap((read) => (read.ok ? [read.value.trim()] : [])),
  ];
}

/** A token file holds a JWT, another one every hour; those are known by their form (R2). */
function secretsIn(credential: TeamsCredential): readonly Secret[] {
  switch (credential.kind) {
    case 'secret':
      return [credential.secret];
    case 'certificate':
      return [credential.privateKey];
    case 'assertion':
      return [];
  }
}

/** Longest first, so that a secret that holds another one is taken out whole. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    // A PEM text also leaks line by line, when something breaks its lines in another way.
    const pieces = [secret, ...secret.split(/\r?\n/).filter((line) => line.length >= 32)];
    for (const piece of pieces) {
      if (piece.length < SECRET_MIN || piece.startsWith('-----')) continue;
      forms.add(piece);
      forms.add(JSON.stringify(piece).slice(1, -1));
      forms.add(encodeURIComponent(piece));
      forms.add(Buffer.from(piece).toString('base64').replace(/=+$/, ''));
      forms.add(Buffer.from(piece).toString('base64url'));
    }
  }
  return [...forms].toSorted((a, b) => b.length - a.length);
}

interface Walk {
  readonly text: (raw: string) => string;
  /** Objects around the present one: a cycle ends here. */
  readonly above: Set<object>;
  nodes: number;
}

function walk(value: unknown, state: Walk, depth: number): Json {
  state.nodes += 1;
  switch (typeof value) {
    case 'string':
      return state.text(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : walkObject(value, state, depth);
    case 'bigint':
      return String(value);
    default:
      // Functions and symbols carry nothing that may be printed.
      return null;
  }
}

function walkObject(value: object, state: Walk, depth: number): Json {
  if (depth >= DEPTH_MAX || state.nodes > NODES_MAX || state.above.has(value)) return '…';
  state.above.add(value);
  const plain = tryWalk(value, state, depth);
  state.above.delete(value);
  return plain;
}

/** A getter or a `toJSON` of somebody else may throw. */
function tryWalk(value: object, state: Walk, depth: number): Json {
  try {
    if (Array.isArray(value)) return walkList(value, state, depth);
    if (value instanceof Map) return walkEntries([...value.entries()], state, depth);
    if (value instanceof Set) return walkList([...value], state, depth);
    if (value instanceof Error) return walkError(value, state, depth);
    if (ArrayBuffer.isView(value)) return '[bytes]';
    if (speaksJson(value)) {
      const plain: unknown = value.toJSON();
      return walk(plain === value ? null : plain, state, depth + 1);
    }
    return walkEntries(Object.entries(value), state, depth);
  } catch {
    return '[unreadable]';
  }
}

function speaksJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function walkList(items: readonly unknown[], state: Walk, depth: number): Json[] {
  const plain: Json[] = [];
  for (const item of items) {
    if (state.nodes > NODES_MAX) return [...plain, '…'];
    plain.push(walk(item, state, depth + 1));
  }
  return plain;
}

function walkEntries(
  entries: readonly (readonly [unknown, unknown])[],
  state: Walk,
  depth: number,
): Json {
  const plain: [string, Json][] = [];
  for (const [key, inner] of entries) {
    if (state.nodes > NODES_MAX) break;
    if (inner === undefined) continue;
    const name = state.text(String(key));
    plain.push([name, isTelling(name) ? hide(inner) : walk(inner, state, depth + 1)]);
  }
  return Object.fromEntries(plain);
}

function walkError(error: Error, state: Walk, depth: number): Json {
  const { name, message, stack, cause } = error;
  const own = Object.entries(error).filter(([key]) => key !== 'cause');
  const entries: [string, unknown][] = [['name', name], ['message', message], ...own];
  entries.push(['stack', stack], ['cause', cause]);
  return walkEntries(entries, state, depth);
}

/** A declared secret says where it comes from; anything else below a telling key says nothing. */
function hide(value: unknown): Json {
  if (isSecret(value)) return value.origin;
  return typeof value === 'string' && OWN_WORDS.has(value) ? value : HIDDEN;
}

function isSecret(value: unknown): value is Secret {
  return (
    typeof value === 'object' &&
    value !== null &&
    'reveal' in value &&
    'origin' in value &&
    typeof value.origin === 'string'
  );
}

/** `clientSecret`, `set-cookie` and `accessToken` tell; `tokenAge` and `credentialDays` do not. */
function isTelling(key: string): boolean {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (HARMLESS.test(words.at(-1) ?? '')) return false;
  if (words.some((word) => TELLING.test(word))) return true;
  return words.some((word, index) => TELLING.test(`${word}${words[index + 1] ?? ''}`));
}
