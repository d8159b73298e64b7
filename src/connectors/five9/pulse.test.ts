import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  afterAsk,
  afterFrame,
  afterPing,
  afterRefusal,
  newPulse,
  nextAct,
  type Pulse,
} from './pulse.ts';

const RHYTHM = {
  pingMs: 15_000,
  quietMs: 15_000,
  answerMs: 5_000,
  fullEveryMs: 120_000,
  gapMs: 20_000,
};

/** A pulse that asked at 0 and was answered. */
function settled(): Pulse {
  const asked = afterAsk(newPulse(0), 0);
  return { ...afterFrame(asked, true, 100), askedAt: undefined, lastPingAt: 0 };
}

describe('pulse', () => {
  it('asks for everything as soon as the socket is open', () => {
    assert.deepEqual(nextAct(newPulse(0), RHYTHM, 0), { kind: 'ask' });
    assert.deepEqual(nextAct({ ...newPulse(0), isAsking: true }, RHYTHM, 0), {
      kind: 'wait',
      until: 15_000,
    });
  });

  it('closes a question on any data and dies without', () => {
    const asked = afterAsk(newPulse(0), 0);
    assert.deepEqual(nextAct(asked, RHYTHM, 1), { kind: 'wait', until: 5_000 });
    assert.deepEqual(nextAct(afterFrame(asked, true, 0), RHYTHM, 5_000), { kind: 'settle' });
    assert.deepEqual(nextAct(afterFrame(asked, false, 400), RHYTHM, 5_000), {
      kind: 'dead',
      why: 'no_data',
    });
  });

  it('judges nothing while a frame is being read, but pings', () => {
    const asked = { ...afterAsk(newPulse(0), 0), isReading: true };
    assert.deepEqual(nextAct(asked, RHYTHM, 5_000), { kind: 'wait', until: 15_000 });
    assert.deepEqual(nextAct(asked, RHYTHM, 15_000), { kind: 'ping' });
    const refused = { ...settled(), refusedAsks: 3, lastPingAt: 60_000, isReading: true };
    assert.equal(nextAct(refused, RHYTHM, 60_000).kind, 'wait');
    assert.equal(nextAct({ ...refused, isReading: false }, RHYTHM, 60_000).kind, 'dead');
  });

  it('asks a quiet feed, however many pongs it gave, but not before the gap is over', () => {
    const lively = { ...settled(), lastPingAt: 14_000, lastFrameAt: 14_000, lastAskAt: -50_000 };
    assert.deepEqual(nextAct(lively, RHYTHM, 15_099), { kind: 'wait', until: 15_100 });
    assert.deepEqual(nextAct(lively, RHYTHM, 15_100), { kind: 'ask' });
    const recent = { ...lively, lastAskAt: 0 };
    assert.deepEqual(nextAct(recent, RHYTHM, 15_100), { kind: 'wait', until: 20_000 });
  });

  it('asks a lively feed only for the repair, or when somebody wants it', () => {
    const busy = { ...settled(), lastDataAt: 119_999, lastPingAt: 119_999 };
    assert.equal(nextAct(busy, RHYTHM, 119_999).kind, 'wait');
    assert.deepEqual(nextAct(busy, RHYTHM, 120_000), { kind: 'ask' });
    const wanted = { ...settled(), lastDataAt: 19_000, lastPingAt: 19_000, isWanted: true };
    assert.deepEqual(nextAct(wanted, RHYTHM, 19_000), { kind: 'wait', until: 20_000 });
    assert.deepEqual(nextAct(wanted, RHYTHM, 20_000), { kind: 'ask' });
  });

  it('dies after two pings that nothing followed, and lives on any frame', () => {
    const first = afterPing(settled(), 15_000);
    assert.equal(first.missedPongs, 0);
    const second = afterPing(first, 30_000);
    const third = afterPing(second, 45_000);
    assert.deepEqual(nextAct(third, RHYTHM, 45_000), { kind: 'dead', why: 'no_pong' });
    const heard = afterPing(afterFrame(second, true, 44_000), 45_000);
    assert.equal(heard.missedPongs, 0);
  });

  it('waits as long as it is told, and does not take that for death', () => {
    const told = afterRefusal(afterAsk(newPulse(0), 0), 60_000, 10);
    assert.equal(told.refusedAsks, 0);
    const quiet = { ...told, lastPingAt: 59_000 };
    assert.deepEqual(nextAct(quiet, RHYTHM, 59_000), { kind: 'wait', until: 60_010 });
    assert.deepEqual(nextAct(quiet, RHYTHM, 60_010), { kind: 'ask' });
  });

  it('gives up after three refused questions in silence, not while data flows', () => {
    let pulse = newPulse(0);
    for (const at of [0, 20_000, 40_000]) pulse = afterRefusal(afterAsk(pulse, at), undefined, at);
    assert.deepEqual(nextAct(pulse, RHYTHM, 40_000), { kind: 'dead', why: 'no_answer' });
    const alive = afterFrame(pulse, true, 40_000);
    assert.notEqual(nextAct({ ...alive, lastPingAt: 40_000 }, RHYTHM, 40_000).kind, 'dead');
  });
});
