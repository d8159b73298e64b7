/**
 * Forged, replayed, oversized and malformed notifications: changes done to a valid post, each with a
 * name. The post has the victim's item in front and a valid neighbour behind it.
 */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  CLIENT,
  createSealer,
  createSigner,
  itemOf,
  presenceText,
  type Sealer,
  type SealHow,
  type Signer,
} from '../../src/connectors/teams/push/fixtures/graph-notices.ts';
import { nearTexts } from './near-texts.ts';

export const VICTIM = 'aaaaaaaa-0000-4000-8000-000000000001';
export const NEIGHBOUR = 'aaaaaaaa-0000-4000-8000-000000000002';
export const OURS = { subscriptionId: 'sub-1', clientState: 'state-of-sub-1' } as const;
export const SECOND = { subscriptionId: 'sub-2', clientState: 'state-of-sub-2' } as const;
export const PATH = '/secret-path';

/**
 * What has to come of it: `forged` – the victim is not even announced, the neighbour is; `hint` – both
 * are announced, the victim's content is not used; `refused` – nothing, with the status.
 */
export type Expected = 'forged' | 'hint' | { readonly status: number };

export interface Forgery {
  readonly name: string;
  readonly expected: Expected;
  readonly body: string;
  readonly path?: string;
  readonly method?: string;
  readonly query?: string;
}

export interface Forger {
  readonly sealer: Sealer;
  readonly signer: Signer;
  readonly token: string;
  /** Epoch s. */
  readonly now: number;
}

type Item = Record<string, unknown>;

export async function createForger(now: number): Promise<Forger> {
  const signer = await createSigner();
  return { sealer: createSealer(), signer, now, token: await signer.token({ now }) };
}

/** As Graph would post it. */
export function validItem(forger: Forger, account: string, stamp: string): Item {
  return itemOf(account, OURS, forger.sealer.seal(presenceText(account, 'Busy/Busy', stamp)));
}

export async function forgeries(forger: Forger): Promise<readonly Forgery[]> {
  return [
    ...identities(forger),
    ...contents(forger),
    ...seals(forger),
    ...says(forger),
    ...(await tokens(forger)),
    ...accounts(forger),
    ...items(forger),
    ...collections(forger),
    ...addresses(forger),
    ...large(forger),
  ];
}

function withVictim(
  forger: Forger,
  victim: unknown,
  more: { readonly validationTokens?: unknown } = {},
): string {
  const neighbour = itemOf(NEIGHBOUR, OURS);
  return JSON.stringify({ value: [victim, neighbour], validationTokens: [forger.token], ...more });
}

function identities(forger: Forger): readonly Forgery[] {
  const valid = validItem(forger, VICTIM, '7');
  const event = { ...OURS, lifecycleEvent: 'subscriptionRemoved' };
  return (['clientState', 'subscriptionId'] as const).flatMap((field) =>
    Object.entries(nearTexts(OURS[field], SECOND[field])).flatMap(([how, value]) =>
      Object.entries({ change: valid, event }).map(([of, item]) => ({
        name: `${of}: ${field} ${how}`,
        expected: 'forged' as const,
        body: withVictim(forger, { ...item, [field]: value }),
      })),
    ),
  );
}

function flipped(text: string, at: number): string {
  const bytes = Buffer.from(text, 'base64');
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = (bytes[place] ?? 0) ^ 0x40;
  return bytes.toString('base64');
}

