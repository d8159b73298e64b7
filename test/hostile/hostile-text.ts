/**
 * Hostile texts, cheap and seeded: damage done to recorded valid payloads, and payloads that were
 * never valid.
 *
 * H1  The same random stream gives the same text.
 * H2  JSON is damaged as text, so that duplicate keys, `__proto__` as a key of its own and numbers
 *     that no double holds reach the parser as they would from a wire.
 */
import type { Random } from '../../src/lib/random.ts';

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', ''];

const FRAGMENTS = [
  '',
  ' ',
  '\0',
  '\u202e\u2066',
  '\ud800',
  '\udc00\ud800',
  '\ufeff',
  '\ufffd',
  '\r\n',
  '\n',
  '\u2028',
  '\u001b[2J',
  '%00',
  '%',
  '%2e%2e%2f',
  '../../etc/passwd',
  "'",
  '"',
  '\\',
  '`',
  '${7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '=1+1',
  "' OR 1=1--",
  'null',
  'undefined',
  'NaN',
  'true',
  '-1',
  '1e999',
  '9007199254740993',
  '999999999999999999999999999999',
  '0x7f000001',
  '__proto__',
  'constructor',
  '[object Object]',
  'é',
  'ﬃ',
  'İ',
  '👩‍👩‍👧',
] as const;

/** Literals of JSON in place of a leaf; not all of them are valid. */
const LITERALS = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '1e-999',
  '9007199254740993',
  '999999999999999999999999999999',
  '""',
  '"\\ud800"',
  '"\\u0000"',
  '"__proto__"',
  '"\\u202e"',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":1}',
  '{"length":-1}',
  // Neither a text nor a list, but asked for its length, which cannot be compared with a number.
  '{"length":{"toString":1}}',
  'NaN',
  'undefined',
  '01',
  "'x'",
] as const;

export function pick<T>(random: Random, list: readonly [T, ...T[]] | readonly T[]): T {
  const found = list[Math.floor(random.next() * list.length)];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

export function below(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

/** A short text that was never valid anywhere. */
export function hostileWord(random: Random): string {
  const kind = random.next();
  if (kind < 0.6) return pick(random, FRAGMENTS);
  if (kind < 0.8) return pick(random, FRAGMENTS) + pick(random, FRAGMENTS);
  return noise(random, below(random, 24));
}

/** Any code units, lone surrogates included. */
function noise(random: Random, length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) {
    const range = random.next() < 0.7 ? 128 : 65_536;
    text += String.fromCharCode(below(random, range));
  }
  return text;
}

/** How often a text is made large, and how large: deliberately slow, so seldom. */
const LARGE_SHARE = 1 / 15_000;
const LARGE_CHARACTERS = 1_048_576;
const DEEP_SHARE = 1 / 400;

/** One of the seeds, damaged in one to four ways. */
export function damaged(random: Random, seeds: readonly string[]): string {
  if (random.next() < LARGE_SHARE) return large(random, pick(random, seeds));
  let text = pick(random, seeds);
  for (let times = 1 + below(random, 4); times > 0; times -= 1) text = damage(random, text, seeds);
  return text;
}

function large(random: Random, seed: string): string {
  const unit = random.next() < 0.5 ? seed : hostileWord(random);
  const repeated = (unit === '' ? 'x' : unit).repeat(
    Math.ceil(LARGE_CHARACTERS / Math.max(1, unit.length)),
  );
  if (random.next() < 0.3) return repeated.slice(0, LARGE_CHARACTERS);
  const at = below(random, seed.length + 1);
  return seed.slice(0, at) + repeated.slice(0, LARGE_CHARACTERS) + seed.slice(at);
}

function damage(random: Random, text: string, seeds: readonly string[]): string {
  const at = below(random, text.length + 1);
  const length = below(random, Math.min(40, text.length - at + 1));
  switch (below(random, 10)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + length);
    case 3:
      return text.slice(0, at) + hostileWord(random) + text.slice(at);
    case 4:
      return text.slice(0, at) + hostileWord(random) + text.slice(at + length);
    case 5: {
      const piece = text.slice(at, at + length);
      return text.slice(0, at) + piece.repeat(1 + below(random, 20)) + text.slice(at);
    }
    case 6: {
      const other = pick(random, seeds);
      return text.slice(0, at) + other.slice(below(random, other.length + 1));
    }
    case 7:
      return random.next() < DEEP_SHARE * 10 ? deep(random, text) : flipped(random, text, 1);
    case 8:
      return hostileWord(random);
    default:
      return flipped(random, text, 1 + below(random, 6));
  }
}

