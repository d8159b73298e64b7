/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createServerClock } from './server-clock.ts';

describe('the server clock', () => {
  it('corrects a local clock that is wrong', () => {
    let local = 1000;
    const clock = createServerClock(() => local);
    clock.learn(901_000);
    local += 500;
    assert.equal(clock.now(), 901_500);
  });

  it('believes the message that travelled fastest', () => {
    let local = 1000;
    const clock = createServerClock(() => local);
    clock.learn(11_000 - 400);
    clock.learn(11_000 - 30);
    local += 10;
    clock.learn(11_010 - 900);
    assert.equal(clock.now(), 11_010 - 30);
  });

  it('starts anew when one of the clocks was set', () => {
    const clock = createServerClock(() => 1000);
    clock.learn(100_000);
    clock.learn(50_000);
    assert.equal(clock.now(), 50_000);
  });
});
