/** Numbers in growing typed arrays: a few bytes for each world instead of an object. */
export class Numbers {
  private values = new Int32Array(1 << 12);
  private used = 0;

  get length(): number {
    return this.used;
  }

  push(value: number): number {
    if (this.used === this.values.length) {
      const larger = new Int32Array(this.used * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.used] = value;
    this.used += 1;
    return this.used - 1;
  }

  at(index: number): number {
    const value = index < this.used ? this.values[index] : undefined;
    if (value === undefined) throw new RangeError(`no number at ${index}`);
    return value;
  }
}
