import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearest } from './nearest.ts';

void describe('nearest', () => {
  const names = ['loginUrl', 'username', 'password', 'policy', 'allowedHosts'];

  void it('finds what was meant', () => {
    assert.equal(nearest('pasword', names), 'password');
    assert.equal(nearest('login_url', names), 'loginUrl');
    assert.equal(nearest('usrename', names), 'username');
    assert.equal(nearest('AllowedHost', names), 'allowedHosts');
  });

  void it('says nothing rather than something silly', () => {
    assert.equal(nearest('zebra', names), undefined);
    assert.equal(nearest('', names), undefined);
    assert.equal(nearest('a'.repeat(10_000), names), undefined);
  });
});
