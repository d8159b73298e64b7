/**
 * What happens to an agent, as events of the group AgentEvent. Their names and fields are those that
 * a subscription selects; how the vendor writes them is published nowhere.
 */
import { type AgentState, stateName } from './agents.ts';
import { type CloudSettings, shownId, shownTime } from './cloud-options.ts';
import type { Member } from './member.ts';

export interface AgentEvent {
  readonly agent: string;
  readonly name: string;
  /** Without its number, which each subscription gives. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const ENTERED: Readonly<Record<string, string>> = {
  READY: 'Ready',
  NOT_READY: 'NotReady',
  RINGING: 'Ringing',
  ON_CALL: 'OnMedia',
  ACW: 'OnAfterInteractionWork',
  LOGGED_OUT: 'Logout',
};

const LEFT: Readonly<Record<string, string>> = {
  ON_CALL: 'OffMedia',
  ACW: 'OffAfterInteractionWork',
};

/** Turns the changes of one domain into events. */
export class AgentEvents {
  private readonly settings: CloudSettings;
  private readonly last = new Map<string, AgentState>();

  constructor(settings: CloudSettings) {
    this.settings = settings;
    for (const { user, state } of settings.domain.all()) this.last.set(user.id, state);
  }

  changed(member: Member): readonly AgentEvent[] {
    const { id } = member.user;
    const before = this.last.get(id);
    this.last.set(id, member.state);
    return namesOf(before, member.state).map((name) => ({
      agent: id,
      name,
      fields: this.fieldsOf(member, name),
    }));
  }

  private fieldsOf({ user, state }: Member, name: string): Readonly<Record<string, unknown>> {
    const id = shownId(user.id, this.settings);
    const dated = name === 'NotReady' || name === 'Logout';
    const reasonSince = state.reasonSince === 0 ? state.stateSince : state.reasonSince;
    const next = state.pending?.readiness;
    return {
      eventGroup: 'AgentEvent',
      event: name,
      agentId: id,
      agentInfo: { id, userName: user.userName },
      agentState: stateName(state),
      ...(dated
        ? {
            reasonCode: state.current.reasonCode,
            reasonSince: shownTime(reasonSince, this.settings),
          }
        : {}),
      ...(name === 'NextStateChange' && next !== undefined
        ? {
            reasonCode: next.reasonCode,
            nextAgentState: next.channels.length > 0 ? 'READY' : 'NOT_READY',
          }
        : {}),
      ...(/Media$|Work$|Ringing/.test(name) ? { interactionId: 'i-1', media: 'VOICE' } : {}),
      ...(this.settings.unknownFields ? { __proto: { a: [1] }, tenant: null, schema: 7 } : {}),
    };
  }
}

function namesOf(before: AgentState | undefined, after: AgentState): readonly string[] {
  const from = before === undefined ? 'LOGGED_OUT' : stateName(before);
  const to = stateName(after);
  const names: string[] = [];
  if (from !== to) {
    if (from === 'LOGGED_OUT') names.push('Login');
    names.push(...[LEFT[from], ENTERED[to]].filter((name) => name !== undefined));
  } else if (before?.current.reasonCode !== after.current.reasonCode) {
    names.push(ENTERED[to] ?? 'NotReady');
  }
  if (after.pending !== undefined && after.pending !== before?.pending) {
    names.push('NextStateChange');
  }
  return names;
}
