/**
 * The Microsoft Teams connector: reads presence by an application-only sweep of Graph and writes
 * it through the application's own session and the preferred slot. Notifications, which need an
 * account that signs in, are an accelerator that is off by default (`push/`).
 */
import type { AccountId } from '../../model/ids.ts';
import type { Command } from '../../model/mark.ts';
import type { Timer } from '../../lib/clock.ts';
import {
  ConnectorError,
  type Account,
  type Budget,
  type Check,
  type Connector,
  type Finding,
  type InboundAnswer,
  type InboundRequest,
  type Interest,
  type LearnOptions,
  type Outcome,
  type Seams,
  type Sink,
} from '../connector.ts';
import { listAccounts } from './accounts.ts';
import { onlyAllowed } from './allowed.ts';
import { createGraphClient, type GraphClient } from './client.ts';
import { examine } from './doctor.ts';
import { learnTeams } from './learn.ts';
import { NOBODY } from './learn-reads.ts';
import { TEAMS_MANIFEST } from './manifest.ts';
import { Expiry } from './expiry.ts';
import { resolveOptions, type TeamsOptions, type TeamsSetup } from './options.ts';
import { connectPush, subscribersOf } from './push/connect.ts';
import type { Push } from './push/push.ts';
import {
  createRegistrations,
  registrationsOf,
  signIn,
  type Registrations,
  type Reread,
} from './registrations.ts';
import { Vitals } from './vitals.ts';
import { Sweep } from './watch.ts';
import { carryOut } from './writer.ts';
import type { Granted } from './write-outcome.ts';

/** `reread`: a credential as it stands in the configuration now, so that it can be changed meanwhile. */
export function createTeamsConnector(
  options: TeamsOptions,
  seams: Seams,
  reread?: Reread,
): Connector {
  return new TeamsConnector(resolveOptions(options), seams, reread);
}

const SIGN_IN_PAUSE_MS = { first: 2_000, most: 60_000 } as const;

interface Running {
  readonly push: Push | undefined;
  readonly sweep: Sweep;
  readonly vitals: Vitals;
  readonly budget: Budget;
}

class TeamsConnector implements Connector {
  readonly manifest = TEAMS_MANIFEST;
  readonly #setup: TeamsSetup;
  readonly #seams: Seams;
  readonly #tokens: Registrations;
  readonly #client: GraphClient;
  #running: Running | undefined;
  #interest: ReadonlyMap<AccountId, Interest> = new Map();
  #retry: Timer | undefined;
  #stopped = false;
  /** What has succeeded with this registration, to tell one person's refusal from everybody's. */
  readonly #worked = { read: false, write: false };

  readonly #reread: Reread | undefined;
  #expiry: Expiry | undefined;

  constructor(setup: TeamsSetup, seams: Seams, reread?: Reread) {
    this.#setup = setup;
    this.#seams = seams;
    this.#reread = reread;
    this.#tokens = createRegistrations(setup, seams, reread);
    this.#client = this.#clientWith(this.#tokens);
  }

