import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../config/load.ts';
import { memoryIo } from '../../config/memory-io.ts';
import type { Config } from '../../config/config.ts';
import { sameAccount } from './same-account.ts';

const FILE = `
tenant: { id: main, name: Main }
five9: { username: bridge@example.com, password: { env: FIVE9 } }
teams:
  tenantId: 11111111-2222-3333-4444-555555555555
  clientId: 11111111-2222-3333-4444-666666666666
  credential: { secret: { env: TEAMS } }
  read: { clientId: 11111111-2222-3333-4444-777777777777, credential: { secret: { env: TEAMS } } }
sync: { reasonCodes: { busy: 1001 } }
`;

function configOf(piece: string, other: string): Config {
  assert.ok(FILE.includes(piece), piece);
  const io = memoryIo({ 'lockstep.yaml': FILE.replace(piece, other) }, { FIVE9: 'a', TEAMS: 'b' });
  const loaded = loadConfig('lockstep.yaml', io);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.config;
}

describe('a configuration that was read again', () => {
  const before = configOf('main', 'main');

  it('gives credentials while it names the same accounts', () => {
    const now = configOf('name: Main', 'name: Another');
    assert.equal(sameAccount(before, now), now);
  });

  for (const [piece, other] of [
    ['bridge@example.com', 'other@example.com'],
    ['555555555555', '000000000000'],
    ['666666666666', '000000000000'],
    ['777777777777', '000000000000'],
  ] as const) {
    it(`gives none once ${piece} is another`, () => {
      assert.equal(sameAccount(before, configOf(piece, other)), undefined);
    });
  }

  it('gives none while it cannot be read', () => {
    assert.equal(sameAccount(before, undefined), undefined);
  });
});
