/**
 * YAML text to plain data, with the place of every key and value.
 *
 * Y1  Broken YAML gives one sentence with its place, never an excerpt: the line at fault may hold
 *     a password that begins with a character YAML gives a meaning to.
 * Y2  What the reader would silently change (tags, `007`) is a mistake.
 */
import { LineCounter, isAlias, isMap, isScalar, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { Problem } from './config.ts';

/** Longest configuration that is read, characters. */
const TEXT_MAX = 1_048_576;

/** Most values that aliases may stand for. */
const ALIASES_MAX = 100;

export type Path = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Reading {
  /** Keys without a value are left out, as if they were not written. */
  readonly value: unknown;
  /** Where a value stands, or the nearest thing around it that exists. */
  placeOf(path: Path): Place | undefined;
  /** Where a key stands. */
  placeOfKey(path: Path): Place | undefined;
}

export type ReadYaml =
  | { readonly ok: true; readonly reading: Reading }
  | { readonly ok: false; readonly problem: Problem };

export function readYaml(text: string): ReadYaml {
  if (text.length > TEXT_MAX) {
    return broken(`is longer than ${TEXT_MAX} characters`, 'name the right file');
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const placeAt = (offset: number | undefined): Place | undefined => {
    if (offset === undefined) return undefined;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const flaw = findFlaw(document);
  if (flaw !== undefined) return broken(flaw.message, flaw.fix, placeAt(flaw.offset));
  if (document.contents === null) return broken('is empty', 'write the settings into it');
  if (!isMap(document.contents)) {
    return broken('does not hold settings', 'begin with a line such as "tenant:"', placeAt(0));
  }
  const plain = plainData(document);
  if (plain === undefined) {
    return broken('refers to itself too often', 'write the values out in place of *names');
  }
  const value = withoutNulls(plain);
  const placeOf = (path: Path): Place | undefined => placeAt(nodeNear(document, path)?.range?.[0]);
  const placeOfKey = (path: Path): Place | undefined => {
    const key = pairAt(document, path)?.key;
    return isScalar(key) ? placeAt(key.range?.[0]) : placeOf(path);
  };
  return { ok: true, reading: { value, placeOf, placeOfKey } };
}

/** Undefined where aliases multiply: a few lines of them would become more than memory holds. */
function plainData(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch {
    return undefined;
  }
}

function broken(message: string, fix: string, place?: Place): ReadYaml {
  return { ok: false, problem: { path: '', ...place, message, fix } };
}

interface Flaw {
  readonly message: string;
  readonly fix: string;
  readonly offset: number | undefined;
}

/** The commonest slips in words; the parser's own words serve for the rest. */
const WORDS: Readonly<Record<string, readonly [message: string, fix: string]>> = {
  TAB_AS_INDENT: ['is indented with a tab', 'indent with spaces'],
  BAD_INDENT: ['is not indented like the lines around it', 'line it up with its neighbours'],
  DUPLICATE_KEY: ['has the same key twice in one group', 'keep one of the two'],
  MISSING_CHAR: ['lacks a closing quote or bracket', 'close what was opened before this place'],
  BLOCK_AS_IMPLICIT_KEY: ['has two colons on one line', 'put a value that holds ": " in quotes'],
  MULTIPLE_DOCS: ['holds a second document after "---"', 'keep one document'],
};

function findFlaw(document: Document): Flaw | undefined {
  const [error] = document.errors;
  if (error !== undefined) {
    const [message, fix] = WORDS[error.code] ?? [
      'is not YAML at this place',
      'put a value with special characters in quotes',
    ];
    return { message, fix, offset: error.pos[0] };
  }
  return findSilentChange(document);
}

function findSilentChange(document: Document): Flaw | undefined {
  let flaw: Flaw | undefined;
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key)) return undefined;
      flaw = {
        message: 'has a key that is not text',
        fix: 'write a name before the colon',
        offset: 0,
      };
      return visit.BREAK;
    },
    Node: (_, node) => {
      const words = silentChange(node, document);
      if (words === undefined) return undefined;
      flaw = { message: words, fix: 'put it in quotes', offset: node.range?.[0] };
      return visit.BREAK;
    },
  });
  return flaw;
}

/** What the parser would read as something else than it looks like. */
function silentChange(node: Node, document: Document): string | undefined {
  if (isAlias(node)) {
    return node.resolve(document) === undefined ? 'has a value that begins with *' : undefined;
  }
  if (isTagged(node)) return 'has a value that begins with !';
  if (!isScalar(node) || typeof node.value !== 'number') return undefined;
  // 007 would become 7, which is another reason code.
  return /^[-+]?0\d/.test(node.source ?? '') ? 'has a number that begins with 0' : undefined;
}

function isTagged(node: Node): boolean {
  return 'tag' in node && node.tag !== undefined;
}

function pairAt(document: Document, path: Path): Pair | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  return parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
}

function nodeNear(document: Document, path: Path): Node | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown =
      length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isPlaced(node)) return node;
  }
  return undefined;
}

function isPlaced(node: unknown): node is Node {
  return typeof node === 'object' && node !== null && 'range' in node;
}

/** `log:` with everything below it commented out means the same as no `log:` at all. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}
