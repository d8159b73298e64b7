import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, CODES } from './bench.test-kit.ts';

describe('Five9 to Teams', () => {
  it('shows a call as In a call and afterwards takes only its own session away', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');

    bench.five9('ON_CALL');
    assert.equal(bench.planOf('teams'), 'put session Busy/InACall');
    bench.deliver('teams').teams('Busy/InACall');
    assert.equal(bench.planOf('teams'), 'none');

    bench.five9('ACW');
    assert.equal(bench.planOf('teams'), 'put preferred Busy/Busy');
    bench.deliver('teams').teams('Busy/Busy');
    bench.five9('READY');
    assert.equal(bench.planOf('teams'), 'clear session Busy/InACall');
    bench.deliver('teams');
    assert.equal(bench.planOf('teams'), 'clear preferred Busy/Busy');
    bench.deliver('teams').teams('Available/Available');

    assert.equal(bench.planOf('teams'), 'none');
    assert.equal(bench.planOf('five9'), 'none');
    assert.deepEqual(bench.marks('teams'), []);
  });

  it('never makes the agent Not Ready because of its own In a call, also when read as Busy first', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');

    bench.five9('ON_CALL').deliver('teams').teams('Busy/Busy');
    assert.equal(bench.planOf('five9'), 'none');
    bench.teams('Busy/InACall');
    bench.five9('READY').deliver('teams').teams('Busy/InACall');

    assert.equal(bench.planOf('five9'), 'none');
    bench.teams('Available/Available');
    assert.equal(bench.planOf('five9'), 'none');
  });

  it('finds a real Teams call that had been hidden under our mark', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.five9('READY').deliver('teams').teams('Busy/InACall');
    assert.equal(bench.planOf('five9'), 'none');

    bench.pass(11_000).teams('Busy/InACall');

    assert.equal(bench.planOf('five9'), `put readiness not_ready ${CODES.in_call}`);
  });

  it('leaves a manual Do not disturb alone during a call and stops routing because of it', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');

    bench.teams('DoNotDisturb/DoNotDisturb');

    assert.equal(bench.planOf('teams'), 'blocked outranked_by_human');
    assert.equal(bench.planOf('five9'), `put readiness not_ready ${CODES.dnd}`);
    bench.five9('READY').deliver('teams');
    assert.deepEqual(bench.marks('teams'), []);
  });

  it('lets a person who chose a status over our wrap-up Busy keep it', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.five9('ACW').deliver('teams').teams('Busy/Busy');

    bench.teams('DoNotDisturb/DoNotDisturb').five9('READY');

    assert.equal(bench.planOf('teams'), 'clear session Busy/InACall');
    bench.deliver('teams').teams('DoNotDisturb/DoNotDisturb');
    assert.equal(bench.planOf('teams'), 'none');
  });

  it('does not take its own write for a touch where every write moves the stamp (A11)', () => {
    const bench = new Bench().five9('READY').teams('Available/Available', '01');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall', '02');
    bench.five9('ACW').deliver('teams').teams('Busy/Busy', '03').five9('READY');

    bench.send('teams').teams('Busy/Busy', '04').outcome('teams', { kind: 'accepted' });
    bench.teams('Busy/Busy', '04');

    assert.equal(bench.planOf('teams'), 'clear preferred Busy/Busy');
  });

  it('takes a person who goes back to Available over our wrap-up Busy at their word', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.five9('ACW').deliver('teams').teams('Busy/Busy');

    bench.teams('Available/Available');

    assert.deepEqual(
      bench.marks('teams').map(({ slot }) => slot),
      ['session'],
    );
  });

  it('knows a Busy chosen during a call once the exact echo was read (A3)', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');

    bench.teams('Busy/Busy');

    assert.equal(bench.planOf('five9'), `put readiness not_ready ${CODES.busy}`);
  });

  it('takes no read of before its write for the exact echo (A3)', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall').five9('READY').deliver('teams');
    const began = bench.now;
    bench.five9('ON_CALL').send('teams').teamsAsOf('Busy/InACall', began);

    bench.outcome('teams', { kind: 'accepted' }).teams('Busy/Busy');

    assert.equal(bench.planOf('five9'), 'none');
  });

  it('takes a renewal that arrives after the end of the mark for a new one (A3)', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.pass(15 * 60_000 - 200).send('teams');

    bench.outcome('teams', { kind: 'accepted' }).teams('Busy/Busy');

    assert.equal(bench.planOf('five9'), 'none');
  });

  it('keeps its hands off the shared slot when the same value may have been chosen by hand', () => {
    const bench = new Bench().five9('READY').teams('Available/Available', '01');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall', '02');
    bench.five9('ACW').deliver('teams').teams('Busy/Busy', '03');

    bench.teams('Busy/Busy', '04').five9('READY').deliver('teams');

    assert.equal(bench.planOf('teams'), 'blocked may_be_chosen');
    bench.pass(5 * 60_000 + 11_000).teams('Busy/Busy', '04');
    assert.equal(bench.planOf('five9'), `put readiness not_ready ${CODES.busy}`);
    assert.equal(bench.planOf('teams'), 'none');
  });

  it('still knows its own mark while the write that replaces it is under way', () => {
    const bench = new Bench('latest_human', [{ code: '7', show: 'brb' }]);
    bench.five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.five9('ACW').deliver('teams').teams('Busy/Busy');

    bench.five9('NOT_READY', { code: '7' }).send('teams').teams('Busy/Busy');

    assert.equal(bench.state.faces['teams']?.own?.preset, 'available');
    bench.outcome('teams', { kind: 'accepted' }).teams('BeRightBack/BeRightBack');
    assert.equal(bench.planOf('teams'), 'none');
    assert.equal(bench.marks('teams').at(-1)?.previous, undefined);
  });

  it('puts back what the person chose while our write was under way', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.five9('ACW').send('teams');
    bench.teams('DoNotDisturb/DoNotDisturb').outcome('teams', { kind: 'accepted' });
    bench.teams('Busy/Busy');

    assert.equal(bench.planOf('teams'), 'restore preferred Busy/Busy');
    assert.equal(bench.command('teams').previous, 'DoNotDisturb/DoNotDisturb');
  });
});

