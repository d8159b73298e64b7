/**
 * The worker thread of one SQLite journal: it owns the connection and answers one request after
 * the other. Blocking here (fsync) blocks nobody else.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { journalFailure } from './failure.ts';
import type {
  Opened,
  Operations,
  Operation,
  Reply,
  Request,
  WorkerOptions,
} from './sqlite-protocol.ts';
import { openDatabase } from './sqlite-schema.ts';
import { SqliteStore } from './sqlite-store.ts';

function serve(port: MessagePort, options: WorkerOptions): void {
  const refuse = (id: number, error: unknown): void => {
    const { code, message, fix } = journalFailure(options.path, error);
    port.postMessage({ id, ok: false, code, message, fix } satisfies Reply);
  };
  const answer = (id: number, task: () => unknown): void => {
    try {
      port.postMessage({ id, ok: true, gives: task() } satisfies Reply);
    } catch (error) {
      refuse(id, error);
    }
  };
  let store: SqliteStore;
  try {
    store = new SqliteStore(openDatabase(options.path, options.maxBytes), options.path);
  } catch (error) {
    refuse(0, error);
    port.close();
    return;
  }
  port.on('message', (request: Request) => {
    answer(request.id, () => perform(store, request));
    if (request.op === 'close') port.close();
  });
  answer(0, (): Opened => ({ head: store.head, recovery: store.recovery }));
}

function perform(store: SqliteStore, request: Request): Operations[Operation]['gives'] {
  switch (request.op) {
    case 'commit':
      store.commit(request.takes);
      return undefined;
    case 'page':
      return store.page(request.takes.from, request.takes.to);
    case 'verify':
      return store.verifyStep(request.takes);
    case 'putSnapshot':
      store.putSnapshot(request.takes);
      return undefined;
    case 'snapshot':
      return store.snapshot(request.takes);
    case 'identities':
      return store.identities();
    case 'close':
      store.close();
      return undefined;
  }
}

function isWorkerOptions(value: unknown): value is WorkerOptions {
  return typeof value === 'object' && value !== null && 'path' in value && 'maxBytes' in value;
}

const options: unknown = workerData;
if (parentPort !== null && isWorkerOptions(options)) serve(parentPort, options);
