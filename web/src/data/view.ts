/**
 * What the list shows, from the rows and the viewer's choices: filter, order, groups, counts. Pure.
 *
 * V1  Every row that matches is shown exactly once.
 * V2  The counts of the filter chips follow the text filter but not the chips themselves, so that
 *     a chip always says how many rows it would add.
 * V3  Two rows never compare as equal, so that the order is the same however the rows came.
 */
import type { BoardItem } from '../../../src/api/contract/board.ts';

export type Step = BoardItem['step'];

/** In the order in which they need attention. */
export const STEPS: readonly Step[] = ['blocked', 'unknown', 'moving', 'in_step'];

export const ORDERS = ['attention', 'name', 'longest'] as const;
export type Order = (typeof ORDERS)[number];

export interface Choices {
  readonly text: string;
  /** None chosen means all. */
  readonly steps: readonly Step[];
  readonly order: Order;
  readonly byTeam: boolean;
}

export const FIRST_CHOICES: Choices = { text: '', steps: [], order: 'attention', byTeam: false };

/** A row with what filtering and sorting need, worked out once per change of the item. */
export interface Row {
  readonly item: BoardItem;
  /** Lower-case text that the filter searches. */
  readonly haystack: string;
  /** Place in the alphabetical order of all rows; no two rows share one. */
  readonly nameRank: number;
  /** Its line in the list, always the same object for one agent. */
  readonly line: AgentLine;
}

export type Counts = Readonly<Record<Step, number>>;

export interface AgentLine {
  readonly kind: 'agent';
  readonly key: string;
  readonly id: string;
}

export interface TeamLine {
  readonly kind: 'team';
  readonly key: string;
  /** Empty for agents without a team. */
  readonly team: string;
  readonly counts: Counts;
}

export type Line = AgentLine | TeamLine;

export interface View {
  readonly lines: readonly Line[];
  /** Agents shown. */
  readonly shown: number;
  /** Agents on the board, filtered or not. */
  readonly total: number;
  /** Over all agents. */
  readonly all: Counts;
  /** Over the agents that match the text. */
  readonly matching: Counts;
}

/** The rank of rows that nobody has to look at. */
const CALM = 3;

/** A write takes seconds; one that takes longer than this deserves a look. */
export const SLOW_MOVE_MS = 15_000;

export function haystackOf(item: BoardItem): string {
  const words = item.platforms.flatMap((view) => [view.label, view.reason ?? '']);
  return [item.name, ...item.teams, ...words].join('\n').toLowerCase();
}

export function buildView(rows: Iterable<Row>, choices: Choices, now: number): View {
  const wanted = choices.text.trim().toLowerCase();
  const all = zeroCounts();
  const matching = zeroCounts();
  const kept: Row[] = [];
  for (const row of rows) {
    const { step } = row.item;
    all[step] += 1;
    if (wanted !== '' && !row.haystack.includes(wanted)) continue;
    matching[step] += 1;
    if (choices.steps.length === 0 || choices.steps.includes(step)) kept.push(row);
  }
  const sorted = sortRows(kept, choices.order, now);
  const total = STEPS.reduce((sum, step) => sum + all[step], 0);
  const lines = choices.byTeam ? teamLines(sorted) : sorted.map((row) => row.line);
  return { lines, shown: kept.length, total, all, matching };
}

/**
 * The same lines as before in the same places, without agents that are gone: the list does not
 * move under a pointer that is about to click.
 */
export function holdLines(before: View, next: View, exists: (id: string) => boolean): View {
  const lines = before.lines.filter((line) => line.kind === 'team' || exists(line.id));
  const shown = lines.reduce((sum, line) => sum + (line.kind === 'agent' ? 1 : 0), 0);
  return { ...next, lines, shown };
}

export function sameLines(a: View, b: View): boolean {
  if (a.lines.length !== b.lines.length) return false;
  return a.lines.every((line, index) => {
    const other = b.lines[index];
    if (line === other) return true;
    if (line.kind !== 'team' || other?.kind !== 'team' || line.key !== other.key) return false;
    return sameCounts(line.counts, other.counts);
  });
}

export function sameCounts(a: Counts, b: Counts): boolean {
  return STEPS.every((step) => a[step] === b[step]);
}

/** 0 needs attention most. A move that is merely under way is as good as in step. */
function attentionRank(item: BoardItem, now: number): number {
  if (item.step === 'blocked') return 0;
  if (item.step === 'unknown') return 1;
  if (item.step === 'moving' && now - item.stepSince > SLOW_MOVE_MS) return 2;
  return CALM;
}

/**
 * Most rows are in step and need no attention, so only the others are compared by time. Rows that
 * come in the order of their names, as they do, cost one comparison each.
 */
function sortRows(rows: readonly Row[], order: Order, now: number): Row[] {
  const rank = order === 'name' ? noRank : order === 'attention' ? attentionRank : outOfStepRank;
  const ranks: Row[][] = [[], [], [], []];
  for (const row of rows) ranks[rank(row.item, now)]?.push(row);
  return ranks.flatMap((members, index) => members.sort(index === CALM ? byName : byTime));
}

function byName(a: Row, b: Row): number {
  return a.nameRank - b.nameRank;
}

function byTime(a: Row, b: Row): number {
  return a.item.stepSince - b.item.stepSince || a.nameRank - b.nameRank;
}

function noRank(): number {
  return CALM;
}

function outOfStepRank(item: BoardItem): number {
  return item.step === 'in_step' ? CALM : 0;
}

export function agentLine(id: string): AgentLine {
  return { kind: 'agent', key: `agent ${id}`, id };
}

function teamLines(rows: readonly Row[]): Line[] {
  const teams = new Map<string, Row[]>();
  for (const row of rows) {
    const team = row.item.teams[0] ?? '';
    const members = teams.get(team);
    if (members === undefined) teams.set(team, [row]);
    else members.push(row);
  }
  const names = [...teams.keys()].sort(compareTeams);
  return names.flatMap((team): Line[] => {
    const members = teams.get(team) ?? [];
    const counts = zeroCounts();
    for (const row of members) counts[row.item.step] += 1;
    return [{ kind: 'team', key: `team ${team}`, team, counts }, ...members.map((row) => row.line)];
  });
}

/** Alphabetical, agents without a team last. */
function compareTeams(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  return a.localeCompare(b);
}

function zeroCounts(): Record<Step, number> {
  return { blocked: 0, unknown: 0, moving: 0, in_step: 0 };
}
