/** The report of mismatch, from the journal's history. */
import type { HistoryVisitor } from '../engine/history.ts';
import type { Agent } from '../model/agent.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { PlatformTraits } from '../model/platform.ts';
import { addUp, MISMATCHES, MismatchFold } from '../views/mismatch.ts';
import type { MismatchTotals, Sides, Spans } from '../views/mismatch.ts';
import type { MismatchReport } from './contract/reports.ts';

export interface MismatchParts {
  readonly platforms: Readonly<Record<PlatformId, PlatformTraits>>;
  /** Those who are mapped now. */
  readonly person: (id: AgentId) => Agent | undefined;
  readonly history: (to: number, visitor: HistoryVisitor) => Promise<void>;
}

interface Period {
  readonly from: number;
  readonly to: number;
}

export async function mismatchReport(
  { platforms, person, history }: MismatchParts,
  { from, to }: Period,
): Promise<MismatchReport> {
  const fold = new MismatchFold(sidesOf(platforms), from, to);
  await history(to, {
    state: (agent, state, at, isLive) => fold.take(agent, state, at, isLive),
    gap: (at) => fold.pause(at),
  });
  const counted = fold.end(to);
  const people = [...counted].flatMap(([id, totals]) => {
    const agent = person(id);
    return agent === undefined ? [] : [{ agent, totals }];
  });
  const teams = new Map<string, MismatchTotals[]>();
  for (const { agent, totals } of people) {
    for (const team of agent.teams ?? []) teams.set(team, [...(teams.get(team) ?? []), totals]);
  }
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    all: inSeconds(addUp(people.map(({ totals }) => totals))),
    teams: [...teams]
      .map(([team, all]) => ({ team, agents: all.length, ...inSeconds(addUp(all)) }))
      .sort((a, b) => (a.team < b.team ? -1 : 1)),
    agents: people
      .map(({ agent: { id, name }, totals }) => ({ id, name, ...inSeconds(totals) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function sidesOf(platforms: MismatchParts['platforms']): Sides {
  const ids = Object.values(platforms);
  const contactCentre = ids.find(({ kind }) => kind === 'contact_centre')?.id ?? '';
  const collaboration = ids.find(({ kind }) => kind === 'collaboration')?.id ?? '';
  return { contactCentre, collaboration };
}

type Seconds = Pick<MismatchReport['all'], 'watchedSeconds' | 'was' | 'without'>;

function inSeconds({ watched, was, without }: MismatchTotals): Seconds {
  return { watchedSeconds: watched / 1_000, was: spansOf(was), without: spansOf(without) };
}

function spansOf(spans: Spans): MismatchReport['all']['was'] {
  const seconds = MISMATCHES.map((kind) => [kind, spans[kind] / 1_000] as const);
  return { ...spans, ...Object.fromEntries(seconds) };
}
