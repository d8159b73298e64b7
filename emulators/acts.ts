/**
 * What people do in the emulated world, and what is really true there. Both emulators implement
 * their half; scripted people, the simulated day and the conformance suites use only this.
 * Every act takes effect at the emulator's own clock. Unknown ids throw an Error that names them.
 */

export interface Five9Acts {
  agents(): readonly string[];
  logIn(agent: string): void;
  logOut(agent: string): void;
  /** The agent presses Ready, on every channel they have. */
  ready(agent: string): void;
  /** The agent presses Not Ready with this reason code. On a contact it becomes pending. */
  notReady(agent: string, reasonCode: string): void;
  /** Routing offers a call; throws when the agent is not routable now. */
  ring(agent: string): void;
  answer(agent: string): void;
  /** The contact ends; the agent goes to after-call work. */
  hangUp(agent: string): void;
  /** After-call work ends; a pending state applies, else the state from before the call. */
  finishWrapUp(agent: string): void;
  /** The agent dials out (allowed in Ready and in Not Ready). */
  dial(agent: string): void;
  /** What routing would really do now. */
  truth(agent: string): Five9Truth;
}

export interface Five9Truth {
  readonly state: string;
  readonly reasonCode: string;
  readonly readyChannels: readonly string[];
  readonly pendingReadyChannels: readonly string[];
  readonly pendingReasonCode: string;
  /** Skills with which contacts are given to the agent, in the order in which they were set. */
  readonly activeSkills: readonly string[];
  /** Would be offered a call now. */
  readonly routable: boolean;
  /** Who made the present readiness: the agent, the API, or the system. */
  readonly madeBy: 'agent' | 'api' | 'system';
  readonly since: number;
}

export type TeamsChoice =
  | 'Available'
  | 'Busy'
  | 'DoNotDisturb'
  | 'BeRightBack'
  | 'Away'
  | 'Offline';

export interface TeamsActs {
  users(): readonly string[];
  /** A device signs in; it then speaks for the person until `signOut`. */
  signIn(user: string, device?: string): void;
  signOut(user: string, device?: string): void;
  /** The person picks a status by hand: it goes into the preferred slot with the vendor's default life. */
  choose(user: string, choice: TeamsChoice): void;
  /** The person picks "Reset status". */
  resetStatus(user: string): void;
  /** A real Teams call or a joined meeting, on a device. */
  joinCall(user: string): void;
  leaveCall(user: string): void;
  startPresenting(user: string): void;
  stopPresenting(user: string): void;
  /** A calendar entry begins; with `teamsMeeting` it reads as InAMeeting, else as Busy. */
  meetingStarts(user: string, teamsMeeting: boolean): void;
  meetingEnds(user: string): void;
  /** Screen locked or idle: devices go Away. */
  goIdle(user: string): void;
  comeBack(user: string): void;
  outOfOffice(user: string, on: boolean): void;
  truth(user: string): TeamsTruth;
}

export interface TeamsTruth {
  /** What colleagues see now. */
  readonly availability: string;
  readonly activity: string;
  /** What colleagues would see if no application had ever written anything. */
  readonly withoutApps: { readonly availability: string; readonly activity: string };
  /** The preferred slot and who filled it. */
  readonly preferred?: {
    readonly availability: string;
    readonly activity: string;
    readonly expiresAt: number;
    readonly by: 'person' | 'app';
  };
  readonly sessions: readonly {
    readonly id: string;
    readonly availability: string;
    readonly activity: string;
    readonly app: boolean;
    readonly expiresAt?: number;
  }[];
}
