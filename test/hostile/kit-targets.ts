/** What every platform shares: headers, bodies, addresses; and the small readers of src/lib. */
import { deflateRawSync, gzipSync } from 'node:zlib';
import { ConnectorError } from '../../src/connectors/connector.ts';
import { outcomeOfError, outcomeOfStatus } from '../../src/connectors/kit/classify.ts';
import {
  createEgress,
  guardedLookup,
  isLoopback,
  isPublicAddress,
} from '../../src/connectors/kit/egress.ts';
import { textOf } from '../../src/connectors/kit/http-body.ts';
import { retryAfterMs } from '../../src/connectors/kit/retry-after.ts';
import { ExchangeError } from '../../src/lib/exchange.ts';
import { formatDuration, parseDuration } from '../../src/lib/duration.ts';
import { asJson, canonical } from '../../src/lib/json.ts';
import { damaged, damagedJson, jsonSeed } from './hostile-text.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const NOW = Date.UTC(2026, 0, 5, 8);

const retryAfter: Target = {
  name: 'kit/retry-after',
  covers: ['retry-after.ts', 'classify.ts'].map(kit),
  inputs: 80_000,
  text: (random) => damaged(random, ['120', '1.5', '1e3', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1']),
  read(text): void {
    const wait = retryAfterMs(text, NOW);
    check(wait === undefined || (wait >= 1_000 && wait <= 3_600_000), 'a wait is 1 s to 1 h');
    check(wait === undefined || Number.isInteger(wait), 'a wait is whole milliseconds');
    const status = 200 + (text.length % 400);
    const response = { status, headers: { 'retry-after': text }, body: text };
    const outcome = outcomeOfStatus(response, NOW);
    check(outcome.kind !== 'accepted' || status < 300, 'only a success is accepted');
    const failed = outcomeOfError(new ExchangeError('reset', true, 'x'));
    check(failed.kind === 'ambiguous', 'what was sent may have had an effect (X1)');
  },
};

const EGRESS = createEgress({
  allowed: ['https://graph.microsoft.com', 'https://*.five9.com', 'https://app.five9.com:8443'],
});

const URLS = [
  'https://graph.microsoft.com/v1.0/users',
  'https://app.five9.com:8443/x',
  'https://a.b.five9.com/',
  'http://127.0.0.1:9005/',
  'wss://app.five9.com/socket',
  'https://graph.microsoft.com@evil.example/',
  'https://evilfive9.com/',
  'https://[::ffff:127.0.0.1]/',
];

const addresses: Target = {
  name: 'kit/egress',
  covers: ['egress.ts', 'socket.ts', 'http.ts'].map(kit),
  inputs: 70_000,
  text: (random) => damaged(random, URLS),
  read(text): void {
    if (!URL.canParse(text)) return;
    const url = new URL(text);
    if (!EGRESS.permits(url)) return;
    check(url.protocol === 'https:', 'nothing travels in the clear');
    check(url.username === '' && url.password === '', 'no name and no password in an address');
    const isListed =
      url.origin === 'https://graph.microsoft.com' || url.hostname.endsWith('.five9.com');
    check(isListed, `on the list: ${url.origin}`);
    check(!isLoopback(url.hostname), 'not this machine');
  },
};

const patterns: Target = {
  name: 'kit/egress-patterns',
  covers: ['egress.ts'].map(kit),
  inputs: 40_000,
  refuses: (error) => error instanceof ConnectorError,
  text: (random) => damaged(random, ['https://*.five9.com', 'https://a.example:8443', ...URLS]),
  read(text): void {
    const egress = createEgress({ allowed: [text] });
    check(!egress.permits(new URL('https://unrelated.example/')), 'a pattern opens no other host');
  },
};

const lookups: Target = {
  name: 'kit/lookup',
  covers: ['egress.ts'].map(kit),
  inputs: 60_000,
  text: (random) =>
    damaged(random, [
      '127.0.0.1',
      '10.0.0.1',
      '::1',
      '::ffff:10.0.0.1',
      'fe80::1%eth0',
      '8.8.8.8',
      '64:ff9b::a00:1',
    ]),
  read(text): void {
    isPublicAddress(text);
    const lookup = guardedLookup(EGRESS, (_name, _options, done) =>
      done(null, [{ address: text, family: 4 }]),
    );
    lookup('app.five9.com', {}, (error, address) => {
      if (error !== null || typeof address !== 'string') return;
      check(!/^(?:127|10|192\.168|169\.254|0)\./.test(address), `public: ${address}`);
    });
  },
};

const LIMITS = { timeoutMs: 1_000, bodyBytes: 4 * 1024 * 1024, headerBytes: 1_024 };
const PLAIN = JSON.stringify({ value: [{ id: 'x', availability: 'Away' }] });
/** As latin1 text, one character a byte, so that it is damaged like any other text. */
const ZIPPED = [
  gzipSync(PLAIN),
  gzipSync(Buffer.alloc(8 * 1024 * 1024)),
  deflateRawSync(PLAIN),
  Buffer.from(`\ufeff${PLAIN}`),
  Buffer.concat([gzipSync(PLAIN), gzipSync('more')]),
].map((bytes) => bytes.toString('latin1'));

const bodies: Target = {
  name: 'kit/http-body',
  covers: ['http-body.ts'].map(kit),
  inputs: 1_000,
  refuses: (error) => error instanceof ExchangeError,
  text: (random) => damaged(random, ZIPPED),
  async read(text): Promise<void> {
    const encoding = text.length % 7 === 0 ? 'br' : 'gzip';
    const headers = { 'content-encoding': encoding };
    const answer = { status: 200, headers, body: Buffer.from(text, 'latin1') };
    const body = await textOf(answer, LIMITS);
    check(body.length <= LIMITS.bodyBytes, 'a body is bounded after it was unpacked');
  },
};

const durations: Target = {
  name: 'lib/duration',
  covers: ['src/lib/duration.ts'],
  inputs: 100_000,
  text: (random) => damaged(random, ['90s', '1h30m', '1d2h3m4s5ms', '0.29s', '500ms', '366d']),
  read(text): void {
    const ms = parseDuration(text);
    if (ms === undefined) return;
    check(Number.isInteger(ms) && ms >= 0 && ms <= 366 * 86_400_000, 'whole ms of at most a year');
    check(parseDuration(formatDuration(ms)) === ms, 'it reads back');
  },
};

const canonicals: Target = {
  name: 'lib/json',
  covers: ['src/lib/json.ts'],
  inputs: 20_000,
  // Nesting of some thousands is more than the stack holds. Only our own data, which has a known
  // shape, and bodies from the journal come here.
  refuses: (error) => error instanceof RangeError,
  text: (random) =>
    damagedJson(random, [jsonSeed({ b: [1, { c: null }], a: 'x' }), jsonSeed([1.5, 'y', true])]),
  read(text): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    const once = canonical(asJson(value));
    check(canonical(asJson(JSON.parse(once))) === once, 'canonical text is canonical');
  },
};

function kit(file: string): string {
  return `src/connectors/kit/${file}`;
}

export const KIT_TARGETS: readonly Target[] = [
  retryAfter,
  addresses,
  patterns,
  lookups,
  bodies,
  durations,
  canonicals,
];
