/** The parts of docs/trust.md that no run can measure. */

export const INTRODUCTION = `# What is checked, and how an outsider can break it

<!-- Made by \`npm run trust\` from what the last whole \`npm test\` measured. Words are in simulation/trust/words.ts. -->

The whole product runs in one thread under a virtual clock: the production engine, core, delivery, journal contract and
connectors, on machines that can be killed, frozen and lose power, against emulated vendors. One seed decides what people do,
what goes wrong and when. A failure is one line to replay: \`npm run sim -- --seed N\`.

Nothing here was tried against a live Five9 domain or Microsoft tenant. The emulators are written from the vendors' published
contracts.`;

export const LIMITS = `## What is not promised

- Graph and Five9 know no conditional write. What somebody chooses between our last read and the arrival of our write can be
  lost; it is counted, and only such choices are excused.
- A choice that is equal to the value that we show ourselves cannot be told from it (A11 in [the specification](spec/core.md)).
  So whoever becomes busy while our own Busy stands there is routed to until it has ended, five minutes at most. Nor can a Busy
  that somebody chooses in the seconds around our In a call, which Graph may read back as plain Busy (A3).
- When an agent is given another Teams user or leaves the mapping, what Lockstep shows on the old one is not cleared; it ends by
  itself within its life. A Five9 agent who leaves the mapping while Not ready by Lockstep stays so until they press Ready.
- A process that starts on a wall clock far ahead takes its own marks for ended.
- Fresh seeds beyond the fixed ones still find something, about once in a thousand of them. What one finds is mended and the seed
  kept in \`simulation/seeds.ts\`.
- A vendor that shows a wrong but possible value for somebody is believed until it shows another.
- A vendor that accepts a clear and ignores it is believed after ten seconds.
- A process whose lock on the journal was taken away notices it with its next record, not before; it can send nothing until then.
- Notifications, rules and several tenants in one process do not exist yet, and neither do their faults here.
- A write-ahead log that is cut exactly between two commits, or deleted, loses them without a trace that could be found.`;

export const BREAKING = `## How to break it

Write a checker or a fault in \`simulation/\`, add it to \`checkers.ts\` or \`catalogue.ts\`, and run \`npm run sim -- --minutes 30\`. A
failing run prints the seed, the commit, the smallest set of faults that still fails, and the minutes around it.`;
