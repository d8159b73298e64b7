/**
 * One text frame of the supervisor socket, made into one of a closed set of frames. Total: damage
 * becomes a `bad` frame. Event ids:
 * https://github.com/Five9DeveloperProgram/Five9-Agent-Sup-REST-API-Python-Pack (event_ids.py).
 */
import type { z } from 'zod';
import { readWith } from '../../lib/read-with.ts';
import {
  blocksSchema,
  envelopeSchema,
  metadataOf,
  rowSchema,
  type Metadata,
  type Row,
} from './wire.ts';

export type Frame =
  /** The whole picture (5000); `hasAgents` is false when it speaks of other things only. */
  | {
      readonly kind: 'full';
      readonly rows: readonly Row[];
      readonly badRows: number;
      readonly hasAgents: boolean;
      /** Further rows of the same frame follow, as a frame of their own. */
      readonly more?: true;
    }
  /** What has changed (5012). */
  | {
      readonly kind: 'diff';
      readonly rows: readonly Row[];
      readonly badRows: number;
      readonly removed: readonly string[];
      readonly more?: true;
    }
  | { readonly kind: 'connected' }
  | { readonly kind: 'pong' }
  /** Another socket took our key (1020). */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'maintenance_soon'; readonly inMs: number | undefined }
  | { readonly kind: 'migration_started' }
  /** The domain lives elsewhere now: sign in there. */
  | { readonly kind: 'move'; readonly event: string; readonly metadata: Metadata | undefined }
  /** Five9 lost a part of itself and asks for a fresh session. */
  | { readonly kind: 'restart'; readonly event: string }
  | { readonly kind: 'reason_codes_changed' }
  /** What the supervisor may see has changed. */
  | { readonly kind: 'view_changed'; readonly event: string }
  | { readonly kind: 'other'; readonly event: string }
  | { readonly kind: 'bad'; readonly why: string };

/** Frames that are counted when they come, and as what. */
export const COUNTED: ReadonlyMap<Frame['kind'], string> = new Map<Frame['kind'], string>([
  ['bad', 'bad_frame'],
  ['other', 'other_event'],
  ['duplicate', 'duplicate_socket'],
  ['maintenance_soon', 'maintenance_announced'],
]);

const AGENTS = 'AGENT_STATE';

type Make = (payload: unknown, event: string) => Frame;

const move: Make = (payload, event) => ({ kind: 'move', event, metadata: metadataOf(payload) });
const restart: Make = (_payload, event) => ({ kind: 'restart', event });
const viewChanged: Make = (_payload, event) => ({ kind: 'view_changed', event });

const BY_EVENT: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['5000', full],
  ['5012', difference],
  ['1010', (): Frame => ({ kind: 'connected' })],
  ['1202', (): Frame => ({ kind: 'pong' })],
  ['1020', (): Frame => ({ kind: 'duplicate' })],
  ['37', (payload): Frame => ({ kind: 'maintenance_soon', inMs: milliseconds(payload) })],
  ['70', (): Frame => ({ kind: 'migration_started' })],
  ['71', move],
  ['72', move],
  ['73', move],
  ['1001', move],
  ['1002', move],
  ['1004', move],
  ['1000', restart],
  ['1003', restart],
  ['5007', (): Frame => ({ kind: 'reason_codes_changed' })],
  ['5004', viewChanged],
  ['5006', viewChanged],
  ['6001', viewChanged],
  ['6002', viewChanged],
  ['6003', viewChanged],
]);

export function isKnownEvent(event: string): boolean {
  return BY_EVENT.has(event);
}

export function frameOf(text: string): Frame {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'bad', why: 'no JSON' };
  }
  const envelope = readWith(envelopeSchema, json);
  if (envelope === undefined) return { kind: 'bad', why: 'no envelope' };
  const event = envelope.context.eventId.slice(0, 16);
  const make = BY_EVENT.get(event);
  return make === undefined ? { kind: 'other', event } : make(envelope.payLoad, event);
}

function full(payload: unknown): Frame {
  const blocks = agentBlocks(payload);
  if (blocks === undefined) return { kind: 'bad', why: 'full statistics without blocks' };
  const { rows, badRows } = rowsOf(blocks.flatMap((block) => block.data));
  return { kind: 'full', rows, badRows, hasAgents: blocks.length > 0 };
}

function difference(payload: unknown): Frame {
  const blocks = agentBlocks(payload);
  if (blocks === undefined) return { kind: 'bad', why: 'a difference without blocks' };
  const { rows, badRows } = rowsOf(blocks.flatMap((block) => [...block.added, ...block.updated]));
  const removed = blocks.flatMap((block) => block.removed).filter(isId);
  return { kind: 'diff', rows, badRows, removed };
}

function agentBlocks(payload: unknown): z.output<typeof blocksSchema> | undefined {
  return readWith(blocksSchema, payload)?.filter((block) => block.dataSource === AGENTS);
}

function rowsOf(values: readonly unknown[]): {
  readonly rows: readonly Row[];
  readonly badRows: number;
} {
  const rows = values.flatMap((value) => readWith(rowSchema, value) ?? []);
  return { rows, badRows: values.length - rows.length };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 64;
}

/** A number, or its text; anything else has no business being turned into one. */
function milliseconds(payload: unknown): number | undefined {
  const isPlain = typeof payload === 'number' || typeof payload === 'string';
  const ms = isPlain ? Number(payload) : Number.NaN;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
