/** docs/trust.md: the promises in plain words, and what the last run of the tests has measured. */
import { CANARIES } from '../canaries.ts';
import { CHECKERS } from '../checkers/checkers.ts';
import { FAULTS } from '../faults/catalogue.ts';
import {
  canaryFact,
  damageFact,
  hostileFact,
  killsFact,
  smallScopeFact,
  spinFact,
  swarmFact,
  told,
} from './facts.ts';
import { BREAKING, INTRODUCTION, LIMITS } from './words.ts';

const NOT_RUN = 'It was not part of the run that this page was made from.';

/** Markdown. */
export function document(): string {
  return `${[
    INTRODUCTION,
    promises(),
    seeds(),
    faults(),
    canaries(),
    others(),
    LIMITS,
    BREAKING,
  ].join('\n\n')}\n`;
}

function promises(): string {
  return `## The promises

Each is one file in \`simulation/checkers/\`; it judges from the emulators' truth, the wire and the disk, and shares no code with
the core.

${table(
  ['Id', 'Promise'],
  CHECKERS.map(({ id, promise }) => [id, promise]),
)}`;
}

function seeds(): string {
  const [fact] = told('swarm', swarmFact);
  const words =
    fact === undefined
      ? NOT_RUN
      : `${count(fact.seeds)} seeds of at least 20 agents and at least one virtual hour ran, ${count(fact.agentHours)} agent-hours
in all, with ${count(fact.requests)} requests to Graph and ${count(fact.records)} journal records: every promise held in every
seed. A core ran ${fact.seedsPerSecond.toFixed(1)} seeds a second. ${count(fact.choicesRaced)} choices were lost that nobody could have seen in time, and
${count(fact.choicesAlike)} that were to the letter what Lockstep showed itself (see the limits below).`;
  return `## Seeds\n\n${words}`;
}

function faults(): string {
  const [fact] = told('swarm', swarmFact);
  const times = (of: Readonly<Record<string, number>> | undefined, id: string): string =>
    of === undefined ? '–' : count(of[id] ?? 0);
  return `## Faults

A run fails when one of them was never injected, or never noticed.

${table(
  ['Id', 'Fault', 'Injected', 'Noticed'],
  FAULTS.map(({ id, name }) => [id, name, times(fact?.injected, id), times(fact?.noticed, id)]),
)}`;
}

function canaries(): string {
  const found = new Map(told('canary', canaryFact).map((fact) => [fact.number, fact]));
  return `## Canaries

Faults that are planted in a copy of the product, to prove that the simulated world sees them. The known seed is tried first; a
canary that is not found within 2,000 seeds fails the run.

${table(
  ['No.', 'What is planted', 'Found by'],
  CANARIES.map(({ number, name, instead }) => {
    const fact = found.get(number);
    const by = fact === undefined ? '–' : `seed ${fact.seed}, promise ${fact.promise}`;
    return [String(number), instead === undefined ? name : `${name}. ${instead}`, by];
  }),
)}`;
}

function others(): string {
  const ways = told('smallScope', smallScopeFact);
  const models = told('spin', spinFact);
  const [hostile] = told('hostile', hostileFact);
  const [kills] = told('kills', killsFact);
  const damages = told('damage', damageFact);
  const sum = (numbers: readonly number[]): string => count(numbers.reduce((a, b) => a + b, 0));
  return `## What else is run

${table(
  ['Check', 'Where', 'What it covers', 'Measured'],
  [
    [
      'every way through a small world',
      '`simulation/small-scope/`',
      'one agent, two platforms, up to four changes, with loss, duplicates, reordering, failed and unclear writes and crashes, through the real core',
      ways.length === 0
        ? '–'
        : `${sum(ways.map(({ states }) => states))} states, ${sum(ways.map(({ edges }) => edges))} edges`,
    ],
    [
      'ownership and single flight',
      '`simulation/models/`',
      'a Spin model of lease, epoch, two nodes, freeze and wake; its README says which line stands for which code',
      models.length === 0 ? '–' : `${models.length} searches, each rule also broken on purpose`,
    ],
    [
      'hostile input',
      '`test/hostile/`',
      'every parser and every route',
      hostile === undefined
        ? '–'
        : `${count(hostile.inputs)} inputs into ${hostile.readers} readers`,
    ],
    [
      'kills of the real process',
      '`test/torture/`',
      'under load; every acknowledged record is found again',
      kills === undefined
        ? '–'
        : `${count(kills.rounds)} kills, ${count(kills.acknowledged)} records acknowledged`,
    ],
    [
      'damage to the journal',
      '`test/torture/`',
      'bit flips and cuts at every boundary of records: repaired, refused or told of',
      damages.length === 0
        ? '–'
        : `${sum(damages.map((each) => each.damages))} damages, ${sum(damages.map(({ untold }) => untold))} of which nothing can tell`,
    ],
    [
      'a full disk, a minute’s stop, load',
      '`test/torture/`',
      'the real process on a disk of its own; event loop and memory are watched',
      'with `npm test`',
    ],
  ],
)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}
