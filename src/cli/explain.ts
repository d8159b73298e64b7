/** `lockstep explain AGENT [--at TIME]`: why an agent is in the state they are in, or were. */
import { explanationSchema } from '../api/contract/board.ts';
import type { ExplanationView } from '../api/contract/board.ts';
import type { Verb } from './cli.ts';
import { CliError, EXIT, readArgs } from './cli.ts';
import { ask, DEFAULT_URL } from './client.ts';

const USAGE = 'explain AGENT [--at TIME] [--url URL] [--json]';

export const explainVerb: Verb = {
  name: 'explain',
  usage: USAGE,
  about: 'why an agent is in a state, now or at a past moment',
  run: async (args, io) => {
    const { values, positionals } = readArgs(
      args,
      { at: { type: 'string' }, url: { type: 'string' }, json: { type: 'boolean' } },
      USAGE,
    );
    const [agent] = positionals;
    if (agent === undefined)
      throw new CliError(EXIT.usage, 'no agent was named', `usage: lockstep ${USAGE}`);
    const query = values.at === undefined ? '' : `?at=${encodeURIComponent(readTime(values.at))}`;
    const path = `/v1/agents/${encodeURIComponent(agent)}/explanation${query}`;
    const explanation = await ask(values.url ?? DEFAULT_URL, path, explanationSchema);
    io.out(
      values.json === true ? JSON.stringify(explanation, null, 2) : explanationText(explanation),
    );
    return EXIT.ok;
  },
};

function readTime(text: string): string {
  const time = Date.parse(text);
  if (Number.isFinite(time)) return new Date(time).toISOString();
  throw new CliError(
    EXIT.usage,
    `--at is ${JSON.stringify(text)}`,
    'give a time such as 2026-03-02T09:30:00Z',
  );
}

function explanationText(explanation: ExplanationView): string {
  const facts = explanation.facts.map((fact) => {
    const age =
      fact.ageMs === undefined
        ? 'age unknown'
        : `${explanation.past ? 'at most ' : ''}${(fact.ageMs / 1000).toFixed(0)} s old`;
    const since = fact.since === undefined ? '' : ` since ${new Date(fact.since).toISOString()}`;
    return `  ${fact.platform} says ${fact.says} (${fact.raw})${since}; cause ${fact.cause}, ${fact.certainty}; data ${age}`;
  });
  const decisions = explanation.decisions.map((each) => {
    const blocked = each.blocked === undefined ? '' : `; blocked: ${each.blocked}`;
    return `  ${each.platform}: wants ${each.desired} by rule ${each.rule}, because ${each.because}; shows ${each.shown}${blocked}`;
  });
  return [
    `${explanation.name} at ${new Date(explanation.at).toISOString()}`,
    explanation.sentence,
    'Facts',
    ...facts,
    'Decisions',
    ...decisions,
    `Trace (policy ${explanation.policyVersion})`,
    ...explanation.trace.map((line) => `  ${line}`),
  ].join('\n');
}
