/** Every route of the API and of the console's files, with every method and hostile headers. */
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { METHODS } from 'node:http';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { z } from 'zod';
import {
  agentDetailSchema,
  boardPageSchema,
  explanationSchema,
  summarySchema,
} from '../../src/api/contract/board.ts';
import { examinationSchema } from '../../src/api/contract/checks.ts';
import { mismatchSchema } from '../../src/api/contract/reports.ts';
import { errorSchema, healthSchema } from '../../src/api/contract/common.ts';
import { openApi as describeApi } from '../../src/api/openapi.ts';
import type { Random } from '../../src/lib/random.ts';
import type { ApiBench } from './api-bench.ts';
import { openApi } from './api-bench.ts';
import { below, damaged, damagedJson, hostileWord, jsonSeed, pick } from './hostile-text.ts';
import type { Target } from './trial.ts';
import { Broken, check } from './trial.ts';

/** The paths that the API describes, and those of the console. */
export const API_PATHS: readonly string[] = [
  ...Object.keys(z.record(z.string(), z.unknown()).parse(describeApi('0.0.0')['paths'])),
  '/v1/openapi.json',
];

const FILE_PATHS = ['/', '/index.html', '/icon.svg', '/assets/main-0.js', '/assets/', '/nothing'];

/** The stream never ends, so it is asked for over real sockets only. */
const STREAM = '/v1/stream';

const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  '/v1/agents': boardPageSchema,
  '/v1/agents/{id}': agentDetailSchema,
  '/v1/agents/{id}/explanation': explanationSchema,
  '/v1/summary': summarySchema,
  '/v1/health': healthSchema,
  '/v1/checks': examinationSchema,
  '/v1/reports/mismatch': mismatchSchema,
};

const IDS = ['a-001', 'a-039', 'a-999'];
const TIMES = ['2026-01-05T08:00:00Z', '2026-01-05T09:00:00+01:00', '9999-12-31T23:59:59.999Z'];
const BODY_SEEDS = [jsonSeed({ name: 'x', limit: 1 }), jsonSeed([1, 2, 3])];
const BODY_TYPES = [
  'application/json',
  'application/json; charset=utf-7',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'a/b;c',
  '',
];

const HEADERS = [
  'accept',
  'accept-encoding',
  'range',
  'if-none-match',
  'if-modified-since',
  'origin',
  'cookie',
  'x-forwarded-host',
  'x-forwarded-for',
  'x-http-method-override',
  'upgrade',
  'content-encoding',
  'expect',
  'authorization',
] as const;

const HEADER_VALUES = [
  '*',
  'bytes=0-0,1-2,-9999999999999999999',
  'bytes=5-1',
  'Wed, 99 Foo 2026 99:99:99 GMT',
  'null',
  'https://evil.example',
  'DELETE',
  'websocket',
  'gzip, deflate, br, *;q=0',
  'x'.repeat(4_000),
];