describe('Teams to Five9', () => {
  it('stops routing with the code of the cause and gives Ready back', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');

    bench.teams('DoNotDisturb/DoNotDisturb');
    assert.equal(bench.planOf('five9'), `put readiness not_ready ${CODES.dnd}`);
    bench.deliver('five9').five9('NOT_READY', { code: CODES.dnd });
    assert.equal(bench.planOf('five9'), 'none');
    assert.equal(bench.planOf('teams'), 'none');

    bench.teams('Available/Available');
    assert.equal(bench.planOf('five9'), 'restore readiness not_ready');
    assert.equal(bench.command('five9').previous, 'CALL,VOICE_MAIL');
    bench.deliver('five9').five9('READY');
    assert.equal(bench.planOf('five9'), 'none');
  });

  it('never makes anybody Ready who chose Not Ready', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('NOT_READY', { code: '7' }).teams('DoNotDisturb/DoNotDisturb');
    assert.equal(bench.planOf('five9'), 'none');
    bench.teams('Available/Available');
    assert.equal(bench.planOf('five9'), 'none');
  });

  it('does not give back a Not Ready that the agent replaced by their own', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench
      .teams('DoNotDisturb/DoNotDisturb')
      .deliver('five9')
      .five9('NOT_READY', { code: CODES.dnd });

    bench.five9('NOT_READY', { code: '7' }).teams('Available/Available');

    assert.equal(bench.planOf('five9'), 'none');
  });

  it('respects an agent who presses Ready later than the Teams status, also after calls', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench
      .teams('DoNotDisturb/DoNotDisturb')
      .deliver('five9')
      .five9('NOT_READY', { code: CODES.dnd });

    bench.five9('READY');
    assert.equal(bench.planOf('five9'), 'blocked overridden_in_five9');
    bench.five9('ON_CALL').five9('ACW').five9('READY');
    assert.equal(bench.planOf('five9'), 'blocked overridden_in_five9');

    bench.teams('Available/Available').teams('Busy/Busy');
    assert.equal(bench.planOf('five9'), `put readiness not_ready ${CODES.busy}`);
  });

  it('sends Not Ready during a call as pending and takes it back while it is pending', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.teams('DoNotDisturb/DoNotDisturb').deliver('five9');
    bench.five9('ON_CALL', { pending: CODES.dnd });
    assert.equal(bench.planOf('five9'), 'none');

    bench.teams('Busy/InACall');
    assert.equal(bench.planOf('five9'), 'restore readiness not_ready');
  });

  it('gives Ready back after a pending Not Ready took effect', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.teams('DoNotDisturb/DoNotDisturb').deliver('five9');
    bench.five9('ON_CALL', { pending: CODES.dnd }).five9('ACW', { pending: CODES.dnd });
    bench.five9('NOT_READY', { code: CODES.dnd }).deliver('teams');
    assert.equal(bench.planOf('five9'), 'none');

    bench.teams('Available/Available');
    assert.equal(bench.planOf('five9'), 'restore readiness not_ready');
  });

  it('keeps a meeting in force while a call of ours hides it', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.teams('Busy/InAMeeting').deliver('five9').five9('NOT_READY', { code: CODES.in_meeting });

    bench.five9('ON_CALL', { channels: [] }).deliver('teams').teams('Busy/InACall');
    assert.equal(bench.planOf('five9'), 'none');
    bench.five9('NOT_READY', { code: CODES.in_meeting }).deliver('teams').teams('Busy/InAMeeting');
    assert.equal(bench.planOf('five9'), 'none');

    bench.teams('Available/Available');
    assert.equal(bench.planOf('five9'), 'restore readiness not_ready');
  });

  it('does not stop routing because of a meeting that may have ended behind our own mark', () => {
    const bench = new Bench('latest_human', [{ code: '7', show: 'brb' }]);
    bench.five9('READY').teams('Available/Available').five9('NOT_READY', { code: '7' });
    bench.teams('Busy/InAMeeting').deliver('teams').teams('BeRightBack/BeRightBack');

    bench.five9('READY');
    assert.equal(bench.planOf('five9'), 'none');
    bench.deliver('teams').teams('Busy/InAMeeting');
    assert.equal(bench.planOf('five9'), 'blocked overridden_in_five9');
  });

  it('forgets its marks when the agent logs out', () => {
    const bench = new Bench().five9('READY').teams('DoNotDisturb/DoNotDisturb');
    bench.deliver('five9').five9('NOT_READY', { code: CODES.dnd }).five9('LOGGED_OUT');
    assert.deepEqual(bench.marks('five9'), []);
    bench.teams('Available/Available');
    assert.equal(bench.planOf('five9'), 'none');
  });
});

