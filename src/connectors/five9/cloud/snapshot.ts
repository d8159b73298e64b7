/**
 * From the New Platform's row of an agent to the row that the supervisor's feed has, so that both
 * are read by the same table. Pure and total. Field names:
 * https://github.com/James-Smart/five9-stats (five9_stats/models/snapshot.py).
 */
import { z } from 'zod';
import { readWith } from '../../../lib/read-with.ts';
import { boundedText } from '../../kit/bounded-text.ts';
import type { Row } from '../wire.ts';
import { stateFrom, time, withContacts } from './state-words.ts';

const word = boundedText(0, 64).catch('');
const id = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => !/\p{Cs}/u.test(text))
  .pipe(boundedText(1, 64));

const code = z
  .union([z.string(), z.number()])
  .transform((value) => (value === '' ? '0' : String(value).slice(0, 32)))
  .catch('0');

const rowSchema = z.object({
  id,
  presenceState: word,
  stateSince: time,
  reasonCode: code,
  reasonSince: time,
  voiceInteractionState: word,
  chatInteractionState: word,
  emailInteractionState: word,
  voicemailInteractionState: word,
});

/** Undefined when it names nobody. */
export function snapshotRow(value: unknown): Row | undefined {
  const read = readWith(rowSchema, value);
  if (read === undefined) return undefined;
  const state = withContacts(stateFrom(read.presenceState), [
    read.voiceInteractionState,
    read.chatInteractionState,
    read.emailInteractionState,
    read.voicemailInteractionState,
  ]);
  return {
    id: read.id,
    state,
    // A ready agent's row may still name the reason of before.
    reasonCodeId: state === 'NOT_READY' ? read.reasonCode : '0',
    stateSince: read.stateSince,
    reasonCodeSince: read.reasonSince,
  };
}

/** Rows, and how many could not be read. */
export function snapshotRows(values: readonly unknown[]): {
  readonly rows: readonly Row[];
  readonly badRows: number;
} {
  const rows = values.flatMap((value) => snapshotRow(value) ?? []);
  return { rows, badRows: values.length - rows.length };
}
