/** `lockstep status`: how a running service is, in a few lines. */
import { summarySchema } from '../api/contract/board.ts';
import type { Summary } from '../api/contract/board.ts';
import type { Verb } from './cli.ts';
import { EXIT, readArgs } from './cli.ts';
import { ask, DEFAULT_URL } from './client.ts';

const USAGE = 'status [--url URL] [--json]';

export const status: Verb = {
  name: 'status',
  usage: USAGE,
  about: 'how a running service is',
  run: async (args, io) => {
    const { values } = readArgs(
      args,
      { url: { type: 'string' }, json: { type: 'boolean' } },
      USAGE,
    );
    const summary = await ask(values.url ?? DEFAULT_URL, '/v1/summary', summarySchema);
    io.out(values.json === true ? JSON.stringify(summary, null, 2) : statusText(summary));
    return summary.platforms.every(({ state }) => state === 'live') ? EXIT.ok : EXIT.failed;
  },
};

function statusText(summary: Summary): string {
  const lines = summary.platforms.map(
    ({ label, state, detail, action }) =>
      `${label}: ${state}. ${detail}${action === undefined ? '' : ` To do: ${action}`}`,
  );
  return [summaryLine(summary), ...lines].join('\n');
}

/** The line that the sandbox prints and refreshes. */
export function summaryLine(summary: Summary): string {
  const label = (id: string): string =>
    summary.platforms.find(({ platform }) => platform === id)?.label ?? id;
  const delays = summary.delays.map(
    ({ from, to, meanMs }) =>
      `${label(from)} to ${label(to)} ${meanMs === null ? 'no sample' : `${(meanMs / 1000).toFixed(2)} s`}`,
  );
  const bytes = summary.bytesPerAgentSecond;
  return [
    `${summary.inStep} of ${summary.agents} agents in step`,
    `${summary.moving} moving, ${summary.blocked} blocked, ${summary.unknown} unknown`,
    `mean delay ${delays.join(', ')}`,
    `quota ${(summary.quotaUsed * 100).toFixed(1)} %`,
    `${bytes === null ? 'no figure yet for' : bytes.toFixed(0)} bytes per agent and second`,
  ].join(' | ');
}