describe('outcomes', () => {
  it('reads before it writes again after an ambiguous outcome', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').send('teams').outcome('teams', { kind: 'ambiguous' });
    assert.equal(bench.planOf('teams'), 'blocked unconfirmed');

    bench.pass(1).teams('Busy/InACall');
    assert.equal(bench.planOf('teams'), 'none');
    assert.equal(bench.marks('teams').length, 1);
  });

  it('drops what is older by the platform’s own count (O1)', () => {
    const bench = new Bench().five9('READY').teams('Available/Available', '05');
    bench.teams('DoNotDisturb/DoNotDisturb', '04');
    assert.equal(bench.planOf('five9'), 'none');
    assert.deepEqual(bench.last.notes, ['stale_dropped']);
  });

  it('does not take a read that began before the outcome for an answer (I11)', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').send('teams');
    const began = bench.now;
    bench.outcome('teams', { kind: 'ambiguous' });

    bench.teamsAsOf('Available/Available', began);

    assert.equal(bench.planOf('teams'), 'blocked unconfirmed');
  });

  it('forgets a Not Ready that never showed and that nobody wants any more', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.teams('DoNotDisturb/DoNotDisturb').send('five9').outcome('five9', { kind: 'ambiguous' });
    bench.teams('Available/Available').five9('READY');
    assert.equal(bench.marks('five9').length, 1);

    bench.pass(11_000).five9('READY');

    assert.deepEqual(bench.marks('five9'), []);
    assert.equal(bench.planOf('five9'), 'none');
  });

  it('pauses before it tries again what had no effect', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').send('teams').outcome('teams', { kind: 'no_effect' });
    assert.equal(bench.planOf('teams'), 'none');
    bench.pass(1_000);
    assert.equal(bench.planOf('teams'), 'put session Busy/InACall');
  });

  it('tries what never shows a few times, and then once a minute', () => {
    const bench = new Bench().five9('READY').teams('Available/Available').five9('ON_CALL');
    let writes = 0;
    for (let round = 0; round < 7; round += 1) {
      if (bench.planOf('teams').startsWith('put')) {
        writes += 1;
        bench.deliver('teams');
      }
      bench.pass(11_000).teams('Available/Available');
    }
    assert.equal(writes, 3);
    assert.equal(bench.planOf('teams'), 'blocked not_shown');
    bench.pass(11_000).teams('Available/Available');
    assert.equal(bench.planOf('teams'), 'put session Busy/InACall');
  });

  it('believes no read that began in the echo of our write and came after it (A5)', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.five9('ON_CALL').deliver('teams').teams('Busy/InACall');
    bench.five9('READY').deliver('teams');
    const cleared = bench.now;
    bench.pass(11_000).teamsAsOf('Busy/InACall', cleared + 600);
    assert.equal(bench.planOf('five9'), 'none', 'it may be our own');
    bench.teams('Busy/InACall');
    assert.equal(bench.planOf('five9'), `put readiness not_ready ${CODES.in_call}`, 'it is not');
  });

  it('reads again after a take-over, whatever the stamps of before were', () => {
    const bench = new Bench().five9('READY').teams('Busy/InAMeeting', '0009');
    bench.input({ kind: 'taken_over', epoch: 2 }).pass(1_000);
    bench.five9('READY').teams('Available/Available', '0005');
    assert.equal(bench.state.faces['teams']?.seen?.preset, 'available');
    bench.teams('Busy/InAMeeting', '0004');
    assert.equal(
      bench.state.faces['teams']?.seen?.preset,
      'available',
      'an older one stays behind',
    );
  });

  it('decides nothing new on data that is not live', () => {
    const bench = new Bench().five9('READY').teams('Available/Available');
    bench.live('five9', false).teams('DoNotDisturb/DoNotDisturb');
    assert.equal(bench.planOf('five9'), 'blocked stale_data');
    assert.equal(bench.state.desired['five9']?.kind, 'leave');
    bench.live('five9', true);
    assert.equal(bench.planOf('five9'), `put readiness not_ready ${CODES.dnd}`);
  });
});
