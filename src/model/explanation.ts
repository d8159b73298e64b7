/** An explanation: one sentence first, then the facts, what won, and the trace for engineers. */
import type { AgentId, PlatformId } from './ids.ts';
import type { Preset } from './preset.ts';

export interface ExplainedFact {
  readonly platform: PlatformId;
  readonly says: string;
  readonly raw: string;
  readonly cause: string;
  readonly certainty: string;
  readonly note?: string;
  readonly since?: number;
  /** Whether it was an input to a decision about another platform. */
  readonly counts: boolean;
}

export interface ExplainedDecision {
  readonly platform: PlatformId;
  readonly desired: Preset | 'leave_alone';
  readonly rule: string;
  readonly because: string;
  readonly shown: string;
  readonly blocked?: string;
  readonly marks: readonly string[];
}

export interface Explanation {
  readonly agent: AgentId;
  readonly sentence: string;
  readonly facts: readonly ExplainedFact[];
  readonly decisions: readonly ExplainedDecision[];
  readonly trace: readonly string[];
  readonly policyVersion: string;
}
