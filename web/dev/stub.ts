/// <reference types="node" />
/**
 * A stand-in for Lockstep's server: speaks the board's contract over a generated world and serves
 * the built console under the content security policy that web/README.md asks for. For
 * development and tests only.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Summary } from '../../src/api/contract/board.ts';
import { explain } from './scenes.ts';
import { serveFile } from './site.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

export interface StubOptions {
  readonly agents: number;
  readonly changesPerSecond: number;
  readonly seed: number;
  /** 0: any free one. */
  readonly port: number;
  /** The built console's folder. */
  readonly site: string;
  /** The server's clock is ahead of this machine's by so much. */
  readonly clockAheadMs?: number;
  /** What the platforms are said to be, in place of "live". */
  readonly platforms?: Summary['platforms'];
}

/** How the API answers: as it should, or with an error's status. */
export type Answer = 'well' | 503 | 401;

export interface Stub {
  readonly url: string;
  readonly world: World;
  readonly now: () => number;
  /** Sends one event to every stream. */
  readonly send: (event: string, data: unknown) => void;
  /** While false, streams are cut and the API answers with this status. */
  readonly answer: (how: Answer) => void;
  readonly setRate: (changesPerSecond: number) => void;
  readonly stop: () => Promise<void>;
}

const EVERY_MS = 250;

export async function startStub(options: StubOptions): Promise<Stub> {
  const now = (): number => Date.now() + (options.clockAheadMs ?? 0);
  const world = createWorld({ ...options, now: now() });
  const streams = createStreams();
  let rate = options.changesPerSecond;
  let state: Answer = 'well';

  const summary = (): Summary => {
    const plain = world.summary(now());
    return options.platforms === undefined ? plain : { ...plain, platforms: options.platforms };
  };
  const stopBeat = startBeat({ world, now, summary, send: streams.send, rate: () => rate });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stub');
    if (!url.pathname.startsWith('/v1/')) await serveFile(options.site, url.pathname, response);
    else if (state !== 'well') response.writeHead(state).end();
    else if (url.pathname !== '/v1/stream') answerAgents(world, url, { response, now: now() });
    else {
      const hello = { serverTime: now(), version: 'stub', total: world.items(now()).length };
      streams.open(response, frame('hello', hello) + frame('summary', summary()));
    }
  }

  const server = createServer((request, response) => {
    route(request, response).catch(() => response.destroy());
  });
  const url = await listen(server, options.port);
  return {
    url,
    world,
    now,
    send: streams.send,
    answer(how): void {
      state = how;
      if (how !== 'well') streams.cut();
    },
    setRate(changesPerSecond): void {
      rate = changesPerSecond;
    },
    stop(): Promise<void> {
      stopBeat();
      streams.cut();
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stub has no port');
  return `http://127.0.0.1:${String(address.port)}/`;
}

interface Streams {
  readonly open: (response: ServerResponse, greeting: string) => void;
  readonly send: (event: string, data: unknown) => void;
  readonly cut: () => void;
}

function createStreams(): Streams {
  const streams = new Set<ServerResponse>();
  return {
    open(response, greeting): void {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      streams.add(response);
      response.on('close', () => streams.delete(response));
      response.write(greeting);
    },
    send(event, data): void {
      const text = frame(event, data);
      for (const stream of streams) stream.write(text);
    },
    cut(): void {
      for (const stream of streams) stream.destroy();
    },
  };
}

/** Changes four times a second, ages and summary once; returns the way to stop. */
function startBeat(of: {
  readonly world: World;
  readonly now: () => number;
  readonly summary: () => Summary;
  readonly send: Streams['send'];
  readonly rate: () => number;
}): () => void {
  let owed = 0;
  let beats = 0;
  const timer = setInterval(() => {
    owed += (of.rate() * EVERY_MS) / 1000;
    const due = Math.floor(owed);
    owed -= due;
    const now = of.now();
    const items = of.world.change(due, now);
    if (items.length > 0) of.send('agents', { items });
    beats += 1;
    if (beats % 4 !== 0) return;
    of.send('ages', { serverTime: now, platforms: of.world.ages(now) });
    of.send('summary', of.summary());
  }, EVERY_MS);
  return () => clearInterval(timer);
}

function answerAgents(
  world: World,
  url: URL,
  to: { readonly response: ServerResponse; readonly now: number },
): void {
  const { response, now } = to;
  if (url.pathname === '/v1/agents') {
    json(response, pageOf(world, url.searchParams, now));
    return;
  }
  const item = world.item(decodeURIComponent(url.pathname.slice('/v1/agents/'.length)), now);
  if (item === undefined) response.writeHead(404).end();
  else json(response, { ...item, explanation: explain(item, now) });
}

function pageOf(world: World, query: URLSearchParams, now: number): unknown {
  const all = world.items(now);
  const limit = Math.min(500, Math.max(1, Number(query.get('limit') ?? 500)));
  const from = Number(query.get('cursor') ?? 0);
  const next = from + limit;
  return {
    items: all.slice(from, next),
    total: all.length,
    serverTime: now,
    ...(next < all.length ? { nextCursor: String(next) } : {}),
  };
}

function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