/** Single bits of single characters. */
function flipped(random: Random, text: string, times: number): string {
  let flip = text;
  for (let i = 0; i < times && flip !== ''; i += 1) {
    const at = below(random, flip.length);
    const code = flip.charCodeAt(at) ^ (1 << below(random, 8));
    flip = flip.slice(0, at) + String.fromCharCode(code) + flip.slice(at + 1);
  }
  return flip;
}

function deep(random: Random, text: string): string {
  const depth = random.next() < 0.02 ? 100_000 : 10 + below(random, 2_000);
  return random.next() < 0.5
    ? '['.repeat(depth) + text + ']'.repeat(depth)
    : '{"a":'.repeat(depth) + text + '}'.repeat(depth);
}

/** A leaf or a key of JSON text: a string, a number or a word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|\[\]|\{\}/g;

export interface JsonSeed {
  readonly text: string;
  /** Where the leaves and the keys stand. */
  readonly places: readonly (readonly [from: number, to: number])[];
}

export function jsonSeed(value: unknown): JsonSeed {
  const text = JSON.stringify(value);
  return {
    text,
    places: [...text.matchAll(TOKEN)].map((match) => [match.index, match.index + match[0].length]),
  };
}

/** JSON with other types in its leaves, other names on its keys, or plain damage. */
export function damagedJson(random: Random, seeds: readonly JsonSeed[]): string {
  const kind = random.next();
  if (kind < 0.25) {
    return damaged(
      random,
      seeds.map(({ text }) => text),
    );
  }
  const seed = pick(random, seeds);
  if (kind < 0.25 + DEEP_SHARE) return deep(random, seed.text);
  const times = kind < 0.8 ? 1 : 2 + below(random, 4);
  const places = new Set<readonly [number, number]>();
  for (let i = 0; i < times && seed.places.length > 0; i += 1)
    places.add(pick(random, seed.places));
  let text = '';
  let end = 0;
  for (const place of [...places].sort((a, b) => a[0] - b[0])) {
    text += seed.text.slice(end, place[0]) + replacement(random, seed.text, place);
    [, end] = place;
  }
  return text + seed.text.slice(end);
}

function replacement(random: Random, text: string, [from, to]: readonly [number, number]): string {
  const token = text.slice(from, to);
  if (text[to] === ':') {
    const kind = random.next();
    if (kind < 0.5) return JSON.stringify(pick(random, KEYS));
    // The same key twice, first with another value.
    return kind < 0.8 ? `${token}:${pick(random, LITERALS)},${token}` : '"other"';
  }
  if (random.next() < 0.7) return pick(random, LITERALS);
  return JSON.stringify(hostileWord(random));
}

/** What an attacker may try to leave on the prototypes that everything shares. */
export function pollution(): string | undefined {
  for (const key in {}) return key;
  for (const [name, count] of SHARED) {
    const found = Reflect.ownKeys(name).length;
    if (found !== count) return `${found - count} more properties on a shared prototype`;
  }
  return undefined;
}

const SHARED: readonly (readonly [object, number])[] = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Function.prototype,
  Map.prototype,
].map((prototype) => [prototype, Reflect.ownKeys(prototype).length]);
