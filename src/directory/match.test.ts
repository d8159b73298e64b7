import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as holds, boolean, constantFrom, property, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Account } from '../connectors/connector.ts';
import { EMPTY_DIRECTORY, createDirectory } from './directory.ts';
import type { MatchReport } from './match.ts';
import { suggestMatches } from './match.ts';

type Names = Partial<Omit<Account, 'id'>>;

function account(id: string, names: Names): Account {
  return { id, name: `Agent ${id}`, active: true, ...names };
}

function match(five9: readonly Account[], teams: readonly Account[]): MatchReport {
  return suggestMatches({ five9, teams, mapping: EMPTY_DIRECTORY });
}

const MAPPED = createDirectory([
  { id: 'a1', name: 'Agent 1', accounts: { five9: 'f1', teams: 't1' } },
]);

void describe('matching', () => {
  void it('goes by federation id, then e-mail, then user name', () => {
    const five9 = [
      account('f1', { federationId: 'One@Example.com', email: 'other@example.com' }),
      account('f2', { email: 'two@example.com', upn: 'one@example.com' }),
      account('f3', { upn: 'three@example.com' }),
      account('f4', { name: 'four@example.com' }),
      account('f5', { email: 'mail5@example.com' }),
    ];
    const teams = [1, 2, 3, 4].map((n) =>
      account(`t${n}`, { upn: `${['', 'one', 'two', 'three', 'four'][n]}@example.com` }),
    );
    teams.push(account('t5', { upn: 'five@example.com', email: 'MAIL5@example.com' }));
    const report = match(five9, teams);
    assert.deepEqual(
      report.suggestions.map((one) => [one.five9, one.teams, one.confidence]),
      [
        ['f1', 't1', 'high'],
        // Its user name points at somebody else: somebody should look twice.
        ['f2', 't2', 'low'],
        ['f3', 't3', 'low'],
        ['f4', 't4', 'low'],
        ['f5', 't5', 'medium'],
      ],
    );
    assert.deepEqual(report.suggestions[1]?.rivals, ['t1']);
    assert.deepEqual(report.unmatched, { five9: [], teams: [] });
  });

  void it('does not mind case and ways to write a letter', () => {
    const five9 = [account('f1', { federationId: ' RENE\u0301@EXAMPLE.com' })];
    const teams = [account('t1', { upn: 'ren\u00E9@example.com' })];
    assert.equal(match(five9, teams).suggestions.length, 1);
  });

  void it('reports what is not clear instead of guessing', () => {
    const shared = { email: 'desk@example.com' };
    const two = match([account('f1', shared), account('f2', shared)], [account('t1', shared)]);
    assert.deepEqual(two.suggestions, []);
    assert.deepEqual(two.doubled, [
      { five9: ['f1', 'f2'], teams: ['t1'], reason: 'several Five9 users fit one Teams user' },
    ]);
    const split = match([account('f1', shared)], [account('t1', shared), account('t2', shared)]);
    assert.deepEqual(split.suggestions, []);
    assert.deepEqual(split.doubled, [
      { five9: ['f1'], teams: ['t1', 't2'], reason: 'one Five9 user fits several Teams users' },
    ]);
    assert.deepEqual(split.unmatched, { five9: [], teams: [] });
  });

  void it('never suggests whom somebody has, and names both who want them', () => {
    const report = suggestMatches({
      five9: [account('f1', {}), account('f2', { upn: 'x@example.com' })],
      teams: [account('t1', { upn: 'x@example.com' })],
      mapping: MAPPED,
    });
    assert.deepEqual(report.suggestions, []);
    assert.deepEqual(report.doubled[0]?.five9, ['f1', 'f2']);
  });

  void it('lists who is left over and who is not active', () => {
    const report = suggestMatches({
      five9: [account('f2', {}), account('f3', { active: false }), account('f1', {})],
      teams: [account('t2', {}), account('t3', { active: false })],
      mapping: MAPPED,
    });
    assert.deepEqual(report.unmatched, { five9: ['f2'], teams: ['t2'] });
    assert.deepEqual(report.inactive, [
      { platform: 'five9', account: 'f3', why: 'inactive' },
      { platform: 'teams', account: 't3', why: 'inactive' },
      { platform: 'teams', account: 't1', agent: 'a1', why: 'missing' },
    ]);
  });

  void it('tells a new name from a name that somebody else got', () => {
    const earlier = {
      five9: [account('f1', { name: 'Agent A', email: 'a@example.com' })],
      teams: [account('t1', { upn: 'a@example.com' }), account('t2', { upn: 'b@example.com' })],
    };
    const five9 = [account('f1', { name: 'Agent B', email: 'a@example.com' })];
    const teams = [
      account('t1', { upn: 'new@example.com' }),
      account('t2', { upn: 'b@example.com' }),
      account('t3', { upn: 'A@example.com' }),
    ];
    const report = suggestMatches({ five9, teams, mapping: MAPPED, earlier });
    assert.deepEqual(report.renamed, [
      {
        platform: 'five9',
        account: 'f1',
        agent: 'a1',
        field: 'name',
        before: 'Agent A',
        now: 'Agent B',
      },
      {
        platform: 'teams',
        account: 't1',
        agent: 'a1',
        field: 'upn',
        before: 'a@example.com',
        now: 'new@example.com',
      },
      {
        platform: 'teams',
        account: 't3',
        field: 'upn',
        before: '',
        now: 'A@example.com',
        takenFrom: 't1',
      },
    ]);
    // The mapping goes by ids: the person who got the name does not get the agent.
    assert.deepEqual(report.suggestions, []);
  });
});

void describe('for all lists', () => {
  const some = constantFrom(undefined, 'a@x', 'B@x', 'b@x', 'c@x');
  const accounts = (prefix: string): Arbitrary<Account[]> =>
    array(record({ upn: some, email: some, federationId: some, active: boolean() }), {
      maxLength: 6,
    }).map((list) =>
      list.map(({ upn, email, federationId, active }, index) =>
        account(`${prefix}${index}`, {
          active,
          ...(upn === undefined ? {} : { upn }),
          ...(email === undefined ? {} : { email }),
          ...(federationId === undefined ? {} : { federationId }),
        }),
      ),
    );

  void it('nobody is suggested twice or forgotten, and the order does not matter', () => {
    holds(
      property(accounts('f'), accounts('t'), (five9, teams) => {
        const report = suggestMatches({ five9, teams, mapping: MAPPED });
        assert.deepEqual(
          suggestMatches({ five9: five9.toReversed(), teams: teams.toReversed(), mapping: MAPPED }),
          report,
        );
        const suggested = report.suggestions.flatMap((one) => [one.five9, one.teams]);
        assert.equal(new Set(suggested).size, suggested.length);
        assert.ok(!suggested.includes('f1') && !suggested.includes('t1'));
        const doubled = report.doubled.flatMap((one) => [...one.five9, ...one.teams]);
        for (const id of suggested) assert.ok(!doubled.includes(id), id);
        const told = new Set([
          ...suggested,
          ...doubled,
          ...report.unmatched.five9,
          ...report.unmatched.teams,
        ]);
        for (const { id, active } of [...five9, ...teams]) {
          const known = ['f1', 't1'].includes(id) || !active;
          assert.ok(told.has(id) || known, `${id} is forgotten`);
        }
      }),
    );
  });
});
