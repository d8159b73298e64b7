/** What the promises are judged by: the served emulators' truth, and who is who. */
import type { Five9Emulator } from '../../../emulators/five9/emulator.ts';
import type { GraphEmulator } from '../../../emulators/graph/graph.ts';

export interface Doubles {
  readonly clock: { now(): number };
  readonly five9: Five9Emulator;
  readonly graph: GraphEmulator;
  readonly people: readonly { readonly agent: string; readonly user: string }[];
}
