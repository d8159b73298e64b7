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
    const spells = new Spells();
    let activeSince = Number.POSITIVE_INFINITY;
    return {
      looked: () => {
        const now = world.clock.now();
        // Also while nothing is judged: what lasts then may be judged later.
        const lasting = new Map(
          world.mapped().map(({ user }) => [user, spells.look(user, world.truths.of(user), now)]),
        );
        const engine = world.active();
        if (engine === undefined) activeSince = Number.POSITIVE_INFINITY;
        else activeSince = Math.min(activeSince, now);
        if (now - activeSince < 60_000 || now - world.calm.disturbedUntil < CALM_MS) return;
        if (world.config.policy.strategy === 'contact_centre_wins') return;
        for (const { id, agent, user } of world.mapped()) {
          const spell = lasting.get(user);
          if (spell === undefined || now - spell.shownSince < WITHIN_MS + slowdown(world)) continue;
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

class Spells {
  private readonly spells = new Map<string, Spell>();
  /** A11: until when a Busy may still be the one that we put there, as far as a reader can tell. */
  private readonly alike = new Map<string, number>();

  /** The one that lasts, if any. */
  look(user: string, { truth, stopsSince }: Known, now: number): Spell | undefined {
    const isAlike = this.isAlike(user, truth, now);
    if (stopsSince === undefined) return undefined;
    const before = this.spells.get(user);
    const isNew = before === undefined || stopsSince > before.last + BREAK_MS;
    const shown = isNew ? stopsSince : Math.max(stopsSince, before.shownSince);
    const spell: Spell = {
      since: isNew ? stopsSince : before.since,
      shownSince: isAlike ? now : shown,
      last: now,
    };
    this.spells.set(user, spell);
    return spell;
  }

  private isAlike(user: string, { preferred, availability }: Known['truth'], now: number): boolean {
    if (preferred?.by === 'app' && preferred.availability === 'Busy') {
      this.alike.set(user, preferred.expiresAt + FADE_MS);
    } else if (availability !== 'Busy') {
      this.alike.delete(user);
    }
    return (this.alike.get(user) ?? 0) >= now;
  }
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
