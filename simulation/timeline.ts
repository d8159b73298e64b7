/**
 * What happened around a violation, as a picture in text: one line a moment, one column each for
 * the faults, Five9, Teams and what Lockstep sent.
 */
import { personOf } from './people/person.ts';
import type { FaultEvent } from './plan.ts';
import type { World } from './world.ts';

interface Moment {
  readonly at: number;
  readonly who?: string;
  readonly column: 'fault' | 'five9' | 'teams' | 'lockstep';
  readonly words: string;
}

const KEPT = 200_000;
const BEFORE_MS = 120_000;
const AFTER_MS = 10_000;
/** Moments of the agent that are told at least, and lines at most. */
const FEW = 24;
const MANY = 120;
const WIDTH = { fault: 16, five9: 26, teams: 44, lockstep: 60 } as const;

export class Timeline {
  private readonly world: World;
  private readonly moments: Moment[] = [];
  private readonly last = new Map<string, string>();

  constructor(world: World, events: readonly FaultEvent[]) {
    this.world = world;
    const start = world.clock.now();
    for (const { fault, at, lastsMs } of events) {
      this.moments.push({ at: start + at, column: 'fault', words: `${fault} begins` });
      if (lastsMs > 0)
        this.moments.push({ at: start + at + lastsMs, column: 'fault', words: `${fault} ends` });
    }
    this.follow();
  }

  /**
   * The minutes before `at` for one agent; for everybody when `who` is absent. Where little has
   * happened in them, it goes back as far as it takes to tell how it came to this.
   */
  draw(at: number, who: string | undefined): string {
    const id = who === undefined ? undefined : (personOf(this.world, who)?.id ?? who);
    const known = this.moments
      .filter((moment) => moment.at <= at + AFTER_MS)
      .filter((moment) => moment.who === undefined || id === undefined || moment.who === id)
      .sort((a, b) => a.at - b.at);
    const told = known.filter((moment) => moment.who !== undefined).slice(-FEW);
    const from = Math.min(at - BEFORE_MS, told[0]?.at ?? at);
    const lines = known.filter((moment) => moment.at >= from).map((moment) => lineOf(moment, at));
    const head = `${'seconds'.padStart(9)} | ${titles()}`;
    return [head, '-'.repeat(head.length), ...lines.slice(-MANY)].join('\n');
  }

  private follow(): void {
    const { world } = this;
    world.five9.onChange(({ agent, what }) => {
      const person = personOf(world, agent);
      if (person === undefined || what !== 'state') return;
      const { state, reasonCode, madeBy, pendingReasonCode } = world.five9.acts.truth(agent);
      const pending = pendingReasonCode === '' ? '' : ` then ${pendingReasonCode}`;
      this.note(
        person.id,
        'five9',
        `${state} ${state === 'NOT_READY' ? `${reasonCode} ${madeBy}` : ''}${pending}`,
      );
      this.lookAt(person.id, person.user);
    });
    world.wire.onDeparture(({ kind, account, url, body, order }) => {
      const id = account === undefined ? undefined : personOf(world, account)?.id;
      if (kind !== 'write' || id === undefined) return;
      this.note(
        id,
        'lockstep',
        `#${order} ${url.slice(url.lastIndexOf('/') + 1)} ${body.slice(0, 90)}`,
      );
    });
    world.wire.onEnd(({ kind, account, order, status, failure }) => {
      const id = account === undefined ? undefined : personOf(world, account)?.id;
      if (kind !== 'write' || id === undefined) return;
      this.note(id, 'lockstep', `#${order} ended: ${status ?? failure?.kind ?? '?'}`);
      this.lookAt(id, account ?? '');
    });
    const { truths } = world;
    truths.onLook = (user): void => {
      const id = personOf(world, user)?.id;
      if (id !== undefined) this.lookAt(id, user);
    };
  }

  private lookAt(id: string, account: string): void {
    const user = personOf(this.world, account)?.user;
    if (user === undefined || !this.world.graph.acts.users().includes(user)) return;
    const { availability, activity, withoutApps, preferred } = this.world.graph.acts.truth(user);
    const slot = preferred === undefined ? '' : ` [${preferred.by} ${preferred.availability}]`;
    const words = `${availability}/${activity} <- ${withoutApps.availability}/${withoutApps.activity}${slot}`;
    if (this.last.get(id) === words) return;
    this.last.set(id, words);
    this.note(id, 'teams', words);
  }

  private note(who: string, column: Moment['column'], words: string): void {
    if (this.moments.length < KEPT) {
      this.moments.push({ at: this.world.clock.now(), who, column, words });
    }
  }
}

function titles(): string {
  return [
    'fault'.padEnd(WIDTH.fault),
    'Five9'.padEnd(WIDTH.five9),
    'Teams shown <- without us'.padEnd(WIDTH.teams),
    'Lockstep',
  ].join(' | ');
}

function lineOf({ at, column, words, who }: Moment, zero: number): string {
  const cells = (['fault', 'five9', 'teams', 'lockstep'] as const).map((each) =>
    (each === column ? words : '')
      .slice(0, WIDTH[each])
      .padEnd(each === 'lockstep' ? 0 : WIDTH[each]),
  );
  const seconds = ((at - zero) / 1_000).toFixed(3).padStart(9);
  return `${seconds} | ${cells.join(' | ')}${who === undefined ? '' : ` (${who})`}`.trimEnd();
}
