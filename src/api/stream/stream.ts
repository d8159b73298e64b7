/**
 * The live stream: server-sent events to every open board.
 *
 * T1  Changes are gathered for 250 ms, so that a storm costs each viewer four events a second.
 * T2  A viewer that does not keep up is cut off and reconnects; it never makes the server wait.
 */
import type { ServerResponse } from 'node:http';
import type { Engine } from '../../engine/engine.ts';
import type { Clock, Timer } from '../../lib/clock.ts';
import type { AgentId } from '../../model/ids.ts';
import type { Reader } from '../reader.ts';

const GATHER_MS = 250;
const SUMMARY_MS = 1_000;
const AGES_MS = 2_000;
const VIEWERS_MAX = 500;
const BACKLOG_MAX_BYTES = 4 * 1024 * 1024;

export class LiveStream {
  private readonly viewers = new Set<ServerResponse>();
  private readonly dirty = new Set<AgentId>();
  private known = new Set<AgentId>();
  private readonly reader: Reader;
  private readonly clock: Clock;
  private readonly stopListening: () => void;
  private timers: Timer[] = [];

  constructor(engine: Engine, reader: Reader, clock: Clock) {
    this.reader = reader;
    this.clock = clock;
    this.stopListening = engine.onChange((agent) => {
      if (this.viewers.size > 0) this.dirty.add(agent);
    });
    this.every(GATHER_MS, 0, () => this.sendChanges());
    this.every(SUMMARY_MS, 1, () => this.send('summary', this.reader.summary()));
    this.every(AGES_MS, 2, () => this.send('ages', this.agesEvent()));
  }

  get viewerCount(): number {
    return this.viewers.size;
  }

  /** False when there is no room for another viewer. */
  add(response: ServerResponse): boolean {
    if (this.viewers.size >= VIEWERS_MAX) return false;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.viewers.add(response);
    response.on('close', () => this.viewers.delete(response));
    const { reader } = this;
    write(response, 'hello', {
      serverTime: reader.now(),
      version: reader.version,
      total: reader.ids().length,
    });
    write(response, 'summary', reader.summary());
    return true;
  }

  stop(): void {
    this.stopListening();
    for (const timer of this.timers) timer.cancel();
    for (const viewer of this.viewers) viewer.end();
    this.viewers.clear();
  }

  private every(ms: number, slot: number, task: () => void): void {
    this.timers[slot] = this.clock.after(ms, () => {
      if (this.viewers.size > 0) task();
      this.every(ms, slot, task);
    });
  }

  private agesEvent(): { serverTime: number; platforms: Record<string, number[]> } {
    const platforms: Record<string, number[]> = {};
    for (const platform of this.reader.platforms())
      platforms[platform] = this.reader.ages(platform);
    return { serverTime: this.reader.now(), platforms };
  }

  private sendChanges(): void {
    const items = [...this.dirty].flatMap((id) => this.reader.row(id) ?? []);
    this.dirty.clear();
    const now = new Set(this.reader.ids());
    const gone = [...this.known].filter((id) => !now.has(id));
    this.known = now;
    if (items.length > 0) this.send('agents', { items });
    if (gone.length > 0) this.send('gone', { ids: gone });
  }

  private send(event: string, data: unknown): void {
    const text = frame(event, data);
    for (const viewer of this.viewers) {
      if (viewer.writableLength > BACKLOG_MAX_BYTES) viewer.destroy();
      else viewer.write(text);
    }
  }
}

function write(response: ServerResponse, event: string, data: unknown): void {
  response.write(frame(event, data));
}

function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
