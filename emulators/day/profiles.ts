/**
 * The numbers of a working day, in seconds of human time. Lognormal service times and Poisson
 * arrivals follow Brown, Gans, Mandelbaum et al., JASA 2005
 * (https://fic.wharton.upenn.edu/fic/papers/04/p0417.html); spreads and the share of short calls
 * are assumed.
 */

/** Lognormal with this arithmetic mean and log-sigma, never below `floor`. */
export interface Spread {
  readonly mean: number;
  readonly sigma: number;
  readonly floor: number;
}

export interface Profile {
  readonly talk: Spread;
  readonly wrapUp: Spread;
  /** Share of calls that are short (wrong numbers, hang-ups). */
  readonly shortShare: number;
  readonly shortTalk: Spread;
  readonly shortWrapUp: Spread;
  /** Ringing lasts uniformly between these. */
  readonly ring: readonly [number, number];
  /** Due after the start of the shift. */
  readonly breaks: readonly Break[];
  readonly shift: number;
  readonly microGap: number;
  readonly micro: Spread;
  /** Share of the shift spent on breaks, used only to set the rate of calls. */
  readonly breakShare: number;
}

export interface Break {
  readonly kind: 'rest' | 'meal';
  readonly due: number;
  readonly length: number;
}

const STANDARD: Profile = {
  talk: { mean: 315, sigma: 0.85, floor: 1.5 },
  wrapUp: { mean: 45, sigma: 0.8, floor: 1 },
  shortShare: 0.06,
  shortTalk: { mean: 12, sigma: 0.6, floor: 1.5 },
  shortWrapUp: { mean: 10, sigma: 0.5, floor: 1 },
  ring: [0.5, 3],
  breaks: [
    { kind: 'rest', due: 7_200, length: 900 },
    { kind: 'meal', due: 14_400, length: 1_800 },
    { kind: 'rest', due: 21_600, length: 900 },
  ],
  shift: 28_800,
  microGap: 12_000,
  micro: { mean: 180, sigma: 0.6, floor: 1 },
  breakShare: 0.14,
};

function handling(talk: number, wrapUp: number): Profile {
  return {
    ...STANDARD,
    talk: { ...STANDARD.talk, mean: talk },
    wrapUp: { ...STANDARD.wrapUp, mean: wrapUp },
  };
}

export const PROFILES = {
  standard: STANDARD,
  support: handling(600, 90),
  short: handling(180, 30),
  dialler: handling(60, 15),
} as const;

export type ProfileName = keyof typeof PROFILES;

/** Mean handling time of one call, seconds. */
export function meanHandling(profile: Profile): number {
  const { shortShare, talk, wrapUp, shortTalk, shortWrapUp } = profile;
  const normal = (1 - shortShare) * (talk.mean + wrapUp.mean);
  return normal + shortShare * (shortTalk.mean + shortWrapUp.mean);
}