  start(sink: Sink, budget: Budget): void {
    if (this.#running !== undefined || this.#stopped) return;
    const { clock } = this.#seams;
    const vitals = new Vitals(sink, clock);
    const sweep = new Sweep({
      setup: this.#setup,
      seams: this.#seams,
      sink,
      budget,
      vitals,
      quota: this.#setup.quota,
      changed: (account) => push?.changed(account),
      read: {
        client: this.#client,
        timeoutMs: this.#setup.readTimeoutMs,
        granted: () => this.#granted('read'),
        worked: () => {
          this.#worked.read = true;
        },
        now: () => clock.now(),
      },
    });
    const push = connectPush({
      setup: this.#setup,
      seams: this.#seams,
      sink,
      sweep,
      vitals,
      credential: () => this.#tokens.read.credentials()[0],
      isMapped: (account) => this.#isMapped(account),
    });
    this.#running = { sweep, vitals, budget, push };
    this.#expiry = new Expiry({
      clock,
      log: this.#seams.log,
      registrations: () =>
        registrationsOf(this.#setup).map(({ duty, field }) => ({
          field,
          credentials: this.#tokens[duty === 'read' ? 'read' : 'write'].credentials(),
        })),
      advise: (action) => vitals.advise('certificate', action),
    });
    this.#expiry.start();
    vitals.starting();
    sweep.watch(this.#interest);
    push?.watch(this.#interest.keys());
    vitals.signingIn();
    void this.#signIn(this.#running, SIGN_IN_PAUSE_MS.first);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#expiry?.stop();
    this.#running?.sweep.stop();
    this.#running?.vitals.close();
    await this.#running?.push?.stop();
  }

  async receive(request: InboundRequest): Promise<InboundAnswer> {
    return (await this.#running?.push?.receive(request)) ?? { status: 404 };
  }

  watch(interest: ReadonlyMap<AccountId, Interest>): void {
    this.#interest = interest;
    this.#running?.sweep.watch(interest);
    this.#running?.push?.watch(interest.keys());
  }

  look(accounts: readonly AccountId[]): void {
    this.#running?.sweep.look(accounts);
  }

  async write(command: Command, account: AccountId): Promise<Outcome> {
    if (this.#stopped) return { kind: 'failed', detail: 'the connection is stopped' };
    const { clock } = this.#seams;
    const running = this.#running;
    running?.sweep.wrote(account);
    const outcome = await carryOut(
      {
        client: this.#client,
        clientId: this.#setup.clientId,
        timeoutMs: this.#setup.writeTimeoutMs,
        granted: () => this.#granted('write'),
        blocked: (detail, action) => running?.vitals.authBlocked(detail, action),
        now: () => clock.now(),
      },
      command,
      account,
    );
    // It may have come into effect at any time until now.
    running?.sweep.wrote(account);
    if (outcome.kind === 'accepted') this.#worked.write = true;
    return outcome;
  }

  accounts(): Promise<readonly Account[]> {
    return listAccounts({ client: this.#client, timeoutMs: this.#setup.readTimeoutMs });
  }

  doctor(probeAccount?: AccountId): Promise<readonly Check[]> {
    const tokens = createRegistrations(this.#setup, this.#seams, this.#reread);
    return examine(
      {
        setup: this.#setup,
        seams: this.#seams,
        tokens,
        client: this.#clientWith(tokens, probeAccount),
        accounts: this.#running?.sweep.accounts() ?? [...this.#interest.keys()],
        subscribers: subscribersOf({
          setup: this.#setup,
          seams: this.#seams,
          credential: () => tokens.read.credentials()[0],
        }),
        spend: () => this.#running?.budget.spend(),
      },
      probeAccount,
    );
  }

  learn(options: LearnOptions): Promise<readonly Finding[]> {
    const tokens = createRegistrations(this.#setup, this.#seams, this.#reread);
    return learnTeams({
      setup: this.#setup,
      clock: this.#seams.clock,
      tokens,
      client: this.#clientWith(tokens, options.probeAccount, NOBODY),
      accounts: [...this.#interest.keys()],
      spend: () => this.#running?.budget.spend(),
      options,
    });
  }

  /** Until there is a token; after that the sweep itself keeps at it. */
  async #signIn(running: Running, pauseMs: number): Promise<void> {
    try {
      await signIn(this.#tokens);
      running.sweep.open();
    } catch (error) {
      if (this.#stopped) return;
      tellFailure(running.vitals, error);
      const next = Math.min(SIGN_IN_PAUSE_MS.most, pauseMs * 2);
      this.#retry = this.#seams.clock.after(pauseMs, () => void this.#signIn(running, next));
    }
  }

  #clientWith(tokens: Registrations, ...probes: (AccountId | undefined)[]): GraphClient {
    const client = createGraphClient({
      setup: this.#setup,
      seams: this.#seams,
      tokens,
      spend: () => this.#running?.budget.spend(),
    });
    return onlyAllowed(client, (account) => this.#isMapped(account) || probes.includes(account));
  }

  #isMapped(account: AccountId): boolean {
    return this.#interest.has(account);
  }

  #granted(kind: 'read' | 'write'): Granted {
    const roles = this.#tokens[kind].latest()?.roles;
    const worked = this.#worked[kind];
    return roles === undefined ? { worked } : { roles, worked };
  }
}

function tellFailure(vitals: Vitals, error: unknown): void {
  if (error instanceof ConnectorError && error.reaction === 'ask_admin') {
    vitals.authBlocked(error.message, error.fix);
  } else {
    vitals.failed(error instanceof Error ? error.message : 'unexpected error');
  }
}
