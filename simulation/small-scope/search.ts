/**
 * The search: breadth first from the roots through everything that can happen, each world once.
 * A violation comes with the shortest way to it, in words.
 *
 * B1  A world that was reached before with as many changes and faults left, or more, is not
 *     entered again: whatever can follow from it follows from the other one.
 */
import { hash } from 'node:crypto';
import type { Action } from './actions.ts';
import { ACTIONS, perform } from './actions.ts';
import { bodyOf } from './canonical.ts';
import { Cycles } from './cycles.ts';
import { Feed } from './feed.ts';
import { Healing } from './healing.ts';
import { Numbers } from './nodes.ts';
import { respaced } from './respaced.ts';
import type { Scope, System } from './system.ts';
import type { Exception, Findings } from './verdicts.ts';
import { judgeState } from './verdicts.ts';

export interface Root {
  readonly name: string;
  readonly system: System;
}

interface Violation {
  readonly what: string;
  readonly trace: readonly string[];
}

export interface Report {
  /** Worlds without regard to what is left of changes and faults. */
  readonly bodies: number;
  readonly states: number;
  readonly edges: number;
  readonly depth: number;
  /** `all`: nothing new can be reached. `depth`: everything within the limit of actions was. */
  readonly reached: 'all' | 'depth' | 'stopped';
  /** Merged worlds that were compared. One that differs is a violation. */
  readonly audited: number;
  readonly cyclesEdges: number;
  readonly exceptions: Readonly<Record<Exception, number>>;
  readonly violations: readonly Violation[];
  readonly healingRounds: number;
}

export interface Limits {
  /** Actions in a row; without it, as many as there are. */
  readonly depth?: number;
  readonly states: number;
  /** One of so many merged worlds is compared with the world that it was merged into. */
  readonly auditEvery: number;
  /** Different violations after which the search ends. */
  readonly violations: number;
}

const LONG_MS = 60_000;

export function search(scope: Scope, roots: readonly Root[], limits: Limits): Report {
  return new Search(scope, roots, limits).run();
}

type Rest = Pick<System, 'changesLeft' | 'faultsLeft' | 'pausesLeft'>;

function isAsMuch(rest: Rest, wanted: Rest): boolean {
  return (
    rest.changesLeft >= wanted.changesLeft &&
    rest.faultsLeft >= wanted.faultsLeft &&
    rest.pausesLeft >= wanted.pausesLeft
  );
}

interface Entry {
  readonly node: number;
  readonly body: number;
  readonly system: System;
}

class Search {
  private readonly roots: readonly Root[];
  private readonly limits: Limits;
  private readonly feed: Feed;
  private readonly healing: Healing;
  private readonly cycles = new Cycles();
  private readonly bodies = new Map<string, number>();
  /** For each body, what was left of changes, faults and pauses when it was entered. */
  private readonly rests: (readonly Rest[])[] = [];
  private readonly parents = new Numbers();
  private readonly moves = new Numbers();
  private readonly exceptions: Record<Exception, number> = {
    unseen_choice: 0,
    alike_choice: 0,
    unseen_press: 0,
  };
  private readonly found = new Map<string, Violation>();
  /** Body to the node that reached it first. */
  private readonly firsts = new Numbers();
  private audited = 0;
  private merged = 0;
  private edges = 0;
  private depth = 0;

  constructor(scope: Scope, roots: readonly Root[], limits: Limits) {
    this.roots = roots;
    this.limits = limits;
    this.feed = new Feed(scope);
    this.healing = new Healing(this.feed, keyOf);
  }

  run(): Report {
    let frontier: Entry[] = [];
    for (const [index, { system }] of this.roots.entries()) {
      this.enter(system, { parent: -1 - index, move: -1 }, frontier);
    }
    const deepest = this.limits.depth ?? Number.POSITIVE_INFINITY;
    while (frontier.length > 0 && this.depth < deepest && !this.isOver()) {
      const next: Entry[] = [];
      for (const entry of frontier) {
        if (this.isOver()) break;
        this.expand(entry, next);
      }
      frontier = next;
      this.depth += 1;
    }
    for (const what of this.cycles.found()) this.note(what.words, what.node);
    return {
      bodies: this.bodies.size,
      states: this.parents.length,
      edges: this.edges,
      depth: this.depth,
      reached: this.isOver() ? 'stopped' : frontier.length === 0 ? 'all' : 'depth',
      audited: this.audited,
      cyclesEdges: this.cycles.size,
      exceptions: this.exceptions,
      violations: [...this.found.values()],
      healingRounds: this.healing.rounds,
    };
  }

