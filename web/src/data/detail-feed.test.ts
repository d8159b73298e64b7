/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { AgentDetail } from '../../../src/api/contract/board.ts';
import { createDetailFeed, PAUSE_MS } from './detail-feed.ts';
import type { Detail, DetailFeed } from './detail-feed.ts';
import { ApiError } from './trouble.ts';

interface Bench {
  readonly feed: DetailFeed;
  readonly seen: Detail[];
  readonly asked: () => number;
  readonly waits: number[];
  /** Runs what waits, at its time. */
  readonly fire: () => void;
  readonly answer: (sentence: string | ApiError) => Promise<void>;
}

function agentSaying(sentence: string): AgentDetail {
  const item = { id: 'a', name: 'a', teams: [], platforms: [], stepSince: 0, why: '' };
  const about = { agent: 'a', name: 'a', at: 0, past: false, facts: [], decisions: [], trace: [] };
  return { ...item, step: 'in_step', explanation: { ...about, sentence, policyVersion: '1' } };
}

function createBench(): Bench {
  const seen: Detail[] = [];
  const waits: number[] = [];
  const tasks: (() => void)[] = [];
  const requests: ((result: string | ApiError) => void)[] = [];
  let asked = 0;
  let now = 0;
  const feed = createDetailFeed({
    now: () => now,
    after(delayMs, task) {
      waits.push(delayMs);
      tasks.push(() => {
        now += delayMs;
        task();
      });
      return () => tasks.splice(0);
    },
    load: () =>
      new Promise((resolve, reject) => {
        asked += 1;
        requests.push((result) =>
          result instanceof ApiError ? reject(result) : resolve(agentSaying(result)),
        );
      }),
    onDetail: (detail) => seen.push(detail),
  });
  return {
    feed,
    seen,
    waits,
    asked: () => asked,
    fire: () => tasks.splice(0).forEach((task) => task()),
    async answer(result) {
      requests.shift()?.(result);
      await turn();
    },
  };
}

function sentencesOf(seen: readonly Detail[]): string[] {
  return seen.map((detail) =>
    detail.kind === 'loaded' ? detail.agent.explanation.sentence : detail.kind,
  );
}

describe('the details of an agent', () => {
  it('are asked for at once, and once more for any number of changes meanwhile', async () => {
    const { feed, seen, asked, waits, fire, answer } = createBench();
    feed.poke();
    fire();
    for (let change = 0; change < 20; change += 1) feed.poke();
    assert.equal(asked(), 1);
    await answer('one');
    fire();
    assert.equal(asked(), 2);
    await answer('two');
    fire();
    assert.equal(asked(), 2);
    assert.deepEqual(waits, [0, PAUSE_MS]);
    assert.deepEqual(sentencesOf(seen), ['one', 'two']);
  });

  it('stay when a newer request fails', async () => {
    const { feed, seen, fire, answer } = createBench();
    feed.poke();
    fire();
    await answer('one');
    feed.poke();
    fire();
    await answer(new ApiError({ kind: 'unreachable' }));
    assert.deepEqual(sentencesOf(seen), ['one']);
  });

  it('say why they are not there, and can be asked for again', async () => {
    const { feed, seen, fire, answer } = createBench();
    feed.poke();
    fire();
    await answer(new ApiError({ kind: 'gone' }));
    assert.deepEqual(seen, [{ kind: 'failed', trouble: { kind: 'gone' } }]);
    feed.poke();
    fire();
    await answer('back');
    assert.deepEqual(sentencesOf(seen), ['failed', 'back']);
  });

  it('are silent after the end', async () => {
    const { feed, seen, asked, fire, answer } = createBench();
    feed.poke();
    fire();
    feed.stop();
    await answer('too late');
    feed.poke();
    fire();
    assert.equal(asked(), 1);
    assert.deepEqual(seen, []);
  });
});
