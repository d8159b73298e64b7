/** The parts of one connector, wired together. */
import type { Seams } from '../connector.ts';
import { Session } from './auth.ts';
import { createClient, type Client } from './client.ts';
import { Crowding } from './crowding.ts';
import { Intake } from './intake.ts';
import type { Settings } from './options.ts';
import { Outlet } from './outlet.ts';
import type { LargeFrames } from './parts.ts';
import { createRest, type Rest } from './rest.ts';
import { Transport } from './transport.ts';
import { Watcher } from './watch.ts';

export interface Assembly {
  readonly settings: Settings;
  readonly outlet: Outlet;
  readonly session: Session;
  readonly rest: Rest;
  readonly client: Client;
  readonly intake: Intake;
  readonly watcher: Watcher;
  readonly crowding: Crowding;
}

/** What a connector may be given beyond the seams. */
export interface Extras {
  /** The password as it stands in the configuration now, so that it can be changed meanwhile. */
  readonly reread?: () => string | undefined;
  /** Reads large frames away from the event loop; absent: they are read on it, whole. */
  readonly largeFrames?: LargeFrames;
}

export function assemble(settings: Settings, seams: Seams, extras: Extras = {}): Assembly {
  const { reread, largeFrames } = extras;
  const { clock, random, log, openSocket } = seams;
  const outlet = new Outlet();
  const crowding = new Crowding();
  const intake = new Intake(outlet, clock);
  const transport = new Transport(seams, settings);
  const session = new Session({
    clock,
    log,
    transport,
    settings,
    password: () => reread?.() ?? settings.password,
    count: outlet.count,
    changed: () => watcher.sessionChanged(),
  });
  const rest = createRest({ session, transport, budget: () => outlet.budget(), clock });
  const client = createClient({
    clock,
    rest,
    settings,
    outlet,
    standing: (account) => watcher.latest(account)?.standing,
  });
  const watcher = new Watcher({
    clock,
    random: random.fork('five9'),
    openSocket,
    largeFrames,
    log,
    settings,
    session,
    transport,
    client,
    intake,
    outlet,
    crowding,
  });
  return { settings, outlet, session, rest, client, intake, watcher, crowding };
}
