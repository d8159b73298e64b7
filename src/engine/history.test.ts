import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench } from '../core/bench.test-kit.ts';
import type { Journal } from '../journal/journal.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import type { Presence } from '../model/presence.ts';
import { walkHistory } from './history.ts';
import { entryOfInput, entryOfWorld } from './records.ts';

const ON_CALL: Presence = { reach: 'busy', acd: 'engaged', activity: 'call', raw: 'ON_CALL' };
const AVAILABLE: Presence = {
  reach: 'available',
  acd: 'none',
  activity: 'none',
  raw: 'Available/Available',
};

function feeds(journal: Journal, live: boolean, at: number): void {
  for (const platform of ['five9', 'teams']) {
    journal.append(entryOfWorld({ kind: 'feed', platform, live }, at));
  }
}

/** As a process writes it at its start. */
function starts(journal: Journal, epoch: number, at: number): void {
  feeds(journal, false, at);
  journal.append(entryOfWorld({ kind: 'epoch', epoch, tenant: 't' }, at));
  feeds(journal, true, at + 1_000);
}

function sees(journal: Journal, platform: string, presence: Presence, at: number): void {
  const observation = {
    platform,
    account: 'x',
    presence,
    version: { generation: 0 },
    asOf: at,
    via: 'sweep' as const,
  };
  journal.append(entryOfInput('a', { kind: 'observed', observation }, at));
}

async function told(journal: Journal, to = 1_000_000): Promise<readonly string[]> {
  const lines: string[] = [];
  await walkHistory(journal, new Bench().world, to, {
    state: (agent, { faces }, at, isLive) => {
      const shown = ['five9', 'teams'].map((each) => faces[each]?.seen?.preset ?? '-');
      lines.push(`${at} ${agent} ${shown.join(' ')} ${isLive ? 'live' : 'blind'}`);
    },
    gap: (at) => lines.push(`${at} gap`),
  });
  return lines;
}

describe('the history of a journal', () => {
  it('is every state, and a gap where one process ended and the next began', async () => {
    const journal = createMemoryJournal();
    starts(journal, 1, 0);
    sees(journal, 'five9', ON_CALL, 2_000);
    sees(journal, 'teams', AVAILABLE, 3_000);
    starts(journal, 2, 600_000);
    await journal.durable(journal.head().seq);
    assert.deepEqual(await told(journal), [
      '2000 a in_call - live',
      '3000 a in_call available live',
      // Not 600000: what was so in between nobody saw.
      '3000 gap',
      '601000 a in_call available blind',
      '601000 a in_call available live',
    ]);
  });

  it('is blind from the moment at which a feed fell in the same process', async () => {
    const journal = createMemoryJournal();
    starts(journal, 1, 0);
    sees(journal, 'five9', ON_CALL, 2_000);
    feeds(journal, false, 5_000);
    sees(journal, 'teams', AVAILABLE, 9_000);
    await journal.durable(journal.head().seq);
    assert.deepEqual(await told(journal), [
      '2000 a in_call - live',
      '5000 a in_call - blind',
      '9000 a in_call available blind',
    ]);
  });

  it('ends before the moment that was asked for', async () => {
    const journal = createMemoryJournal();
    starts(journal, 1, 0);
    sees(journal, 'five9', ON_CALL, 2_000);
    sees(journal, 'teams', AVAILABLE, 3_000);
    await journal.durable(journal.head().seq);
    assert.deepEqual(await told(journal, 3_000), ['2000 a in_call - live']);
  });
});
