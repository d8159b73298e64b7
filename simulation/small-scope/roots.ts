/**
 * Where the search begins: worlds that an ordinary sequence of changes, each delivered in order,
 * has led to. With them, four changes are reached of which the last two meet every interleaving.
 */
import { ACTIONS, perform } from './actions.ts';
import { Feed } from './feed.ts';
import { readBoth, settled } from './rounds.ts';
import type { Root } from './search.ts';
import type { Scope, System } from './system.ts';
import { unread } from './system.ts';
import type { Findings } from './verdicts.ts';

const BUSY = 'the person chooses Busy in Teams';
const DND = 'the person chooses Do not disturb in Teams';
const CALL = 'a call begins in Five9';
const WRAP_UP = 'the call ends, after-call work begins';
const NOT_READY = 'the agent presses Not Ready';
const READY = 'the agent presses Ready';

const WAYS: Readonly<Record<string, readonly string[]>> = {
  ready: [],
  'ready by their own press': [NOT_READY, READY],
  'on a call': [CALL],
  'in after-call work': [CALL, WRAP_UP],
  'on a break': [NOT_READY],
  'stopped for Do not disturb': [DND],
  'on a call, a stop pending': [CALL, BUSY],
};

export const ROOT_NAMES: readonly string[] = Object.keys(WAYS);

/** Throws for a name that is none of `ROOT_NAMES`. */
export function rootNamed(name: string, scope: Scope): Root {
  const way = WAYS[name];
  if (way === undefined) throw new RangeError(`no such beginning: ${name}`);
  const feed = new Feed(scope);
  const findings: Findings = { violations: [], exceptions: [] };
  let system: System = { ...readBoth(unread(scope), feed), changesLeft: way.length };
  for (const words of way) system = changed(system, words, feed, findings);
  if (findings.violations.length > 0) throw new Error(findings.violations.join('; '));
  return { name, system: { ...system, changesLeft: scope.changes } };
}

function changed(system: System, words: string, feed: Feed, findings: Findings): System {
  const action = ACTIONS.find((each) => each.words === words);
  const later = { ...system, now: system.now + 1 };
  const after = action && perform(later, action, feed, findings);
  const rest = after && settled(after, feed, findings);
  if (rest === undefined) throw new Error(`cannot happen in order: ${words}`);
  return rest;
}
