/**
 * Every fault that the simulated world knows, by its number and its name. `docs/trust.md` lists what
 * was injected and noticed, and what is covered elsewhere or not yet.
 */
import { ENTRA_FAULTS } from './entra-faults.ts';
import type { Fault } from './fault.ts';
import { FIVE9_FAULTS } from './five9-faults.ts';
import { GRAPH_FAULTS } from './graph-faults.ts';
import { NODE_FAULTS } from './node-faults.ts';
import { PEOPLE_FAULTS } from './people-faults.ts';

export const FAULTS: readonly Fault[] = [
  ...GRAPH_FAULTS,
  ...ENTRA_FAULTS,
  ...FIVE9_FAULTS,
  ...NODE_FAULTS,
  ...PEOPLE_FAULTS,
];
