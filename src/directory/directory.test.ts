import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Agent } from '../model/agent.ts';
import type { Directory } from './directory.ts';
import { EMPTY_DIRECTORY, agentOf, createDirectory, diffDirectory } from './directory.ts';
import { guardChange } from './guard.ts';

function agent(id: string, five9 = `f${id}`, teams = `t${id}`): Agent {
  return { id: `a${id}`, name: `Agent ${id}`, accounts: { five9, teams } };
}

function directoryOf(count: number, except: readonly number[] = []): Directory {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return createDirectory(
    numbers.filter((one) => !except.includes(one)).map((one) => agent(String(one))),
  );
}

void describe('a directory', () => {
  void it('is found by id and by account', () => {
    const directory = createDirectory([agent('2'), agent('1')]);
    assert.deepEqual(
      directory.agents.map(({ id }) => id),
      ['a1', 'a2'],
    );
    assert.equal(agentOf(directory, 'teams', 't2')?.id, 'a2');
    assert.equal(agentOf(directory, 'five9', 't2'), undefined);
    assert.equal(agentOf(directory, 'webex', 't2'), undefined);
    assert.equal(directory.byId.get('a1')?.name, 'Agent 1');
  });

  void it('has a version that tells contents apart and nothing else', () => {
    const one = createDirectory([agent('1'), agent('2')]);
    const same = createDirectory([
      { ...agent('2'), name: ' Agent 2 ', teams: [' '] },
      { ...agent('1'), accounts: { teams: 't1', five9: 'f1' } },
    ]);
    assert.deepEqual(one, same);
    assert.match(one.version, /^d-[0-9a-f]{16}$/);
    const renamed = createDirectory([agent('1'), { ...agent('2'), name: 'Agent 3' }]);
    const grouped = createDirectory([agent('1'), { ...agent('2'), teams: ['Sales'] }]);
    const versions = [one, renamed, grouped, EMPTY_DIRECTORY].map(({ version }) => version);
    assert.equal(new Set(versions).size, 4);
  });

  void it('refuses two agents with one id or one account, and agents without names', () => {
    assert.throws(() => createDirectory([agent('1'), agent('1', 'x', 'y')]), /have the id a1/);
    const both = (): Directory => createDirectory([agent('1'), agent('2', 'f2', 't1')]);
    assert.throws(both, /"a1" and "a2" share the teams account t1/);
    assert.throws(() => createDirectory([{ ...agent('1'), name: ' ' }]), /has no name/);
    assert.throws(() => createDirectory([{ ...agent('1'), id: 'a 1' }]), /is not an agent id/);
    assert.throws(() => createDirectory([agent('1', ' f')]), /padded account id on five9/);
  });
});

void describe('a difference', () => {
  void it('tells who came, who went and who is somebody else now', () => {
    const before = createDirectory([agent('1'), agent('2'), agent('3')]);
    const onlyFive9 = { ...agent('3'), accounts: { five9: 'f3' } };
    const after = createDirectory([agent('2', 'f2', 't9'), onlyFive9, agent('4')]);
    const { added, removed, remapped } = diffDirectory(before, after);
    assert.deepEqual(
      [added, removed].map((list) => list.map(({ id }) => id)),
      [['a4'], ['a1']],
    );
    assert.deepEqual(remapped, [
      { agent: 'a2', platform: 'teams', from: 't2', to: 't9' },
      { agent: 'a3', platform: 'teams', from: 't3' },
    ]);
    assert.deepEqual(diffDirectory(before, before), { added: [], removed: [], remapped: [] });
  });
});

void describe('the guard', () => {
  void it('lets a twentieth go and asks for one more', () => {
    const before = directoryOf(100);
    assert.equal(guardChange(before, directoryOf(100, [1, 2, 3, 4, 5])).kind, 'allowed');
    const held = guardChange(before, directoryOf(100, [1, 2, 3, 4, 5, 6]));
    assert.ok(held.kind === 'needs_confirmation');
    assert.equal(held.unmapped.length, 6);
    assert.equal(held.words, 'This takes accounts away from 6 of 100 agents (6 %).');
  });

  void it('counts remapped agents, once each, and not new ones', () => {
    const before = directoryOf(10);
    const swapped = before.agents.map((one, index) =>
      index === 0 ? { ...one, accounts: { five9: 'x', teams: 'y' } } : one,
    );
    const held = guardChange(before, createDirectory(swapped));
    assert.deepEqual(held.kind === 'needs_confirmation' ? held.unmapped : [], ['a0']);
    assert.equal(guardChange(before, directoryOf(1_000)).kind, 'allowed');
    assert.equal(guardChange(EMPTY_DIRECTORY, before).kind, 'allowed');
    assert.equal(guardChange(before, EMPTY_DIRECTORY).kind, 'needs_confirmation');
  });

  void it('accepts the token of this change and of no other', () => {
    const before = directoryOf(10);
    const after = directoryOf(10, [1]);
    const held = guardChange(before, after);
    const token = held.kind === 'needs_confirmation' ? held.token : '';
    assert.equal(guardChange(before, after, token).kind, 'allowed');
    assert.equal(guardChange(before, directoryOf(10, [1, 2]), token).kind, 'needs_confirmation');
    assert.equal(guardChange(before, after, '').kind, 'needs_confirmation');
  });
});
