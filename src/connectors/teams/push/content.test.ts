import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Content, type ContentParts } from './content.ts';
import { presenceText } from './fixtures/graph-notices.ts';
import { heldBytes } from './fixtures/heap.ts';
import type { Announced } from './inbox.ts';
import type { Sealed } from './notice-wire.ts';
import type { Proof } from './sender.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const NOW = Date.UTC(2026, 0, 5, 8);

interface Bench {
  readonly content: Content;
  readonly looked: (readonly string[])[];
  readonly offered: string[];
  readonly counts: Map<string, number>;
  readonly proofs: boolean[];
  readonly openings: { readonly sealed: Sealed; readonly done: (text?: string) => void }[];
  proof: Proof;
}

function bench(more: Partial<ContentParts> = {}): Bench {
  const state: Omit<Bench, 'content'> = {
    looked: [],
    offered: [],
    counts: new Map(),
    proofs: [],
    openings: [],
    proof: 'proven',
  };
  const content = new Content({
    clock: { now: () => NOW, monotonic: () => 0 },
    sender: { prove: () => Promise.resolve(state.proof) },
    opener: {
      open: (closed) =>
        new Promise((resolve) => {
          state.openings.push({ sealed: closed, done: (text) => resolve(text) });
        }),
      knows: (label) => label === 'ours',
    },
    sink: {
      count: (event, by = 1) => state.counts.set(event, (state.counts.get(event) ?? 0) + by),
    },
    look: (accounts) => void state.looked.push(accounts),
    offer: (account, presence, asOf) => {
      state.offered.push(`${account} ${presence.sequenceNumber ?? '-'} ${asOf - NOW}`);
      return presence.availability === 'Busy';
    },
    proofsCome: (come) => void state.proofs.push(come),
    ...more,
  });
  return Object.assign(state, { content });
}

function sealed(account: string, data: string, label = 'ours'): Announced {
  const content = { data, dataKey: 'k', dataSignature: 's', encryptionCertificateId: label };
  return { account, notice: { subscriptionId: 's', clientState: 'c', sealed: content } };
}

const plain = (account: string): Announced => ({
  account,
  notice: { subscriptionId: 's', clientState: 'c' },
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('announced changes', () => {
  it('lead to a read of everybody once, whatever else is with them (P1)', async () => {
    for (const proof of ['proven', 'forged', 'unproven'] as const) {
      const b = bench();
      b.proof = proof;
      await b.content.take([plain(A), sealed(A, '1'), sealed('b', '2')], ['token']);
      assert.deepEqual(b.looked, [[A, 'b']], proof);
    }
  });

  it('have their content opened only when the sender is proven', async () => {
    for (const proof of ['forged', 'unproven'] as const) {
      const b = bench();
      b.proof = proof;
      await b.content.take([sealed(A, '1'), sealed(A, '2')], ['token']);
      assert.equal(b.openings.length, 0);
      assert.equal(b.counts.get(`notice_${proof}`), 2);
      assert.deepEqual(b.proofs, [], 'nobody can help when a token is not good');
    }
  });

  it('tell whether proofs come at all', async () => {
    const b = bench();
    b.proof = 'unproven';
    await b.content.take([sealed(A, '1')], []);
    b.proof = 'proven';
    await b.content.take([sealed(A, '1')], ['token']);
    await b.content.take([plain(A)], []);

    assert.deepEqual(b.proofs, [false, true]);
  });
});

describe('content', () => {
  it('is offered with the time at which it arrived', async () => {
    const b = bench();
    await b.content.take([sealed(A, '1'), sealed(A, '2')], ['token']);
    b.openings[0]?.done(presenceText(A.toUpperCase(), 'Busy/Busy', '7'));
    b.openings[1]?.done(presenceText(A, 'Away/Away'));
    await turn();

    assert.deepEqual(b.offered, [`${A} 7 0`, `${A} - 0`]);
    assert.deepEqual([b.counts.get('notice_used'), b.counts.get('notice_hint_only')], [1, 1]);
  });

  it('is left alone when it is closed, unreadable or about somebody else', async () => {
    const b = bench();
    await b.content.take(
      [sealed(A, '1'), sealed(A, '2', 'foreign'), sealed(A, '3'), sealed(A, '4')],
      ['token'],
    );
    b.openings[0]?.done();
    b.openings[1]?.done();
    b.openings[2]?.done('{');
    b.openings[3]?.done(presenceText('b', 'Busy/Busy', '7'));
    await turn();

    assert.deepEqual(b.offered, []);
    assert.deepEqual([b.counts.get('notice_not_opened'), b.counts.get('notice_other_key')], [3, 1]);
  });

  it('is opened in the order in which it came, a few at a time', async () => {
    const b = bench();
    await b.content.take(
      Array.from({ length: 40 }, (_, n) => sealed(A, String(n))),
      ['token'],
    );
    const atOnce = b.openings.length;
    assert.ok(atOnce > 1 && atOnce < 40, String(atOnce));
    assert.equal(b.content.waiting(), 40);
    for (let n = 0; n < 40; n += 1) {
      b.openings[n]?.done();
      await turn();
    }

    assert.deepEqual(
      b.openings.map((each) => each.sealed.data),
      Array.from({ length: 40 }, (_, n) => String(n)),
    );
    assert.equal(b.content.waiting(), 0);
  });

  it('waits up to 10,000 and not more, and the rest are announcements all the same (P3)', async () => {
    const b = bench();
    await b.content.take(
      Array.from({ length: 10_005 }, (_, n) => sealed(`a${n}`, '1')),
      ['token'],
    );

    assert.equal(b.content.waiting(), 10_000);
    assert.equal(b.counts.get('notice_shed'), 5);
    assert.equal(b.looked[0]?.length, 10_005);
  });

  it('is offered to nobody after the stop', async () => {
    const b = bench();
    await b.content.take(
      Array.from({ length: 100 }, () => sealed(A, '1')),
      ['token'],
    );
    b.content.stop();
    const opened = b.openings.length;
    for (const { done } of b.openings) done(presenceText(A, 'Busy/Busy', '7'));
    await turn();
    await b.content.take([sealed(A, '1')], ['token']);
    await turn();

    assert.deepEqual([b.offered, b.openings.length, b.content.waiting()], [[], opened, 0]);
  });

  it('is not kept after it was opened, though the queue is never empty', async () => {
    const data = (n: number): string => Buffer.alloc(20_000, `${n} `).toString('latin1');
    let opened = 0;
    let most = 0;
    const before = heldBytes();
    const { content }: Bench = bench({
      opener: {
        knows: () => true,
        open: async () => {
          opened += 1;
          if (opened < 6_000) await content.take([sealed(A, data(opened))], ['token']);
          if (opened === 6_000) most = heldBytes();
          return undefined;
        },
      },
    });
    await content.take(
      Array.from({ length: 64 }, (_, n) => sealed(A, data(n))),
      ['token'],
    );
    while (content.waiting() > 0) await turn();

    // Of 120 MB that went through it, what waits and one piece of what was taken.
    assert.ok(most > 0 && most - before < 40 * 1024 ** 2, `${most - before} bytes`);
  });
});
