/**
 * Defects that hostile input has met, each with its payload as a file in `test/corpus/hostile`.
 *
 * K1  An open one has `open`: why it is not fixed yet and what the fix would be. Its case runs as a
 *     todo, and the trial of its target counts it instead of failing.
 * K2  A fixed one loses `open`; its payload stays and must pass.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const FOLDER = join(import.meta.dirname, '..', 'corpus', 'hostile');

const caseSchema = z.strictObject({
  about: z.string(),
  /** Name of the target that met it. */
  target: z.string(),
  /** Others that meet it too. */
  also: z.array(z.string()).default([]),
  /** What the failure says, as the source of a pattern. */
  signature: z.string(),
  /** The input; `times` repeats `unit` between the two ends. */
  payload: z.strictObject({
    before: z.string().default(''),
    unit: z.string().default(''),
    times: z.number().int().default(1),
    after: z.string().default(''),
  }),
  open: z.string().optional(),
});

export interface KnownDefect {
  readonly file: string;
  readonly about: string;
  readonly target: string;
  readonly also: readonly string[];
  readonly signature: RegExp;
  readonly payload: string;
  readonly open?: string;
}

export function readDefects(): readonly KnownDefect[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const one = caseSchema.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
      const { before, unit, times, after } = one.payload;
      return {
        file,
        about: one.about,
        target: one.target,
        also: one.also,
        signature: new RegExp(one.signature),
        payload: before + unit.repeat(times) + after,
        ...(one.open === undefined ? {} : { open: one.open }),
      };
    });
}

/** The open ones of a target. */
export function knownDefects(target: string): readonly KnownDefect[] {
  return readDefects().filter(
    (one) => one.open !== undefined && [one.target, ...one.also].includes(target),
  );
}
