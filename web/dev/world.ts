/**
 * A board of generated agents that changes by itself. Seeded: the same seed and the same calls
 * give the same board. For development and tests only.
 */
import type { BoardItem, PlatformView, Summary } from '../../src/api/contract/board.ts';
import { LABELS, movingTo, SCENES } from './scenes.ts';
import type { Scene, Side } from './scenes.ts';

export interface World {
  /** In ascending order of id. */
  readonly items: (now: number) => readonly BoardItem[];
  readonly item: (id: string, now: number) => BoardItem | undefined;
  /** Changes so many agents and returns them as they are now. */
  readonly change: (count: number, now: number) => readonly BoardItem[];
  /** Puts one agent into the scene whose sentence contains the words. */
  readonly stage: (id: string, words: string, now: number) => BoardItem;
  /** Takes an agent off the board. */
  readonly remove: (id: string) => void;
  /** Ages in tenths of a second by platform, in order of id. */
  readonly ages: (now: number) => Record<string, number[]>;
  readonly summary: (now: number) => Summary;
}

const TEAMS = ['Billing', 'Bookings', 'Night desk', 'Retentions', 'Service', 'Technical'];
/** Older than this is stale, per platform. */
const STALE_MS = 60_000;

interface Place {
  readonly id: string;
  readonly name: string;
  readonly teams: string[];
  scene: Scene;
  settlesAs: Scene | undefined;
  since: number;
  /** How long before now each platform confirmed it: a sweep's phase. */
  readonly phase: { readonly five9: number; readonly teams: number };
}

export function createWorld(options: {
  readonly agents: number;
  readonly seed: number;
  readonly now: number;
}): World {
  const draw = createDraw(options.seed);
  const places = new Map<string, Place>();
  for (let index = 1; index <= options.agents; index += 1) {
    const place = newPlace(index, draw, options.now);
    places.set(place.id, place);
  }
  const changeOne = createChanger(places, draw);

  return {
    items: (now) => [...places.values()].map((place) => itemOf(place, now)),
    item(id, now): BoardItem | undefined {
      const place = places.get(id);
      return place === undefined ? undefined : itemOf(place, now);
    },
    change(count, now): readonly BoardItem[] {
      const changed = new Set<Place>();
      for (let index = 0; index < count; index += 1) {
        const place = changeOne(now);
        if (place !== undefined) changed.add(place);
      }
      return [...changed].map((place) => itemOf(place, now));
    },
    stage(id, words, now): BoardItem {
      const place = places.get(id);
      const scene = SCENES.find(({ why }) => why.includes(words));
      if (place === undefined || scene === undefined) throw new Error(`no ${id} or no "${words}"`);
      Object.assign(place, { scene, settlesAs: undefined, since: now });
      return itemOf(place, now);
    },
    remove: (id) => void places.delete(id),
    ages: (now) => ({
      five9: [...places.values()].map((place) => tenths(ageOf(place, 'five9', now))),
      teams: [...places.values()].map((place) => tenths(ageOf(place, 'teams', now))),
    }),
    summary: (now) => summaryOf([...places.values()], now),
  };
}

/** Half of the changes begin something, the other half settle what has begun. */
function createChanger(
  places: ReadonlyMap<string, Place>,
  draw: () => number,
): (now: number) => Place | undefined {
  const moving: Place[] = [];
  return (now) => {
    const settling = draw() < 0.5 ? moving.shift() : undefined;
    if (settling !== undefined) {
      settling.scene = settling.settlesAs ?? settling.scene;
      settling.settlesAs = undefined;
      settling.since = now;
      return settling;
    }
    const all = [...places.values()];
    const place = all[Math.floor(draw() * all.length)];
    if (place === undefined || place.settlesAs !== undefined) return place;
    const next = pickScene(draw);
    place.scene = movingTo(next);
    place.since = now;
    if (place.scene.step !== 'moving') return place;
    place.settlesAs = next;
    moving.push(place);
    return place;
  };
}

