/**
 * After-call work under `auto`: Busy while the quota allows, In a call above. Switching costs a
 * decision for everybody, so it happens rarely and with a gap between the two thresholds.
 */
import type { Engine } from '../../engine/engine.ts';
import type { Clock } from '../../lib/clock.ts';
import type { AfterCallWork, PolicyFor } from './policy.ts';

const LOOK_MS = 30_000;
const SAVE_ABOVE = 0.6;
const SPEND_BELOW = 0.4;

export function economise(
  engine: Engine,
  policyFor: PolicyFor,
  clock: Clock,
  onError: (error: unknown) => void,
): () => void {
  let now: AfterCallWork = 'busy';
  const look = (): void => {
    const used = engine.lane('teams')?.used() ?? 0;
    const next = used > SAVE_ABOVE ? 'in_call' : used < SPEND_BELOW ? 'busy' : now;
    if (next !== now) {
      now = next;
      engine.setPolicy(policyFor(now)).catch(onError);
    }
    timer = clock.after(LOOK_MS, look);
  };
  let timer = clock.after(LOOK_MS, look);
  return () => timer.cancel();
}
