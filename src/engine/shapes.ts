/**
 * The shapes of what a journal gives back, checked all the way down: somebody may have changed the
 * file, or another version have written it.
 */
import { presence, version } from '../core/observation-shape.ts';
import type { Shape } from '../lib/shape.ts';
import { byKind, flag, listOf, maybe, number, shapeOf, tableOf, text, word } from '../lib/shape.ts';
import type { Blocked, BlockedReason } from '../model/blocked.ts';
import { BLOCKED_WORDS } from '../model/blocked.ts';
import type { Cause } from '../model/cause.ts';
import type { AgentState, Desired, Face, Fact, Seen, Tries } from '../model/face.ts';
import type { Command, Intent, Mark } from '../model/mark.ts';
import type { Preset } from '../model/preset.ts';
import { PRESET_LABELS } from '../model/preset.ts';
import type { MappingRow, Policy, Timing } from '../policy/policy.ts';

const preset = word<Preset>(PRESET_LABELS);
const slotKind = word<Mark['kind']>({ session: 0, shared: 0 });
const cause = shapeOf<Cause>({
  kind: word<Cause['kind']>({
    human: 0,
    call: 0,
    calendar: 0,
    idle: 0,
    expiry: 0,
    ours: 0,
    other: 0,
    unknown: 0,
  }),
  certainty: word<Cause['certainty']>({ certain: 0, likely: 0 }),
  note: maybe(text),
  intent: maybe(text),
});

const mark: Shape<Mark> = shapeOf<Mark>({
  slot: text,
  kind: slotKind,
  value: text,
  preset,
  shows: listOf(preset),
  intent: text,
  putAt: number,
  acceptedAt: maybe(number),
  expiresAt: maybe(number),
  shownAt: maybe(number),
  shownStamp: maybe(text),
  exact: maybe(flag),
  touched: maybe(flag),
  previous: maybe(text),
  reasonCode: maybe(text),
  replaces: maybe((value): value is Mark => mark(value)),
});

const command = shapeOf<Command>({
  platform: text,
  kind: word<Command['kind']>({ put: 0, clear: 0, restore: 0 }),
  slot: text,
  slotKind,
  value: text,
  preset,
  shows: listOf(preset),
  lifeMs: maybe(number),
  reasonCode: maybe(text),
  previous: maybe(text),
  replacesCode: maybe(text),
  guarded: maybe(flag),
});

const blockedReason = word<BlockedReason>(BLOCKED_WORDS);

const blocked = shapeOf<Blocked>({
  reason: blockedReason,
  since: number,
  detail: maybe(text),
  retryAt: maybe(number),
});

const face = shapeOf<Face>({
  seen: maybe(shapeOf<Seen>({ presence, preset, version, asOf: number, since: number })),
  cause,
  own: maybe(shapeOf<Fact>({ preset, presence, cause, at: number })),
  claim: maybe(shapeOf({ preset, at: number })),
  ours: listOf(mark),
  fading: listOf(shapeOf({ mark, until: number })),
  intent: maybe(shapeOf<Intent>({ id: text, command, sentAt: number })),
  wroteAt: maybe(number),
  unknownSince: maybe(number),
  missingSince: maybe(number),
  blocked: maybe(blocked),
  tries: maybe(
    shapeOf<Tries>({ key: text, count: number, nextAt: maybe(number), refusal: maybe(blocked) }),
  ),
});

export const isAgentState = shapeOf<AgentState>({
  agent: text,
  epoch: number,
  counter: number,
  faces: tableOf(face),
  desired: tableOf(
    byKind<Desired>({
      show: { preset, reasonCode: maybe(text), rule: text, from: text, since: number },
      leave: { rule: text, blocked: maybe(blockedReason), wished: maybe(preset) },
    }),
  ),
  paused: maybe(flag),
  quarantined: maybe(shapeOf({ why: text, until: number })),
});

export const isPolicy = shapeOf<Policy>({
  version: text,
  strategy: word<Policy['strategy']>({
    latest_human: 0,
    contact_centre_wins: 0,
    teams_wins: 0,
    most_restrictive: 0,
  }),
  rows: listOf(
    shapeOf<MappingRow>({
      id: text,
      from: text,
      preset,
      code: maybe(text),
      to: text,
      show: word<MappingRow['show']>({ ...PRESET_LABELS, leave_alone: 0 }),
      writeCode: maybe(text),
      dwellMs: number,
    }),
  ),
  timing: shapeOf<Timing>({
    sessionLifeMs: number,
    sharedLifeMs: number,
    echoMs: number,
    fadeMs: number,
    settleMs: number,
    maxTries: number,
    refusedRetryMs: number,
  }),
});
