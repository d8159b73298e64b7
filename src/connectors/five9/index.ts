/**
 * The Five9 connector: reads every agent's state from the supervisor socket and writes readiness
 * through the supervisor's presence request. What it needs and can do is in `manifest.ts`, how to
 * set it up in `README.md`.
 */
import type { Account, Check, Connector, Seams } from '../connector.ts';
import { assemble, type Extras } from './assembly.ts';
import { accountOf } from './client.ts';
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
  const assembly = assemble(settings, seams, extras);
  const { outlet, session, client, watcher, intake, book } = assembly;
  const isBySkill = settings.writes === 'skills';
  let phase: 'new' | 'running' | 'stopped' = 'new';

  return {
    manifest: manifestFor(settings.writes),
    start(sink, budget): void {
      if (phase !== 'new') return;
      phase = 'running';
      outlet.attach(sink, budget);
      void watcher.run();
    },
    async stop(): Promise<void> {
      const ran = phase === 'running';
      if (ran) outlet.health({ state: 'stopped', detail: 'Stopped.' });
      phase = 'stopped';
      outlet.detach();
      watcher.stop();
      book.stop();
      // Somebody who only looked in may have joined the session of a running service.
      if (ran) await session.end();
      else session.leave();
    },
    watch(interest): void {
      const accounts = new Set(interest.keys());
      intake.watch(accounts);
      if (isBySkill) book.watch(accounts);
    },
    look(accounts): void {
      watcher.look();
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
    async doctor(probeAccount): Promise<readonly Check[]> {
      if (phase === 'running') return examine(assembly, seams.clock, probeAccount);
      // Without a running feed the examination brings its own and takes it away again.
      const guest = assemble(settings, seams, extras);
      void guest.watcher.run();
      try {
        return await examine(guest, seams.clock, probeAccount);
      } finally {
        guest.watcher.stop();
        // Not signed out: the running service may have joined the same session.
        guest.session.leave();
      }
    },
  };
}
