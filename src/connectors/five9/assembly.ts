/** The parts of one connector, wired together. */
import type { AccountId } from '../../model/ids.ts';
import type { Log, Seams } from '../connector.ts';
import { Session } from './auth.ts';
import { createClient, type Client, type ClientParts } from './client.ts';
import { CloudSource, type CloudSecrets } from './cloud/source.ts';
import { Crowding } from './crowding.ts';
import { Intake, type Shown } from './intake.ts';
import { Lead } from './lead.ts';
import type { Settings } from './options.ts';
import { Outlet } from './outlet.ts';
import type { LargeFrames } from './parts.ts';
import { createRest, type Rest } from './rest.ts';
import { stopOf, withSkills, type Skills } from './skills.ts';
import { SkillsBook } from './skills-book.ts';
import { Transport } from './transport.ts';
import { Trouble } from './trouble.ts';
import { Watcher } from './watch.ts';

export interface Assembly {
  readonly settings: Settings;
  readonly outlet: Outlet;
  readonly session: Session;
  readonly transport: Transport;
  readonly rest: Rest;
  readonly client: Client;
  readonly intake: Intake;
  readonly watcher: Watcher;
  readonly crowding: Crowding;
  /** Active skills, where stops go by skill. */
  readonly book: SkillsBook;
  /** The New Platform beside the feed, where it is set up. */
  readonly cloud: CloudSource | undefined;
}

/** What a connector may be given beyond the seams. */
export interface Extras {
  /** The password as it stands in the configuration now, so that it can be changed meanwhile. */
  readonly reread?: () => string | undefined;
  /** As `reread`, of the New Platform. */
  readonly rereadCloud?: () => CloudSecrets | undefined;
  /** Reads large frames away from the event loop; absent: they are read on it, whole. */
  readonly largeFrames?: LargeFrames;
}

export function assemble(settings: Settings, seams: Seams, extras: Extras = {}): Assembly {
  const { reread, largeFrames } = extras;
  const { clock, random, log, openSocket } = seams;
  const outlet = new Outlet();
  const crowding = new Crowding();
  const isBySkill = settings.writes === 'skills';
  const shown: Shown = (observation) => {
    if (!isBySkill) return observation;
    const skills = book.of(observation.account);
    return skills && withSkills(observation, skills, settings.parkingSkill);
  };
  const intake = new Intake(outlet, clock, shown);
  // Seconds of our clock, as the connections count; without a stand-in nothing has to be below them.
  const lead = new Lead(settings.source === 'both' ? Math.floor(clock.now() / 1_000) : 0);
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
  const hold = (account: AccountId): void => book.hold(account);
  const release = (account: AccountId): void => book.release(account);
  const latest: ClientParts['latest'] = (account) => watcher.latest(account);
  const client = createClient({ clock, rest, settings, outlet, latest, book: { hold, release } });
  const book = bookOf(settings, seams, { client, outlet, intake, latest });
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
    lead,
  });
  const cloud = standInOf(settings, seams, extras, { outlet, shown, watcher, lead });
  return {
    settings,
    outlet,
    session,
    transport,
    rest,
    client,
    intake,
    watcher,
    crowding,
    book,
    cloud,
  };
}

function bookOf(
  settings: Settings,
  { clock, log }: Seams,
  parts: Pick<Assembly, 'client' | 'outlet' | 'intake'> & Pick<ClientParts, 'latest'>,
): SkillsBook {
  const { client, outlet, intake, latest } = parts;
  return new SkillsBook({
    clock,
    everyMs: 1_000 / settings.skillReadsPerSecond,
    read: skillsReader(client, outlet, log),
    isStop: (skills) => stopOf(skills, settings.parkingSkill) !== undefined,
    told: (account, asOf) => {
      // Without a live feed the state below the skills may be an old one.
      if (latest(account) !== undefined) intake.retell(account, asOf);
    },
  });
}

function standInOf(
  settings: Settings,
  seams: Seams,
  { rereadCloud }: Extras,
  parts: Pick<Assembly, 'outlet' | 'watcher'> & { readonly shown: Shown; readonly lead: Lead },
): CloudSource | undefined {
  const { outlet, watcher, shown, lead } = parts;
  if (settings.source !== 'both' || settings.cloud === undefined) return undefined;
  return new CloudSource({
    settings: settings.cloud,
    seams,
    outlet,
    intake: new Intake(outlet, seams.clock, shown),
    ...(rereadCloud === undefined ? {} : { reread: rereadCloud }),
    first: { standIn: () => lead.standIn(), look: () => watcher.look() },
  });
}

/** A read that is refused to us is told once, with what to do, until one is answered. */
function skillsReader(
  client: Client,
  outlet: Outlet,
  log: Log,
): (account: AccountId) => Promise<Skills | undefined> {
  let isRefused = false;
  return async (account) => {
    try {
      const skills = await client.skills(account);
      if (isRefused && outlet.lastHealth()?.state === 'degraded') {
        outlet.health({ state: 'live', detail: 'Reading all agents as they change.' });
      }
      isRefused = false;
      return skills;
    } catch (error) {
      outlet.count('skills_failed');
      if (!(error instanceof Trouble) || error.reaction !== 'ask_admin' || isRefused)
        return undefined;
      isRefused = true;
      log.warn('the active skills of agents cannot be read', { code: error.code });
      const detail = `${error.message}; nobody whose skills are not known is followed.`;
      outlet.health({ state: 'degraded', detail, action: error.fix });
      return undefined;
    }
  };
}
