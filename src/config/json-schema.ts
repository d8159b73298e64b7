/** The published JSON schema: one text for one build, and a tree to look advice up in. */
import { z } from 'zod';
import { settingsSchema } from './schema.ts';

export type SchemaNode = z.core.JSONSchema.BaseSchema;

/** What an editor checks a file against while it is typed. */
export function configSchema(): SchemaNode {
  return z.toJSONSchema(settingsSchema, { io: 'input' });
}

/** The text to publish; the same for the same build. */
export function configJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(settingsSchema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: 'Lockstep configuration', ...rest }, null, 2)}\n`;
}

/** The schema of what stands at a path, if anything may stand there. */
export function schemaAt(
  root: SchemaNode,
  path: readonly (string | number)[],
): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const step of path) {
    node = typeof step === 'number' ? itemOf(node) : propertyOf(node, step);
  }
  return node;
}

/** Whether a secret may stand at this path or around it. */
export function isSecretPlace(root: SchemaNode, path: readonly (string | number)[]): boolean {
  return path.some((_, index) => schemaAt(root, path.slice(0, index + 1))?.writeOnly === true);
}

export function propertyOf(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  const properties = node?.properties ?? {};
  const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
  return typeof property === 'object' ? property : undefined;
}

function itemOf(node: SchemaNode | undefined): SchemaNode | undefined {
  const items = node?.items;
  return typeof items === 'object' && !Array.isArray(items) ? items : undefined;
}
