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
import type { Scope, System } from './system.ts';
import type { Exception, Findings } from './verdicts.ts';
import { judgeState } from './verdicts.ts';

export interface Root {
  readonly name: string;
  readonly system: System;
}

export interface Violation {
  readonly what: string;
  readonly trace: readonly string[];
}

export interface Report {
  /** Worlds without regard to what is left of changes and faults. */
  readonly bodies: number;
  readonly states: number;
  readonly edges: number;
  readonly depth: number;
  /** False: the limit of states was reached first. */
  readonly complete: boolean;
  readonly exceptions: Readonly<Record<Exception, number>>;
  readonly violations: readonly Violation[];
  readonly healingRounds: number;
}

export interface Limits {
  readonly states: number;
  /** Different violations after which the search ends. */
  readonly violations: number;
}

const LONG_MS = 60_000;

export function search(scope: Scope, roots: readonly Root[], limits: Limits): Report {
  return new Search(scope, roots, limits).run();
}

interface Entry {
  readonly node: number;
  readonly body: number;
  readonly system: System;
}

class Search {
  private readonly scope: Scope;
  private readonly roots: readonly Root[];
  private readonly limits: Limits;
  private readonly feed: Feed;
  private readonly healing: Healing;
  private readonly cycles = new Cycles();
  private readonly bodies = new Map<string, number>();
  private readonly masks = new Numbers();
  private readonly parents = new Numbers();
  private readonly moves = new Numbers();
  private readonly exceptions: Record<Exception, number> = {
    unseen_choice: 0,
    alike_choice: 0,
    unseen_press: 0,
  };
  private readonly found = new Map<string, Violation>();
  private edges = 0;
  private depth = 0;

  constructor(scope: Scope, roots: readonly Root[], limits: Limits) {
    this.scope = scope;
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
    while (frontier.length > 0 && !this.isOver()) {
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
      complete: frontier.length === 0,
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
      if (action.cost === 'none' && after.now - system.now < LONG_MS) {
        this.cycles.edge(body, to, action.words.includes('leaves') ? node : undefined);
      }
    }
  }

  private enter(
    system: System,
    way: { readonly parent: number; readonly move: number },
    next: Entry[],
  ): number {
    const key = keyOf(bodyOf(system, this.scope));
    const known = this.bodies.get(key);
    const body = known ?? this.masks.push(0);
    if (known === undefined) this.bodies.set(key, body);
    const mask = this.masks.at(body);
    if ((mask & this.asMuch(system)) !== 0) return body;
    this.masks.set(body, mask | (1 << this.left(system)));
    const node = this.parents.push(way.parent);
    this.moves.push(way.move);
    next.push({ node, body, system });
    if (known === undefined) {
      for (const what of this.healing.from(system, key)) this.note(`healing: ${what}`, node);
    }
    return body;
  }

  private left({ changesLeft, faultsLeft }: System): number {
    return changesLeft * (this.scope.faults + 1) + faultsLeft;
  }

  /** The places of all rests that are at least as large. */
  private asMuch({ changesLeft, faultsLeft }: System): number {
    let mask = 0;
    for (let changes = changesLeft; changes <= this.scope.changes; changes += 1) {
      for (let faults = faultsLeft; faults <= this.scope.faults; faults += 1) {
        mask |= 1 << (changes * (this.scope.faults + 1) + faults);
      }
    }
    return mask;
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
