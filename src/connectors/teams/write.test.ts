import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  assert as check,
  constantFrom,
  double,
  option,
  property,
  record,
  string,
} from 'fast-check';
import type { Command } from '../../model/mark.ts';
import { PREFERRED_VALUES, SESSION_VALUES } from './manifest.ts';
import { isoDuration, planWrite } from './write.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const CLIENT = 'client-1';
const MINUTE = 60_000;

const PUT: Command = {
  platform: 'teams',
  kind: 'put',
  slot: 'session',
  slotKind: 'session',
  value: 'Busy/InACall',
  preset: 'in_call',
  shows: ['in_call', 'busy'],
  lifeMs: 15 * MINUTE,
};
const PREFER: Command = {
  ...PUT,
  slot: 'preferred',
  slotKind: 'shared',
  value: 'Busy/Busy',
  preset: 'busy',
};

function planned(command: Command): { readonly path: string; readonly body: unknown } {
  const result = planWrite(command, ID, CLIENT);
  assert.ok(result.ok, JSON.stringify(result));
  return { path: result.plan.path, body: JSON.parse(result.plan.body) };
}

function refusal(command: Command, account = ID): string {
  const result = planWrite(command, account, CLIENT);
  assert.ok(!result.ok && result.outcome.kind === 'refused', JSON.stringify(result));
  return `${result.outcome.reason}: ${result.outcome.detail}`;
}

describe('planning a write', () => {
  it('puts a session under the client id', () => {
    assert.deepEqual(planned(PUT), {
      path: `/users/${ID}/presence/setPresence`,
      body: {
        sessionId: CLIENT,
        availability: 'Busy',
        activity: 'InACall',
        expirationDuration: 'PT15M',
      },
    });
  });

  it('clears a session, for which a missing one is as good', () => {
    const result = planWrite({ ...PUT, kind: 'clear' }, ID, CLIENT);
    assert.ok(result.ok);
    assert.equal(result.plan.path, `/users/${ID}/presence/clearPresence`);
    assert.equal(result.plan.body, `{"sessionId":"${CLIENT}"}`);
    assert.deepEqual(result.plan.alsoDone, [404]);
  });

  it('puts, clears and restores the preferred slot', () => {
    assert.deepEqual(planned(PREFER), {
      path: `/users/${ID}/presence/setUserPreferredPresence`,
      body: { availability: 'Busy', activity: 'Busy', expirationDuration: 'PT15M' },
    });
    assert.deepEqual(planned({ ...PREFER, kind: 'clear' }), {
      path: `/users/${ID}/presence/clearUserPreferredPresence`,
      body: {},
    });
    const { lifeMs: _life, ...free } = PREFER;
    const previous = 'DoNotDisturb/DoNotDisturb';
    assert.deepEqual(planned({ ...free, kind: 'restore', previous }), {
      path: `/users/${ID}/presence/setUserPreferredPresence`,
      body: { availability: 'DoNotDisturb', activity: 'DoNotDisturb' },
    });
  });

  it('refuses what a slot does not take, and says what', () => {
    assert.match(refusal({ ...PUT, value: 'Busy/Busy' }), /cannot_express.*Busy\/Busy/);
    assert.match(refusal({ ...PUT, value: 'Available/Available' }), /cannot_express/);
    assert.match(refusal({ ...PREFER, value: 'Available/Available' }), /cannot_express/);
    assert.match(refusal({ ...PREFER, value: 'Busy/InACall' }), /cannot_express/);
    assert.match(refusal({ ...PREFER, kind: 'restore' }), /cannot_express/);
    assert.match(refusal({ ...PUT, kind: 'restore', previous: 'Busy/InACall' }), /never restored/);
    assert.match(refusal({ ...PUT, slotKind: 'shared' }), /no shared slot "session"/);
    assert.match(refusal({ ...PUT, slot: 'status' }), /no session slot "status"/);
    assert.match(refusal({ ...PUT, platform: 'slack' }), /"slack" is not teams/);
  });

  it('refuses lives outside of the range, and a put without one', () => {
    const { lifeMs: _life, ...without } = PUT;
    assert.match(refusal(without), /lifeMs undefined is not within 300000 to 14400000/);
    assert.match(refusal({ ...PUT, lifeMs: 4 * MINUTE }), /lifeMs 240000/);
    assert.match(refusal({ ...PUT, lifeMs: 241 * MINUTE }), /lifeMs/);
    assert.match(refusal({ ...PREFER, lifeMs: 1441 * MINUTE }), /lifeMs/);
    assert.match(
      refusal({ ...PREFER, kind: 'restore', previous: 'Busy/Busy', lifeMs: 1 }),
      /lifeMs/,
    );
  });

  it('refuses accounts that are no object ids', () => {
    for (const account of ['', 'a@b.example', '../x', 'a/b', 'a b', 'x'.repeat(65)]) {
      assert.match(refusal(PUT, account), /not_found/);
    }
  });

  it('never sends Available, whatever is commanded', () => {
    const values = [
      ...SESSION_VALUES,
      ...PREFERRED_VALUES,
      'Available/Available',
      'Available',
      '/',
    ];
    check(
      property(
        record({
          kind: constantFrom('put', 'clear', 'restore'),
          slot: constantFrom('session', 'preferred'),
          value: constantFrom(...values),
          previous: constantFrom(...values),
          lifeMs: option(double({ min: 0, max: 1e9 }), { nil: 900_000 }),
          account: string(),
        }),
        ({ account, ...parts }) => {
          const slotKind = parts.slot === 'session' ? 'session' : 'shared';
          const result = planWrite({ ...PUT, ...parts, slotKind }, account || ID, CLIENT);
          if (result.ok) assert.doesNotMatch(result.plan.body, /available"/i);
        },
      ),
    );
  });

  it('writes durations of whole seconds', () => {
    assert.equal(isoDuration(5 * MINUTE), 'PT5M');
    assert.equal(isoDuration(240 * MINUTE), 'PT4H');
    assert.equal(isoDuration(1440 * MINUTE), 'PT24H');
    assert.equal(isoDuration(3_723_999), 'PT1H2M3S');
    assert.equal(isoDuration(0), 'PT0S');
  });
});
