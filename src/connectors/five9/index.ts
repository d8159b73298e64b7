/**
 * The Five9 connector: reads every agent's state from the supervisor socket and writes readiness
 * through the supervisor's presence request. What it needs and can do is in `manifest.ts`, how to
 * set it up in `README.md`.
 */
import type { AccountId } from '../../model/ids.ts';
import type { Account, Check, Connector, Seams } from '../connector.ts';
import { assemble, type Assembly, type Extras } from './assembly.ts';
import { accountOf } from './client.ts';
import { createCloudConnector } from './cloud/connector.ts';
import { examineCloud } from './cloud/doctor.ts';
import { examine } from './doctor.ts';
import { learnFive9 } from './learn.ts';
import { manifestFor } from './manifest.ts';
import { settingsFrom, type Five9Options } from './options.ts';

/** Throws a `ConnectorError` that names the field when an option is wrong. */
export function createFive9Connector(
  options: Five9Options,
  seams: Seams,
  extras?: Extras,
): Connector {
  const settings = settingsFrom(options);
  if (settings.source === 'cloud' && settings.cloud !== undefined) {
    return createCloudConnector(settings.cloud, seams, extras?.rereadCloud);
  }
  const assembly = assemble(settings, seams, extras);
  const { outlet, session, client, watcher, intake, book, cloud } = assembly;
  const isBySkill = settings.writes === 'skills';
  let phase: 'new' | 'running' | 'stopped' = 'new';

  return {
    manifest: manifestFor(settings.writes),
    start(sink, budget): void {
      if (phase !== 'new') return;
      phase = 'running';
      outlet.attach(sink, budget);
      void watcher.run();
      cloud?.start();
    },
    async stop(): Promise<void> {
      const ran = phase === 'running';
      if (ran) outlet.health({ state: 'stopped', detail: 'Stopped.' });
      phase = 'stopped';
      outlet.detach();
      watcher.stop();
      cloud?.stop();
      book.stop();
      // Somebody who only looked in may have joined the session of a running service.
      if (ran) await session.end();
      else session.leave();
    },
    watch(interest): void {
      const accounts = new Set(interest.keys());
      intake.watch(accounts);
      cloud?.watch(accounts);
      if (isBySkill) book.watch(accounts);
    },
    look(accounts): void {
      if (cloud === undefined) watcher.look();
      else cloud.look();
      if (isBySkill) book.look(accounts);
    },
    write: (command, account) => client.write(command, account),
    async accounts(): Promise<readonly Account[]> {
      const users = await client.users();
      const ourselves = session.current()?.userId;
      return users.filter((user) => user.id !== ourselves).map(accountOf);
    },
    reasonCodes: () => client.reasonCodes(),
    learn: (learning) => learnFive9(settings, seams, { extras, options: learning }),
    ...(cloud === undefined ? {} : { receive: (request) => cloud.receive(request) }),
    doctor: (probeAccount) =>
      // Without a running feed the examination brings its own and takes it away again.
      phase === 'running'
        ? examineAll(assembly, seams, probeAccount)
        : examineAsGuest(assemble(settings, seams, extras), seams, probeAccount),
  };
}

async function examineAll(
  assembly: Assembly,
  { clock }: Seams,
  probeAccount: AccountId | undefined,
): Promise<readonly Check[]> {
  const { cloud } = assembly;
  const checks = await examine(assembly, clock, probeAccount);
  return cloud === undefined ? checks : [...checks, ...(await examineCloud(cloud))];
}

async function examineAsGuest(
  guest: Assembly,
  seams: Seams,
  probeAccount: AccountId | undefined,
): Promise<readonly Check[]> {
  void guest.watcher.run();
  try {
    return await examineAll(guest, seams, probeAccount);
  } finally {
    guest.watcher.stop();
    // Not signed out: the running service may have joined the same session.
    guest.session.leave();
  }
}
