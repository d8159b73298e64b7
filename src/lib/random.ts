/** Seeded randomness: one stream per source, so that one more draw in one does not shift others. */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** An independent stream named `name`; the same name always gives the same stream. */
  fork(name: string): Random;
}

/** Mulberry32 over a hashed seed: small, fast, good enough for traffic and jitter, not for secrets. */
export function seededRandom(seed: string | number): Random {
  let state = hash(String(seed));
  return {
    next(): number {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
    fork(name: string): Random {
      return seededRandom(`${seed}/${name}`);
    },
  };
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  return h | 0;
}
