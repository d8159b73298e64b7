/**
 * The Five9 connector without a supervisor seat: states from the New Platform alone. Nothing can be
 * written, for no write of a state is published there.
 */
import type { Account, Connector, Seams } from '../../connector.ts';
import { Intake } from '../intake.ts';
import { manifestFor } from '../manifest.ts';
import { Outlet } from '../outlet.ts';
import { accountsOf } from './accounts.ts';
import { examineCloud } from './doctor.ts';
import type { CloudSettings } from './options.ts';
import { CloudSource, type CloudSecrets } from './source.ts';

const READ_ONLY = 'the New Platform takes no state; five9.source is cloud';

export function createCloudConnector(
  settings: CloudSettings,
  seams: Seams,
  reread?: () => CloudSecrets | undefined,
): Connector {
  const outlet = new Outlet();
  const source = new CloudSource({
    settings,
    seams,
    outlet,
    intake: new Intake(outlet, seams.clock),
    ...(reread === undefined ? {} : { reread }),
  });
  let phase: 'new' | 'running' | 'stopped' = 'new';
  return {
    manifest: manifestFor('cloud'),
    start(sink, budget): void {
      if (phase !== 'new') return;
      phase = 'running';
      outlet.attach(sink, budget);
      source.start();
    },
    stop(): Promise<void> {
      if (phase === 'running') outlet.health({ state: 'stopped', detail: 'Stopped.' });
      phase = 'stopped';
      outlet.detach();
      source.stop();
      return Promise.resolve();
    },
    watch: (interest) => source.watch(new Set(interest.keys())),
    look: () => source.look(),
    write: (command) =>
      Promise.resolve(
        command.platform === 'five9'
          ? { kind: 'refused', reason: 'read_only', detail: READ_ONLY }
          : { kind: 'refused', reason: 'cannot_express', detail: 'a command of another platform' },
      ),
    accounts: (): Promise<readonly Account[]> => accountsOf(source.client),
    receive: (request) => source.receive(request),
    doctor: () => examineCloud(source),
  };
}
