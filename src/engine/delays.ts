/**
 * Delays by direction: from the moment a change was seen to the moment its effect was read back on
 * the other platform. An agent that cannot be brought in step counts as blocked, not as a delay.
 */
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { AgentState } from '../model/face.ts';
import type { Plan } from '../model/plan.ts';
import type { DelaySummary } from '../telemetry/delays.ts';
import { createDelays } from '../telemetry/delays.ts';

export class DirectionDelays {
  private readonly begun = new Map<string, number>();
  private readonly kept = createDelays();
  private readonly onSample: (from: PlatformId, to: PlatformId, ms: number) => void;

  constructor(onSample: (from: PlatformId, to: PlatformId, ms: number) => void) {
    this.onSample = onSample;
  }

  note(
    agent: AgentId,
    state: AgentState,
    plans: Readonly<Record<PlatformId, Plan>>,
    now: number,
  ): void {
    for (const [platform, plan] of Object.entries(plans)) {
      const key = `${platform}\n${agent}`;
      const begun = this.begun.get(key);
      if (plan.kind === 'write') {
        if (begun === undefined && !isRenewal(state, platform, plan)) this.begun.set(key, now);
      } else if (begun !== undefined && plan.kind === 'blocked') {
        this.begun.delete(key);
      } else if (begun !== undefined && isSettled(state, platform)) {
        this.begun.delete(key);
        const from = Object.keys(plans).find((id) => id !== platform) ?? platform;
        this.add(from, platform, now - begun);
      }
    }
  }

  summary(): readonly DelaySummary[] {
    return this.kept.summary();
  }

  private add(from: PlatformId, to: PlatformId, ms: number): void {
    this.kept.record(from, to, ms);
    this.onSample(from, to, ms);
  }
}

function isRenewal(
  state: AgentState,
  platform: PlatformId,
  plan: Plan & { kind: 'write' },
): boolean {
  const { command } = plan;
  const marks = state.faces[platform]?.ours ?? [];
  return (
    command.kind === 'put' &&
    marks.some((mark) => mark.slot === command.slot && mark.value === command.value)
  );
}

function isSettled(state: AgentState, platform: PlatformId): boolean {
  const face = state.faces[platform];
  if (face === undefined || face.intent !== undefined) return false;
  const showing = face.cause.kind === 'ours';
  const desired = state.desired[platform];
  return desired?.kind === 'show'
    ? showing || face.ours.some((m) => m.shownAt !== undefined)
    : !showing;
}
