/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPlace, writePlace } from './address.ts';
import { FIRST_CHOICES } from './data/view.ts';
import { createNavigation } from './navigation.ts';
import type { Navigation } from './navigation.ts';

describe('the address', () => {
  it('says nothing for a fresh board', () => {
    assert.equal(writePlace({ choices: FIRST_CHOICES }), '');
    assert.deepEqual(readPlace(''), { choices: FIRST_CHOICES });
  });

  it('gives back what was written into it', () => {
    const place = {
      choices: {
        text: 'Ünal & co',
        steps: ['blocked', 'moving'],
        order: 'longest',
        byTeam: true,
      },
      agent: 'a/b c?',
    } as const;
    assert.deepEqual(readPlace(writePlace(place)), place);
  });

  it('reads nonsense as a fresh board', () => {
    const place = readPlace('?step=happy,&order=random&by=moon&agent=');
    assert.deepEqual(place, { choices: FIRST_CHOICES });
  });
});

interface Bench {
  readonly entries: string[];
  readonly back: () => void;
  readonly navigation: Navigation;
}

function createBench(first = ''): Bench {
  const entries = [first];
  const listeners: (() => void)[] = [];
  const back = (): void => {
    entries.pop();
    for (const listener of listeners) listener();
  };
  const navigation = createNavigation({
    search: () => entries.at(-1) ?? '',
    push: (search) => entries.push(search),
    replace: (search) => entries.splice(-1, 1, search),
    back,
    onPop: (listener) => listeners.push(listener),
  });
  return { entries, back, navigation };
}

describe('navigation', () => {
  it('lets Back close the details', () => {
    const { entries, back, navigation } = createBench();
    navigation.open('a');
    assert.deepEqual(entries, ['', '?agent=a']);
    back();
    assert.equal(navigation.place.get().agent, undefined);
  });

  it('takes one step for any number of agents', () => {
    const { entries, navigation } = createBench();
    navigation.open('a');
    navigation.open('b');
    navigation.open('b');
    assert.deepEqual(entries, ['', '?agent=b']);
    navigation.close();
    assert.deepEqual(entries, ['']);
  });

  it('goes back once, though the page and the browser both ask for it', () => {
    const steps: string[] = [];
    const navigation = createNavigation({
      search: () => '',
      push: () => steps.push('push'),
      replace: () => undefined,
      // The browser goes back later, not at once.
      back: () => steps.push('back'),
      onPop: () => undefined,
    });
    navigation.open('a');
    navigation.close();
    navigation.close();
    assert.deepEqual(steps, ['push', 'back']);
  });

  it('keeps filters that were chosen while the details were open', () => {
    const { entries, navigation } = createBench();
    navigation.open('a');
    navigation.choose({ ...FIRST_CHOICES, text: 'x' });
    navigation.close();
    assert.equal(navigation.place.get().choices.text, 'x');
    assert.deepEqual(entries, ['?text=x']);
  });

  it('does not leave the page when details that came with the address are closed', () => {
    const { entries, navigation } = createBench('?agent=a');
    assert.equal(navigation.place.get().agent, 'a');
    navigation.close();
    assert.deepEqual(entries, ['']);
  });
});
