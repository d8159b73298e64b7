/**
 * Writes are bounded: where nothing changes, nothing fails and no mark's life ends, no way leads
 * from a write back to itself. Tarjan's strongly connected components over the edges that cost
 * nothing; an edge that leaves is in a cycle when both its ends are in one component.
 */
import { Numbers } from './nodes.ts';

export class Cycles {
  private readonly from = new Numbers();
  private readonly to = new Numbers();
  private readonly writes: { readonly edge: number; readonly node: number }[] = [];

  /** `write`: the node from which a write leaves over this edge. */
  edge(from: number, to: number, write: number | undefined): void {
    if (from === to && write === undefined) return;
    const edge = this.from.push(from);
    this.to.push(to);
    if (write !== undefined) this.writes.push({ edge, node: write });
  }

  get size(): number {
    return this.from.length;
  }

  found(): readonly { readonly words: string; readonly node: number }[] {
    const component = componentsOf(this.from, this.to);
    const bad = this.writes.find(
      ({ edge }) => component(this.from.at(edge)) === component(this.to.at(edge)),
    );
    if (bad === undefined) return [];
    return [{ words: 'writes go round in a circle although nothing happens', node: bad.node }];
  }
}

function componentsOf(from: Numbers, to: Numbers): (node: number) => number {
  let nodes = 0;
  for (let edge = 0; edge < from.length; edge += 1) {
    nodes = Math.max(nodes, from.at(edge) + 1, to.at(edge) + 1);
  }
  const start = new Int32Array(nodes + 1);
  for (let edge = 0; edge < from.length; edge += 1) bump(start, from.at(edge) + 1, 1);
  for (let node = 1; node <= nodes; node += 1) bump(start, node, start[node - 1] ?? 0);
  const place = start.slice();
  const targets = new Int32Array(from.length);
  for (let edge = 0; edge < from.length; edge += 1) {
    targets[place[from.at(edge)] ?? 0] = to.at(edge);
    bump(place, from.at(edge), 1);
  }
  return tarjan(nodes, start, targets);
}

function bump(array: Int32Array, index: number, by: number): void {
  array[index] = (array[index] ?? 0) + by;
}

/** Without recursion: the graph is deeper than the call stack. */
function tarjan(nodes: number, start: Int32Array, targets: Int32Array): (node: number) => number {
  const index = new Int32Array(nodes).fill(-1);
  const low = new Int32Array(nodes);
  const component = new Int32Array(nodes).fill(-1);
  const next = start.slice(0, nodes);
  const stack: number[] = [];
  const calls: number[] = [];
  let counter = 0;
  const open = (node: number): void => {
    index[node] = counter;
    low[node] = counter;
    counter += 1;
    stack.push(node);
  };
  const follow = (node: number, at: number): void => {
    next[node] = at + 1;
    const target = targets[at] ?? 0;
    if (index[target] === -1) calls.push(target);
    else if (component[target] === -1) lower(low, node, index[target] ?? 0);
  };
  const close = (node: number): void => {
    calls.pop();
    const caller = calls.at(-1);
    if (caller !== undefined) lower(low, caller, low[node] ?? 0);
    if (low[node] !== index[node]) return;
    const first = stack.lastIndexOf(node);
    for (const member of stack.splice(first)) component[member] = node;
  };
  for (let root = 0; root < nodes; root += 1) {
    if (index[root] === -1) calls.push(root);
    for (let node = calls.at(-1); node !== undefined; node = calls.at(-1)) {
      if (index[node] === -1) open(node);
      const at = next[node] ?? 0;
      if (at < (start[node + 1] ?? 0)) follow(node, at);
      else close(node);
    }
  }
  return (node) => component[node] ?? -1;
}

function lower(low: Int32Array, node: number, value: number): void {
  low[node] = Math.min(low[node] ?? 0, value);
}
