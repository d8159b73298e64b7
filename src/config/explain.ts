/**
 * From what the schema found to what a person needs: where, what is wrong, what to write instead.
 *
 * X1  A value is echoed only where a single value is expected and no secret may stand.
 */
import { stringify } from 'yaml';
import type { z } from 'zod';
import type { Problem } from './config.ts';
import { NOT_A_REFERENCE } from './fields.ts';
import type { SchemaNode } from './json-schema.ts';
import { isSecretPlace, propertyOf, schemaAt } from './json-schema.ts';
import { nearest } from './nearest.ts';
import type { Path, Place, Reading } from './read-yaml.ts';

/** Longest piece of a value that is echoed, characters. */
const ECHO_MAX = 60;

type Issue = z.core.$ZodIssue;

interface Words {
  readonly message: string;
  readonly fix: string;
}

export function explainIssue(issue: Issue, root: SchemaNode, reading: Reading): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (isSecretPlace(root, path)) return [aboutSecret(issue, path, root, reading)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => aboutUnknownKey(key, path, root, reading));
  }
  const node = schemaAt(root, path);
  const value = valueAt(reading.value, path);
  const words = value === undefined ? missing(path, node) : wrong(issue, node, value);
  return [at(path, words, reading.placeOf(path), echo(value, node))];
}

/** One problem, with the properties that are absent left out. */
export function at(path: Path, words: Words, place: Place | undefined, value?: string): Problem {
  const shown = value === undefined ? {} : { value };
  return { path: dotted(path), ...place, message: words.message, ...shown, fix: words.fix };
}

/** `sync.notReady[2].show`. */
function dotted(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (!isKeyed(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

function isKeyed(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}

function aboutSecret(issue: Issue, path: Path, root: SchemaNode, reading: Reading): Problem {
  const depth = path.findIndex(
    (_, index) => schemaAt(root, path.slice(0, index + 1))?.writeOnly === true,
  );
  const field = path.slice(0, depth + 1);
  const place = reading.placeOf(path);
  if (valueAt(reading.value, field) === undefined) {
    return at(field, missing(field, schemaAt(root, field)), place);
  }
  const fix = `write ${sample(field, schemaAt(root, field))}, and put the secret there`;
  const message = path.length > field.length ? issue.message : NOT_A_REFERENCE;
  return at(path, { message, fix }, place);
}

function aboutUnknownKey(key: string, group: Path, root: SchemaNode, reading: Reading): Problem {
  const known = Object.keys(schemaAt(root, group)?.properties ?? {});
  const meant = nearest(key, known);
  const fix = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`;
  const path = [...group, key.length > ECHO_MAX ? `${key.slice(0, ECHO_MAX)}…` : key];
  return at(path, { message: 'is not a known setting', fix }, reading.placeOfKey([...group, key]));
}

function missing(path: Path, node: SchemaNode | undefined): Words {
  return { message: 'is missing', fix: `add ${sample(path, node)}` };
}

function wrong(issue: Issue, node: SchemaNode | undefined, value: unknown): Words {
  switch (issue.code) {
    case 'invalid_value':
      return { message: 'is not one of the known values', fix: choices(node, value) };
    case 'too_small':
    case 'too_big': {
      const side = issue.code === 'too_small' ? 'small' : 'large';
      return { message: `is too ${side}`, fix: range(node) };
    }
    case 'invalid_type':
      if (node?.properties !== undefined) {
        return { message: 'must be a group of settings', fix: 'indent its settings below it' };
      }
      return { message: issue.message, fix: `write a value such as ${example(node)}` };
    case 'custom': {
      const fix: unknown = issue.params?.['fix'];
      return {
        message: issue.message,
        fix: typeof fix === 'string' ? fix : `write ${example(node)}`,
      };
    }
    default:
      return { message: issue.message, fix: `write a value such as ${example(node)}` };
  }
}

function choices(node: SchemaNode | undefined, value: unknown): string {
  const known = (node?.enum ?? []).map(String);
  const meant = typeof value === 'string' ? nearest(value, known) : undefined;
  const list = `write one of: ${known.join(', ')}`;
  return meant === undefined ? list : `did you mean "${meant}"? ${list}`;
}

function range(node: SchemaNode | undefined): string {
  if (node?.items !== undefined) return `keep 1 to ${node.maxItems ?? 'some'} entries`;
  return `write a number from ${node?.minimum ?? 0} to ${node?.maximum ?? 'more'}`;
}

/** `key: example` on one line. */
function sample(path: Path, node: SchemaNode | undefined): string {
  return `${path.at(-1) ?? ''}: ${example(node)}`;
}

function example(node: SchemaNode | undefined): string {
  return flow(node?.examples?.[0] ?? node?.default ?? node?.enum?.[0] ?? groupOf(node));
}

/** A group without an example of its own: its required settings with theirs, or those that are named. */
export function groupOf(node: SchemaNode | undefined, keys = node?.required ?? []): unknown {
  const entries = keys.map((key) => {
    const inner = propertyOf(node, key);
    return [key, inner?.examples?.[0] ?? inner?.default ?? inner?.enum?.[0] ?? groupOf(inner)];
  });
  return entries.length === 0 ? '…' : Object.fromEntries(entries);
}

/** YAML on one line. */
export function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function echo(value: unknown, node: SchemaNode | undefined): string | undefined {
  if (node === undefined || node.properties !== undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // Text of several lines may be a key that was pasted into the wrong place.
  if (typeof value !== 'string' || /[\r\n]|-----/.test(value)) return undefined;
  return JSON.stringify(value.length > ECHO_MAX ? `${value.slice(0, ECHO_MAX)}…` : value);
}
