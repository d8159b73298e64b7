/**
 * The frames of one socket, read and taken in in the order in which they came. A large one is read
 * away from the event loop where that is possible; those after it wait, and each counts as of when
 * it came. While nothing large is read, a frame is taken in before `came` returns.
 */
import { frameOf, type Frame } from './frame.ts';
import type { LargeFrames } from './parts.ts';

/** When a frame came, epoch ms, and our time of the open or last question then. */
export interface Arrived {
  readonly at: number;
  readonly askedAt: number | undefined;
}

export type Content = string | Uint8Array<ArrayBuffer>;

export interface QueueParts {
  readonly largeFrames: LargeFrames | undefined;
  /** One frame, or one part of it; `size` is that of the frame, and 0 for its later parts. */
  take(frame: Frame, arrived: Arrived, size: number): void;
  /** A large frame and what came meanwhile: begun, or taken in to the end. */
  reading(isReading: boolean): void;
  /** What a large frame says was lost, perhaps after some of its parts were taken in. */
  lost(arrived: Arrived): void;
  /** More waits than may wait. */
  overrun(): void;
}

interface Message {
  readonly content: Content;
  readonly arrived: Arrived;
}

/** Most that may wait while a large frame is read, bytes: the two largest frames that there can be. */
const MOST_WAITING = 128 * 1024 * 1024;

export class FrameQueue {
  private readonly parts: QueueParts;
  /** What came while a large frame is read; undefined while none is. */
  private waiting: Message[] | undefined;
  private waitingBytes = 0;
  private isClosed = false;

  constructor(parts: QueueParts) {
    this.parts = parts;
  }

  came(content: Content, arrived: Arrived): void {
    if (this.isClosed) return;
    if (this.waiting !== undefined) this.wait({ content, arrived });
    else if (typeof content === 'string') this.read(content, arrived);
    else void this.readAll({ content, arrived });
  }

  /** Nothing is taken in any more. */
  close(): void {
    this.isClosed = true;
    this.waiting = undefined;
  }

  private wait(message: Message): void {
    this.waiting?.push(message);
    this.waitingBytes += message.content.length;
    if (this.waitingBytes > MOST_WAITING) this.parts.overrun();
  }

  private async readAll(first: Message): Promise<void> {
    this.waiting = [];
    this.parts.reading(true);
    let next: Message | undefined = first;
    while (next !== undefined) {
      const { content, arrived } = next;
      if (typeof content === 'string') this.read(content, arrived);
      else await this.readLarge(content, arrived);
      // Closing takes away what waits.
      next = this.waiting?.shift();
      this.waitingBytes -= next?.content.length ?? 0;
    }
    this.waiting = undefined;
    if (!this.isClosed) this.parts.reading(false);
  }

  private read(text: string, arrived: Arrived): void {
    this.parts.take(frameOf(text), arrived, text.length);
  }

  private async readLarge(bytes: Uint8Array<ArrayBuffer>, arrived: Arrived): Promise<void> {
    const { parts } = this;
    const { largeFrames } = parts;
    if (largeFrames === undefined) return;
    let size = bytes.length;
    try {
      for await (const part of largeFrames.read(bytes)) {
        if (this.isClosed) return;
        parts.take(part, arrived, size);
        size = 0;
      }
    } catch {
      if (!this.isClosed) parts.lost(arrived);
    }
  }
}
