/**
 * Reason codes as supervisors name them (id or label) resolved against what the contact centre
 * lists. Pure; every mistake is reported at once.
 */
import type { NotReadyMapping, StopCause } from './seed.ts';
import { STOP_CAUSES } from './seed.ts';
import type { Preset } from '../model/preset.ts';

export interface ListedCode {
  readonly code: string;
  readonly label: string;
  readonly selectable: boolean;
}

export interface CodeWishes {
  readonly stop: Readonly<Partial<Record<StopCause, string | number | undefined>>>;
  readonly notReady: readonly {
    readonly reason: string | number;
    readonly show: Preset | 'leave_alone';
  }[];
}

export interface CodeMistake {
  /** Dotted path in the configuration. */
  readonly path: string;
  readonly value: string;
  readonly message: string;
  readonly fix: string;
}

export interface ResolvedCodes {
  readonly stopCodes: Readonly<Partial<Record<StopCause, string>>>;
  readonly notReady: readonly NotReadyMapping[];
  readonly mistakes: readonly CodeMistake[];
}

export function resolveCodes(wishes: CodeWishes, listed: readonly ListedCode[]): ResolvedCodes {
  const mistakes: CodeMistake[] = [];
  const stopCodes: Partial<Record<StopCause, string>> = {};
  for (const cause of STOP_CAUSES) {
    const wish = wishes.stop[cause];
    if (wish === undefined) continue;
    const path = `sync.reasonCodes.${cause}`;
    const found = find(String(wish), listed);
    if (found === undefined) mistakes.push(unknown(path, String(wish), listed));
    else if (!found.selectable) mistakes.push(notSelectable(path, found));
    else stopCodes[cause] = found.code;
  }
  const notReady = wishes.notReady.flatMap(({ reason, show }, index) => {
    const path = `sync.notReady.${index}.reason`;
    const found = find(String(reason), listed);
    if (found === undefined) mistakes.push(unknown(path, String(reason), listed));
    else mistakes.push(...usedTwice(path, found, stopCodes));
    return found === undefined ? [] : [{ code: found.code, show }];
  });
  return { stopCodes, notReady, mistakes };
}

/** An id is exact; a label is compared without regard to case and outer space. */
function find(wish: string, listed: readonly ListedCode[]): ListedCode | undefined {
  const label = wish.trim().toLowerCase();
  return (
    listed.find(({ code }) => code === wish.trim()) ??
    listed.find((each) => each.label.trim().toLowerCase() === label)
  );
}

const SHOWN_CODES = 12;

function unknown(path: string, value: string, listed: readonly ListedCode[]): CodeMistake {
  const known = listed
    .slice(0, SHOWN_CODES)
    .map(({ label }) => label)
    .join(', ');
  const more = listed.length > SHOWN_CODES ? ` and ${listed.length - SHOWN_CODES} more` : '';
  return {
    path,
    value,
    message: 'the contact centre has no such Not Ready reason code',
    fix: `create it there, or use one that exists: ${known}${more}`,
  };
}

function notSelectable(path: string, found: ListedCode): CodeMistake {
  return {
    path,
    value: found.label,
    message: 'this Not Ready reason code exists but cannot be selected',
    fix: 'make it selectable in the contact centre, or name another one',
  };
}

/** A reserved code that agents also use by hand would make their choice look like ours. */
function usedTwice(
  path: string,
  { code, label }: ListedCode,
  stopCodes: Readonly<Partial<Record<StopCause, string>>>,
): CodeMistake[] {
  const cause = STOP_CAUSES.find((each) => stopCodes[each] === code);
  if (cause === undefined) return [];
  return [
    {
      path,
      value: label,
      message: `this code is reserved for Lockstep by sync.reasonCodes.${cause}`,
      fix: 'map only codes that agents choose by hand',
    },
  ];
}
