/** The double of the New Platform on real HTTP, on the loopback interface. */
import { type IncomingMessage, createServer } from 'node:http';
import type { Clock } from '../../src/lib/clock.ts';
import type { HttpRequest } from '../../src/lib/exchange.ts';
import type { Random } from '../../src/lib/random.ts';
import { httpDeliver } from '../graph/http-deliver.ts';
import { type CloudEmulator, createCloud } from './cloud.ts';
import type { CloudOptions } from './cloud-options.ts';
import { responseOf } from './in-memory.ts';
import { Five9Domain } from './model.ts';
import { five9Settings } from './options.ts';

const MAX_BODY_BYTES = 1_000_000;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export type ServeCloudOptions = Omit<CloudOptions, 'baseUrl' | 'deliver' | 'domain'> & {
  readonly clock: Clock;
  readonly random: Random;
  readonly agents?: number;
};

export interface ServedCloud {
  readonly url: string;
  readonly domain: Five9Domain;
  readonly cloud: CloudEmulator;
  close(): Promise<void>;
}

export async function serveCloud(options: ServeCloudOptions): Promise<ServedCloud> {
  const { agents = 10, ...rest } = options;
  const { clock, random } = options;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const domain = new Five9Domain(five9Settings({ clock, random, agents, baseUrl: url }));
  const cloud = createCloud({ ...rest, domain, baseUrl: url, deliver: httpDeliver() });
  server.on('request', (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = requestOf(url, incoming, Buffer.concat(chunks));
      const { status, headers, body } =
        request === undefined
          ? { status: 400, headers: {}, body: '' }
          : responseOf(cloud.handle(request));
      outgoing.writeHead(status, headers).end(body);
    });
  });
  return {
    url,
    domain,
    cloud,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function requestOf(
  base: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): HttpRequest | undefined {
  const known = METHODS.find((each) => each === method);
  const full = `${base}${url ?? '/'}`;
  if (known === undefined || !URL.canParse(full) || body.length > MAX_BODY_BYTES) return undefined;
  return {
    method: known,
    url: full,
    headers: { authorization: headers.authorization ?? '' },
    ...(body.length === 0 ? {} : { body: body.toString('utf8') }),
  };
}
