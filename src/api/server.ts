/**
 * The HTTP server: routes, the live stream and the console's files. It answers only to the host
 * names that it was told (a page elsewhere cannot reach it through DNS rebinding), allows no other
 * origin, and does nothing that a page of another origin asks for.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastify } from 'fastify';
import type { Engine } from '../engine/engine.ts';
import type { Clock } from '../lib/clock.ts';
import { Examination, type ExaminationParts } from './examination.ts';
import { refuse } from './problem.ts';
import type { Reader } from './reader.ts';
import { agentRoutes } from './routes/agents.ts';
import { checkRoutes } from './routes/checks.ts';
import type { Exposition } from './routes/operations.ts';
import { operationRoutes } from './routes/operations.ts';
import { reportRoutes } from './routes/reports.ts';
import { LiveStream } from './stream/stream.ts';

export interface ServerOptions {
  readonly engine: Engine;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly metrics: Exposition;
  readonly examine: ExaminationParts['examine'];
  /** Folder of the built console; without it only the API is served. */
  readonly webRoot?: string;
  /** Host names, without port, under which requests are answered. */
  readonly hosts: readonly string[];
  /** Told of a failure of ours behind a route. */
  readonly failed: (route: string, error: Error) => void;
}

const BODY_MAX_BYTES = 64 * 1024;

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { engine, reader, clock, metrics } = options;
  const server = fastify({
    bodyLimit: BODY_MAX_BYTES,
    forceCloseConnections: true,
    // What the router itself refuses passes no hook.
    frameworkErrors: (error, request, reply) => {
      if (isWelcome(request, reply, options.hosts)) refuseAs(reply, error.statusCode ?? 400);
    },
  });
  const stream = new LiveStream(engine, reader, clock);
  server.addHook('onRequest', (request, reply, done) => {
    if (isWelcome(request, reply, options.hosts)) done();
  });
  server.addHook('onClose', () => stream.stop());
  agentRoutes(server, reader);
  operationRoutes(server, reader, metrics);
  reportRoutes(server, reader);
  checkRoutes(server, new Examination(options));
  server.get('/v1/stream', (request, reply) => {
    if (request.method === 'HEAD') return reply.type('text/event-stream; charset=utf-8').send();
    if (!stream.add(reply.raw)) {
      return refuse(reply, 503, {
        code: 'TOO_MANY_VIEWERS',
        message: 'As many boards are open as this server serves.',
        fix: 'Close one and try again.',
      });
    }
    return reply.hijack();
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode >= 400 && statusCode < 500) return refuseAs(reply, statusCode);
    options.failed(request.routeOptions.url ?? 'unknown', error);
    return refuse(reply, 500, {
      code: 'INTERNAL',
      message: 'Something went wrong on our side.',
      fix: 'Try again; if it stays, look into the log of the service.',
    });
  });
  server.setNotFoundHandler((request, reply) =>
    refuse(reply, 404, {
      code: 'NOT_FOUND',
      message: 'There is nothing at this address.',
      field: 'path',
      value: request.url.slice(0, 100),
      fix: 'The console is at /, the API is described at /v1/openapi.json.',
    }),
  );
  if (options.webRoot !== undefined) await serveConsole(server, options.webRoot);
  return server;
}

/** Sets the headers that every answer has. False when the request was refused for its host. */
function isWelcome(
  request: FastifyRequest,
  reply: FastifyReply,
  hosts: readonly string[],
): boolean {
  reply.headers(SECURITY_HEADERS);
  if (hosts.includes(request.hostname)) return isOwnOrigin(request, reply);
  refuse(reply, 421, {
    code: 'UNKNOWN_HOST',
    message: 'This server does not answer under that host name.',
    field: 'Host',
    value: request.hostname.slice(0, 100),
    fix: 'Use the address that was printed at the start.',
  });
  return false;
}

/** Browsers send the origin with everything that is more than reading. */
function isOwnOrigin(request: FastifyRequest, reply: FastifyReply): boolean {
  const { origin } = request.headers;
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (isReading || origin === undefined || originHost(origin) === request.host) return true;
  refuse(reply, 403, {
    code: 'FOREIGN_ORIGIN',
    message: 'A page of another address may not do this.',
    field: 'Origin',
    value: origin.slice(0, 100),
    fix: 'Use the console at the address that was printed at the start.',
  });
  return false;
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** The framework's own refusals: broken JSON, a body too large, a broken percent code. */
function refuseAs(reply: FastifyReply, status: number): FastifyReply {
  return refuse(reply, status, {
    code: 'BAD_REQUEST',
    message: 'The request cannot be read, or asks for something that is not served.',
    fix: 'See /v1/openapi.json for what each address takes.',
  });
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Where the build left a place for the nonce of each answer. */
const NONCE_PLACE = 'LOCKSTEP_CSP_NONCE';

async function serveConsole(server: FastifyInstance, root: string): Promise<void> {
  const page = await readFile(join(root, 'index.html'), 'utf8');
  const send = (reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page.replaceAll(NONCE_PLACE, nonce));
  };
  server.get('/', (_request, reply) => send(reply));
  await server.register(fastifyStatic, {
    root,
    index: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      const lasting = path.includes(`${sep}assets${sep}`);
      response.setHeader(
        'cache-control',
        lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
}

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
