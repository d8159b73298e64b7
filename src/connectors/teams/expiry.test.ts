import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from '../kit/conformance/rig.ts';
import { selfSigned } from '../kit/fixtures/self-signed.ts';
import { Expiry, daysLeft } from './expiry.ts';
import { readyCredential, type ReadyCredential } from './options.ts';

const DAY_MS = 86_400_000;

function certificate(notBefore: number, days: number): ReadyCredential {
  const pair = selfSigned({
    name: 'x',
    kind: 'rsa',
    notBefore,
    notAfter: notBefore + days * DAY_MS,
  });
  return readyCredential('credential', { certificate: pair.certificate, privateKey: pair.key });
}

describe('the end of a certificate', () => {
  it('is told 30, 14, 7 and 1 days before, once each, and not after it was changed', async () => {
    const rig = createRig();
    const start = rig.clock.now();
    let credentials = [certificate(start, 40)];
    const told: (string | undefined)[] = [];
    const expiry = new Expiry({
      clock: rig.clock,
      log: rig.log,
      registrations: () => [{ field: 'credential', credentials }],
      advise: (action) => told.push(action),
    });
    expiry.start();
    assert.deepEqual(told, []);

    await rig.clock.advance(39.5 * DAY_MS);

    assert.deepEqual(
      told.map((action) => /ends in (\d+) days/.exec(action ?? '')?.[1]),
      ['30', '14', '7', '1'],
    );
    credentials = [certificate(start, 400), ...credentials];
    await rig.clock.advance(DAY_MS);
    assert.equal(told.at(-1), undefined);
    assert.equal(told.length, 5);
    expiry.stop();
  });

  it('is told of the registration whose certificate ends first', () => {
    const rig = createRig();
    const start = rig.clock.now();
    const told: (string | undefined)[] = [];
    const expiry = new Expiry({
      clock: rig.clock,
      log: rig.log,
      registrations: () => [
        { field: 'credential', credentials: [certificate(start, 20)] },
        { field: 'read.credential', credentials: [certificate(start, 5)] },
      ],
      advise: (action) => told.push(action),
    });
    expiry.start();
    assert.match(told.join('\n'), /^The certificate of teams\.read\.credential ends in 5 days/);
    expiry.stop();
  });

  it('is not known of a secret, which keeps the warning of a certificate beside it away', () => {
    const start = Date.UTC(2026, 0, 5);
    const secret = readyCredential('credential', { secret: 'x' });
    assert.equal(daysLeft([secret], start), undefined);
    assert.equal(daysLeft([certificate(start, 3), secret], start), undefined);
    assert.equal(daysLeft([certificate(start, 3), certificate(start, 9)], start), 9);
  });
});
