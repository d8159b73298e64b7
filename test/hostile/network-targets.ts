/**
 * What needs a peer on a real socket: answers of HTTP and of WebSockets byte by byte, and the
 * command line against a service that is none.
 */
import { createHash } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { EXIT } from '../../src/cli/cli.ts';
import { main } from '../../src/cli/verbs.ts';
import { createHttp } from '../../src/connectors/kit/http.ts';
import type { Http } from '../../src/connectors/kit/http.ts';
import { createSockets } from '../../src/connectors/kit/socket.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { ExchangeError } from '../../src/lib/exchange.ts';
import { damaged, damagedJson, jsonSeed } from './hostile-text.ts';
import type { Target } from './trial.ts';
import { Broken, check } from './trial.ts';

const ANSWERS = [
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nset-cookie: a=b\r\nset-cookie: c=d\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.1 301 Moved\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00',
];

/** A raw server that says the same bytes to everybody, and its port. */
async function rawServer(
  say: (heard: string) => string,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (chunk) => socket.end(say(chunk.toString('latin1')), 'latin1'));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server.address()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('the server listens nowhere');
}

function httpAnswers(): Target {
  let said = '';
  let http: Http | undefined;
  let url = '';
  return {
    name: 'kit/http-answers',
    covers: ['http.ts', 'http-transfer.ts', 'http-body.ts', 'egress.ts'].map(kit),
    inputs: 1_200,
    refuses: (error) => error instanceof ExchangeError,
    async open(): Promise<() => Promise<void>> {
      const server = await rawServer(() => said);
      url = `http://127.0.0.1:${server.port}/x`;
      const limits = { bodyBytes: 4_194_304, timeoutMs: 500, headerBytes: 16_384 };
      const opened = createHttp({ clock: systemClock(), allowed: [new URL(url).origin], limits });
      http = opened;
      return async () => {
        await opened.close();
        await server.close();
      };
    },
    text: (random) => damaged(random, ANSWERS),
    async read(text): Promise<void> {
      said = text;
      const answer = await http?.exchange({ method: 'GET', url, headers: {} });
      check(answer !== undefined && Number.isInteger(answer.status), 'an answer has a status');
      check((answer?.body.length ?? 0) <= 4_194_304, 'a body is bounded');
    },
  };
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The handshake that belongs to the request, then the bytes. */
function handshake(heard: string, bytes: string): string {
  const key = /sec-websocket-key: (\S+)/i.exec(heard)?.[1] ?? '';
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n${bytes}`;
}

const FRAMES = [
  '\x81\x02{}',
  '\x81\x7e\x00\x80' + 'x'.repeat(128),
  '\x01\x01{\x80\x01}',
  '\x88\x02\x03\xe8',
  '\x89\x00\x8a\x00',
  '\x82\x03\x00\x01\x02',
  '\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff',
];

function socketFrames(): Target {
  let said = '';
  let url = '';
  const sockets = (): ReturnType<typeof createSockets> =>
    createSockets({ allowed: [url.replace(/^ws/, 'http')] });
  return {
    name: 'kit/socket-frames',
    covers: ['socket.ts', 'egress.ts'].map(kit),
    inputs: 800,
    async open(): Promise<() => Promise<void>> {
      // A text that begins like an answer is said in place of the handshake.
      const server = await rawServer((heard) =>
        said.startsWith('H') ? said : handshake(heard, said),
      );
      url = `ws://127.0.0.1:${server.port}`;
      return () => server.close();
    },
    text: (random) =>
      random.next() < 0.8
        ? damaged(random, FRAMES)
        : damaged(random, [handshake('sec-websocket-key: x', '\x81\x02{}'), ...ANSWERS]),
    async read(text): Promise<void> {
      said = text;
      let closes = 0;
      let heard = 0;
      await new Promise<void>((resolve) => {
        sockets().open(
          { url, headers: {}, maxPayloadBytes: 65_536 },
          {
            onOpen: () => undefined,
            onText: (one) => {
              heard = Math.max(heard, one.length);
            },
            onClose: () => {
              closes += 1;
              resolve();
            },
          },
        );
      });
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      check(closes === 1, 'a socket closes exactly once (S3)');
      check(heard <= 65_536, 'a frame is bounded (S4)');
    },
  };
}

const SUMMARY = jsonSeed({
  serverTime: 1,
  agents: 2,
  inStep: 1,
  moving: 1,
  blocked: 0,
  unknown: 0,
  delays: [{ from: 'five9', to: 'teams', meanMs: 1.5, p95Ms: null, count: 1 }],
  quotaUsed: 0.1,
  bytesPerAgentSecond: null,
  platforms: [{ platform: 'five9', label: 'Five9', state: 'live', detail: 'Live.' }],
});

const EXPLANATION = jsonSeed({
  agent: 'a-1',
  name: 'Ann',
  at: 1_767_225_600_000,
  past: false,
  sentence: 'Ann is in a call.',
  facts: [
    {
      platform: 'five9',
      says: 'In a call',
      raw: 'ON_CALL',
      cause: 'call',
      certainty: 'certain',
      ageMs: 5,
      since: 7,
      counts: true,
    },
  ],
  decisions: [
    { platform: 'teams', desired: 'in_call', rule: 'call', because: 'x', shown: 'busy', marks: [] },
  ],
  trace: ['x'],
  policyVersion: '1',
});

/** `lockstep status` and `explain` ask whatever listens at the address that they were given. */
function serviceAnswers(): Target {
  let said = '';
  let url = '';
  return {
    name: 'cli/answers',
    covers: ['src/cli/client.ts', 'src/cli/status.ts', 'src/cli/explain.ts'],
    inputs: 200,
    async open(): Promise<() => Promise<void>> {
      const server = createHttpServer((_request, response) => {
        const status = [200, 200, 200, 404, 500][said.length % 5] ?? 200;
        response.writeHead(status, { connection: 'close' }).end(said);
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      url = `http://127.0.0.1:${portOf(server.address())}`;
      return () =>
        new Promise((resolve) => {
          server.close(() => resolve());
        });
    },
    text: (random) => damagedJson(random, random.next() < 0.5 ? [SUMMARY] : [EXPLANATION]),
    async read(text): Promise<void> {
      said = text;
      for (const args of [['status'], ['explain', 'a-1'], ['explain', 'a-1', '--json']]) {
        const told: string[] = [];
        const code = await main([...args, '--url', url], {
          out: (line) => void told.push(line),
          err: (line) => void told.push(line),
          stopped: () => Promise.resolve(),
        });
        if (code === EXIT.internal)
          throw new Broken(`exit code 1: ${told.join(' ').slice(0, 120)}`);
      }
    },
  };
}

function kit(file: string): string {
  return `src/connectors/kit/${file}`;
}

export const NETWORK_TARGETS: readonly Target[] = [httpAnswers(), socketFrames(), serviceAnswers()];
