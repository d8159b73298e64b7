/** The columns of a record, in the order in which every statement lists them. Pure. */
import type { Sealed } from './chain.ts';
import { RECORD_KINDS } from './journal.ts';
import type { SqlRow, SqlValue } from './driver.ts';

export const RECORD_COLUMNS = 'seq, format, kind, at, agent, body, hash';

/** The same for reading: text comes as bytes (see the driver). */
export const READ_COLUMNS = `seq, format, CAST(kind AS BLOB), at, CAST(agent AS BLOB),
  CAST(body AS BLOB), CAST(hash AS BLOB)`;

export function toRow(record: Sealed): readonly SqlValue[] {
  const { seq, format, kind, at, agent, body, hash } = record;
  return [seq, format, kind, at, agent, body, hash];
}

/** Undefined when the row is not one that the journal wrote. */
export function fromRow(row: SqlRow): Sealed | undefined {
  const [seq, format, kindBytes, at, agent, body, hash] = row;
  const kindText = kindBytes instanceof Uint8Array ? toText(kindBytes) : '';
  const kind = RECORD_KINDS.find((name) => name === kindText);
  if (typeof seq !== 'number' || typeof format !== 'number' || kind === undefined) return undefined;
  if (typeof at !== 'number' || !(body instanceof Uint8Array) || !(hash instanceof Uint8Array)) {
    return undefined;
  }
  const agentText = agent instanceof Uint8Array ? toText(agent) : null;
  return { seq, format, kind, at, agent: agentText, body: toText(body), hash: toText(hash) };
}

/** Bytes that are not UTF-8 become replacement characters, which no hash will match. */
export function toText(value: SqlValue | undefined): string {
  if (!(value instanceof Uint8Array)) return '';
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
}
