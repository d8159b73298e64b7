/**
 * Large frames read in a worker thread. It is started by the first one, does not keep the process
 * alive while it has nothing to do, and is started anew when it has died.
 */
import type { Worker } from 'node:worker_threads';
import { startThread } from '../kit/thread.ts';
import type { Frame } from './frame.ts';
import type { Part, Question } from './frame-worker.ts';
import type { LargeFrames } from './parts.ts';

export interface FrameThread extends LargeFrames {
  /** Ends the thread; what is being read then is not read to its end. */
  close(): Promise<void>;
}

/** A frame that needs more than this to be read ends the thread and not the process. */
const HEAP_MB = 1_024;

export function createFrameThread(
  start: () => Worker = () => startThread('frame-worker', import.meta.url, HEAP_MB),
): FrameThread {
  let reader: Reader | undefined;
  let lastId = 0;
  return {
    read(bytes): AsyncIterable<Frame> {
      if (reader === undefined || reader.isDead()) reader = new Reader(start());
      lastId += 1;
      return reader.read(lastId, bytes);
    },
    async close(): Promise<void> {
      await reader?.close();
      reader = undefined;
    },
  };
}

/** Lets everything else that is due run first. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

interface Waiting {
  resolve(frame: Frame): void;
  reject(error: Error): void;
}

/** One life of the thread. */
class Reader {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private death: Error | undefined;

  constructor(worker: Worker) {
    this.worker = worker;
    worker.unref();
    worker.on('message', ({ id, frame }: Part) => {
      const waiter = this.waiting.get(id);
      this.waiting.delete(id);
      waiter?.resolve(frame);
    });
    worker.on('error', (error) => this.died(error));
    worker.once('exit', (code) => this.died(new Error(`the thread ended with code ${code}`)));
  }

  isDead(): boolean {
    return this.death !== undefined;
  }

  async *read(id: number, bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Frame, void> {
    let isOver = false;
    try {
      let frame = await this.part({ id, ask: 'read', bytes });
      while ('more' in frame) {
        yield frame;
        // Replies may lie ready one behind the other: without this they would share one turn.
        await turn();
        frame = await this.part({ id, ask: 'next' });
      }
      isOver = true;
      yield frame;
    } finally {
      if (!isOver) this.tell({ id, ask: 'drop' });
    }
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private async part(question: Question): Promise<Frame> {
    if (this.death !== undefined) throw this.death;
    this.worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        this.waiting.set(question.id, { resolve, reject });
        this.tell(question);
      });
    } finally {
      if (this.waiting.size === 0) this.worker.unref();
    }
  }

  private tell(question: Question): void {
    if (this.death !== undefined) return;
    this.worker.postMessage(question, question.ask === 'read' ? [question.bytes.buffer] : []);
  }

  private died(error: Error): void {
    this.death ??= error;
    for (const waiter of this.waiting.values()) waiter.reject(this.death);
    this.waiting.clear();
  }
}
