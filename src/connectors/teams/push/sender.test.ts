import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { virtualClock } from '../../../../emulators/virtual-clock.ts';
import type { VirtualClock } from '../../../../emulators/virtual-clock.ts';
import { ExchangeError } from '../../../lib/exchange.ts';
import type { HttpResponse } from '../../../lib/exchange.ts';
import {
  CLIENT,
  GRAPH_APP_ID,
  ISSUERS,
  createSigner,
  type Signer,
  type TokenHow,
} from './fixtures/graph-notices.ts';
import { parseKeys, Sender } from './sender.ts';

const START = Date.UTC(2026, 0, 5, 8);
const NOW_S = START / 1_000;

interface Bench {
  readonly sender: Sender;
  readonly clock: VirtualClock;
  readonly asked: string[];
  answer: () => HttpResponse;
}

let signer: Signer;
let newer: Signer;

before(async () => {
  signer = await createSigner();
  newer = await createSigner('kid-2');
});

function bench(): Bench {
  const clock = virtualClock(START);
  const asked: string[] = [];
  const made: Bench = {
    clock,
    asked,
    answer: () => ({ status: 200, headers: {}, body: signer.keys }),
    sender: new Sender({
      keysUrl: 'https://login.test/common/discovery/v2.0/keys',
      issuers: ISSUERS,
      audience: [CLIENT],
      clock,
      exchange: async (request) => {
        asked.push(request.url);
        return made.answer();
      },
    }),
  };
  return made;
}

const token = (how: Partial<TokenHow> = {}): Promise<string> =>
  signer.token({ now: NOW_S, ...how });

describe('the tokens beside content', () => {
  it('prove Graph in the form of both versions', async () => {
    const { sender, asked } = bench();
    const second = { iss: ISSUERS[1], ver: '2.0', azp: GRAPH_APP_ID, appid: undefined };

    assert.equal(await sender.prove([await token()]), 'proven');
    assert.equal(await sender.prove([await token({ claims: second })]), 'proven');
    assert.deepEqual(asked, ['https://login.test/common/discovery/v2.0/keys']);
  });

  it('prove nothing when there are none', async () => {
    const { sender, asked } = bench();

    assert.equal(await sender.prove([]), 'unproven');
    assert.equal(asked.length, 0);
  });

  it('are forged when one thing in one of them is not as it has to be (K1)', async () => {
    const claims: readonly Record<string, unknown>[] = [
      { aud: 'somebody-else' },
      { aud: undefined },
      { iss: 'https://sts.windows.net/22222222-2222-4333-8444-555555555555/' },
      { iss: `${ISSUERS[0]}extra` },
      { iss: undefined },
      { appid: CLIENT },
      { appid: undefined },
      { appid: undefined, azp: GRAPH_APP_ID },
      { ver: '2.0' },
      { ver: '2.0', appid: GRAPH_APP_ID, azp: CLIENT },
      { exp: NOW_S - 301 },
      { exp: undefined },
      { nbf: NOW_S + 301 },
      { nbf: undefined },
    ];
    const good = await token();
    for (const each of claims) {
      const bad = await token({ claims: each });
      const { sender } = bench();
      assert.equal(await sender.prove([good, bad]), 'forged', JSON.stringify(each));
    }
  });

  it('are forged under another algorithm, key or no signature', async () => {
    const part = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const good = await token();
    const [head = '', payload = '', signature = ''] = good.split('.');
    const pem = signer.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const withPublicKey = await new SignJWT({
      iss: ISSUERS[0],
      aud: CLIENT,
      appid: GRAPH_APP_ID,
      nbf: NOW_S,
      exp: NOW_S + 60,
    })
      .setProtectedHeader({ alg: 'HS256', kid: signer.kid })
      .sign(Buffer.from(pem));
    const ofAnotherKey = await newer.token({ now: NOW_S, header: { kid: signer.kid } });
    for (const bad of [
      `${part({ alg: 'none', kid: signer.kid })}.${payload}.`,
      `${part({ alg: 'none' })}.${payload}.`,
      withPublicKey,
      ofAnotherKey,
      `${part({ alg: 'RS256' })}.${payload}.${signature}`,
      `${head}.${part({ aud: CLIENT })}.${signature}`,
      `${head}.${payload}.`,
      `${head}.${payload}.${signature.slice(0, -8)}`,
      'x',
      '',
      '..',
      `${good}.${good}`,
    ]) {
      assert.equal(await bench().sender.prove([bad]), 'forged', bad.slice(0, 60));
    }
  });

  it('allow clocks that differ by five minutes', async () => {
    const { sender } = bench();

    assert.equal(await sender.prove([await token({ claims: { exp: NOW_S - 299 } })]), 'proven');
    assert.equal(await sender.prove([await token({ claims: { nbf: NOW_S + 299 } })]), 'proven');
  });

  it('are looked up again when they have ended, though they were proven before', async () => {
    const { sender, clock } = bench();
    const short = await token({ claims: { exp: NOW_S + 60 } });

    assert.equal(await sender.prove([short]), 'proven');
    await clock.run(361_000);
    assert.equal(await sender.prove([short]), 'forged');
  });
});

