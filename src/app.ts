/**
 * The composition root of a running service: engine, API and console around connectors and a
 * journal that were built by the verb. Builds, starts and stops; decides nothing.
 */
import { createServer } from './api/server.ts';
import { Reader } from './api/reader.ts';
import type { Exposition } from './api/routes/operations.ts';
import type { Check } from './connectors/connector.ts';
import { Engine } from './engine/engine.ts';
import type { EngineOptions } from './engine/options.ts';
import { walkHistory } from './engine/history.ts';
import { pastAt } from './engine/past.ts';
import type { Recovery } from './engine/recover.ts';

export interface AppParts extends EngineOptions {
  readonly version: string;
  readonly metrics: Exposition;
  /** Checks of everything that must be in place, without a write. */
  readonly examine: () => Promise<readonly Check[]>;
  /** Bytes on all sockets since the start. */
  readonly wireBytes: () => number;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly hosts: readonly string[];
  };
  /** Folder of the built console. */
  readonly webRoot?: string;
}

export interface App {
  readonly engine: Engine;
  readonly reader: Reader;
  readonly recovery: Recovery;
  readonly url: string;
  stop(): Promise<void>;
}

export async function startApp(parts: AppParts): Promise<App> {
  const { clock, journal, server: address } = parts;
  const engine = new Engine(parts);
  const reader = new Reader({
    engine,
    clock,
    version: parts.version,
    wireBytes: parts.wireBytes,
    history: (to, visitor) => walkHistory(journal, engine.population.world, to, visitor),
    past: (id, at) => {
      const agent = engine.population.person(id);
      return agent === undefined
        ? Promise.resolve(undefined)
        : pastAt(journal, engine.population.world, agent, at);
    },
  });
  const server = await createServer({
    engine,
    reader,
    clock,
    metrics: parts.metrics,
    examine: parts.examine,
    failed: (route, error) => parts.log.error('a request failed', { route, error }),
    hosts: [address.host, 'localhost', '127.0.0.1', '[::1]', ...address.hosts],
    ...(parts.webRoot === undefined ? {} : { webRoot: parts.webRoot }),
  });
  const url = await server
    .listen({ host: address.host, port: address.port })
    .catch((error: unknown) => closing(server, error));
  const recovery = await engine.start().catch((error: unknown) => closing(server, error));
  return {
    engine,
    reader,
    recovery,
    url,
    stop: async () => {
      await server.close();
      await engine.stop();
      await journal.close();
    },
  };
}

/** A start that failed leaves nothing running that would keep the process alive. */
async function closing(server: { close(): Promise<unknown> }, error: unknown): Promise<never> {
  await server.close();
  throw error;
}
