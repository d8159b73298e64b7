/**
 * What the journal and its worker say to each other: one reply a request, in order. The first
 * reply, numbered 0, answers to the opening itself.
 */
import type { Sealed } from './chain.ts';
import type { Head, JournalError } from './journal.ts';
import type { Recovery } from './sqlite-recovery.ts';
import type { PackedSnapshot } from './sqlite-store.ts';
import type { Batch, IdentityEdit, VerifyStep } from './store.ts';

export interface WorkerOptions {
  readonly path: string;
  readonly maxBytes: number;
}

export interface Opened {
  readonly head: Head;
  readonly recovery: Recovery;
}

/** Each operation with what it takes and what it gives. */
export interface Operations {
  commit: { takes: Batch; gives: undefined };
  page: { takes: { readonly from: number; readonly to: number }; gives: readonly Sealed[] };
  verify: { takes: Head; gives: VerifyStep };
  putSnapshot: { takes: PackedSnapshot; gives: undefined };
  snapshot: { takes: number; gives: PackedSnapshot | undefined };
  identities: { takes: undefined; gives: readonly IdentityEdit[] };
  close: { takes: undefined; gives: undefined };
}

export type Operation = keyof Operations;

export type Request = {
  readonly [K in Operation]: {
    readonly id: number;
    readonly op: K;
    readonly takes: Operations[K]['takes'];
  };
}[Operation];

export type Reply =
  | { readonly id: number; readonly ok: true; readonly gives: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly code: JournalError['code'];
      readonly message: string;
      readonly fix: string;
    };