describe('the keys of Graph', () => {
  it('are fetched for an unknown key id at most once in five minutes (K2)', async () => {
    const { sender, clock, asked } = bench();
    const unknown = await newer.token({ now: NOW_S });
    for (let n = 0; n < 20; n += 1) {
      assert.equal(await sender.prove([unknown]), 'unproven');
      await clock.run(30_000);
    }

    assert.equal(asked.length, 2);
  });

  it('are fetched once for many who ask at the same time', async () => {
    const { sender, asked } = bench();
    const text = await token();

    const proofs = await Promise.all(Array.from({ length: 10 }, () => sender.prove([text])));

    assert.deepEqual(new Set(proofs), new Set(['proven']));
    assert.equal(asked.length, 1);
  });

  it('take a new one in when it comes into use', async () => {
    const b = bench();
    await b.sender.prove([await token()]);
    b.answer = () => ({ status: 200, headers: {}, body: newer.keys });
    await b.clock.run(300_000);

    assert.equal(await b.sender.prove([await newer.token({ now: NOW_S })]), 'proven');
  });

  it('that cannot be had leave a token unproven, and those at hand serve on (K3)', async () => {
    const answers: readonly (() => HttpResponse)[] = [
      () => ({ status: 503, headers: {}, body: signer.keys }),
      () => ({ status: 200, headers: {}, body: '<html>' }),
      () => ({ status: 200, headers: {}, body: '{"keys":[]}' }),
      () => {
        throw new ExchangeError('connect', false, 'no connection');
      },
    ];
    for (const answer of answers) {
      const down = bench();
      down.answer = answer;
      assert.equal(await down.sender.prove([await token()]), 'unproven');

      const later = bench();
      await later.sender.prove([await token()]);
      later.answer = answer;
      await later.clock.run(300_000);
      assert.equal(await later.sender.prove([await newer.token({ now: NOW_S })]), 'unproven');
      assert.equal(await later.sender.prove([await token()]), 'proven');
    }
  });

  it('that are half a day old are asked for again until they come', async () => {
    const b = bench();
    const long = { exp: NOW_S + 100_000 };
    await b.sender.prove([await token({ claims: long })]);
    b.answer = () => ({ status: 503, headers: {}, body: '' });
    await b.clock.run(12 * 3_600_000);
    for (const nth of [1, 2, 3]) {
      assert.equal(await b.sender.prove([await token({ claims: { ...long, nth } })]), 'proven');
      assert.equal(b.asked.length, 1 + nth);
      await b.clock.run(300_000);
    }
  });

  it('are taken one by one: one of another kind spoils no other', () => {
    const others = '{"kty":"EC","kid":"e","x":"x"},7,';
    const read = parseKeys(signer.keys.replace('[', `[${others}`));

    assert.deepEqual(
      read?.keys.map(({ kid }) => kid),
      [signer.kid],
    );
  });
});
