/**
 * What the conformance suite needs of a connector's tests, and the bench on which every case
 * runs: the connector over its scripted platform, on virtual time.
 */
import assert from 'node:assert/strict';
import type { AccountId } from '../../../model/ids.ts';
import type { Command, Expression } from '../../../model/mark.ts';
import { isPreset } from '../../../model/preset.ts';
import type { Connector, Interest, Manifest, Outcome } from '../../connector.ts';
import { createRig, type Rig } from './rig.ts';

/**
 * How the scripted platform treats writes from now on.
 *
 * `throttled`: 429 with a wait of `RETRY_AFTER_S` seconds, or what the platform has in its place.
 * `unauthorised`: the credentials are refused for good, also after a fresh sign-in.
 * `server_error`: 500, it may or may not have had an effect.
 * `lost`: the request arrived, the answer never came.
 * `unreachable`: no connection, nothing was sent.
 */
export const WRITE_FAULTS = [
  'none',
  'throttled',
  'bad_request',
  'not_found',
  'unauthorised',
  'server_error',
  'lost',
  'unreachable',
] as const;

export type WriteFault = (typeof WRITE_FAULTS)[number];

export const RETRY_AFTER_S = 7;

/** What a connector's tests supply: the connector over a scripted platform. One per test. */
export interface ConformanceHarness {
  /** Two accounts that the platform knows, healthy at first. */
  readonly accounts: readonly [AccountId, AccountId];
  /** Texts that must never leave: passwords, secrets, issued tokens. */
  readonly secrets: readonly string[];
  /** Builds the connector on the rig's clock, random and log and on the scripted platform. */
  build(rig: Rig): Connector;
  /** From now on the platform reports `raw` as the state of this account, by read or by push. */
  report(account: AccountId, raw: unknown): void;
  /** From now on writes are treated so. */
  treatWrites(fault: WriteFault): void;
  /** Write requests that left for the platform so far, sign-ins not counted. */
  writes(): number;
  /** Requests that count against the quota and are not writes, so far; absent without a quota. */
  reads?(): number;
  /** Adds to a command what policy would add, such as a reason code. */
  complete?(command: Command): Command;
  /** Faults that this platform cannot show. */
  readonly cannot?: readonly WriteFault[];
}

export interface Bench {
  readonly rig: Rig;
  readonly harness: ConformanceHarness;
  readonly connector: Connector;
}

export function bench(harness: ConformanceHarness): Bench {
  const rig = createRig();
  return { rig, harness, connector: harness.build(rig) };
}

export async function live(harness: ConformanceHarness): Promise<Bench> {
  const b = bench(harness);
  b.connector.start(b.rig.sink, b.rig.budget);
  b.connector.watch(interestOf(harness.accounts));
  await b.rig.clock.until(() => b.rig.state() === 'live', 'health state live');
  return b;
}

export function interestOf(accounts: readonly AccountId[]): ReadonlyMap<AccountId, Interest> {
  return new Map(accounts.map((account) => [account, 'hot']));
}

/** Lets virtual time pass until the promise has settled. */
export async function settled<T>(b: Bench, work: Promise<T>): Promise<T> {
  let done = false;
  const finish = (): void => {
    done = true;
  };
  work.then(finish, finish);
  await b.rig.clock.until(() => done, 'an answer of the connector');
  return work;
}

export function expressions(
  manifest: Manifest,
): readonly (readonly [Command['preset'], Expression])[] {
  return Object.entries(manifest.traits.express).flatMap(([preset, list]) =>
    isPreset(preset) ? list.map((expression) => [preset, expression] as const) : [],
  );
}

export function commandOf(b: Bench, preset: Command['preset'], expression: Expression): Command {
  const life = b.connector.manifest.traits.life[expression.slot];
  const command: Command = {
    platform: b.connector.manifest.id,
    kind: 'put',
    slot: expression.slot,
    slotKind: expression.kind,
    value: expression.value,
    preset,
    shows: expression.shows,
    ...(life === undefined ? {} : { lifeMs: life.minMs }),
  };
  return b.harness.complete?.(command) ?? command;
}

export function firstCommand(b: Bench): Command {
  const first = expressions(b.connector.manifest).at(0);
  assert.ok(first !== undefined, 'the traits express nothing');
  return commandOf(b, first[0], first[1]);
}

export function told(outcome: Outcome): string {
  return JSON.stringify(outcome);
}

export function assertNoSecret(b: Bench, more: readonly string[]): void {
  const said = [...b.rig.lines, ...b.rig.said.health.map((h) => JSON.stringify(h)), ...more];
  for (const secret of b.harness.secrets) {
    assert.ok(!said.some((line) => line.includes(secret)), 'a secret left the connector');
  }
}
