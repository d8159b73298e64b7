/**
 * What a run of the tests has measured, one small file a fact, for docs/trust.md. A part that did
 * not run leaves nothing behind, and the document then says so.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const FOLDER = join(import.meta.dirname, '..', '..', 'reports', 'trust');

const counts = z.record(z.string(), z.number());

export const swarmFact = z.object({
  seeds: z.number(),
  agentHours: z.number(),
  requests: z.number(),
  records: z.number(),
  /** A second and core. */
  seedsPerSecond: z.number(),
  /** By fault. */
  injected: counts,
  noticed: counts,
  choicesRaced: z.number(),
  choicesAlike: z.number(),
});

export const canaryFact = z.object({
  number: z.number(),
  seed: z.number(),
  promise: z.string(),
  seeds: z.number(),
});

export const smallScopeFact = z.object({
  states: z.number(),
  edges: z.number(),
});

export const spinFact = z.object({ title: z.string(), size: z.string() });

export const hostileFact = z.object({ inputs: z.number(), readers: z.number() });

export const killsFact = z.object({ rounds: z.number(), acknowledged: z.number() });

export const damageFact = z.object({
  journal: z.string(),
  damages: z.number(),
  records: z.number(),
  /** Damages of which nothing in the file can tell. */
  untold: z.number(),
});

interface Facts {
  readonly swarm: z.infer<typeof swarmFact>;
  readonly canary: z.infer<typeof canaryFact>;
  readonly smallScope: z.infer<typeof smallScopeFact>;
  readonly spin: z.infer<typeof spinFact>;
  readonly hostile: z.infer<typeof hostileFact>;
  readonly kills: z.infer<typeof killsFact>;
  readonly damage: z.infer<typeof damageFact>;
}

/** Writes one fact down; `name` tells it from the others of its part. */
export function tell<P extends keyof Facts>(part: P, name: string, fact: Facts[P]): void {
  const folder = join(FOLDER, part);
  mkdirSync(folder, { recursive: true });
  const file = `${name.replaceAll(/[^\w-]+/g, '-')}.json`;
  writeFileSync(join(folder, file), `${JSON.stringify(fact, undefined, 2)}\n`);
}

/** All facts of a part, in the order of their names; throws on one of another shape. */
export function told<T>(part: keyof Facts, shape: z.ZodType<T>): readonly T[] {
  const folder = join(FOLDER, part);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => shape.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
}
