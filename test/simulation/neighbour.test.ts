/**
 * Metamorphic: what Lockstep does for one tenant is the same with and without a noisy neighbour in
 * the same process. Two worlds share the event loop, the clock and all modules, and nothing else.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import type { VirtualClock } from '../../emulators/virtual-clock.ts';
import type { World } from '../../simulation/world.ts';
import { START, createWorld } from '../../simulation/world.ts';

const MINUTE = 60_000;
const LENGTH_MS = 30 * MINUTE;
const KILL_EVERY_MS = 3 * MINUTE;

interface Output {
  /** Every request in its order, with its time and body. */
  readonly requests: readonly string[];
  readonly states: string;
  /** Hash of the last record, which covers all records before it. */
  readonly journal: string | undefined;
}

function quiet(clock: VirtualClock, requests: string[]): World {
  const world = createWorld({ seed: 'quiet', agents: 20, clock });
  world.wire.onDeparture(({ departedAt, url, body }) => {
    requests.push(`${departedAt} ${url} ${body}`);
  });
  return world;
}

/** Three times the people, short calls, a storm of 429 without end and a crash every few minutes. */
function noisy(clock: VirtualClock): World {
  const world = createWorld({ seed: 'noisy', agents: 60, clock, nodes: 2, ownership: 'lease' });
  world.graph.control.faults.add({ kind: 'throttled', probability: 0.3, retryAfter: 7 });
  const kill = (): void => {
    world.nodes.find((node) => node.isActive())?.kill(true);
    clock.after(KILL_EVERY_MS, kill);
  };
  clock.after(KILL_EVERY_MS, kill);
  return world;
}

function begin(world: World, profile: 'standard' | 'dialler'): void {
  world.day({ profile }).start();
  for (const node of world.nodes) node.start();
}

async function outputOf(neighbour: boolean): Promise<Output & { readonly others: number }> {
  const clock = virtualClock(START);
  const requests: string[] = [];
  const other = neighbour ? noisy(clock) : undefined;
  const world = quiet(clock, requests);
  if (other !== undefined) begin(other, 'dialler');
  begin(world, 'standard');
  await clock.run(LENGTH_MS);
  return {
    requests,
    states: world.engine.population.fingerprint(),
    journal: world.disk.platter.at(-1)?.hash,
    others: other?.evidence.of('node.power_cut') ?? 0,
  };
}

describe('a noisy neighbour', () => {
  it('changes nothing that is done for a tenant, to the millisecond and to the letter', async (t) => {
    const { others: _none, ...alone } = await outputOf(false);
    const { others, ...beside } = await outputOf(true);

    t.diagnostic(`${alone.requests.length} requests, equal beside a neighbour`);
    assert.ok(alone.requests.length > 500, 'the tenant must have done something');
    assert.ok(others >= 5, `the neighbour crashed ${others} times`);
    assert.deepEqual(beside, alone);
  });
});
