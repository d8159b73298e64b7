/**
 * One supervisor socket from its opening to its end.
 *
 * D1  It ends exactly once, and nothing that the socket says afterwards is heard.
 * D2  Damage is skipped and counted; only damage without a pause ends the feed. A frame that cannot
 *     even be passed on is damage too: what is thrown at a socket would end the process.
 * D3  One question for full statistics is open at a time, so an answer has one question it can
 *     belong to, and its rows are as of that question.
 * D4  Frames are taken in in the order in which they came, and a large one may take its time.
 */
import type { Clock, Timer } from '../../lib/clock.ts';
import type { OpenSocket, Socket, SocketRequest } from '../../lib/socket.ts';
import type { Frame } from './frame.ts';
import { FrameQueue, type Arrived, type Content } from './frame-queue.ts';
import { LARGE_BYTES, type LargeFrames } from './parts.ts';
import type { Settings } from './options.ts';
import {
  afterAsk,
  afterFrame,
  afterPing,
  afterRefusal,
  newPulse,
  nextAct,
  type Pulse,
  type Rhythm,
} from './pulse.ts';
import type { Metadata } from './wire.ts';

export type End =
  /** `code`: with which the socket was closed; absent where it was given up. */
  | { readonly kind: 'lost'; readonly why: string; readonly code?: number }
  | { readonly kind: 'move'; readonly metadata: Metadata | undefined }
  | { readonly kind: 'restart' }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'stopped' };

export type AskResult =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly waitMs: number | undefined };

export interface FeedParts {
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  /** Absent: large frames are read like all others. */
  readonly largeFrames?: LargeFrames | undefined;
  readonly request: SocketRequest;
  readonly settings: Settings;
  /** Factor on the time to answer; grows when earlier sockets died without a word. */
  readonly patience: number;
  /** Resolves when one question may be asked. */
  permit(): Promise<void>;
  /** Asks Five9 for full statistics. Never rejects. */
  requestFull(): Promise<AskResult>;
  frame(frame: Frame, arrived: Arrived): void;
  /** A question is answered and closed: these are the accounts that full statistics held. */
  settled(present: ReadonlySet<string>): void;
  refused(result: AskResult): void;
}