/** Damage to sealed content after it was sealed. */
function contents(forger: Forger): readonly Forgery[] {
  const valid = forger.sealer.seal(presenceText(VICTIM, 'Busy/Busy', '7'));
  const other = forger.sealer.seal(presenceText(VICTIM, 'Away/Away', '8'));
  const ways = (field: keyof typeof valid): Readonly<Record<string, unknown>> => ({
    missing: undefined,
    null: null,
    number: 5,
    list: [valid[field]],
    empty: '',
    'one letter': 'A',
    'no base64': '!!!!',
    'first byte flipped': flipped(valid[field], 0),
    'last byte flipped': flipped(valid[field], -1),
    'cut in half': valid[field].slice(0, valid[field].length / 2),
    zeros: Buffer.alloc(48).toString('base64'),
    'too long': 'A'.repeat(70_000),
    'that of another item': field === 'encryptionCertificateId' ? 'other' : other[field],
  });
  const fields = ['data', 'dataKey', 'dataSignature', 'encryptionCertificateId'] as const;
  return fields.flatMap((field) =>
    Object.entries(ways(field)).map(([how, value]) => ({
      name: `content: ${field} ${how}`,
      expected: 'hint' as const,
      body: withVictim(forger, itemOf(VICTIM, OURS, { ...valid, [field]: value })),
    })),
  );
}

/** Content that was never sealed as the vendor does. */
function seals(forger: Forger): readonly Forgery[] {
  const text = presenceText(VICTIM, 'Busy/Busy', '7');
  const ways: Readonly<Record<string, SealHow>> = {
    'OAEP with SHA-256': { oaepHash: 'sha256' },
    'PKCS 1': { padding: 1 },
    'a key of 16 bytes': { secret: randomBytes(16) },
    'a key of 31 bytes': { secret: randomBytes(31) },
    'a key of 33 bytes': { secret: randomBytes(33) },
    'a label of nobody': { label: 'label-9' },
    'a label that is a prototype': { label: '__proto__' },
  };
  const stranger = createSealer(forger.sealer.label).seal(text);
  return [
    ...Object.entries(ways).map(([how, way]) => [how, forger.sealer.seal(text, way)] as const),
    ['the key of a stranger', stranger] as const,
  ].map(([how, sealed]) => ({
    name: `seal: ${how}`,
    expected: 'hint' as const,
    body: withVictim(forger, itemOf(VICTIM, OURS, sealed)),
  }));
}

/** Sealed well, and of no use. The last read has the stamp 5. */
function says(forger: Forger): readonly Forgery[] {
  const texts: Readonly<Record<string, string>> = {
    'no JSON': '{',
    nothing: ' ',
    null: 'null',
    'a list': `[${presenceText(VICTIM, 'Busy/Busy', '7')}]`,
    'a text': JSON.stringify(VICTIM),
    'somebody else': presenceText(NEIGHBOUR, 'Busy/Busy', '7'),
    'nobody who is watched': presenceText('x', 'Busy/Busy', '7'),
    'no id': '{"availability":"Busy","activity":"Busy","sequenceNumber":"7"}',
    'an id that is a list': `{"id":["${VICTIM}"],"sequenceNumber":"7"}`,
    'no stamp': presenceText(VICTIM, 'Busy/Busy'),
    'an empty stamp': presenceText(VICTIM, 'Busy/Busy', ''),
    'an older stamp': presenceText(VICTIM, 'Busy/Busy', '4'),
    'the stamp of the last read': presenceText(VICTIM, 'Busy/Busy', '5'),
    'a stamp that never ends': presenceText(VICTIM, 'Busy/Busy', '9'.repeat(500)),
    'a stamp that is a number': `{"id":"${VICTIM}","availability":"Busy","sequenceNumber":7}`,
    'a stamp that is null': `{"id":"${VICTIM}","availability":"Busy","sequenceNumber":null}`,
  };
  return Object.entries(texts).map(([what, text]) => ({
    name: `says: ${what}`,
    expected: 'hint' as const,
    body: withVictim(forger, itemOf(VICTIM, OURS, forger.sealer.seal(text))),
  }));
}

