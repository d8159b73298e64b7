/**
 * The seed mapping: what works before anybody has configured anything, plus what the settings add.
 * Five9 call: In a call. After-call work: Busy. Not Ready with a mapped reason: as mapped. Teams
 * Busy, Do not disturb, a call, a meeting, presenting: Not Ready with the reserved code for it.
 */
import type { PlatformId } from '../model/ids.ts';
import type { Preset } from '../model/preset.ts';
import type { MappingRow, Policy, Strategy, Timing } from './policy.ts';
import { DEFAULT_TIMING } from './policy.ts';

/** Causes for which a reserved Not Ready reason code exists. */
export const STOP_CAUSES = ['busy', 'dnd', 'in_call', 'in_meeting', 'presenting'] as const;

export type StopCause = (typeof STOP_CAUSES)[number];

export interface NotReadyMapping {
  /** Five9 reason code id. */
  readonly code: string;
  readonly show: Preset | 'leave_alone';
}

export interface PolicySettings {
  readonly version: string;
  readonly strategy: Strategy;
  /** `in_call` keeps the call's mark through after-call work: half the writes. */
  readonly afterCallWork: 'busy' | 'in_call';
  readonly notReady: readonly NotReadyMapping[];
  /** Reserved code ids per cause; a cause without one is not mapped and stops nothing. */
  readonly stopCodes: Readonly<Partial<Record<StopCause, string>>>;
  readonly dwell: { readonly toTeamsMs: number; readonly toFive9Ms: number };
  readonly timing?: Partial<Timing>;
  readonly contactCentre: PlatformId;
  readonly collaboration: PlatformId;
}

/** Which Teams presets stop routing, and under which cause's code. */
const STOPS: readonly (readonly [Preset, StopCause])[] = [
  ['busy', 'busy'],
  ['dnd', 'dnd'],
  ['focus', 'dnd'],
  ['in_call', 'in_call'],
  ['in_conference', 'in_call'],
  ['in_meeting', 'in_meeting'],
  ['presenting', 'presenting'],
];

export function compilePolicy(settings: PolicySettings): Policy {
  return {
    version: settings.version,
    strategy: settings.strategy,
    rows: [...toCollaboration(settings), ...toContactCentre(settings)],
    timing: { ...DEFAULT_TIMING, ...settings.timing },
  };
}

function toCollaboration(settings: PolicySettings): MappingRow[] {
  const from = settings.contactCentre;
  const to = settings.collaboration;
  const dwellMs = settings.dwell.toTeamsMs;
  const acw: Preset = settings.afterCallWork === 'busy' ? 'wrap_up' : 'in_call';
  const rows: MappingRow[] = [
    { id: 'call', from, preset: 'in_call', to, show: 'in_call', dwellMs },
    { id: 'conference', from, preset: 'in_conference', to, show: 'in_call', dwellMs },
    { id: 'after_call_work', from, preset: 'wrap_up', to, show: acw, dwellMs },
  ];
  for (const mapping of settings.notReady) {
    const id = `not_ready.${mapping.code}`;
    rows.push({
      id,
      from,
      preset: 'not_ready',
      code: mapping.code,
      to,
      show: mapping.show,
      dwellMs,
    });
  }
  return rows;
}

function toContactCentre(settings: PolicySettings): MappingRow[] {
  const from = settings.collaboration;
  const to = settings.contactCentre;
  return STOPS.flatMap(([preset, cause]) => {
    const writeCode = settings.stopCodes[cause];
    if (writeCode === undefined) return [];
    const dwellMs = settings.dwell.toFive9Ms;
    return [{ id: `stop.${preset}`, from, preset, to, show: 'not_ready', writeCode, dwellMs }];
  });
}
