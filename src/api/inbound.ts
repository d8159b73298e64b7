/**
 * The listener for what platforms send to us: apart from the console, for it faces the internet. It
 * knows no platform; the connectors know their own addresses.
 *
 * I1  A body is read only when a connector asks for it, up to a limit and for a limited time.
 * I2  Nothing of a request is ever shown as a page.
 * I3  Only who is answered well keeps the connection: others cannot hold it without asking again.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Connector, InboundAnswer, InboundRequest } from '../connectors/connector.ts';

/** The part of a connector that answers its platform. */
type Receiver = Pick<Connector, 'receive'>;

export interface InboundParts {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly connectors: readonly Receiver[];
  /** Within this a whole request has to come, ms. */
  readonly timeoutMs?: number;
  /** How long an answer took, ms, and its status. */
  readonly answered?: (ms: number, status: number) => void;
}

export interface Inbound {
  readonly url: string;
  close(): Promise<void>;
}

/** The vendor may repeat a filter of 650 ids (26 KB) in every item of a collection. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 1_000;
/** Something of ours failed: the platform tries again. */
const FAILED: InboundAnswer = { status: 500 };

/** Rejects when the address is not free. */
export async function listenForPlatforms(parts: InboundParts): Promise<Inbound> {
  const { timeoutMs = TIMEOUT_MS } = parts;
  const server = createServer(
    {
      requestTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      // Else it is looked after only every 30 s.
      connectionsCheckingInterval: Math.ceil(timeoutMs / 10),
      keepAliveTimeout: 60_000,
    },
    (request, response) => void serve(parts, request, response),
  );
  server.maxConnections = CONNECTIONS_MAX;
  await listening(server, parts);
  // A connection that could not be taken, for want of file handles: the next one may be.
  server.on('error', () => undefined);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : parts.port;
  return {
    url: `http://${parts.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, { host, port }: InboundParts): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function serve(
  { connectors, answered }: InboundParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const began = performance.now();
  const { status, text = '' } = await answerOf(connectors, request).catch(() => FAILED);
  const isWell = request.complete && (status < 400 || status === 503);
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    // What was not read is not waited for.
    ...(isWell ? {} : { connection: 'close' }),
  });
  response.end(text);
  answered?.(performance.now() - began, status);
}

async function answerOf(
  connectors: readonly Receiver[],
  request: IncomingMessage,
): Promise<InboundAnswer> {
  const inbound = readRequest(request);
  if (inbound === undefined) return { status: 400 };
  for (const connector of connectors) {
    const answer = await connector.receive?.(inbound);
    if (answer !== undefined && answer.status !== 404) return answer;
  }
  return { status: 404 };
}

function readRequest(request: IncomingMessage): InboundRequest | undefined {
  const { method = '', url = '' } = request;
  if (!URL.canParse(url, 'http://localhost')) return undefined;
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const { authorization } = request.headers;
  return {
    method,
    path: pathname,
    query: searchParams,
    ...(authorization === undefined ? {} : { authorization }),
    body: () => bodyOf(request),
  };
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_MAX_BYTES) chunks.push(chunk);
      else {
        request.pause();
        reject(new RangeError(`a body of more than ${BODY_MAX_BYTES} bytes`));
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the body did not come')));
  });
}