async function tokens(forger: Forger): Promise<readonly Forgery[]> {
  const { signer, now, token } = forger;
  const stranger = await createSigner('kid-9');
  const claims: Readonly<Record<string, Item>> = {
    'another audience': { aud: 'x' },
    'no audience': { aud: undefined },
    'an audience in a list of others': { aud: ['x', 'y'] },
    'another tenant': { iss: 'https://sts.windows.net/22222222-2222-4333-8444-555555555555/' },
    'another host': { iss: `https://evil.test/${CLIENT}/v2.0` },
    'no issuer': { iss: undefined },
    'another application': { appid: CLIENT },
    'no application': { appid: undefined },
    'azp in the first version': { appid: undefined, azp: '0bf30f3b-4a52-48df-9a82-234910c4a086' },
    'appid in the second version': { ver: '2.0' },
    'another azp': { ver: '2.0', azp: CLIENT },
    'an application in a list': { appid: ['0bf30f3b-4a52-48df-9a82-234910c4a086'] },
    'an end in the past': { exp: now - 1_000 },
    'no end': { exp: undefined },
    'an end that is a text': { exp: String(now + 1_000) },
    'a beginning in the future': { nbf: now + 1_000 },
    'no beginning': { nbf: undefined },
  };
  const made: (readonly [string, unknown])[] = [];
  for (const [what, each] of Object.entries(claims)) {
    made.push([what, [await signer.token({ now, claims: each })]]);
  }
  const [head = '', payload = '', signature = ''] = token.split('.');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const pem = signer.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const withPublicKey = await new SignJWT({ aud: CLIENT })
    .setProtectedHeader({ alg: 'HS256', kid: signer.kid })
    .sign(Buffer.from(pem));
  const lists: Readonly<Record<string, unknown>> = {
    none: undefined,
    null: null,
    'an empty list': [],
    'one text': token,
    'a number': [7],
    'an empty text': [''],
    'too many': Array.from({ length: 65 }, () => token),
    'too long': [`${token}${'x'.repeat(20_000)}`],
    'alg none': [`${part({ alg: 'none', kid: signer.kid })}.${payload}.`],
    'alg None with a signature': [
      `${part({ alg: 'None', kid: signer.kid })}.${payload}.${signature}`,
    ],
    'HS256 with the public key': [withPublicKey],
    'a key of a stranger under our id': [
      await stranger.token({ now, header: { kid: signer.kid } }),
    ],
    'a key id of nobody': [await stranger.token({ now })],
    'no key id': [`${part({ alg: 'RS256' })}.${payload}.${signature}`],
    'a key of its own': [
      `${part({ alg: 'RS256', kid: signer.kid, jwk: {} })}.${payload}.${signature}`,
    ],
    'no signature': [`${head}.${payload}.`],
    'another payload': [`${head}.${part({ aud: CLIENT })}.${signature}`],
    'two parts': [`${head}.${payload}`],
    'four parts': [`${token}.x`],
    'five parts': [`${token}.x.y`],
    'a good one and a bad one': [token, `${head}.${payload}.`],
    'a bad one and a good one': ['x', token],
  };
  made.push(...Object.entries(lists));
  const victim = validItem(forger, VICTIM, '7');
  return made.map(([what, validationTokens]) => ({
    name: `token: ${what}`,
    expected: 'hint' as const,
    body: withVictim(forger, victim, { validationTokens }),
  }));
}

function accounts(forger: Forger): readonly Forgery[] {
  const valid = validItem(forger, VICTIM, '7');
  const filter = `communications/presences?$filter=id in ('${VICTIM}')`;
  const ids = [
    'x',
    '',
    'x'.repeat(200),
    7,
    null,
    [VICTIM],
    `${VICTIM} `,
    `'${VICTIM}'`,
    '__proto__',
  ];
  return ids.map((id) => ({
    name: `account: ${JSON.stringify(id).slice(0, 20)}`,
    expected: 'forged' as const,
    body: withVictim(forger, { ...valid, resource: filter, resourceData: { id } }),
  }));
}

