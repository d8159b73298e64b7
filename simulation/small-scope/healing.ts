/**
 * Liveness: from any world, once faults and changes stop and everything is delivered in order, both
 * platforms must come to what is expected of them and stay there.
 *
 * H1  One round: what is in flight is taken and answered, both platforms are read, every wanted
 *     write goes out, then time passes to the next moment at which anything ends.
 * H2  It is at rest when nothing is left to end, or when a round leads back to a world from before:
 *     renewals of what still stands. Then it is judged; then everybody hangs up, finishes and
 *     resets, and it is judged again.
 * H3  Worlds that have healed once are not healed again.
 */
import { passTime } from './actions.ts';
import { bodyOf } from './canonical.ts';
import { shortfall } from './expectation.ts';
import type { Feed } from './feed.ts';
import { contacted } from './five9-truth.ts';
import { settled } from './rounds.ts';
import type { System } from './system.ts';
import { reset } from './teams-truth.ts';
import type { Findings } from './verdicts.ts';

const MOST_ROUNDS = 80;

type Verdict = readonly string[];

export class Healing {
  private readonly known = new Map<string, Verdict>();
  private readonly feed: Feed;
  private readonly key: (body: string) => string;
  rounds = 0;

  constructor(feed: Feed, key: (body: string) => string) {
    this.feed = feed;
    this.key = key;
  }

  /** What goes wrong on the way; empty when it heals. */
  from(system: System, key: string): Verdict {
    return this.known.get(`open${key}`) ?? this.run(system, 'open');
  }

  private run(start: System, stage: 'open' | 'closed'): Verdict {
    const path: string[] = [];
    const findings: Findings = { violations: [], exceptions: [] };
    let system = start;
    let verdict: Verdict | undefined;
    while (verdict === undefined) {
      const key = `${stage}${this.key(bodyOf(system, this.feed))}`;
      const known = this.known.get(key);
      if (known !== undefined) {
        verdict = known;
        break;
      }
      if (path.includes(key)) {
        verdict = this.atRest(system, stage);
        break;
      }
      path.push(key);
      if (path.length > MOST_ROUNDS) {
        verdict = ['it does not come to rest'];
        break;
      }
      this.rounds += 1;
      const rest = settled(system, this.feed, findings);
      if (findings.violations.length > 0) verdict = findings.violations;
      else if (rest === undefined) verdict = ['writes without end'];
      else {
        const later = passTime({ ...rest, now: rest.now + 1 }, this.feed, findings);
        if (later === undefined) verdict = this.atRest(rest, stage);
        else system = later;
      }
    }
    for (const key of path) this.known.set(key, verdict);
    return verdict;
  }

  private atRest(system: System, stage: 'open' | 'closed'): Verdict {
    const rest = settled(system, this.feed, { violations: [], exceptions: [] });
    const found = rest === undefined ? 'writes without end' : shortfall(rest);
    if (found !== undefined) return [stage === 'open' ? found : `after everything ended: ${found}`];
    if (stage === 'closed') return [];
    return this.run(this.closed(system), 'closed');
  }

  /** Everybody hangs up and finishes, and the person resets their own choice. */
  private closed(system: System): System {
    let five9 = system.five9;
    if (five9.contact === 'call') five9 = contacted(five9, 'wrap_up');
    if (five9.contact === 'wrap_up') five9 = contacted(five9, 'none');
    const isTheirs = system.teams.preferred?.by === 'person';
    const teams = isTheirs ? reset(system.teams, this.feed.scope.stampRule) : system.teams;
    return { ...system, five9, teams };
  }
}
