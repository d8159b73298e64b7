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
import { answer, land, passTime, send } from './actions.ts';
import { bodyOf } from './canonical.ts';
import { shortfall } from './expectation.ts';
import type { Feed } from './feed.ts';
import { sampleOf } from './feed.ts';
import { contacted } from './five9-truth.ts';
import type { System } from './system.ts';
import { SIDES } from './system.ts';
import { reset } from './teams-truth.ts';
import type { Findings } from './verdicts.ts';
import { judgeState } from './verdicts.ts';

const MOST_ROUNDS = 80;
const MOST_WRITES_A_ROUND = 8;

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
      const key = `${stage}${this.key(bodyOf(system, this.feed.scope))}`;
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
      const settled = this.round(system, findings);
      if (findings.violations.length > 0) verdict = findings.violations;
      else if (settled === undefined) verdict = ['writes without end'];
      else {
        const later = passTime({ ...settled, now: settled.now + 1 }, this.feed, findings);
        if (later === undefined) verdict = this.atRest(settled, stage);
        else system = later;
      }
    }
    for (const key of path) this.known.set(key, verdict);
    return verdict;
  }

  private atRest(system: System, stage: 'open' | 'closed'): Verdict {
    const settled = this.round(system, { violations: [], exceptions: [] });
    const found = settled === undefined ? 'writes without end' : shortfall(settled);
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

  private round(start: System, findings: Findings): System | undefined {
    this.rounds += 1;
    let system = this.read(this.landed(start, findings));
    for (let writes = 0; writes < MOST_WRITES_A_ROUND; writes += 1) {
      judgeState(system, findings);
      const side = SIDES.find((each) => system.plans[each]?.kind === 'write');
      if (side === undefined) return system;
      const sent = send(side)({ ...system, now: system.now + 1 }, this.feed, findings);
      if (sent === undefined) return undefined;
      system = this.read(this.landed(sent, findings));
    }
    return undefined;
  }

  private landed(start: System, findings: Findings): System {
    let system: System = { ...start, held: { five9: undefined, teams: undefined } };
    for (const side of SIDES) {
      for (const act of [land(side), answer(side, 'done', 'accepted')]) {
        system = act({ ...system, now: system.now + 1 }, this.feed, findings) ?? system;
      }
    }
    return system;
  }

  private read(start: System): System {
    let system = start;
    for (const side of SIDES) {
      system = { ...system, now: system.now + 1 };
      const held = { asOf: system.now, sample: sampleOf(system, side) };
      system = this.feed.arrive(system, side, held, 'sweep');
    }
    return system;
  }
}
