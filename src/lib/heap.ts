/** A binary heap with replaceable entries: one entry per key, the smallest by `before` on top. */

export class Heap<K, V> {
  private readonly items: { key: K; value: V }[] = [];
  private readonly places = new Map<K, number>();
  private readonly before: (a: V, b: V) => boolean;

  constructor(before: (a: V, b: V) => boolean) {
    this.before = before;
  }

  get size(): number {
    return this.items.length;
  }

  get(key: K): V | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : this.items[place]?.value;
  }

  top(): { readonly key: K; readonly value: V } | undefined {
    return this.items[0];
  }

  set(key: K, value: V): void {
    const place = this.places.get(key) ?? this.items.length;
    this.items[place] = { key, value };
    this.places.set(key, place);
    this.sink(this.rise(place));
  }

  delete(key: K): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.places.delete(key);
    const last = this.items.pop();
    if (last === undefined || place === this.items.length) return;
    this.items[place] = last;
    this.places.set(last.key, place);
    this.sink(this.rise(place));
  }

  private rise(start: number): number {
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.isBefore(place, parent)) break;
      this.swap(place, parent);
      place = parent;
    }
    return place;
  }

  private sink(start: number): void {
    let place = start;
    for (;;) {
      const left = 2 * place + 1;
      let first = place;
      if (this.isBefore(left, first)) first = left;
      if (this.isBefore(left + 1, first)) first = left + 1;
      if (first === place) return;
      this.swap(place, first);
      place = first;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const left = this.items[a];
    const right = this.items[b];
    return left !== undefined && right !== undefined && this.before(left.value, right.value);
  }

  private swap(a: number, b: number): void {
    const left = this.items[a];
    const right = this.items[b];
    if (left === undefined || right === undefined) return;
    this.items[a] = right;
    this.items[b] = left;
    this.places.set(right.key, a);
    this.places.set(left.key, b);
  }
}
