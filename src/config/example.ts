/**
 * The sample file, made from the schema: required settings with an example, all others with their
 * default and commented out. A test loads it, and loads it again with every comment taken away.
 */
import { stringify } from 'yaml';
import { flow, groupOf } from './explain.ts';
import type { SchemaNode } from './json-schema.ts';
import { configSchema, propertyOf } from './json-schema.ts';

const WIDTH = 96;

const HEADER = `# Lockstep: sample configuration. Copy it to lockstep.yaml.
# A line that begins with # and a name shows the default, or an example where there is none.
# Relative paths count from this file's folder.
# Secrets are never written here, only where they are: { file: path } or { env: NAME }.
`;

export function exampleYaml(): string {
  const root = configSchema();
  const groups = Object.keys(root.properties ?? {}).map((key) =>
    setting(key, propertyOf(root, key), root, 0),
  );
  return `${HEADER}\n${groups.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** One setting with its comment. */
function setting(
  key: string,
  node: SchemaNode | undefined,
  parent: SchemaNode,
  depth: number,
): string[] {
  const pad = '  '.repeat(depth);
  const words = [...wrap(node?.description ?? '', WIDTH - pad.length - 2), ...choices(node)];
  const comment = words.map((line) => `${pad}# ${line}`);
  const isRequired = parent.required?.includes(key) === true;
  if (node?.properties !== undefined && node.examples === undefined) {
    return [...comment, ...group(key, node, isRequired, depth)];
  }
  const examples = node?.examples ?? [];
  if (isRequired) {
    const [first, ...others] = examples;
    return [...comment, ...active(key, first, pad), ...others.map((one) => dormant(key, one, pad))];
  }
  return [...comment, dormant(key, node?.default ?? examples[0], pad)];
}

/** With everything below it; on one line where it may be absent and then has no defaults. */
function group(key: string, node: SchemaNode, isRequired: boolean, depth: number): string[] {
  const pad = '  '.repeat(depth);
  const isLeftOut = !isRequired && node.default === undefined;
  if (isLeftOut) return [dormant(key, groupOf(node, Object.keys(node.properties ?? {})), pad)];
  return [`${pad}${key}:`, ...settingsOf(node, depth + 1)];
}

/** Written out, ready to be changed. */
function active(key: string, value: unknown, pad: string): string[] {
  const text = stringify({ [key]: value }, { lineWidth: 0 }).trimEnd();
  return text.split('\n').map((line) => `${pad}${line}`);
}

/** On one line, so that taking the `#` away is all it needs. */
function dormant(key: string, value: unknown, pad: string): string {
  return `${pad}#${key}: ${flow(value)}`;
}

function settingsOf(node: SchemaNode, depth: number): string[] {
  return Object.keys(node.properties ?? {}).flatMap((key) =>
    setting(key, propertyOf(node, key), node, depth),
  );
}

function choices(node: SchemaNode | undefined): string[] {
  const known = node?.enum ?? [];
  return known.length > 1 ? [`One of: ${known.join(', ')}.`] : [];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
