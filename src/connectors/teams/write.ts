/**
 * From a command to the one Graph request that carries it out. Pure.
 *
 * P1  Only pairs and lives that the manifest lists become a request; everything else is refused
 *     here, unsent. Available is never among them.
 * P2  The session is always the application's own: the session id is the client id.
 *     https://learn.microsoft.com/en-us/graph/api/presence-setpresence?view=graph-rest-1.0
 * P3  An account id goes into a path only when it has the shape of an object id.
 */
import type { Command } from '../../model/mark.ts';
import type { AccountId } from '../../model/ids.ts';
import type { Outcome } from '../connector.ts';
import { PLATFORM_ID, PREFERRED_VALUES, SESSION_VALUES, TEAMS_MANIFEST } from './manifest.ts';

export interface WritePlan {
  readonly path: string;
  readonly body: string;
  /** Answers beside 2xx that mean that there was nothing left to do. */
  readonly alsoDone: readonly number[];
}

export type Planned =
  | { readonly ok: true; readonly plan: WritePlan }
  | { readonly ok: false; readonly outcome: Outcome };

const OBJECT_ID = /^[0-9A-Za-z-]{1,64}$/;

export function isObjectId(account: AccountId): boolean {
  return OBJECT_ID.test(account);
}

export function planWrite(command: Command, account: AccountId, clientId: string): Planned {
  if (command.platform !== PLATFORM_ID) {
    return refuse('cannot_express', `platform ${quoted(command.platform)} is not ${PLATFORM_ID}`);
  }
  if (!isObjectId(account)) return refuse('not_found', 'the account is not an Entra object id');
  if (command.slot === 'session' && command.slotKind === 'session') {
    return planSession(command, account, clientId);
  }
  if (command.slot === 'preferred' && command.slotKind === 'shared') {
    return planPreferred(command, account);
  }
  return refuse('cannot_express', `there is no ${command.slotKind} slot ${quoted(command.slot)}`);
}

function planSession(command: Command, account: AccountId, clientId: string): Planned {
  if (command.kind === 'clear') {
    // The vendor answers 404 when the session is gone already:
    // https://learn.microsoft.com/en-us/graph/api/presence-clearpresence?view=graph-rest-1.0
    return plan(account, 'clearPresence', { sessionId: clientId }, [404]);
  }
  if (command.kind === 'restore') {
    return refuse('cannot_express', 'a session is cleared, never restored');
  }
  const allowed: readonly string[] = SESSION_VALUES;
  if (!allowed.includes(command.value)) {
    return refuse('cannot_express', `${quoted(command.value)} cannot be put into the session`);
  }
  const life = lifeOf(command);
  if (life === undefined) return wrongLife(command);
  return plan(account, 'setPresence', {
    sessionId: clientId,
    ...pairOf(command.value),
    expirationDuration: life,
  });
}

function planPreferred(command: Command, account: AccountId): Planned {
  if (command.kind === 'clear') return plan(account, 'clearUserPreferredPresence', {});
  const value = command.kind === 'restore' ? (command.previous ?? '') : command.value;
  const allowed: readonly string[] = PREFERRED_VALUES;
  if (!allowed.includes(value)) {
    return refuse('cannot_express', `${quoted(value)} cannot be put into the preferred slot`);
  }
  // What is restored was put there by the person: without a life the vendor's own default holds.
  const free = command.kind === 'restore' && command.lifeMs === undefined;
  const life = lifeOf(command);
  if (life === undefined && !free) return wrongLife(command);
  return plan(account, 'setUserPreferredPresence', {
    ...pairOf(value),
    ...(life === undefined ? {} : { expirationDuration: life }),
  });
}

/** Undefined when the life is missing or outside of what the slot allows. */
function lifeOf(command: Command): string | undefined {
  const bounds = TEAMS_MANIFEST.traits.life[command.slot];
  const ms = command.lifeMs;
  if (bounds === undefined || ms === undefined || !Number.isFinite(ms)) return undefined;
  return ms < bounds.minMs || ms > bounds.maxMs ? undefined : isoDuration(ms);
}

/** Whole seconds as an ISO 8601 duration of hours, minutes and seconds. */
export function isoDuration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), 'H'],
    [Math.floor(seconds / 60) % 60, 'M'],
    [seconds % 60, 'S'],
  ] as const;
  const text = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
  return `PT${text === '' ? '0S' : text}`;
}

function pairOf(value: string): { readonly availability: string; readonly activity: string } {
  const [availability = '', activity = ''] = value.split('/', 2);
  return { availability, activity };
}

function plan(
  account: AccountId,
  action: string,
  body: Readonly<Record<string, string>>,
  alsoDone: readonly number[] = [],
): Planned {
  const path = `/users/${account}/presence/${action}`;
  return { ok: true, plan: { path, body: JSON.stringify(body), alsoDone } };
}

function wrongLife(command: Command): Planned {
  const bounds = TEAMS_MANIFEST.traits.life[command.slot];
  const range = `${bounds?.minMs} to ${bounds?.maxMs}`;
  return refuse('refused', `lifeMs ${command.lifeMs} is not within ${range} of ${command.slot}`);
}

function refuse(reason: 'cannot_express' | 'not_found' | 'refused', detail: string): Planned {
  return { ok: false, outcome: { kind: 'refused', reason, detail } };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
