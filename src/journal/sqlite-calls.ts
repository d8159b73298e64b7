/**
 * Calls into the worker thread of an SQLite journal: matches replies to requests, and turns the
 * thread's death into an error for everything that waits.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { JournalError } from './journal.ts';
import type { Opened, Operation, Operations, Reply, WorkerOptions } from './sqlite-protocol.ts';

export interface Calls {
  /** The thread's first word: the journal is open, or why it is not. */
  opened(): Promise<Opened>;
  call<K extends Operation>(op: K, takes: Operations[K]['takes']): Promise<Operations[K]['gives']>;
  /** Resolves when the thread is gone, and with it all that it held. */
  ended(): Promise<void>;
}

/** The reply to a request has the type that the operation promises: both ends share one table. */
interface Waiting {
  readonly settle: { resolve(value: unknown): void };
  readonly reject: (error: JournalError) => void;
}

const OPENING = 0;

export function callsTo(worker: Worker): Calls {
  const waiting = new Map<number, Waiting>();
  let death: JournalError | undefined;
  let lastId = OPENING;
  const reply = <T>(id: number): Promise<T> => {
    if (death !== undefined) return Promise.reject(death);
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { settle: { resolve }, reject });
    });
  };
  const opening = reply<Opened>(OPENING);
  const die = (cause: string): void => {
    death ??= deadThread(cause);
    for (const waiter of waiting.values()) waiter.reject(death);
    waiting.clear();
  };
  worker.on('message', (message: Reply) => {
    const waiter = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) waiter?.settle.resolve(message.gives);
    else waiter?.reject(new JournalError(message.code, message.message, message.fix));
  });
  worker.on('error', (error) => die(error.message));
  const end = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      die(`exit code ${code}`);
      resolve();
    });
  });
  return {
    opened: () => opening,
    call(op, takes) {
      lastId += 1;
      if (death === undefined) worker.postMessage({ id: lastId, op, takes }, []);
      return reply(lastId);
    },
    ended: () => end,
  };
}

/**
 * From the sources, the thread needs the TypeScript loader, which does not reach a thread's first
 * file on Node 20: a line of plain JavaScript loads it. The built file starts as it is.
 */
export function startThread(workerData: WorkerOptions): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const url = new URL(fromSource ? './sqlite-worker.ts' : './sqlite-worker.js', import.meta.url);
  if (!fromSource) return new Worker(url, { execArgv: [], workerData });
  const loader = createRequire(import.meta.url).resolve('tsx/cjs');
  const files = [loader, fileURLToPath(url)].map((file) => `require(${JSON.stringify(file)});`);
  return new Worker(files.join(' '), { eval: true, execArgv: [], workerData });
}

function deadThread(cause: string): JournalError {
  return new JournalError(
    'JOURNAL_IO',
    `The journal's writer thread ended (${cause}).`,
    'Start Lockstep again. Nothing that was acknowledged is lost.',
  );
}
