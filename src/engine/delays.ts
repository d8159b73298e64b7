/**
 * Delays by direction: from the moment a change was seen to the moment its effect was read back on
 * the other platform. An agent that cannot be brought in step counts as blocked, not as a delay.
 */
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { AgentState } from '../model/face.ts';
import type { Plan } from '../model/plan.ts';

/** Samples kept per direction. */
const KEPT = 1_000;

export interface DelaySummary {
  readonly to: PlatformId;
  readonly meanMs: number | null;
  readonly p95Ms: number | null;
  readonly count: number;
}

export class Delays {
  private readonly begun = new Map<string, number>();
  private readonly samples = new Map<PlatformId, number[]>();
  private readonly counts = new Map<PlatformId, number>();
  private readonly onSample: (to: PlatformId, ms: number) => void;

  constructor(onSample: (to: PlatformId, ms: number) => void) {
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
        this.add(platform, now - begun);
      }
    }
  }

  summary(platforms: readonly PlatformId[]): readonly DelaySummary[] {
    return platforms.map((to) => {
      const kept = this.samples.get(to) ?? [];
      const count = this.counts.get(to) ?? 0;
      if (kept.length === 0) return { to, meanMs: null, p95Ms: null, count };
      const sorted = [...kept].sort((a, b) => a - b);
      const meanMs = kept.reduce((sum, each) => sum + each, 0) / kept.length;
      return { to, meanMs, p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? null, count };
    });
  }

  private add(to: PlatformId, ms: number): void {
    const kept = this.samples.get(to) ?? [];
    kept.push(ms);
    if (kept.length > KEPT) kept.shift();
    this.samples.set(to, kept);
    this.counts.set(to, (this.counts.get(to) ?? 0) + 1);
    this.onSample(to, ms);
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
