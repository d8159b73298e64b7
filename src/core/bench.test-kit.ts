/** A bench for the core: observations in the vendors' own words in, plans as short text out. */
import type { AgentState } from '../model/face.ts';
import { emptyAgent } from '../model/face.ts';
import type { Command, Expression, Mark } from '../model/mark.ts';
import type { PlatformTraits } from '../model/platform.ts';
import type { Presence } from '../model/presence.ts';
import { compilePolicy } from '../policy/seed.ts';
import type { Strategy } from '../policy/policy.ts';
import { nextIntentId } from './absorb.ts';
import type { Step } from './core.ts';
import { step } from './core.ts';
import type { Input } from './input.ts';
import type { Receipt } from './receipt.ts';
import type { World } from './world.ts';

export const CODES = {
  busy: '901',
  dnd: '902',
  in_call: '903',
  in_meeting: '904',
  presenting: '905',
} as const;

const MINUTE = 60_000;

const TEAMS: PlatformTraits = {
  id: 'teams',
  label: 'Teams',
  kind: 'collaboration',
  express: {
    in_call: [session('Busy/InACall', ['in_call', 'busy'])],
    wrap_up: [shared('Busy/Busy', ['busy'])],
    busy: [shared('Busy/Busy', ['busy'])],
    dnd: [shared('DoNotDisturb/DoNotDisturb', ['dnd'])],
    brb: [shared('BeRightBack/BeRightBack', ['brb'])],
  },
  life: {
    session: { minMs: 5 * MINUTE, maxMs: 240 * MINUTE },
    preferred: { minMs: 5 * MINUTE, maxMs: 1440 * MINUTE },
  },
};

const FIVE9: PlatformTraits = {
  id: 'five9',
  label: 'Five9',
  kind: 'contact_centre',
  express: {
    not_ready: [{ slot: 'readiness', kind: 'shared', value: 'not_ready', shows: ['not_ready'] }],
  },
  life: {},
};

function session(value: string, shows: ('in_call' | 'busy')[]): Expression {
  return { slot: 'session', kind: 'session', value, shows };
}

function shared(value: string, shows: ('busy' | 'dnd' | 'brb')[]): Expression {
  return { slot: 'preferred', kind: 'shared', value, shows };
}

const TEAMS_VALUES: Record<string, Pick<Presence, 'reach' | 'activity'>> = {
  'Available/Available': { reach: 'available', activity: 'none' },
  'Busy/Busy': { reach: 'busy', activity: 'none' },
  'Busy/InACall': { reach: 'busy', activity: 'call' },
  'Busy/InAMeeting': { reach: 'busy', activity: 'meeting' },
  'DoNotDisturb/DoNotDisturb': { reach: 'dnd', activity: 'none' },
  'DoNotDisturb/Presenting': { reach: 'dnd', activity: 'presenting' },
  'BeRightBack/BeRightBack': { reach: 'away', activity: 'brb' },
  'Away/Away': { reach: 'away', activity: 'none' },
  'Offline/Offline': { reach: 'offline', activity: 'none' },
};

const FIVE9_VALUES: Record<string, Pick<Presence, 'reach' | 'acd' | 'activity'>> = {
  READY: { reach: 'available', acd: 'ready', activity: 'none' },
  NOT_READY: { reach: 'away', acd: 'not_ready', activity: 'none' },
  RINGING: { reach: 'busy', acd: 'reserved', activity: 'none' },
  ON_CALL: { reach: 'busy', acd: 'engaged', activity: 'call' },
  ACW: { reach: 'busy', acd: 'wrap_up', activity: 'admin' },
  LOGGED_OUT: { reach: 'offline', acd: 'logged_out', activity: 'none' },
};

export interface Five9Detail {
  readonly code?: string;
  readonly pending?: string;
  readonly channels?: readonly string[];
  /** How long, ms, it has been so by the platform's own clock. */
  readonly age?: number;
}

export class Bench {
  now = 1_000_000;
  world: World;
  last: Step;

