/**
 * The emulated Five9 domain: its agents, what they do and what is true of them. Knows nothing of
 * HTTP, sessions or frames; those watch it through `onChange`.
 *
 * 1. Time comes from the clock handed in; vendor time stamps add the vendor's own skew.
 * 2. Every act either takes effect whole or throws an Error that names agent, act and state.
 * 3. Every effect is told to the watchers once, after it happened.
 */
import type { Clock } from '../../src/lib/clock.ts';
import type { Five9Acts, Five9Truth } from '../acts.ts';
import {
  type AgentState,
  type Readiness,
  contacted,
  delayOver,
  isReady,
  loggedIn,
  loggedOut,
  stateName,
  wished,
} from './agents.ts';
import { type DomainChange, type Member, isOffered } from './member.ts';
import type { Five9Settings, SeedUser } from './options.ts';
import { NO_REASON, type ReasonCode, ReasonCatalogue } from './reasons.ts';
import { counted, freshTally } from './tally.ts';
import { type User, userFrom } from './users.ts';

export type { DomainChange, Member };

export class Five9Domain implements Five9Acts {
  readonly reasons: ReasonCatalogue;
  /** How far the vendor's clock is ahead of ours, ms. */
  skewMs = 0;
  /** Present graceful delay; a setting of the domain that may change at run time. */
  gracefulDelayMs: number;
  private readonly settings: Five9Settings;
  private readonly clock: Clock;
  private readonly members = new Map<string, Member>();
  private readonly watchers: ((change: DomainChange) => void)[] = [];
  private created = 0;

  constructor(settings: Five9Settings) {
    this.settings = settings;
    this.clock = settings.clock;
    this.gracefulDelayMs = settings.gracefulDelayMs;
    this.reasons = new ReasonCatalogue(settings.reasonCodes, () => this.tell('reasons', ''));
    this.seed();
  }

  /** The vendor's time. */
  now(): number {
    return this.clock.now() + this.skewMs;
  }

  onChange(watch: (change: DomainChange) => void): void {
    this.watchers.push(watch);
  }

  /** Everything as at the beginning. Nobody is told. */
  reset(): void {
    for (const member of this.members.values()) cancelTimers(member);
    this.members.clear();
    this.reasons.reset();
    this.created = 0;
    this.skewMs = 0;
    this.gracefulDelayMs = this.settings.gracefulDelayMs;
    this.seed();
  }

  agents(): readonly string[] {
    return [...this.members.keys()];
  }

  find(agent: string): Member | undefined {
    return this.members.get(agent);
  }

  all(): readonly Member[] {
    return [...this.members.values()];
  }

  logIn(agent: string): void {
    const member = this.must(agent, 'log in', ['LOGGED_OUT']);
    member.tally = freshTally(this.now());
    this.commit(member, loggedIn(this.now()));
  }

  logOut(agent: string): void {
    const member = this.must(agent, 'log out', ['NOT_READY', 'READY', 'RINGING', 'ON_CALL', 'ACW']);
    this.commit(member, loggedOut(this.now()));
  }

  ready(agent: string): void {
    const member = this.mustBeIn(agent, 'press Ready');
    this.wish(member, { channels: member.user.channels, reasonCode: NO_REASON }, 'agent');
  }

  notReady(agent: string, reasonCode: string): void {
    const member = this.mustBeIn(agent, 'press Not Ready');
    const problem = this.reasonProblem(reasonCode);
    if (problem !== undefined) throw new Error(`agent ${agent} cannot press Not Ready: ${problem}`);
    this.wish(member, { channels: [], reasonCode }, 'agent');
  }

  ring(agent: string): void {
    const member = this.known(agent);
    if (!isOffered(member)) {
      throw new Error(`agent ${agent} cannot be rung: it is ${stateName(member.state)}`);
    }
    this.commit(member, contacted({ ...member.state, direction: 'in' }, 'ringing', this.now()));
    if (this.settings.ringTimeoutMs > 0) {
      member.ringing = this.clock.after(this.settings.ringTimeoutMs, () => this.miss(agent));
    }
  }

  answer(agent: string): void {
    this.step(this.must(agent, 'answer', ['RINGING']), 'on_call');
  }

  /** While it still rings, the caller gives up and there is no after-call work. */
  hangUp(agent: string): void {
    const member = this.must(agent, 'hang up', ['RINGING', 'ON_CALL']);
    this.step(member, member.state.contact === 'ringing' ? 'none' : 'wrap_up');
  }

  finishWrapUp(agent: string): void {
    this.step(this.must(agent, 'finish after-call work', ['ACW']), 'none');
  }

  dial(agent: string): void {
    const member = this.must(agent, 'dial', ['READY', 'NOT_READY']);
    this.commit(member, contacted({ ...member.state, direction: 'out' }, 'on_call', this.now()));
  }

