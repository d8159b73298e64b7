/** Makes a failing plan smaller while it still breaks the same promise. */
import type { Violation } from './court.ts';
import type { FaultEvent, Plan } from './plan.ts';

export type Judge = (plan: Plan) => Promise<Violation | undefined>;

/**
 * Takes faults away, half of them at a time, then a quarter, at last one by one. `judge` answers
 * with the first violation; a plan counts as failing when that breaks the promise `id`. At most
 * `most` runs are made.
 */
export async function shrink(plan: Plan, id: string, judge: Judge, most = 60): Promise<Plan> {
  const budget = { left: most };
  const fails = async (events: readonly FaultEvent[]): Promise<boolean> => {
    budget.left -= 1;
    return (await judge({ ...plan, events }))?.id === id;
  };
  let events = plan.events;
  for (const size of sizesFrom(events.length))
    events = await withoutParts(events, size, fails, budget);
  return { ...plan, events };
}

async function withoutParts(
  all: readonly FaultEvent[],
  size: number,
  fails: (events: readonly FaultEvent[]) => Promise<boolean>,
  budget: { readonly left: number },
): Promise<readonly FaultEvent[]> {
  let events = all;
  let from = 0;
  while (from < events.length) {
    if (budget.left <= 0) return events;
    const start = from;
    const rest = events.filter((_, index) => index < start || index >= start + size);
    if (await fails(rest)) events = rest;
    else from += size;
  }
  return events;
}

/** Half of it, a quarter, … one. */
function sizesFrom(length: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = Math.ceil(length / 2); size > 1; size = Math.ceil(size / 2)) sizes.push(size);
  return length === 0 ? [] : [...sizes, 1];
}
