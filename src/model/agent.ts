/** A person and their accounts, one per platform. */
import type { AccountId, AgentId, PlatformId } from './ids.ts';

export interface Agent {
  readonly id: AgentId;
  readonly name: string;
  readonly accounts: Readonly<Record<PlatformId, AccountId>>;
  readonly teams?: readonly string[];
}
