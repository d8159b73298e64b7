/**
 * A trial: one parser, many inputs, and what must hold for every one of them.
 *
 * T1  Nothing is thrown but the parser's own errors, and nothing is returned that breaks its
 *     promise.
 * T2  No input takes longer than `INPUT_MS_MAX`; one that seems to is tried again, because the
 *     machine may have been busy.
 * T3  The shared prototypes stay as they were.
 * T4  The heap does not grow: its size after the second half is held against that after the first.
 * T5  Each input has a random stream of its own, so that target, seed and index give it again.
 */
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Random } from '../../src/lib/random.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { KnownDefect } from './known-defects.ts';
import { knownDefects } from './known-defects.ts';
import { pollution } from './hostile-text.ts';

export interface Target {
  /** `five9/frame`, unique. */
  readonly name: string;
  /** The files of src whose reading of outside input this is. */
  readonly covers: readonly string[];
  /** Inputs in a run of the whole suite. */
  readonly inputs: number;
  /** T2, where one input is a whole run. */
  readonly inputMsMax?: number;
  /** Errors by which the parser says no. */
  readonly refuses?: (error: unknown) => boolean;
  /** Brings up what the reading needs, and gives back how to take it down. */
  readonly open?: () => Promise<() => Promise<void>>;
  /** Makes one input. */
  text(random: Random): string;
  /** Reads it. Throws what the parser throws, or `Broken` when a promise is broken. */
  read(text: string): unknown;
}

/** A parser answered, but not as it promises. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export function check(holds: boolean, promise: string): void {
  if (!holds) throw new Broken(promise);
}

export interface Failure {
  readonly index: number;
  readonly input: string;
  readonly why: string;
}

export interface Report {
  readonly inputs: number;
  readonly cpuMs: number;
  readonly slowestMs: number;
  readonly slowestIndex: number;
  readonly slowestLength: number;
  readonly grownBytes: number;
  /** Inputs that met a defect which has a case of its own. */
  readonly known: number;
  readonly failures: readonly Failure[];
}

const INPUT_MS_MAX = 1_000;
const FAILURES_MAX = 5;
const POLLUTION_EVERY = 64;
const SHOWN_MAX = 400;
/** Texts longer than this are deliberately large, and may take ten times as long. */
const LARGE_CHARACTERS = 100_000;

export async function runTrial(
  target: Target,
  seed: string,
  inputs = target.inputs,
): Promise<Report> {
  const state = { slowestMs: 0, slowestIndex: 0, slowestLength: 0, known: 0 };
  const failures: Failure[] = [];
  const known = knownDefects(target.name);
  const close = await target.open?.();
  const begun = process.cpuUsage();
  let halfBytes = 0;
  for (let index = 0; index < inputs; index += 1) {
    if (index === Math.floor(inputs / 2)) halfBytes = heapBytes();
    const text = textAt(target, seed, index);
    const outcome = await tryOne(target, text, known);
    if (outcome.ms > state.slowestMs) {
      state.slowestMs = outcome.ms;
      state.slowestIndex = index;
      state.slowestLength = text.length;
    }
    if (outcome.kind === 'known') state.known += 1;
    if (index % POLLUTION_EVERY === 0) checkPrototypes(index, failures);
    const why = outcome.kind === 'wrong' ? outcome.why : await tooSlow(target, text, outcome.ms);
    if (why !== undefined) failures.push({ index, input: shown(text), why });
    if (failures.length >= FAILURES_MAX) break;
  }
  await close?.();
  const isWhole = failures.length < FAILURES_MAX;
  const grownBytes = isWhole ? heapBytes() - halfBytes : 0;
  checkPrototypes(inputs, failures);
  const { user, system } = process.cpuUsage(begun);
  return { ...state, inputs, cpuMs: (user + system) / 1_000, grownBytes, failures };
}

function textAt(target: Target, seed: string, index: number): string {
  return target.text(seededRandom(`${seed}/${target.name}/${index}`));
}

/** T3. Looking costs as much as a small input, so it is done once for many of them. */
function checkPrototypes(index: number, failures: Failure[]): void {
  const polluted = pollution();
  if (polluted === undefined) return;
  const why = `a shared prototype was changed: ${polluted}`;
  failures.push({ index, input: `one of the last ${POLLUTION_EVERY}`, why });
}

type Tried =
  | { readonly kind: 'fine' | 'known'; readonly ms: number }
  | { readonly kind: 'wrong'; readonly ms: number; readonly why: string };

export async function tryOne(
  target: Target,
  text: string,
  known: readonly KnownDefect[],
): Promise<Tried> {
  const begun = performance.now();
  try {
    const answer = target.read(text);
    // Awaiting what is no promise would cost more than most parsers do.
    if (answer instanceof Promise) await answer;
  } catch (error) {
    const ms = performance.now() - begun;
    if (target.refuses?.(error) === true) return { kind: 'fine', ms };
    const why = wordsOf(error);
    if (known.some(({ signature }) => signature.test(why))) return { kind: 'known', ms };
    return { kind: 'wrong', ms, why };
  }
  return { kind: 'fine', ms: performance.now() - begun };
}

/** T2: the least of three tries counts. */
async function tooSlow(target: Target, text: string, firstMs: number): Promise<string | undefined> {
  const usual = target.inputMsMax ?? INPUT_MS_MAX;
  const limit = text.length > LARGE_CHARACTERS ? usual * 10 : usual;
  let least = firstMs;
  for (let again = 0; again < 2 && least > limit; again += 1) {
    const { ms } = await tryOne(target, text, []);
    least = Math.min(least, ms);
  }
  return least <= limit ? undefined : `it took ${Math.round(least)} ms`;
}

export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${typeof error}`;
  const place = error.stack?.split('\n').find((line) => line.includes('/src/')) ?? '';
  return `${error.name}: ${error.message.slice(0, SHOWN_MAX)} ${place.trim()}`;
}

function shown(text: string): string {
  const short = text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
  return `${JSON.stringify(short)} (${text.length} characters)`;
}

/** Heap in use after everything that can be collected is gone. */
export function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const collect: () => void = collector();

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  return typeof found === 'function'
    ? (): void => void Reflect.apply(found, undefined, [])
    : ignore;
}

function ignore(): void {
  // Without the collector the heap is measured as it is.
}