function items(forger: Forger): readonly Forgery[] {
  const odd = [
    null,
    true,
    0,
    '',
    'x',
    [],
    {},
    [[]],
    [OURS],
    { value: [OURS] },
    { __proto__: OURS },
  ];
  return odd.map((item, n) => ({
    name: `item: ${n} ${JSON.stringify(item).slice(0, 20)}`,
    expected: 'forged' as const,
    body: withVictim(forger, item),
  }));
}

function collections(forger: Forger): readonly Forgery[] {
  const valid = withVictim(forger, validItem(forger, VICTIM, '7'));
  const bodies: Readonly<Record<string, string>> = {
    empty: '',
    blank: '  ',
    null: 'null',
    'a number': '7',
    'a text': JSON.stringify(valid),
    'a list': `[${valid}]`,
    'an object without items': '{}',
    'no items': '{"value":[]}',
    'items that are an object': '{"value":{"0":{}}}',
    'items that are a text': '{"value":"x"}',
    'items under another name': valid.replace('"value"', '"Value"'),
    'cut off': valid.slice(0, -10),
    'more behind it': `${valid}x`,
    'two in a row': valid + valid,
    'a mark of byte order': `\ufeff${valid}`,
    'a comma too many': valid.replace(/\}$/, ',}'),
    'a comment': `/**/${valid}`,
    'single quotes': valid.replaceAll('"', "'"),
    XML: '<value/>',
    'a form': 'value=1',
    'items that another value hides': valid.replace(/\}$/, ',"value":7}'),
    '10,001 items': JSON.stringify({ value: Array.from({ length: 10_001 }, () => OURS) }),
    deep: '['.repeat(100_000),
    'deep and whole': `{"value":${'['.repeat(5_000)}${']'.repeat(5_000)},"value":0}`,
  };
  return Object.entries(bodies).map(([what, body]) => ({
    name: `collection: ${what}`,
    expected: { status: 400 },
    body,
  }));
}

function addresses(forger: Forger): readonly Forgery[] {
  const body = withVictim(forger, validItem(forger, VICTIM, '7'));
  const paths = ['/', '', '/x', '/secret-pat', '/secret-path/', '/secret-path/x', '/Secret-path'];
  return [
    ...[...paths, '/secret-path%00', '/secret%2Dpath', 'x'.repeat(8_000)].map((path, n) => ({
      name: `address: ${n} ${path.slice(0, 20)}`,
      expected: { status: 404 },
      path,
      body,
    })),
    ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'post'].map((method) => ({
      name: `method: ${method}`,
      expected: { status: 405 },
      method,
      body,
    })),
    {
      name: 'handshake: too long',
      expected: { status: 400 },
      query: `validationToken=${'x'.repeat(2_049)}`,
      body,
    },
    {
      name: 'handshake: with a post',
      expected: { status: 200 },
      query: 'validationToken=<script>',
      body,
    },
  ];
}

const MEGA = 1024 ** 2;

/** Up to a megabyte it has to be looked at; beyond four nothing is. */
function large(forger: Forger): readonly Forgery[] {
  const wrong = { ...OURS, clientState: 'x'.repeat(40) };
  const many = Array.from({ length: 9_000 }, () => wrong);
  const padded = (size: number): Item => ({ ...wrong, padding: 'x'.repeat(size) });
  return [
    { name: 'large: 9,000 forged items', body: withMany(many) },
    {
      name: 'large: 9,000 odd items',
      body: withMany(many.map((_, n) => ({ n, x: 'y'.repeat(90) }))),
    },
    { name: 'large: a forged item of 1 MB', body: withVictim(forger, padded(MEGA)) },
    {
      name: 'large: a list in a list, 1 MB',
      body: withMany([Array.from({ length: MEGA / 2 }, () => 0)]),
    },
  ]
    .map((each): Forgery => ({ ...each, expected: 'forged' }))
    .concat({ name: 'large: 5 MB', expected: { status: 413 }, body: 'x'.repeat(5 * MEGA) });
}

function withMany(some: readonly unknown[]): string {
  return JSON.stringify({ value: [...some, itemOf(NEIGHBOUR, OURS)] });
}
