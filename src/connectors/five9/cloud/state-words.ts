/**
 * The New Platform's words for states. Which it uses is published nowhere, so every spelling that
 * any Five9 interface has is taken; an unknown one stays unknown. Pure and total.
 */
import { z } from 'zod';

const STATES: ReadonlyMap<string, string> = new Map([
  ['LOGGEDOUT', 'LOGGED_OUT'],
  ['LOGOUT', 'LOGGED_OUT'],
  ['OFFLINE', 'LOGGED_OUT'],
  ['NOTREADY', 'NOT_READY'],
  ['READY', 'READY'],
  ['RINGING', 'RINGING'],
  ['ONCALL', 'ON_CALL'],
  ['ACW', 'ACW'],
  ['AFTERCALLWORK', 'ACW'],
]);

/** Of one channel; anything that is not listed tells of no contact. */
const CONTACTS: ReadonlyMap<string, string> = new Map([
  ['RINGING', 'RINGING'],
  ['OFFERED', 'RINGING'],
  ['ONCALL', 'ON_CALL'],
  ['ONMEDIA', 'ON_CALL'],
  ['TALKING', 'ON_CALL'],
  ['CONNECTED', 'ON_CALL'],
  ['ONHOLD', 'ON_CALL'],
  ['ONPARK', 'ON_CALL'],
  ['ACW', 'ACW'],
  ['AFTERCALLWORK', 'ACW'],
  ['WRAPUP', 'ACW'],
]);

/** The state as the supervisor's rows name it; what is not known is given back as it is. */
export function stateFrom(word: string): string {
  return STATES.get(folded(word)) ?? word;
}

/** A contact on one of the channels goes before readiness, as it does in the supervisor's rows. */
export function withContacts(state: string, channels: readonly string[]): string {
  if (state !== 'READY' && state !== 'NOT_READY') return state;
  const contacts = new Set(channels.map((word) => CONTACTS.get(folded(word))));
  return ['ON_CALL', 'RINGING', 'ACW'].find((contact) => contacts.has(contact)) ?? state;
}

function folded(word: string): string {
  return word.toUpperCase().replace(/[^A-Z]/g, '');
}

const LATEST = 999_999_999_999_999;
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** A date or epoch milliseconds as epoch ms; 0 for none, and for anything unreadable. */
export const time: z.ZodType<number> = z
  .unknown()
  .transform((value) => {
    if (typeof value === 'string') return dateFrom(value);
    return typeof value === 'number' ? value : 0;
  })
  .pipe(z.number().int().min(0).max(LATEST))
  // A field that is missing is none, too.
  .catch(0);

/** Without a zone it is taken for UTC: the machine's own zone has nothing to do with it. */
function dateFrom(text: string): number {
  if (text.length > 40) return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const match = DATE.exec(text);
  if (match === null) return 0;
  return Date.parse(match[3] === undefined ? `${text}Z` : text);
}
