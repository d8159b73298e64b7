/**
 * What one text of the supervisor socket says about Five9 itself, and about nobody in it. Total.
 *
 * Q1  Only event ids, which are numbers, and words of the form in which enumerations are published
 *     come out; every other text is counted without being told.
 */
import { z } from 'zod';
import { readWith } from '../../lib/read-with.ts';
import { isKnownEvent } from './frame.ts';
import { isKnownState } from './read.ts';
import { envelopeSchema } from './wire.ts';

export interface Digest {
  /** A number, or `other`. */
  readonly event: string;
  readonly isKnown: boolean;
  /** UTF-8. */
  readonly bytes: number;
  /** Of agents' states. */
  readonly rows: number;
  /** `field=word`, once for each row that has it. */
  readonly words: readonly string[];
}

/** Beside states, those that public captures show; all others are worth a report. */
const KNOWN: ReadonlySet<string> = new Set([
  'mediaAvailability=NOT_AVAILABLE',
  'channelStatus=not-enabled',
  'channelStatus=not-ready',
  'readyChannel=CALL',
  'readyChannel=VOICE_MAIL',
]);

const AGENTS = 'AGENT_STATE';
const UPPER_WORD = /^[A-Z][A-Z_]{1,31}$/;
const LOWER_WORD = /^[a-z][a-z-]{1,31}$/;
const OTHER = '(another form)';

const list = z.array(z.unknown()).catch([]);
const blocks = z.array(
  z.object({ dataSource: z.string(), data: list, added: list, updated: list }),
);
const text = z.string().nullish().catch(undefined);
const rowSchema = z.object({
  state: text,
  mediaAvailability: text,
  callType: text,
  channelAvailability: z.record(z.string(), z.object({ status: text }).catch({})).catch({}),
  presence: z
    .object({ currentState: z.object({ readyChannels: z.array(z.string()).catch([]) }) })
    .optional()
    .catch(undefined),
});

export function digestOf(frame: string): Digest {
  const bytes = Buffer.byteLength(frame);
  const envelope = readWith(envelopeSchema, parsed(frame));
  const id = envelope?.context.eventId ?? '';
  const event = /^\d{1,6}$/.test(id) ? id : 'other';
  const agents = readWith(blocks, envelope?.payLoad)?.filter(
    ({ dataSource }) => dataSource === AGENTS,
  );
  const rows = (agents ?? []).flatMap(({ data, added, updated }) => [
    ...data,
    ...added,
    ...updated,
  ]);
  return {
    event,
    isKnown: isKnownEvent(id),
    bytes,
    rows: rows.length,
    words: rows.flatMap(wordsIn),
  };
}

export function isKnownWord(word: string): boolean {
  const state = /^state=(.*)$/.exec(word)?.[1];
  return state === undefined ? KNOWN.has(word) : isKnownState(state);
}

function wordsIn(value: unknown): readonly string[] {
  const row = readWith(rowSchema, value);
  if (row === undefined) return [];
  const statuses = new Set(Object.values(row.channelAvailability).map(({ status }) => status));
  return [
    ...told('state', row.state, UPPER_WORD),
    ...told('mediaAvailability', row.mediaAvailability, UPPER_WORD),
    ...told('callType', row.callType, UPPER_WORD),
    ...[...statuses].flatMap((status) => told('channelStatus', status, LOWER_WORD)),
    ...(row.presence?.currentState.readyChannels ?? []).flatMap((channel) =>
      told('readyChannel', channel, UPPER_WORD),
    ),
  ];
}

function told(field: string, word: string | null | undefined, form: RegExp): readonly string[] {
  if (word === undefined || word === null || word === '') return [];
  return [`${field}=${form.test(word) ? word : OTHER}`];
}

function parsed(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    return undefined;
  }
}