/** 64 MiB: 10,000 agents are 12 to 13 MB of states in one frame. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;
const MOST_BAD_IN_A_ROW = 20;
const OPEN_WITHIN_MS = 15_000;
const FIRST_GAP_MS = 5_000;
const LONGEST_GAP_MS = 120_000;
export class Feed {
  readonly ended: Promise<End>;
  private readonly parts: FeedParts;
  private finish: (end: End) => void = () => undefined;
  private isOver = false;
  private socket: Socket | undefined;
  private pulse: Pulse | undefined;
  private timer: Timer | undefined;
  private askedAt: number | undefined;
  private present = new Set<string>();
  private sawFull = false;
  private fullBytes = 0;
  private gapMs = FIRST_GAP_MS;
  private badInARow = 0;
  private readonly queue: FrameQueue;

  constructor(parts: FeedParts) {
    this.parts = parts;
    this.queue = new FrameQueue({
      largeFrames: parts.largeFrames,
      take: (frame, arrived, size) => this.take(frame, arrived, size),
      reading: (isReading) => this.reading(isReading),
      lost: (arrived) => this.lost(arrived),
      overrun: () => this.end({ kind: 'lost', why: 'it says more than can be read' }),
    });
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  open(): void {
    this.timer = this.parts.clock.after(OPEN_WITHIN_MS, () =>
      this.end({ kind: 'lost', why: 'it did not open in time' }),
    );
    const { request, largeFrames } = this.parts;
    const asBytes = largeFrames === undefined ? {} : { bytesFrom: LARGE_BYTES };
    this.socket = this.parts.openSocket(
      { ...request, ...asBytes },
      {
        onOpen: () => this.opened(),
        onText: (text) => this.came(text),
        onBytes: (bytes) => this.came(bytes),
        onClose: (code, reason) => this.end({ kind: 'lost', why: closing(code, reason), code }),
      },
    );
  }

  /** Wants full statistics as soon as their size allows. */
  want(): void {
    if (this.isOver || this.pulse === undefined) return;
    this.pulse = { ...this.pulse, isWanted: true };
    this.beat();
  }

  /** Silence, ms, since the last frame with statistics. */
  quietFor(): number {
    const last = this.pulse?.lastDataAt;
    return last === undefined ? Number.POSITIVE_INFINITY : this.parts.clock.monotonic() - last;
  }

  /** Whether what it showed last may still be relied upon. */
  isFresh(): boolean {
    const { quietMs, answerMs } = this.rhythm();
    return this.quietFor() <= Math.max(quietMs, this.gapMs) + answerMs;
  }

  end(end: End): void {
    if (this.isOver) return;
    this.isOver = true;
    this.timer?.cancel();
    this.queue.close();
    this.socket?.close();
    this.finish(end);
  }

  private opened(): void {
    if (this.isOver) return;
    this.pulse = newPulse(this.parts.clock.monotonic());
    this.beat();
  }

  private came(content: Content): void {
    if (this.isOver || this.pulse === undefined) return;
    const { clock } = this.parts;
    this.pulse = afterFrame(this.pulse, false, clock.monotonic());
    this.queue.came(content, { at: clock.now(), askedAt: this.askedAt });
  }

  private reading(isReading: boolean): void {
    if (this.pulse === undefined) return;
    this.pulse = { ...this.pulse, isReading };
    if (!isReading) this.beat();
  }

  private lost(arrived: Arrived): void {
    this.take({ kind: 'bad', why: 'the thread that read it has ended' }, arrived, 0);
    // The rows that did come are no whole picture.
    this.present = new Set();
    this.sawFull = false;
    this.want();
  }

  private take(read: Frame, arrived: Arrived, size: number): void {
    if (this.isOver || this.pulse === undefined) return;
    const isData = read.kind === 'full' || read.kind === 'diff';
    this.pulse = afterFrame(this.pulse, isData, this.parts.clock.monotonic());
    // What came before the question is no answer to it.
    if (read.kind === 'full' && arrived.askedAt === this.askedAt) this.collect(read, size);
    const frame = this.passOn(read, arrived);
    this.badInARow = frame.kind === 'bad' ? this.badInARow + 1 : 0;
    if (this.badInARow >= MOST_BAD_IN_A_ROW) {
      this.end({ kind: 'lost', why: 'nothing it says can be read' });
    }
    if (frame.kind === 'move') this.end({ kind: 'move', metadata: frame.metadata });
    if (frame.kind === 'restart') this.end({ kind: 'restart' });
  }

  private passOn(frame: Frame, arrived: Arrived): Frame {
    try {
      this.parts.frame(frame, arrived);
      return frame;
    } catch {
      const bad: Frame = { kind: 'bad', why: 'it cannot be passed on' };
      this.parts.frame(bad, arrived);
      return bad;
    }
  }

  private collect(frame: Extract<Frame, { kind: 'full' }>, size: number): void {
    for (const row of frame.rows) this.present.add(row.id);
    this.fullBytes += size;
    this.sawFull = true;
  }

  /** Does what is due, then sleeps until something is. */
  private beat(): void {
    const { clock } = this.parts;
    while (!this.isOver && this.pulse !== undefined) {
      const now = clock.monotonic();
      const act = nextAct(this.pulse, this.rhythm(), now);
      if (act.kind === 'wait') {
        this.timer?.cancel();
        this.timer = clock.after(Math.max(1, act.until - now), () => this.beat());
        return;
      }
      if (act.kind === 'dead') this.end({ kind: 'lost', why: act.why });
      if (act.kind === 'ping') {
        this.pulse = afterPing(this.pulse, now);
        this.socket?.send('ping');
      }
      if (act.kind === 'settle') this.settle(this.pulse);
      if (act.kind === 'ask') {
        this.pulse = { ...this.pulse, isAsking: true };
        void this.ask();
      }
    }
  }

  private async ask(): Promise<void> {
    const { clock } = this.parts;
    await this.parts.permit();
    if (this.isOver || this.pulse === undefined) return;
    this.pulse = afterAsk(this.pulse, clock.monotonic());
    this.askedAt = clock.now();
    this.present = new Set();
    this.fullBytes = 0;
    this.sawFull = false;
    this.beat();
    const result = await this.parts.requestFull();
    if (this.isOver || result.kind === 'taken') return;
    this.pulse = afterRefusal(this.pulse, result.waitMs, clock.monotonic());
    this.parts.refused(result);
    this.beat();
  }

  private settle(pulse: Pulse): void {
    // A difference proves life, but it does not answer the question.
    this.pulse = { ...pulse, askedAt: undefined, isWanted: pulse.isWanted || !this.sawFull };
    if (this.present.size === 0) return;
    const perAgent = this.fullBytes / this.present.size;
    const demanded = (perAgent / this.parts.settings.bytesPerAgentSecond) * 1_000;
    this.gapMs = Math.min(LONGEST_GAP_MS, Math.max(FIRST_GAP_MS, Math.round(demanded)));
    this.parts.settled(this.present);
  }

  private rhythm(): Rhythm {
    const { pingMs, quietMs, answerMs, fullEveryMs } = this.parts.settings;
    return {
      pingMs,
      quietMs,
      answerMs: answerMs * this.parts.patience,
      fullEveryMs,
      gapMs: this.gapMs,
    };
  }
}

/** The peer's reason is foreign text: short, and nothing but letters and digits. */
function closing(code: number, reason: string): string {
  const words = reason.replace(/[^\w .:-]/g, '?').slice(0, 100);
  return words === '' ? `code ${code}` : `code ${code}, ${words}`;
}
