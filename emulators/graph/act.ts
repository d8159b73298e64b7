/** The acts of people as data: for the control API, for scripts and for generated tests. */
import type { TeamsChoice } from '../acts.ts';
import {
  isRecord,
  optionalFlag,
  optionalText,
  requiredText,
  type JsonRecord,
} from '../entra/json-body.ts';
import { CHOICE_PAIRS } from './pairs.ts';
import type { PersonActs } from './person-acts.ts';

const PLAIN_ACTS = [
  'resetStatus',
  'joinCall',
  'leaveCall',
  'startPresenting',
  'stopPresenting',
  'meetingEnds',
] as const;

const DEVICE_ACTS = ['signIn', 'signOut', 'goIdle', 'comeBack'] as const;

export type Act =
  | { readonly act: (typeof PLAIN_ACTS)[number] }
  | { readonly act: (typeof DEVICE_ACTS)[number]; readonly device?: string }
  | { readonly act: 'choose'; readonly choice: TeamsChoice }
  | { readonly act: 'meetingStarts'; readonly teamsMeeting: boolean }
  | { readonly act: 'outOfOffice'; readonly on: boolean };

export function perform(acts: PersonActs, user: string, act: Act): void {
  switch (act.act) {
    case 'choose':
      return acts.choose(user, act.choice);
    case 'meetingStarts':
      return acts.meetingStarts(user, act.teamsMeeting);
    case 'outOfOffice':
      return acts.outOfOffice(user, act.on);
    case 'signIn':
    case 'signOut':
    case 'goIdle':
    case 'comeBack':
      return acts[act.act](user, act.device);
    default:
      return acts[act.act](user);
  }
}

/** An act from JSON; throws one clear error that names the field. */
export function parseAct(value: unknown): Act {
  if (!isRecord(value)) throw new Error('act: send a JSON object with "user" and "act"');
  const name = requiredText(value, 'act');
  const plain = PLAIN_ACTS.find((known) => known === name);
  if (plain !== undefined) return { act: plain };
  const onDevice = DEVICE_ACTS.find((known) => known === name);
  if (onDevice !== undefined) {
    const device = optionalText(value, 'device');
    return { act: onDevice, ...(device === undefined ? {} : { device }) };
  }
  if (name === 'choose') return { act: 'choose', choice: choiceOf(value) };
  if (name === 'meetingStarts') {
    return { act: name, teamsMeeting: optionalFlag(value, 'teamsMeeting') ?? false };
  }
  if (name === 'outOfOffice') return { act: name, on: optionalFlag(value, 'on') ?? true };
  const known = [...PLAIN_ACTS, ...DEVICE_ACTS, 'choose', 'meetingStarts', 'outOfOffice'];
  throw new Error(`act: "${name}" is unknown; use ${known.join(', ')}`);
}

function choiceOf(record: JsonRecord): TeamsChoice {
  const text = requiredText(record, 'choice');
  if (isChoice(text)) return text;
  throw new Error(`choice: "${text}" is unknown; use ${Object.keys(CHOICE_PAIRS).join(', ')}`);
}

function isChoice(text: string): text is TeamsChoice {
  return Object.hasOwn(CHOICE_PAIRS, text);
}
