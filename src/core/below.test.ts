/** A stop of ours that stands below what is shown, as one by skill does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, CODES } from './bench.test-kit.ts';

const SKILLS = ['300000000600027', '300000000600020'];

function stopped(): Bench {
  return new Bench()
    .five9('READY', { channels: SKILLS })
    .teams('Available/Available')
    .teams('Busy/Busy')
    .deliver('five9')
    .five9('NOT_READY', { code: CODES.busy });
}

describe('a stop that the platform says to stand below what is shown', () => {
  it('outlasts a sign-out, is given back then, and exactly', () => {
    const bench = stopped().five9('LOGGED_OUT', { pending: CODES.busy });
    assert.equal(bench.marks('five9').length, 1);
    assert.equal(bench.planOf('five9'), 'restore readiness not_ready');
    assert.equal(bench.command('five9').previous, SKILLS.join(','));
    bench.deliver('five9').five9('LOGGED_OUT');
    assert.deepEqual(bench.marks('five9'), []);
  });

  it('outlasts the agent’s own Not Ready, and is given back then', () => {
    const bench = stopped().five9('NOT_READY', { code: '7', pending: CODES.busy });
    assert.equal(bench.planOf('five9'), 'restore readiness not_ready');
    assert.equal(bench.command('five9').previous, SKILLS.join(','));
  });

  it('is over with a sign-out of which the platform says nothing more', () => {
    assert.deepEqual(stopped().five9('LOGGED_OUT').marks('five9'), []);
  });

  it('takes what was read last, though nothing but the channels has changed', () => {
    const bench = new Bench().five9('READY', { channels: SKILLS }).teams('Available/Available');
    bench.five9('READY', { channels: ['300000000600020'] }).teams('Busy/Busy');
    assert.equal(bench.command('five9').previous, '300000000600020');
  });
});

describe('a platform that is only read', () => {
  it('says so in words of its own', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    const five9 = bench.world.platforms['five9'];
    assert.ok(five9);
    const platforms = { ...bench.world.platforms, five9: { ...five9, express: {} } };
    bench.world = { ...bench.world, platforms };
    assert.equal(bench.teams('Busy/Busy').planOf('five9'), 'blocked read_only');
  });
});
