/** A large frame in parts, so that each can be taken in without holding up anything else. */
import type { Frame } from './frame.ts';

/** Frames of this size and more are read away from the event loop: those of about 200 agents. */
export const LARGE_BYTES = 256 * 1024;

/** Rows, and removed accounts, in one part. */
const PART_ROWS = 100;

/** Reads large frames somewhere else than on the event loop. */
export interface LargeFrames {
  /**
   * The frame in these bytes, in parts and in order, each in a turn of the loop of its own. The bytes
   * are given away. Rejects when it cannot be told what the frame says; damage is a `bad` frame.
   */
  read(bytes: Uint8Array<ArrayBuffer>): AsyncIterable<Frame>;
}

/** One part at least, the last one without `more`. Rows come before what was removed. */
export function* partsOf(frame: Frame, most = PART_ROWS): Generator<Frame, void> {
  if (frame.kind !== 'full' && frame.kind !== 'diff') {
    yield frame;
    return;
  }
  const { rows } = frame;
  const removed = frame.kind === 'diff' ? frame.removed : [];
  const total = rows.length + removed.length;
  for (let from = 0; from === 0 || from < total; from += most) {
    const slice = rows.slice(from, from + most);
    const gone = removed.slice(
      Math.max(0, from - rows.length),
      Math.max(0, from + most - rows.length),
    );
    const badRows = from === 0 ? frame.badRows : 0;
    const more = from + most < total ? ({ more: true } as const) : {};
    yield frame.kind === 'full'
      ? { ...frame, rows: slice, badRows, ...more }
      : { ...frame, rows: slice, badRows, removed: gone, ...more };
  }
}