interface Asked {
  readonly method: string;
  readonly url: string;
  /** The path's description, where the answer is known by it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const askedSchema = z.object({
  method: z.string(),
  url: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().exactOptional(),
});

const USUAL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

function asked(random: Random): Asked {
  const path = pick(
    random,
    [...API_PATHS, ...API_PATHS, ...FILE_PATHS].filter((one) => one !== STREAM),
  );
  const method =
    random.next() < 0.6 ? 'GET' : pick(random, random.next() < 0.8 ? USUAL_METHODS : INJECTABLE);
  const headers: Record<string, string> = { host: hostOf(random) };
  for (let i = below(random, 3); i > 0; i -= 1) {
    headers[pick(random, HEADERS)] =
      random.next() < 0.5 ? pick(random, HEADER_VALUES) : plain(hostileWord(random));
  }
  const url = urlOf(random, path);
  if (method === 'GET' || method === 'HEAD') return { method, url, path, headers };
  headers['content-type'] = pick(random, BODY_TYPES);
  return { method, url, path, headers, body: damagedJson(random, BODY_SEEDS) };
}

/** CONNECT and those that this client refuses to send are sent as bytes below. */
const INJECTABLE = METHODS.filter((method) => method !== 'CONNECT');

function hostOf(random: Random): string {
  if (random.next() < 0.9) return pick(random, ['127.0.0.1', 'localhost:8430', '127.0.0.1:0']);
  return plain(
    damaged(random, ['127.0.0.1', 'localhost', 'evil.example', '[::1]:80']).slice(0, 2_000),
  );
}

/** A header holds neither control characters nor anything beyond Latin-1. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?');
}

function urlOf(random: Random, path: string): string {
  const id = random.next() < 0.4 ? pick(random, IDS) : damaged(random, IDS).slice(0, 3_000);
  const coded = random.next() < 0.8 ? encoded(id) : id;
  let url = path.replace('{id}', () => coded);
  if (random.next() < 0.15)
    url = damaged(random, [url, '/%2e%2e/', '/assets/..%2f..%2f']).slice(0, 3_000);
  if (random.next() < 0.6) url += `?${query(random)}`;
  return url.startsWith('/') ? url : `/${url}`;
}

function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString('utf8'));
}

function query(random: Random): string {
  const pairs: string[] = [];
  for (let i = 1 + below(random, 3); i > 0; i -= 1) {
    const name = pick(random, ['limit', 'cursor', 'at', 'at', 'limit', '__proto__', 'limit[]', '']);
    const value =
      random.next() < 0.3
        ? pick(random, [...TIMES, '10', '1000', 'a-010'])
        : damaged(random, [...TIMES, '10', 'a-010', '-1', '1e3', 'NaN']).slice(0, 3_000);
    pairs.push(`${name}=${random.next() < 0.8 ? encoded(value) : value}`);
  }
  return pairs.join(random.next() < 0.95 ? '&' : ';');
}

function injected(): Target {
  let bench: ApiBench | undefined;
  return {
    name: 'api/routes',
    covers: [
      'server.ts',
      'problem.ts',
      'reader.ts',
      'openapi.ts',
      'examination.ts',
      'mismatch.ts',
      'contract/reports.ts',
      'routes/reports.ts',
      'routes/agents.ts',
      'routes/checks.ts',
      'routes/operations.ts',
      'contract/board.ts',
      'contract/checks.ts',
      'contract/common.ts',
    ].map((file) => `src/api/${file}`),
    inputs: 5_000,
    async open(): Promise<() => Promise<void>> {
      const opened = await openApi();
      bench = opened;
      const before = opened.fingerprint();
      return async () => {
        const after = opened.fingerprint();
        await opened.close();
        if (after !== before) throw new Broken('requests changed the state');
      };
    },
    text: (random) => JSON.stringify(asked(random)),
    async read(text): Promise<void> {
      const request = askedSchema.parse(JSON.parse(text));
      const { path: _path, body, ...rest } = request;
      // What the injecting client itself cannot put into a request is sent as bytes below.
      if (!URL.canParse(request.url, 'http://localhost')) return;
      const options = { ...rest, ...(body === undefined ? {} : { payload: body }) };
      const answer = await bench?.server.inject(options as InjectOptions);
      if (answer === undefined) throw new Broken('no answer');
      judge(request, answer, bench?.lastError() ?? 'none');
    },
  };
}

function judge(request: Asked, answer: LightMyRequestResponse, cause: string): void {
  const { statusCode, headers, body } = answer;
  const isReady = request.path === '/readyz' && statusCode === 503;
  check(statusCode < 500 || isReady, `answered ${statusCode} (${cause})`);
  check(!/\bat .*\/src\/|node_modules/.test(body.slice(0, 10_000)), 'no insides get out');
  if (request.method === 'HEAD') return check(body === '', 'HEAD has no body');
  if (statusCode >= 400 && !isReady) {
    check(isProblem(body), `a refusal ${statusCode} is a problem, not ${body.slice(0, 120)}`);
  }
  if (statusCode !== 304 && statusCode !== 204) {
    check(headers['x-content-type-options'] === 'nosniff', `security headers on ${statusCode}`);
  }
  const schema = ANSWERS[request.path];
  const isPlain = request.url.startsWith(request.path.split('{')[0] ?? '');
  if (statusCode !== 200 || schema === undefined || !isPlain || request.url.includes('openapi'))
    return;
  if (request.method === 'GET') check(isAny(body), `the contract's answer: ${body.slice(0, 80)}`);
}

/** A damaged path may lead to another route, so any of the contract's answers will do. */
function isAny(body: string): boolean {
  const value: unknown = JSON.parse(body);
  return Object.values(ANSWERS).some((schema) => schema.safeParse(value).success);
}

function isProblem(body: string): boolean {
  try {
    return errorSchema.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}

const RAW = [
  'GET /v1/agents?limit=2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n',
  'HEAD /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
  'GET /v1/stream HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  'GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x02{}',
  'POST /v1/agents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{"a":',
  'POST /v1/agents HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  'GET http://evil.example/v1/agents HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
];

const RAW_MS = 2_000;

function raw(): Target {
  let bench: ApiBench | undefined;
  let port = 0;
  return {
    name: 'api/sockets',
    covers: ['src/api/server.ts', 'src/api/stream/stream.ts'],
    inputs: 1_500,
    async open(): Promise<() => Promise<void>> {
      const opened = await openApi();
      bench = opened;
      await opened.server.listen({ host: '127.0.0.1', port: 0 });
      const address: AddressInfo | string | null = opened.server.server.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
      const before = opened.fingerprint();
      return async () => {
        const after = opened.fingerprint();
        await opened.close();
        if (after !== before) throw new Broken('requests changed the state');
      };
    },
    text: (random) => damaged(random, RAW),
    async read(text): Promise<void> {
      const answered = say(port, text);
      bench?.clock.advance(100);
      const heard = await answered;
      for (const [, status] of heard.matchAll(/^HTTP\/1\.1 (\d{3})/gm)) {
        const cause = bench?.lastError() ?? 'none';
        const isFine = Number(status) < 500 || heard.includes('"degraded"');
        check(isFine, `answered ${status} (${cause})`);
      }
      check(!/\bat .*\/src\/|node_modules/.test(heard), 'no insides get out');
    },
  };
}

/** Sends the bytes and gives back what was heard until the end, or until a stream has begun. */
function say(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1');
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Broken(`no end within ${RAW_MS} ms: ${heard.slice(0, 80)}`));
    }, RAW_MS);
    socket.on('data', (chunk) => {
      heard = (heard + chunk.toString('latin1')).slice(0, 100_000);
      if (heard.includes('text/event-stream')) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(heard);
    });
    socket.end(text, 'latin1');
  });
}

export const API_TARGETS: readonly Target[] = [injected(), raw()];
