/** L2: whoever is busy in Teams is not routed to, within seconds, as long as both vendors can be read. */
import type { CheckerKind } from '../court.ts';
import type { Known } from '../truths.ts';

/** The slowest sweep of anybody, and five seconds. */
const WITHIN_MS = 15_000;
/** A break between two statuses that the slowest sweep can miss. */
const BREAK_MS = 12_000;
/** A mark of ours that has ended counts as ours for so long. */
const FADE_MS = 10_000;
/** How long all must have been well before. */
const CALM_MS = 150_000;

export const STOP_IN_TIME: CheckerKind = {
  id: 'L2',
  promise: 'Whoever is busy in Teams is no longer routed to within seconds.',
  open(world, report) {
    const told = new Set<string>();
    const spells = new Map<string, Spell>();
    const alike = new Map<string, number>();
    let activeSince = Number.POSITIVE_INFINITY;
    return {
      looked: () => {
        const now = world.clock.now();
        for (const { user } of world.mapped()) {
          const known = world.truths.of(user);
          const until = alikeUntil(known, alike.get(user));
          if (until === undefined) alike.delete(user);
          else alike.set(user, until);
          const spell = spellOf(known, spells.get(user), now, (until ?? 0) >= now);
          if (spell !== undefined) spells.set(user, spell);
        }
        const engine = world.active();
        if (engine === undefined) activeSince = Number.POSITIVE_INFINITY;
        else activeSince = Math.min(activeSince, now);
        if (now - activeSince < 60_000 || now - world.calm.disturbedUntil < CALM_MS) return;
        if (world.config.policy.strategy === 'contact_centre_wins') return;
        for (const { id, agent, user } of world.mapped()) {
          const spell = spells.get(user);
          if (spell?.last !== now || now - spell.shownSince < WITHIN_MS + slowdown(world)) continue;
          const { routable, since } = world.five9.acts.truth(agent);
          const key = `${id} ${spell.shownSince}`;
          const isExcused =
            world.excused.has(user) || world.poisoned.has(id) || world.afflicted.has(user);
          // Ready pressed after the status was chosen is the agent's own wish.
          if (!routable || since > spell.since || told.has(key) || isExcused) continue;
          told.add(key);
          report(`is routable ${now - spell.shownSince} ms after being busy in Teams`, id);
        }
      },
    };
  },
};

/** One time of being busy, as somebody can see it who reads every few seconds. */
interface Spell {
  readonly since: number;
  /** From when on it could be told from the very same value that we had put on top of it (A11). */
  readonly shownSince: number;
  readonly last: number;
}

/** A11: until when a Busy may still be the one that we put there, as far as a reader can tell. */
function alikeUntil({ truth }: Known, before: number | undefined): number | undefined {
  const { preferred, availability } = truth;
  if (preferred?.by === 'app' && preferred.availability === 'Busy') {
    return preferred.expiresAt + FADE_MS;
  }
  return availability === 'Busy' ? before : undefined;
}

function spellOf(
  { stopsSince }: Known,
  before: Spell | undefined,
  now: number,
  isAlike: boolean,
): Spell | undefined {
  if (stopsSince === undefined) return undefined;
  if (before === undefined || stopsSince > before.last + BREAK_MS) {
    return { since: stopsSince, shownSince: isAlike ? now : stopsSince, last: now };
  }
  const shown = Math.max(stopsSince, before.shownSince);
  return { since: before.since, shownSince: isAlike ? now : shown, last: now };
}

/** Slow settings of the world: cadence, batches of the vendor, latency, a small quota. */
function slowdown(world: Parameters<CheckerKind['open']>[0]): number {
  const { cadence, five9, policy } = world.options;
  return (
    (cadence?.coldMs ?? 10_000) -
    10_000 +
    (five9?.batchMs ?? 0) +
    2 * (policy?.dwell?.toFive9Ms ?? 0) +
    5_000
  );
}
