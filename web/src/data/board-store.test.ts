/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BoardItem } from '../../../src/api/contract/board.ts';
import { createBoardStore, HOLD_MS } from './board-store.ts';
import type { BoardStore } from './board-store.ts';
import { FIRST_CHOICES } from './view.ts';

interface Bench {
  readonly store: BoardStore;
  readonly frames: (() => void)[];
  /** Draws the next picture. */
  readonly frame: () => void;
  now: number;
}

function createBench(): Bench {
  const frames: (() => void)[] = [];
  const bench: Bench = {
    frames,
    frame: () => frames.splice(0).forEach((task) => task()),
    now: 1_000_000,
    store: createBoardStore({
      onFrame: (task) => frames.push(task),
      serverNow: () => bench.now,
    }),
  };
  return bench;
}

function itemOf(id: string, part: Partial<BoardItem> = {}): BoardItem {
  const step = part.step ?? 'in_step';
  return { id, name: id, teams: [], platforms: [], step, stepSince: 0, why: '', ...part };
}

function withAge(id: string, confirmedAt: number): BoardItem {
  const seen = { preset: 'ready', label: 'Ready', raw: 'READY', cause: 'human' };
  return itemOf(id, {
    platforms: [{ platform: 'five9', ...seen, stale: false, ours: false, confirmedAt }],
  });
}

function idsOf(store: BoardStore): string[] {
  return store.view().lines.flatMap((line) => (line.kind === 'agent' ? [line.id] : []));
}

describe('the board store', () => {
  it('has a change at once and announces each row once per frame', () => {
    const { store, frames, frame } = createBench();
    store.replaceAll([itemOf('a'), itemOf('b')]);
    frame();
    const heard: string[] = [];
    store.onRow('a', () => heard.push('a'));
    store.onRow('b', () => heard.push('b'));
    for (let round = 0; round < 50; round += 1) store.upsert([itemOf('a', { why: String(round) })]);
    assert.equal(store.item('a')?.why, '49');
    assert.equal(frames.length, 1);
    assert.deepEqual(heard, []);
    frame();
    assert.deepEqual(heard, ['a']);
  });

  it('says that the view moved only when something in it differs', () => {
    const { store, frame } = createBench();
    store.replaceAll([itemOf('a'), itemOf('b')]);
    frame();
    let moved = 0;
    store.onView(() => (moved += 1));
    const before = store.view();
    store.upsert([itemOf('a', { why: 'other words' })]);
    frame();
    assert.equal(moved, 0);
    assert.equal(store.view(), before);
    store.upsert([itemOf('b', { step: 'blocked' })]);
    frame();
    assert.equal(moved, 1);
    assert.deepEqual(idsOf(store), ['b', 'a']);
  });

  it('is empty until the first board has come, and follows what comes and goes', () => {
    const { store, frame } = createBench();
    assert.equal(store.loaded(), false);
    store.replaceAll([itemOf('a')]);
    assert.equal(store.loaded(), true);
    assert.deepEqual(idsOf(store), ['a']);
    store.upsert([itemOf('b')]);
    store.remove(['a', 'never there']);
    frame();
    assert.deepEqual(idsOf(store), ['b']);
    store.replaceAll([itemOf('c')]);
    assert.deepEqual(idsOf(store), ['c']);
    assert.equal(store.item('b'), undefined);
  });

  it('tells followers of a row that it is gone', () => {
    const { store, frame } = createBench();
    store.replaceAll([itemOf('a')]);
    frame();
    let seen: unknown = 'not asked';
    store.onRow('a', () => (seen = store.item('a')));
    store.remove(['a']);
    frame();
    assert.equal(seen, undefined);
  });

  it('stops calling a listener that has left', () => {
    const { store, frame } = createBench();
    store.replaceAll([itemOf('a')]);
    frame();
    let calls = 0;
    const leave = store.onRow('a', () => (calls += 1));
    store.onRow('a', () => undefined);
    leave();
    store.upsert([itemOf('a')]);
    frame();
    assert.equal(calls, 0);
  });

  it('reads ages in ascending order of id, whatever order the rows came in', () => {
    const { store } = createBench();
    store.replaceAll(['b', 'c', 'a'].map((id, index) => itemOf(id, { name: String(index) })));
    assert.equal(store.ages({ serverTime: 50_000, platforms: { five9: [10, 20, -1] } }), true);
    assert.equal(store.confirmedAt('a', 'five9'), 49_000);
    assert.equal(store.confirmedAt('b', 'five9'), 48_000);
    assert.equal(store.confirmedAt('c', 'five9'), undefined);
    assert.equal(store.confirmedAt('a', 'teams'), undefined);
  });

  it('does not use ages that fit another board', () => {
    const { store } = createBench();
    store.replaceAll([withAge('a', 40_000), withAge('b', 41_000)]);
    assert.equal(store.ages({ serverTime: 50_000, platforms: { five9: [1] } }), false);
    assert.equal(store.confirmedAt('a', 'five9'), 40_000);
    store.remove(['b']);
    assert.equal(store.ages({ serverTime: 50_000, platforms: { five9: [1] } }), true);
    assert.equal(store.confirmedAt('a', 'five9'), 49_900);
  });

  it('never makes data older than it was known to be', () => {
    const { store } = createBench();
    store.replaceAll([withAge('a', 40_000)]);
    store.ages({ serverTime: 50_000, platforms: { five9: [10] } });
    store.upsert([withAge('a', 45_000)]);
    assert.equal(store.confirmedAt('a', 'five9'), 49_000);
  });

  it('keeps the order while the list is touched, and catches up afterwards', () => {
    const bench = createBench();
    const { store, frame } = bench;
    store.replaceAll([itemOf('a'), itemOf('b')]);
    frame();
    store.touch();
    store.upsert([itemOf('b', { step: 'blocked' })]);
    frame();
    assert.deepEqual(idsOf(store), ['a', 'b']);
    assert.equal(store.view().all.blocked, 1);
    bench.now += HOLD_MS;
    store.tick();
    frame();
    assert.deepEqual(idsOf(store), ['b', 'a']);
  });

  it('follows a new choice at once, held or not', () => {
    const { store, frame } = createBench();
    store.replaceAll([itemOf('a'), itemOf('b', { step: 'blocked' })]);
    frame();
    store.touch();
    store.choose({ ...FIRST_CHOICES, steps: ['in_step'] });
    assert.deepEqual(idsOf(store), ['a']);
  });

  it('orders names as people do', () => {
    const { store } = createBench();
    store.choose({ ...FIRST_CHOICES, order: 'name' });
    store.replaceAll(['Agent 10', 'agent 9', 'Agent 1'].map((id) => itemOf(id)));
    assert.deepEqual(idsOf(store), ['Agent 1', 'agent 9', 'Agent 10']);
  });
});
