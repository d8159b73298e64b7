/** Not Ready and logout reason codes of the emulated domain. */

export interface ReasonCode {
  readonly id: string;
  readonly name: string;
  readonly selectable: boolean;
}

/** "No reason code", as rows and bodies spell it. */
export const NO_REASON = '0';

/** Ids of the usual codes, for scripts that press buttons. */
export const REASON_IDS = {
  break: '410001',
  lunch: '410002',
  training: '410003',
  meeting: '410004',
  personal: '410005',
  technical: '410006',
  teamsBusy: '410101',
  teamsDoNotDisturb: '410102',
  teamsInACall: '410103',
  teamsInAMeeting: '410104',
  teamsPresenting: '410105',
} as const;

export const LOGOUT_REASONS: readonly ReasonCode[] = [
  { id: '420001', name: 'End of shift', selectable: true },
  { id: '420002', name: 'Forced', selectable: false },
];

/** The usual codes, those reserved for a presence bridge, and one that nobody may choose. */
export function defaultReasonCodes(): readonly ReasonCode[] {
  const ids = REASON_IDS;
  return [
    { id: ids.break, name: 'Break', selectable: true },
    { id: ids.lunch, name: 'Lunch', selectable: true },
    { id: ids.training, name: 'Training', selectable: true },
    { id: ids.meeting, name: 'Meeting', selectable: true },
    { id: ids.personal, name: 'Personal', selectable: true },
    { id: ids.technical, name: 'Technical issue', selectable: true },
    { id: ids.teamsBusy, name: 'Teams: Busy', selectable: true },
    { id: ids.teamsDoNotDisturb, name: 'Teams: Do not disturb', selectable: true },
    { id: ids.teamsInACall, name: 'Teams: In a call', selectable: true },
    { id: ids.teamsInAMeeting, name: 'Teams: In a meeting', selectable: true },
    { id: ids.teamsPresenting, name: 'Teams: Presenting', selectable: true },
    { id: '410900', name: 'Retired code', selectable: false },
  ];
}

/** The domain's list of codes. Every change calls `changed`. */
export class ReasonCatalogue {
  private codes: ReasonCode[];
  private readonly seed: readonly ReasonCode[];
  private readonly changed: () => void;

  constructor(seed: readonly ReasonCode[], changed: () => void) {
    this.seed = seed;
    this.codes = [...seed];
    this.changed = changed;
  }

  list(): readonly ReasonCode[] {
    return this.codes;
  }

  find(id: string): ReasonCode | undefined {
    return this.codes.find((code) => code.id === id);
  }

  /** Gives the new code the next free id unless one is named. */
  add(name: string, id?: string): ReasonCode {
    const taken = Math.max(410_000, ...this.codes.map((code) => Number(code.id)));
    const code = { id: id ?? String(taken + 1), name, selectable: true };
    if (this.find(code.id) !== undefined) throw new Error(`reason code ${code.id} exists already`);
    this.codes = [...this.codes, code];
    this.changed();
    return code;
  }

  remove(id: string): void {
    this.known(id);
    this.codes = this.codes.filter((code) => code.id !== id);
    this.changed();
  }

  change(
    id: string,
    change: { readonly name?: string; readonly selectable?: boolean },
  ): ReasonCode {
    const next = { ...this.known(id), ...change };
    this.codes = this.codes.map((code) => (code.id === id ? next : code));
    this.changed();
    return next;
  }

  reset(): void {
    this.codes = [...this.seed];
  }

  private known(id: string): ReasonCode {
    const code = this.find(id);
    if (code === undefined) throw new Error(`no reason code has the id "${id}"`);
    return code;
  }
}
