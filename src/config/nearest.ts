/** "Did you mean …": the known name that is nearest to a mistyped one. */

/** Names longer than this are not compared; the effort grows with the square. */
const NAME_MAX = 64;

/** The nearest candidate, or undefined when none is near enough to be meant. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = fold(name);
  if (wanted.length === 0 || wanted.length > NAME_MAX) return undefined;
  // A third of the letters may be wrong, as in "pasword" or "tennant".
  let best = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let found: string | undefined;
  for (const candidate of candidates) {
    const away = distance(wanted, fold(candidate));
    if (away >= best) continue;
    best = away;
    found = candidate;
  }
  return found;
}

/** `login_url`, `login-url` and `LoginURL` are the same slip of the pen. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** Edits (insert, delete, replace, swap neighbours) that turn one text into the other. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) least = Math.min(least, at(before, j - 2) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
