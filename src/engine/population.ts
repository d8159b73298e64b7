/**
 * The population: the state of every agent of the tenant and the world that they share. The only
 * thing here that changes; it changes only through `apply` and `applyWorld`, which are what a
 * replay calls too.
 */
import type { Step } from '../core/core.ts';
import { step } from '../core/core.ts';
import type { Input } from '../core/input.ts';
import type { World } from '../core/world.ts';
import { platformIds } from '../core/world.ts';
import { asJson, canonical } from '../lib/json.ts';
import type { Agent } from '../model/agent.ts';
import type { AgentState } from '../model/face.ts';
import { emptyAgent } from '../model/face.ts';
import type { AccountId, AgentId, PlatformId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { WorldChange } from './records.ts';
import type { Situation, StepStatus } from './situation.ts';
import { statusOf } from './situation.ts';

export interface Applied {
  readonly before: AgentState;
  readonly step: Step;
}

export class Population {
  world: World;
  /** Grows whenever the list of people is replaced. */
  roster = 0;
  private readonly states = new Map<AgentId, AgentState>();
  private readonly plans = new Map<AgentId, Readonly<Record<PlatformId, Plan>>>();
  private readonly statuses = new Map<AgentId, Pick<Situation, 'status' | 'statusSince'>>();
  private people = new Map<AgentId, Agent>();
  private owners = new Map<PlatformId, Map<AccountId, AgentId>>();

  constructor(world: World) {
    this.world = world;
  }

  /** Replaces the list of people. Their states stay; those who left are forgotten. */
  setPeople(people: readonly Agent[]): { readonly left: readonly AgentId[] } {
    const staying = new Set(people.map(({ id }) => id));
    const left = [...this.people.keys()].filter((id) => !staying.has(id));
    this.roster += 1;
    this.people = new Map(people.map((person) => [person.id, person]));
    this.owners = ownersOf(people);
    return { left };
  }

  ids(): readonly AgentId[] {
    return [...this.people.keys()];
  }

  person(id: AgentId): Agent | undefined {
    return this.people.get(id);
  }

  owner(platform: PlatformId, account: AccountId): AgentId | undefined {
    return this.owners.get(platform)?.get(account);
  }

  state(id: AgentId): AgentState {
    return this.states.get(id) ?? emptyAgent(id, platformIds(this.world), this.world.epoch);
  }

  plan(id: AgentId, platform: PlatformId): Plan | undefined {
    return this.plans.get(id)?.[platform];
  }

  situation(id: AgentId): Situation | undefined {
    const agent = this.people.get(id);
    if (agent === undefined) return undefined;
    const known = this.statuses.get(id) ?? { status: 'unknown' as const, statusSince: 0 };
    return { agent, state: this.state(id), plans: this.plans.get(id) ?? {}, ...known };
  }

  status(id: AgentId): StepStatus {
    return this.statuses.get(id)?.status ?? 'unknown';
  }

  apply(id: AgentId, input: Input, now: number): Applied {
    const before = this.state(id);
    const taken = step(before, input, this.world, now);
    this.states.set(id, taken.state);
    this.plans.set(id, taken.plans);
    const status = statusOf(taken.state, taken.plans);
    if (this.statuses.get(id)?.status !== status) {
      this.statuses.set(id, { status, statusSince: now });
    }
    return { before, step: taken };
  }

  /** Takes the change into the world; every agent has to be asked again afterwards. */
  applyWorld(change: WorldChange): void {
    switch (change.kind) {
      case 'feed':
        this.world = {
          ...this.world,
          live: { ...this.world.live, [change.platform]: change.live },
        };
        return;
      case 'policy':
        this.world = { ...this.world, policy: change.policy };
        return;
      case 'epoch':
        this.world = { ...this.world, epoch: change.epoch, tenant: change.tenant };
    }
  }

  /** Every state, in the order of ids, for a snapshot. */
  allStates(): readonly AgentState[] {
    return [...this.states.values()].sort((a, b) => (a.agent < b.agent ? -1 : 1));
  }

  /** Canonical text of all states: equal populations have equal texts. */
  fingerprint(): string {
    return canonical(asJson(this.allStates()));
  }

  restore(states: readonly AgentState[]): void {
    for (const state of states) this.states.set(state.agent, state);
  }

  forget(id: AgentId): void {
    this.states.delete(id);
    this.plans.delete(id);
    this.statuses.delete(id);
  }
}

function ownersOf(people: readonly Agent[]): Map<PlatformId, Map<AccountId, AgentId>> {
  const owners = new Map<PlatformId, Map<AccountId, AgentId>>();
  for (const { id, accounts } of people) {
    for (const [platform, account] of Object.entries(accounts)) {
      const own = owners.get(platform) ?? new Map<AccountId, AgentId>();
      owners.set(platform, own.set(account, id));
    }
  }
  return owners;
}
