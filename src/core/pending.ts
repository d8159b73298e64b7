/**
 * A pending Not Ready shows behind a contact. Where a write that was to replace ours had an unclear
 * outcome, the pending code tells which of the two is there.
 */
import type { Face, Seen } from '../model/face.ts';
import type { Mark } from '../model/mark.ts';

/** Takes the mark that is pending after all back into the ledger; `until`: the other may echo. */
export function withPending(face: Face, seen: Seen, until: number): Face {
  const code = pendingCode(seen);
  if (code === undefined || face.ours.some(({ reasonCode }) => reasonCode === code)) return face;
  const late = face.fading.find(({ mark }) => isUnsure(mark) && mark.reasonCode === code);
  if (late === undefined) return face;
  const back: Mark = { ...late.mark, acceptedAt: seen.asOf, shownAt: seen.asOf };
  const fading = face.fading.filter((each) => each !== late);
  const successor = face.ours.find(({ slot }) => slot === back.slot);
  const others = face.ours.filter((each) => each !== successor);
  if (successor === undefined) return { ...face, ours: [...others, back], fading };
  return successor.intent === face.intent?.id
    ? { ...face, ours: [...others, { ...successor, replaces: back }], fading }
    : { ...face, ours: [...others, back], fading: [...fading, { mark: successor, until }] };
}

function pendingCode({ presence: { pending } }: Seen): string | undefined {
  return pending?.acd === 'not_ready' ? pending.reason?.code : undefined;
}

function isUnsure({ kind, acceptedAt }: Mark): boolean {
  return kind === 'shared' && acceptedAt === undefined;
}
