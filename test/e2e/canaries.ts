/**
 * What must never get out: every emulated platform of the end-to-end tests holds these texts, and
 * the kit looks for them in all that the product says and keeps.
 *
 * | Text | Output, log, metrics | API | Journal | Output of a verb in this process |
 * |---|---|---|---|---|
 * | password, client secret, refresh token, token, session id | no | no | no | no |
 * | status message, call party | no | no | no | no |
 * | name, address and number as the platforms list them | no | no | no | `people` and `doctor` may |
 * | name in the mapping file | no, but where a refusal quotes a wrong row | the board | its side table of identities | may |
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const SECRETS = {
  password: 'Canary.Supervisor/Pass+word 7',
  clientSecret: 'canary~client.secret_of-the-test',
  refreshToken: 'canary-refresh-token.of_the-subscriber',
} as const;

export const CALL_PARTY = 'Canary Customer +15550100077';
export const STATUS_MESSAGE = 'Canary: at the doctor’s, back at 3';

/** What the platforms list of a person, beside the ids. */
export function listedAs(id: string): {
  readonly name: string;
  readonly address: string;
  readonly extension: string;
} {
  return {
    name: `Canary Person ${id}`,
    address: `canary.${id}@people.example`,
    extension: `+15550199${id.slice(-4)}`,
  };
}

const LISTED = ['Canary Person ', 'canary.a-', '@people.example', '+15550199'];
const TALK = [CALL_PARTY, '15550100077', STATUS_MESSAGE, 'Canary: at the doctor'];

export type Strictness = 'process' | 'verb';

const handedOut: (() => readonly string[])[] = [];

/** Also what a platform makes up while it runs: tokens and session ids. */
export function guard(secrets: () => readonly string[]): void {
  handedOut.push(secrets);
}

/** Signed tokens are known by their form. */
const TOKENS = /\beyJ[\w-]{10,}\.[\w-]{10,}/;

/** What was found, with a few characters around it; empty: nothing. */
export function leaksIn(content: string | Buffer, strictness: Strictness): readonly string[] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const secrets = [...Object.values(SECRETS), ...handedOut.flatMap((of) => of())];
  const people = strictness === 'process' ? LISTED : [];
  const found = [...secrets, ...TALK, ...people].flatMap((canary) =>
    formsOf(canary)
      .filter((form) => bytes.includes(form))
      .map((form) => `${canary} as ${form}`),
  );
  const token = TOKENS.exec(bytes.toString('latin1'));
  return token === null ? found : [...found, `a token: ${token[0].slice(0, 40)}`];
}

/** Throws when something is in there that must not get out. */
export function assertKept(
  where: string,
  content: string | Buffer,
  strictness: Strictness = 'process',
): void {
  const leaks = leaksIn(content, strictness);
  if (leaks.length > 0) throw new Error(`${where} must not hold ${leaks.join(', ')}`);
}

/** The bytes of the journal beside a configuration, and of what SQLite keeps beside that. */
export function assertJournalKept(config: string): void {
  const folder = dirname(config);
  for (const name of readdirSync(folder)) {
    if (!basename(name).startsWith('journal.db')) continue;
    assertKept(join(folder, name), readFileSync(join(folder, name)));
  }
}

/** As it is, in JSON, in percent encoding, and in base64 wherever it stands in what was encoded. */
function formsOf(canary: string): readonly string[] {
  const bytes = Buffer.from(canary);
  const encoded = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const [first = 0, last] = [[0, 2, 3][before], Math.floor(((before + bytes.length) * 8) / 6)];
    const inner = text.slice(first, last);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const quoted = JSON.stringify(canary).slice(1, -1);
  const ascii = quoted.replace(
    /[\u0080-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const percent = encodeURIComponent(canary);
  const form = new URLSearchParams({ '': canary }).toString().slice(1);
  // Shorter ones are in every file by chance.
  return [...new Set([canary, quoted, ascii, percent, form, ...encoded])].filter(
    ({ length }) => length >= 9,
  );
}
