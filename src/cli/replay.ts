/** `lockstep replay JOURNAL`: every recorded decision taken again, and the chain verified. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { World } from '../core/world.ts';
import { MANIFESTS } from '../connectors/registry.ts';
import { replayAll } from '../engine/past.ts';
import type { Journal } from '../journal/journal.ts';
import { JournalError } from '../journal/journal.ts';
import { openSqliteJournal } from '../journal/sqlite.ts';
import { compilePolicy } from '../policy/seed.ts';
import type { Io, Verb } from './cli.ts';
import { CliError, EXIT, readArgs } from './cli.ts';

const USAGE = 'replay JOURNAL [--json]';

export const replay: Verb = {
  name: 'replay',
  usage: USAGE,
  about: 'take every recorded decision again and compare',
  run: async (args, io) => {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean' } }, USAGE);
    const [path] = positionals;
    if (path === undefined)
      throw new CliError(EXIT.usage, 'no journal was named', `usage: lockstep ${USAGE}`);
    if (!existsSync(path))
      throw new CliError(
        EXIT.notFound,
        `there is no journal at ${path}`,
        'see journal.path in the configuration',
      );
    const journal = await orRefused(openSqliteJournal({ path }));
    try {
      const answer = await orRefused(replayed(journal, io));
      io.out(values.json === true ? JSON.stringify(answer, null, 2) : text(answer));
      return answer.chain.ok && answer.different.length === 0 ? EXIT.ok : EXIT.failed;
    } finally {
      await journal.close();
    }
  },
};

async function replayed(journal: Journal, io: Io): Promise<Answer> {
  const chain = await journal.verify();
  const result = await replayAll(journal, emptyWorld(), (records) => io.err(`${records} records`));
  const { records, decisions, different, finalStates } = result;
  const states = createHash('sha256').update(finalStates).digest('hex');
  return { chain, records, decisions, different, states };
}

async function orRefused<T>(task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    if (error instanceof JournalError) throw new CliError(EXIT.journal, error.message, error.fix);
    throw error;
  }
}

interface Answer {
  readonly chain: { readonly ok: boolean; readonly detail: string };
  readonly records: number;
  readonly decisions: number;
  readonly different: readonly number[];
  readonly states: string;
}

function text({ chain, records, decisions, different, states }: Answer): string {
  return [
    `Chain      ${chain.ok ? 'verified' : 'BROKEN'}: ${chain.detail}`,
    `Records    ${records}`,
    `Decisions  ${decisions}, ${different.length === 0 ? 'all taken the same way again' : `DIFFERENT at ${different.join(', ')}`}`,
    `States     ${states}`,
  ].join('\n');
}

/** The policy and the liveness come from the journal itself; this only gives the platforms. */
function emptyWorld(): World {
  return {
    tenant: 'replay',
    epoch: 0,
    policy: compilePolicy({
      version: 'none',
      strategy: 'latest_human',
      afterCallWork: 'busy',
      notReady: [],
      stopCodes: {},
      dwell: { toTeamsMs: 0, toFive9Ms: 0 },
      contactCentre: 'five9',
      collaboration: 'teams',
    }),
    platforms: Object.fromEntries(MANIFESTS.map(({ id, traits }) => [id, traits])),
    live: Object.fromEntries(MANIFESTS.map(({ id }) => [id, false])),
  };
}
