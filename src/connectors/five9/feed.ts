/**
 * One supervisor socket from its opening to its end.
 *
 * D1  It ends exactly once, and nothing that the socket says afterwards is heard.
 * D2  Damage is skipped and counted; only damage without a pause ends the feed. A frame that cannot
 *     even be passed on is damage too: what is thrown at a socket would end the process.
 * D3  One question for full statistics is open at a time, so an answer has one question it can
 *     belong to, and its rows are as of that question.
 */
import type { Clock, Timer } from '../../lib/clock.ts';
import type { OpenSocket, Socket, SocketRequest } from '../../lib/socket.ts';
import { frameOf, type Frame } from './frame.ts';
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
  | { readonly kind: 'lost'; readonly why: string }
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
  readonly request: SocketRequest;
  readonly settings: Settings;
  /** Factor on the time to answer; grows when earlier sockets died without a word. */
  readonly patience: number;
  /** Resolves when one question may be asked. */
  permit(): Promise<void>;
  /** Asks Five9 for full statistics. Never rejects. */
  requestFull(): Promise<AskResult>;
  /** `askedAt` is our time of the open or last question, epoch ms. */
  frame(frame: Frame, askedAt: number | undefined): void;
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

  constructor(parts: FeedParts) {
    this.parts = parts;
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  open(): void {
    this.timer = this.parts.clock.after(OPEN_WITHIN_MS, () =>
      this.end({ kind: 'lost', why: 'it did not open in time' }),
    );
    this.socket = this.parts.openSocket(this.parts.request, {
      onOpen: () => this.opened(),
      onText: (text) => this.heard(text),
      onClose: (code, reason) => this.end({ kind: 'lost', why: closing(code, reason) }),
    });
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
    this.socket?.close();
    this.finish(end);
  }

  private opened(): void {
    if (this.isOver) return;
    this.pulse = newPulse(this.parts.clock.monotonic());
    this.beat();
  }

  private heard(text: string): void {
    if (this.isOver || this.pulse === undefined) return;
    const read = frameOf(text);
    const isData = read.kind === 'full' || read.kind === 'diff';
    this.pulse = afterFrame(this.pulse, isData, this.parts.clock.monotonic());
    if (read.kind === 'full') this.collect(read, text.length);
    const frame = this.passOn(read);
    this.badInARow = frame.kind === 'bad' ? this.badInARow + 1 : 0;
    if (this.badInARow >= MOST_BAD_IN_A_ROW) {
      this.end({ kind: 'lost', why: 'nothing it says can be read' });
    }
    if (frame.kind === 'move') this.end({ kind: 'move', metadata: frame.metadata });
    if (frame.kind === 'restart') this.end({ kind: 'restart' });
  }

  private passOn(frame: Frame): Frame {
    try {
      this.parts.frame(frame, this.askedAt);
      return frame;
    } catch {
      const bad: Frame = { kind: 'bad', why: 'it cannot be passed on' };
      this.parts.frame(bad, this.askedAt);
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
