/**
 * Canaries: faults that are planted in a copy of the product to prove that the simulated world sees
 * them. Each must be found within 2,000 seeds; one that is not found any more fails the tests.
 *
 * Where the product has no such part yet, the same fault is planted in its nearest relative, and
 * `instead` says so.
 */
import type { Patch } from './program.ts';

export interface Canary {
  readonly number: number;
  readonly name: string;
  readonly patches: readonly Patch[];
  /** Each seed is run twice, and both runs must be equal. */
  readonly twice?: true;
  readonly instead?: string;
  /** A seed that is known to find it, tried first. */
  readonly seed: number;
  /** The promises whose breach shows this fault and not just some trouble. */
  readonly by: readonly string[];
}

export const CANARIES: readonly Canary[] = [
  {
    number: 1,
    seed: 1,
    by: ['I1'],
    name: 'a write leaves before its record is durable',
    patches: [
      { file: 'src/engine/dispatch.ts', find: '    await journal.durable(seq);\n', put: '' },
    ],
  },
  {
    number: 2,
    seed: 4,
    by: ['I6'],
    name: 'the version check is dropped',
    patches: [
      {
        file: 'src/core/observe.ts',
        find: 'if (isOverdue(face, observation, context)) {',
        put: 'if (false) {',
      },
    ],
  },
  {
    number: 3,
    seed: 1,
    by: ['I10'],
    name: 'two writes in flight',
    patches: [
      {
        file: 'src/delivery/delivery.ts',
        find: 'if (this.flying.has(agent)) {',
        put: 'if (false) {',
      },
      {
        file: 'src/core/difference.ts',
        find: 'if (face.intent !== undefined) return NONE;',
        put: '',
      },
      {
        file: 'src/core/invariants.ts',
        find: "if (face.intent !== undefined) return 'I10: a second write in flight';",
        put: '',
      },
    ],
  },
  {
    number: 4,
    seed: 3,
    by: ['I11'],
    name: 'the old value is assumed after an unclear outcome',
    patches: [
      {
        file: 'src/core/receipt.ts',
        find: '        ...unsure(rest, intent, arrivedBy(receipt, intent, now), timing),\n        unknownSince: settled(receipt, intent, now),\n',
        put: '        ...later(undone(rest, intent), now),\n',
      },
    ],
  },
  {
    number: 5,
    seed: 1,
    by: ['I5b'],
    name: '429 is taken for success',
    patches: [
      {
        file: 'src/connectors/kit/classify.ts',
        find: "if (status >= 200 && status < 300) return { kind: 'accepted' };",
        put: "if (status < 300 || status === 429) return { kind: 'accepted' };",
      },
    ],
  },
  {
    number: 6,
    seed: 12,
    by: ['I5b'],
    name: 'a wait is cut to 180 seconds',
    patches: [
      {
        file: 'src/delivery/gate.ts',
        find: 'this.close(now + (retryAfterMs ?? this.nextPause())',
        put: 'this.close(now + Math.min(180_000, retryAfterMs ?? this.nextPause())',
      },
    ],
  },
  {
    number: 7,
    seed: 12,
    by: ['I5'],
    name: 'the quota is counted when a request is over',
    patches: [
      {
        file: 'src/delivery/delivery.ts',
        find: '    this.limiter.started();\n    this.limiter.sent(this.now());\n',
        put: '    this.limiter.started();\n',
      },
      {
        file: 'src/delivery/delivery.ts',
        find: '    this.limiter.finished();\n',
        put: '    this.limiter.finished();\n    this.limiter.sent(this.now());\n',
      },
    ],
  },
  {
    number: 8,
    seed: 1,
    by: ['I5b', 'I5'],
    name: 'every call repeats itself at once',
    patches: [
      {
        file: 'src/connectors/teams/client.ts',
        find: 'if (first.status !== 401) return first;',
        put: 'if (first.status === 429 || first.status === 503) return seams.exchange(httpRequest(request, url, token.text));\n      if (first.status !== 401) return first;',
      },
    ],
  },
  {
    number: 9,
    seed: 1,
    by: ['I3', 'P1', 'P3'],
    name: 'an echo is taken for a person',
    patches: [
      {
        file: 'src/core/attribute.ts',
        find: "if (live !== undefined) return { kind: 'ours', mark: live };",
        put: '',
      },
    ],
  },
  {
    number: 10,
    seed: 4,
    by: ['I4'],
    name: 'what a person chooses just before a write is not looked at',
    patches: [
      {
        file: 'src/engine/dispatch.ts',
        find: 'if (command.guarded === true && !isFresh(agent, connector, parts)) {',
        put: 'if (false) {',
      },
    ],
  },
  {
    number: 11,
    seed: 9,
    by: ['I7'],
    name: 'Ready is set without owning the Not ready',
    patches: [
      {
        file: 'src/core/away.ts',
        find: 'if (mark.shownAt === undefined || !(showsOurs || pendingOurs)) return NONE;',
        put: '',
      },
      {
        file: 'src/core/own.ts',
        find: "if (seen.preset !== 'ready') return undefined;",
        put: "if (seen.preset !== 'ready') return mark;",
      },
      {
        file: 'src/connectors/five9/client.ts',
        find: 'if (why === undefined) return undefined;',
        put: 'return undefined;',
      },
    ],
  },
  {
    number: 12,
    seed: 2,
    by: ['P1'],
    name: 'the life of a session is never renewed',
    patches: [
      {
        file: 'src/core/difference.ts',
        find: 'return now >= renewAt\n',
        put: 'return now >= Infinity\n',
      },
    ],
  },
  {
    number: 13,
    seed: 3,
    by: ['I12', 'I1', 'I10'],
    name: 'no fence between two owners',
    patches: [
      {
        file: 'src/engine/dispatch.ts',
        find: '    onFatal(error);\n    return undefined;\n',
        put: '',
      },
      {
        file: 'src/engine/dispatch.ts',
        find: 'journal.holdsForMs() > ON_ITS_WAY_MS && waitedMs <= WAITED_MAX_MS',
        put: 'true',
      },
      {
        file: 'src/engine/engine.ts',
        find: 'journal.durable(journal.head().seq).catch((error: unknown) => this.fail(error));',
        put: '',
      },
    ],
  },
  {
    number: 14,
    seed: 12,
    by: ['I13', 'I16b', 'L1', 'P1', 'P2', 'P3'],
    name: 'the wall clock is used for intervals',
    patches: [
      {
        file: 'src/lib/clock.ts',
        find: 'now: () => Math.floor(advance()),',
        put: 'now: () => inner.now(),',
      },
    ],
  },
  {
    number: 15,
    seed: 1,
    by: ['P4'],
    name: 'an e-mail address is used as the key',
    patches: [
      {
        file: 'src/directory/read-row.ts',
        find: 'const found = id === undefined ? byName : findById(reading, columns, list);',
        put: 'const found = byName ?? findById(reading, columns, list);',
      },
    ],
  },
  {
    number: 16,
    seed: 12,
    by: ['I2', 'I25', 'L1', 'P1'],
    name: 'a pong is taken for a living feed',
    patches: [
      {
        file: 'src/connectors/five9/pulse.ts',
        find: 'if (!isData) return { ...pulse, lastFrameAt: now };',
        put: 'if (!isData) return { ...pulse, lastFrameAt: now, lastDataAt: now, isAnswered: true };',
      },
    ],
  },
  {
    number: 17,
    seed: 4,
    by: ['I6'],
    name: 'a difference is applied over a newer snapshot',
    patches: [
      {
        file: 'src/model/observation.ts',
        find: '  return next.stamp < last.stamp;',
        put: '  return false;',
      },
    ],
  },
  {
    number: 18,
    seed: 3,
    by: ['I16b'],
    name: 'one bad item drops the whole answer',
    patches: [
      {
        file: 'src/connectors/teams/wire.ts',
        find: '  const spoiled = whole.value.length - items.length;\n',
        put: '  const spoiled = whole.value.length - items.length;\n  if (spoiled > 0) return undefined;\n',
      },
    ],
  },
  {
    number: 19,
    seed: 3,
    by: ['I15'],
    name: 'whom a token goes to is not checked',
    instead:
      'No token is received yet whose audience could be checked; here the address that Five9 names for the sign-in is trusted.',
    patches: [
      {
        file: 'src/connectors/five9/hosts.ts',
        find: 'return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));',
        put: 'return true;',
      },
    ],
  },
  {
    number: 20,
    seed: 7,
    by: ['I14', 'I1'],
    name: 'the tenant is taken from what was read',
    instead:
      'There is no request with a tenant in it yet; here the tenant in a journal is believed.',
    patches: [
      { file: 'src/engine/recover.ts', find: 'if (found === configured) return;', put: 'return;' },
    ],
  },
  {
    number: 21,
    seed: 7,
    by: ['process'],
    name: 'one agent’s exception ends the process',
    instead: 'There are no rules yet that could throw; here the core throws on one agent’s data.',
    patches: [
      {
        file: 'src/core/core.ts',
        find: "    // One agent's input must never stop the others (F105); the state before it is kept.\n",
        put: '    throw error;\n',
      },
    ],
  },
  {
    number: 22,
    seed: 3,
    by: ['I9'],
    name: 'the order in which agents were met leaks out',
    patches: [
      {
        file: 'src/engine/population.ts',
        find: '.sort((a, b) => (a.agent < b.agent ? -1 : 1))',
        put: '',
      },
    ],
  },
  {
    number: 23,
    seed: 5,
    by: ['I9'],
    name: 'the back-off draws from Math.random',
    twice: true,
    patches: [
      {
        file: 'src/delivery/gate.ts',
        find: 'this.lastPauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS + this.random.next() * span);',
        put: 'this.lastPauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS + Math.random() * (span + 1_000));',
      },
    ],
  },
  {
    number: 24,
    seed: 1,
    by: ['I17'],
    name: 'the breaker of mass changes is off',
    patches: [
      {
        file: 'src/directory/guard.ts',
        find: 'unmapped.length <= agents * SHARE_MAX || confirmation === token',
        put: 'true',
      },
    ],
  },
  {
    number: 25,
    seed: 1,
    by: ['I23'],
    name: 'a name stays in the snapshots after its person was removed',
    patches: [
      {
        file: 'src/engine/recover.ts',
        find: 'body: asJson(body) });',
        put: 'body: asJson({ ...body, names: population.ids().map((id) => population.person(id)?.name) }) });',
      },
    ],
  },
];