  constructor(
    strategy: Strategy = 'latest_human',
    notReady: { code: string; show: 'dnd' | 'brb' }[] = [],
    dwellMs = 0,
  ) {
    const policy = compilePolicy({
      version: '1',
      strategy,
      afterCallWork: 'busy',
      notReady,
      stopCodes: CODES,
      dwell: { toTeamsMs: dwellMs, toFive9Ms: dwellMs },
      contactCentre: 'five9',
      collaboration: 'teams',
    });
    this.world = {
      tenant: 't',
      epoch: 1,
      policy,
      platforms: { five9: FIVE9, teams: TEAMS },
      live: { five9: true, teams: true },
    };
    this.last = step(
      emptyAgent('a', ['five9', 'teams'], 1),
      { kind: 'tick' },
      this.world,
      this.now,
    );
  }

  get state(): AgentState {
    return this.last.state;
  }

  input(input: Input): this {
    this.now += 10;
    this.last = step(this.state, input, this.world, this.now);
    return this;
  }

  pass(ms: number): this {
    this.now += ms;
    return this.input({ kind: 'tick' });
  }

  live(platform: string, live: boolean): this {
    this.world = { ...this.world, live: { ...this.world.live, [platform]: live } };
    return this.input({ kind: 'tick' });
  }

  teams(raw: string, stamp?: string): this {
    const value = TEAMS_VALUES[raw];
    if (value === undefined) throw new Error(`no such Teams value: ${raw}`);
    return this.observe('teams', { ...value, acd: 'none', raw }, stamp);
  }

  /** As `teams`, but the read began at this time. */
  teamsAsOf(raw: string, asOf: number): this {
    const value = TEAMS_VALUES[raw];
    if (value === undefined) throw new Error(`no such Teams value: ${raw}`);
    const presence: Presence = { ...value, acd: 'none', raw };
    const version = { generation: 0 };
    const observation = {
      platform: 'teams',
      account: 'x',
      presence,
      version,
      asOf,
      via: 'sweep' as const,
    };
    return this.input({ kind: 'observed', observation });
  }

  five9(state: string, detail: Five9Detail = {}): this {
    const value = FIVE9_VALUES[state];
    if (value === undefined) throw new Error(`no such Five9 state: ${state}`);
    const off = state === 'NOT_READY' || state === 'LOGGED_OUT';
    const presence: Presence = {
      ...value,
      raw: `${state}:${detail.code ?? '0'}`,
      channels: detail.channels ?? (off ? [] : ['CALL', 'VOICE_MAIL']),
      ...(detail.code === undefined ? {} : { reason: { code: detail.code } }),
      ...(detail.age === undefined ? {} : { since: this.now - detail.age }),
      ...(detail.pending === undefined
        ? {}
        : { pending: { acd: 'not_ready', reason: { code: detail.pending }, channels: [] } }),
    };
    return this.observe('five9', presence, String(this.now).padStart(15, '0'));
  }

  private observe(platform: string, presence: Presence, stamp?: string): this {
    const version = { generation: 0, ...(stamp === undefined ? {} : { stamp }) };
    const observation = {
      platform,
      account: 'x',
      presence,
      version,
      asOf: this.now + 5,
      via: 'sweep' as const,
    };
    return this.input({ kind: 'observed', observation });
  }

  command(platform: string): Command {
    const plan = this.last.plans[platform];
    if (plan?.kind !== 'write') throw new Error(`nothing to write on ${platform}`);
    return plan.command;
  }

  send(platform: string): this {
    return this.input({ kind: 'sent', platform, command: this.command(platform) });
  }

  outcome(platform: string, receipt: Receipt): this {
    const intent = this.state.faces[platform]?.intent?.id;
    if (intent === undefined) throw new Error(`nothing in flight on ${platform}`);
    return this.input({ kind: 'outcome', platform, intent, receipt });
  }

  deliver(platform: string): this {
    return this.send(platform).outcome(platform, { kind: 'accepted' });
  }

  marks(platform: string): readonly Mark[] {
    return this.state.faces[platform]?.ours ?? [];
  }

  planOf(platform: string): string {
    const plan = this.last.plans[platform];
    if (plan === undefined) return 'quarantined';
    if (plan.kind === 'blocked') return `blocked ${plan.blocked.reason}`;
    if (plan.kind === 'none') return 'none';
    const { command } = plan;
    const code = command.kind === 'put' ? (command.reasonCode ?? '') : '';
    return `${command.kind} ${command.slot} ${command.value} ${code}`.trim();
  }

  nextIntent(): string {
    return nextIntentId(this.state, this.world);
  }
}