function newPlace(index: number, draw: () => number, now: number): Place {
  const number = String(index).padStart(4, '0');
  const scene = pickScene(draw);
  const team = TEAMS[Math.floor(draw() * TEAMS.length)] ?? '';
  const second = draw() < 0.08 ? TEAMS[Math.floor(draw() * TEAMS.length)] : undefined;
  return {
    id: `agent-${number}`,
    name: `Agent ${number}`,
    teams: second === undefined || second === team ? [team] : [team, second],
    scene,
    settlesAs: undefined,
    since: now - Math.floor(draw() ** 3 * 5_400_000),
    phase: { five9: Math.floor(draw() * 1500), teams: Math.floor(draw() * 9000) },
  };
}

function itemOf(place: Place, now: number): BoardItem {
  const { scene } = place;
  return {
    id: place.id,
    name: place.name,
    teams: place.teams,
    platforms: [
      viewOf(place, { platform: 'five9', side: scene.five9, now }),
      viewOf(place, { platform: 'teams', side: scene.teams, now }),
    ],
    step: scene.step,
    stepSince: place.since,
    why: scene.why,
  };
}

function viewOf(
  place: Place,
  of: { readonly platform: 'five9' | 'teams'; readonly side: Side; readonly now: number },
): PlatformView {
  const { platform, side, now } = of;
  const { blocked, ours, ...shown } = side;
  const age = ageOf(place, platform, now);
  return {
    platform,
    ...shown,
    ours: ours === true,
    stale: age > STALE_MS && Number.isFinite(age),
    since: ours === true ? place.since + 900 : place.since - place.phase.teams * 13,
    ...(Number.isFinite(age) ? { confirmedAt: now - age } : {}),
    ...(blocked === undefined ? {} : { blocked: { ...blocked, since: place.since } }),
  };
}

/** Data is as old as the sweep's phase, or older where the scene says that it is late. */
function ageOf(place: Place, platform: 'five9' | 'teams', now: number): number {
  const late = place.scene.lateMs?.[platform];
  if (late !== undefined) return late + Math.max(0, now - place.since);
  const period = platform === 'five9' ? 1500 : 9000;
  return (now + place.phase[platform]) % period;
}

function tenths(ageMs: number): number {
  return Number.isFinite(ageMs) ? Math.floor(ageMs / 100) : -1;
}

function summaryOf(places: readonly Place[], now: number): Summary {
  const count = (step: BoardItem['step']): number =>
    places.filter(({ scene }) => scene.step === step).length;
  const wave = Math.sin(now / 20_000);
  return {
    serverTime: now,
    agents: places.length,
    inStep: count('in_step'),
    moving: count('moving'),
    blocked: count('blocked'),
    unknown: count('unknown'),
    delays: [
      { from: 'five9', to: 'teams', meanMs: 412 + wave * 30, p95Ms: 1180, count: 18_204 },
      { from: 'teams', to: 'five9', meanMs: 2350 + wave * 90, p95Ms: 5640, count: 3911 },
    ],
    quotaUsed: 0.41 + wave * 0.02,
    bytesPerAgentSecond: 38 + wave * 3,
    platforms: [
      {
        platform: 'five9',
        label: LABELS['five9'] ?? 'five9',
        state: 'live',
        detail: 'Connected; statistics arrive as they change.',
        confirmedAt: now - 400,
      },
      {
        platform: 'teams',
        label: LABELS['teams'] ?? 'teams',
        state: 'live',
        detail: 'Every agent is read at least every 10 seconds.',
        confirmedAt: now - 1200,
      },
    ],
  };
}

function pickScene(draw: () => number): Scene {
  const [usual] = SCENES;
  let left = draw() * SCENES.reduce((total, scene) => total + scene.weight, 0);
  for (const scene of SCENES) {
    left -= scene.weight;
    if (left < 0) return scene;
  }
  return usual;
}

/** A xorshift generator: uniform in [0, 1), the same for the same seed. */
function createDraw(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
}
