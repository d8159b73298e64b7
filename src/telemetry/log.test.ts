import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import type { Log } from '../connectors/connector.ts';
import type { Json } from '../lib/json.ts';
import type { LogLevel, LogOptions } from './log.ts';
import { createLog } from './log.ts';
import { createRepeats } from './repeats.ts';

interface Bench {
  readonly log: Log;
  readonly lines: () => Record<string, unknown>[];
  readonly advance: (ms: number) => void;
}

/** Plain data, and a word that stands for a secret. */
const redactor = {
  text: (text: string): string => text.replaceAll('canary', '[secret]'),
  data: (value: unknown): Json =>
    z.json().parse(JSON.parse(JSON.stringify(value).replaceAll('canary', '[secret]'))),
};

function bench(level: LogLevel = 'info', more: Partial<LogOptions> = {}): Bench {
  let now = 0;
  let text = '';
  const clock = { now: () => now, monotonic: () => now };
  const destination = {
    write: (line: string): void => {
      text += line;
    },
  };
  return {
    log: createLog({ level, clock, redactor, destination, ...more }),
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line))),
    advance: (ms): void => {
      now += ms;
    },
  };
}

void describe('the log', () => {
  void it('writes one JSON object a line, with the time of the clock', () => {
    const { log, lines, advance } = bench();
    advance(1_000);
    log.warn('lane closed', { platform: 'teams', seconds: 30 });
    assert.deepEqual(lines(), [
      {
        level: 'warn',
        time: '1970-01-01T00:00:01.000Z',
        platform: 'teams',
        seconds: 30,
        msg: 'lane closed',
      },
    ]);
  });

  void it('keeps to its level', () => {
    for (const [level, count] of [
      ['info', 3],
      ['warn', 2],
      ['error', 1],
      ['silent', 0],
    ] as const) {
      const { log, lines } = bench(level);
      log.info('a');
      log.warn('b');
      log.error('c');
      assert.equal(lines().length, count, level);
    }
  });

  void it('redacts fields, keys and messages', () => {
    const { log, lines } = bench();
    log.info('canary in a message', { canary: 1, deep: [{ text: 'a canary' }] });
    log.error('b', { note: 'canary' });
    assert.equal(lines().length, 2);
    assert.doesNotMatch(JSON.stringify(lines()), /canary/);
  });

  void it('cannot be given a second level, time or line', () => {
    const { log, lines } = bench();
    log.info('a\n{"level":"error"}', { level: 'error', time: 'x', msg: 'y', leftOut: 'z' });
    const [line = {}] = lines();
    assert.equal(lines().length, 1);
    assert.deepEqual(
      [line['level'], line['_level'], line['msg']],
      ['info', 'error', 'a\n{"level":"error"}'],
    );
    assert.equal(line['leftOut'], undefined);
  });

  void it('leaves repeats out and says how many', () => {
    const { log, lines, advance } = bench();
    for (let i = 0; i < 25; i += 1) log.info('again', { i });
    log.error('again');
    log.info('other');
    assert.equal(lines().length, 12);
    advance(59_999);
    log.info('again');
    assert.equal(lines().length, 12);
    advance(1);
    log.info('again');
    log.info('again');
    assert.deepEqual(
      lines()
        .slice(12)
        .map((line) => line['leftOut']),
      [16, undefined],
    );
  });

  void it('never throws, whatever fails', () => {
    const fail = (): never => {
      throw new Error('EPIPE');
    };
    bench('info', { destination: { write: fail } }).log.error('a');
    bench('info', { redactor: { text: fail, data: fail } }).log.error('a', { b: 1 });
  });

  void it('bounds a message', () => {
    const { log, lines } = bench();
    log.info('x'.repeat(100_000));
    assert.equal(String(lines()[0]?.['msg']).length, 500);
  });
});

void describe('repeats', () => {
  void it('hold the flood of ever new messages', () => {
    const repeats = createRepeats({ max: 2, windowMs: 100, linesMax: 5, messagesMax: 3 });
    const written = (from: number, now: number): number =>
      Array.from({ length: 20 }, (_, i) => repeats.admit(`m${from + i}`, now)).filter(
        ({ kind }) => kind === 'write',
      ).length;
    assert.equal(written(0, 0), 5);
    assert.equal(written(20, 99), 0);
    assert.equal(written(40, 100), 5);
  });

  void it('forget the oldest message and remember the others', () => {
    const repeats = createRepeats({ max: 1, windowMs: 100, linesMax: 50, messagesMax: 2 });
    const kinds = ['a', 'b', 'b', 'c', 'b', 'a'].map((message) => repeats.admit(message, 0).kind);
    assert.deepEqual(kinds, ['write', 'write', 'leave_out', 'write', 'leave_out', 'write']);
  });
});