  private isOver(): boolean {
    return this.parents.length >= this.limits.states || this.found.size >= this.limits.violations;
  }

  private expand({ node, body, system }: Entry, next: Entry[]): void {
    const later = { ...system, now: system.now + 1 };
    for (const [move, action] of ACTIONS.entries()) {
      const findings: Findings = { violations: [], exceptions: [] };
      const after = perform(later, action, this.feed, findings);
      if (after === undefined) continue;
      this.edges += 1;
      judgeState(after, findings);
      for (const each of findings.exceptions) this.exceptions[each] += 1;
      if (findings.violations.length > 0) {
        for (const what of findings.violations) this.note(what, node, action);
        continue;
      }
      const to = this.enter(after, { parent: node, move }, next);
      if ((action.cost === 'none' || action.cost === 'pause') && after.now - system.now < LONG_MS) {
        this.cycles.edge(body, to, action.words.includes('leaves') ? node : undefined);
      }
    }
  }

  private enter(
    system: System,
    way: { readonly parent: number; readonly move: number },
    next: Entry[],
  ): number {
    const key = keyOf(bodyOf(system, this.feed));
    const known = this.bodies.get(key);
    const body = known ?? this.rests.push([]) - 1;
    if (known === undefined) {
      this.bodies.set(key, body);
      this.firsts.push(this.parents.length);
    } else this.audit(known, system, way.parent);
    const rests = this.rests[body] ?? [];
    if (rests.some((rest) => isAsMuch(rest, system))) return body;
    const { changesLeft, faultsLeft, pausesLeft } = system;
    this.rests[body] = [...rests, { changesLeft, faultsLeft, pausesLeft }];
    const node = this.parents.push(way.parent);
    this.moves.push(way.move);
    next.push({ node, body, system: respaced(system) });
    if (known === undefined) {
      for (const what of this.healing.from(system, key)) this.note(`healing: ${what}`, node);
    }
    return body;
  }

  /** Two worlds of one text must go on alike; what differs was left out of the text wrongly. */
  private audit(body: number, system: System, parent: number): void {
    this.merged += 1;
    if (this.merged % this.limits.auditEvery !== 0) return;
    this.audited += 1;
    const other = this.again(this.firsts.at(body));
    const [one, two] = [this.successors(respaced(system)), this.successors(other)];
    const differs = one.findIndex((key, index) => key !== two[index]);
    if (differs < 0) return;
    this.note(`two worlds were taken for one: ${ACTIONS[differs]?.words ?? '?'}`, parent);
  }

  private successors(system: System): string[] {
    const later = { ...system, now: system.now + 1, changesLeft: 1, faultsLeft: 1, pausesLeft: 1 };
    return ACTIONS.map((action) => {
      const after = perform(later, action, this.feed, { violations: [], exceptions: [] });
      return after === undefined ? '' : keyOf(bodyOf(after, this.feed));
    });
  }

  /** The world of a node, by doing everything that led to it again. */
  private again(node: number): System {
    const moves: number[] = [];
    let at = node;
    for (; at >= 0; at = this.parents.at(at)) moves.push(this.moves.at(at));
    let system = this.roots[-1 - at]?.system;
    system &&= respaced(system);
    for (const move of moves.reverse()) {
      const action = ACTIONS[move];
      if (action === undefined || system === undefined) continue;
      const later = { ...system, now: system.now + 1 };
      system = perform(later, action, this.feed, { violations: [], exceptions: [] });
      system &&= respaced(system);
    }
    if (system === undefined) throw new Error('a way cannot be gone again');
    return system;
  }

  private note(what: string, node: number, last?: Action): void {
    if (this.found.has(what)) return;
    const trace = this.traceOf(node);
    this.found.set(what, { what, trace: last === undefined ? trace : [...trace, last.words] });
  }

  private traceOf(node: number): string[] {
    const words: string[] = [];
    let at = node;
    while (at >= 0) {
      const move = this.moves.at(at);
      if (move >= 0) words.push(ACTIONS[move]?.words ?? '?');
      at = this.parents.at(at);
    }
    words.push(`from: ${this.roots[-1 - at]?.name ?? '?'}`);
    return words.reverse();
  }
}

function keyOf(body: string): string {
  return hash('md5', body, 'base64');
}
