/** What the parts of the Graph double share while it runs, and the words of its logs. */
import type { Clock } from '../../src/lib/clock.ts';
import type { HttpRequest } from '../../src/lib/exchange.ts';
import type { Random } from '../../src/lib/random.ts';
import type { BoundedLog } from '../entra/bounded-log.ts';
import type { EntraEmulator } from '../entra/entra.ts';
import type { FaultBook, FaultTarget } from '../entra/fault-book.ts';
import { WAY_FAULTS } from '../entra/transport.ts';
import type { Person } from './authorize.ts';
import type { Behaviour } from './behaviour.ts';
import type { PresenceModel, PresenceView } from './model.ts';
import type { Pair } from './pairs.ts';
import type { AnswerContext, Problem } from './problem.ts';
import type { Push } from './push.ts';
import type { Quota } from './quota.ts';
import type { Route, WriteOp } from './routes.ts';
import type { Users } from './users.ts';

export const GRAPH_FAULTS = [
  ...WAY_FAULTS,
  'throttled',
  'unavailable',
  'error_before',
  'error_after',
  'token_expired',
  'claims_challenge',
  'forbidden',
  'not_found',
  'conflict',
  'no_effect',
  'truncated_body',
  'huge_body',
  'wrong_content_type',
  'body',
  'read_lag',
  'echo_lag',
  'busy_echo',
  'foreign_writer',
  'short_session',
  'odd_value',
  'garbled_item',
  'handshake',
  'lost_subscription',
  'deaf',
  'notify_duplicate',
  'notify_delay',
  'notify_shuffle',
  'notify_drop',
  'notify_corrupt',
] as const;
export type GraphFault = (typeof GRAPH_FAULTS)[number];

export interface RequestEntry {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly op?: string;
  readonly user?: string;
  readonly app?: string;
  /** How many ids a bulk read asked for. */
  readonly ids?: number;
  /** 0 when the request never arrived. */
  readonly status: number;
  /** False when the answer was lost on its way. */
  readonly answered: boolean;
}

/** One write request that reached the presence service, whatever became of it. */
export interface WriteEntry {
  readonly at: number;
  readonly user: string;
  readonly call: WriteOp;
  readonly body: unknown;
  readonly app: string;
  readonly status: number;
  readonly answered: boolean;
  /** Whether it changed anything in the emulator. */
  readonly effect: boolean;
  readonly shownBefore: Pair;
  readonly shownAfter: Pair;
}

export interface GraphDesk {
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly audiences: readonly string[];
  readonly entra: EntraEmulator;
  readonly model: PresenceModel;
  readonly users: Users;
  readonly quota: Quota;
  readonly push: Push;
  readonly faults: FaultBook<GraphFault>;
  readonly requests: BoundedLog<RequestEntry>;
  readonly writes: BoundedLog<WriteEntry>;
  readonly statuses: Map<number, number>;
  /** The JSON of views that were read, under the behaviour of then. */
  readonly texts: WeakMap<PresenceView, { readonly text: string; readonly behaviour: Behaviour }>;
  readonly ids: Random;
  behaviour: Behaviour;
}

/** A request with all that is known of it so far. */
export interface Call {
  readonly request: HttpRequest;
  readonly url: URL;
  readonly route: Route;
  readonly target: FaultTarget;
  readonly context: AnswerContext;
  /** The ids of a bulk read, or what is wrong with them. */
  readonly asked?: readonly string[] | Problem;
  readonly app: string;
  readonly roles: readonly string[];
  /** Undefined when the app asks for itself. */
  readonly person: Person | undefined;
  /** Epoch ms. */
  readonly tokenEndsAt: number;
}
