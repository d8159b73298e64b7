/**
 * The board: one row an agent, as people read it. A pure fold over an agent's state and plans; the
 * row's shape is the API's (api/contract/board.ts checks it).
 */
import { BLOCKED_WORDS } from '../model/blocked.ts';
import type { Agent } from '../model/agent.ts';
import type { AgentState, Face } from '../model/face.ts';
import type { AgentId, PlatformId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { PRESET_LABELS } from '../model/preset.ts';

export interface BoardSource {
  readonly agent: Agent;
  readonly state: AgentState;
  readonly plans: Readonly<Record<PlatformId, Plan>>;
  readonly status: 'in_step' | 'moving' | 'blocked' | 'unknown';
  readonly statusSince: number;
  readonly sentence: string;
  readonly live: Readonly<Record<PlatformId, boolean>>;
  readonly confirmedAt: (platform: PlatformId) => number | undefined;
}

interface BoardPlatform {
  platform: string;
  preset: string;
  label: string;
  raw: string;
  reason?: string;
  cause: string;
  since?: number;
  confirmedAt?: number;
  stale: boolean;
  ours: boolean;
  pending?: string;
  desired?: string;
  blocked?: { reason: string; words: string; since: number; detail?: string };
}

export interface BoardRow {
  id: AgentId;
  name: string;
  teams: string[];
  platforms: BoardPlatform[];
  step: BoardSource['status'];
  stepSince: number;
  why: string;
}

export function boardRow(source: BoardSource): BoardRow {
  const platforms = Object.keys(source.state.faces).sort();
  return {
    id: source.agent.id,
    name: source.agent.name,
    teams: [...(source.agent.teams ?? [])],
    platforms: platforms.map((platform) => platformOf(platform, source)),
    step: source.status,
    stepSince: source.statusSince,
    why: source.sentence,
  };
}

function platformOf(platform: PlatformId, source: BoardSource): BoardPlatform {
  const face = source.state.faces[platform];
  const confirmedAt = source.confirmedAt(platform);
  return {
    platform,
    ...shownOf(face),
    ...wantedOf(platform, source),
    cause: face?.cause.kind ?? 'unknown',
    ours: face?.cause.kind === 'ours',
    stale: source.live[platform] !== true || confirmedAt === undefined,
    ...(confirmedAt === undefined ? {} : { confirmedAt }),
  };
}

function shownOf(
  face: Face | undefined,
): Pick<BoardPlatform, 'preset' | 'label' | 'raw' | 'reason' | 'since' | 'pending'> {
  const seen = face?.seen;
  if (seen === undefined) return { preset: 'unknown', label: PRESET_LABELS.unknown, raw: '' };
  const { reason, raw } = seen.presence;
  const pending = pendingWords(face);
  return {
    preset: seen.preset,
    label: PRESET_LABELS[seen.preset],
    raw,
    since: seen.since,
    ...(reason === undefined ? {} : { reason: reason.label ?? reason.code }),
    ...(pending === undefined ? {} : { pending }),
  };
}

function wantedOf(
  platform: PlatformId,
  source: BoardSource,
): Pick<BoardPlatform, 'desired' | 'blocked'> {
  const desired = source.state.desired[platform];
  const plan = source.plans[platform];
  return {
    ...(desired?.kind === 'show' ? { desired: desired.preset } : {}),
    ...(plan?.kind === 'blocked' ? { blocked: blockedOf(plan) } : {}),
  };
}

function pendingWords(face: Face | undefined): string | undefined {
  const pending = face?.seen?.presence.pending;
  if (pending === undefined) return undefined;
  if (pending.acd === 'ready') return PRESET_LABELS.ready;
  const reason = pending.reason?.label ?? pending.reason?.code;
  return reason === undefined ? PRESET_LABELS.not_ready : `${PRESET_LABELS.not_ready}: ${reason}`;
}

function blockedOf({ blocked }: Plan & { kind: 'blocked' }): NonNullable<BoardPlatform['blocked']> {
  const { reason, since, detail } = blocked;
  return {
    reason,
    words: BLOCKED_WORDS[reason],
    since,
    ...(detail === undefined ? {} : { detail }),
  };
}