  /** The agent lets a call ring out; the system may take them out of routing for it. */
  miss(agent: string): void {
    const member = this.must(agent, 'miss a call', ['RINGING']);
    this.step(member, 'none');
    if (!this.settings.missedCallNotReady || !isReady(member.state.current)) return;
    const reasonCode = this.settings.extrapolated.systemReasonId;
    this.wish(member, { channels: [], reasonCode }, 'system');
  }

  truth(agent: string): Five9Truth {
    const member = this.known(agent);
    const { state } = member;
    const next = state.pending?.readiness ?? state.current;
    return {
      state: stateName(state),
      reasonCode: state.current.reasonCode,
      readyChannels: state.current.channels,
      pendingReadyChannels: next.channels,
      pendingReasonCode: next.reasonCode,
      activeSkills: member.skills,
      routable: isOffered(member),
      madeBy: state.madeBy,
      since: Math.max(state.stateSince, state.reasonSince),
    };
  }

  /** A readiness written through the API; the caller has checked that it is allowed. */
  write(member: Member, readiness: Readiness): void {
    this.wish(member, readiness, 'api');
  }

  /** Replaces all active skills of an agent. No statistics tell of it. */
  setSkills(agent: string, skills: readonly string[]): void {
    this.known(agent).skills = [...skills];
  }

  /** Why this code cannot go with Not Ready; undefined when it can. */
  reasonProblem(reasonCode: string): string | undefined {
    if (reasonCode === NO_REASON) {
      return this.settings.reasonCodesRequired ? 'a reason code is required' : undefined;
    }
    const code: ReasonCode | undefined = this.reasons.find(reasonCode);
    if (code === undefined) return `reason code "${reasonCode}" does not exist`;
    return code.selectable ? undefined : `reason code "${reasonCode}" is not selectable`;
  }

  addUser(seed: SeedUser): string {
    const member = this.create(seed);
    this.tell('added', member.user.id);
    this.tell('users', member.user.id);
    return member.user.id;
  }

  removeUser(agent: string): void {
    cancelTimers(this.known(agent));
    this.members.delete(agent);
    this.tell('removed', agent);
    this.tell('users', agent);
  }

  renameUser(agent: string, change: Partial<Omit<User, 'id' | 'channels'>>): void {
    const member = this.known(agent);
    member.user = { ...member.user, ...change };
    this.tell('users', agent);
  }

  /** Leaves or enters the supervisor's view, without any effect on the agent. */
  setVisible(agent: string, visible: boolean): void {
    const member = this.known(agent);
    if (member.visible === visible) return;
    member.visible = visible;
    this.tell(visible ? 'added' : 'removed', agent);
  }

  private seed(): void {
    for (const seed of this.settings.users) this.create(seed);
  }

  private create(seed: SeedUser): Member {
    const user = userFrom(seed, this.created);
    if (this.members.has(user.id)) throw new Error(`a user with the id ${user.id} exists already`);
    this.created += 1;
    const member: Member = {
      user,
      state: loggedOut(this.now()),
      tally: freshTally(0),
      skills: user.skills,
      visible: true,
      delay: undefined,
      ringing: undefined,
    };
    this.members.set(user.id, member);
    return member;
  }

  private wish(member: Member, readiness: Readiness, by: AgentState['madeBy']): void {
    const rules = {
      gracefulDelayMs: this.gracefulDelayMs,
      sameValueRestamps: this.settings.extrapolated.sameValueRestamps,
    };
    const now = this.now();
    const next = wished(member.state, { readiness, by }, now, rules);
    this.commit(member, next);
    const { pending } = next;
    if (pending === undefined || pending.appliesAt <= now) return;
    member.delay = this.clock.after(pending.appliesAt - now, () => {
      this.commit(member, delayOver(member.state, pending, this.now()));
    });
  }

  private step(member: Member, contact: AgentState['contact']): void {
    this.commit(member, contacted(member.state, contact, this.now()));
  }

  private commit(member: Member, next: AgentState): void {
    if (next === member.state) return;
    if (next.contact !== 'ringing') member.ringing?.cancel();
    if (next.pending !== member.state.pending) member.delay?.cancel();
    member.tally = counted(member.tally, member.state, next, this.now());
    member.state = next;
    this.tell('state', member.user.id);
  }

  private tell(what: DomainChange['what'], agent: string): void {
    const change = { what, agent, at: this.clock.now() };
    for (const watch of this.watchers) watch(change);
  }

  private known(agent: string): Member {
    const member = this.members.get(agent);
    if (member === undefined) throw new Error(`no agent has the id "${agent}"`);
    return member;
  }

  private mustBeIn(agent: string, act: string): Member {
    return this.must(agent, act, ['NOT_READY', 'READY', 'RINGING', 'ON_CALL', 'ACW']);
  }

  private must(agent: string, act: string, states: readonly string[]): Member {
    const member = this.known(agent);
    const state = stateName(member.state);
    if (states.includes(state)) return member;
    throw new Error(`agent ${agent} cannot ${act}: it is ${state}, not ${states.join(' or ')}`);
  }
}

function cancelTimers(member: Member): void {
  member.delay?.cancel();
  member.ringing?.cancel();
}
