/** The sign-in service: unreachable, slow, and credentials that change. */
import { FIRST_SECRET, NEXT_SECRET, OURS } from '../vendors.ts';
import type { Fault } from './fault.ts';
import { notes } from './fault.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

export const ENTRA_FAULTS: readonly Fault[] = [
  {
    id: 'F18',
    name: 'the sign-in service is down',
    lastsMs: [2 * MINUTE, 15 * MINUTE],
    begin: ({ world, lastsMs, draw }) => {
      const { entra } = world;
      const kind = draw.next() < 0.5 ? 'down' : 'unavailable';
      const id = entra.control.faults.add({ kind, durationMs: lastsMs });
      // Whoever asks again meets it: the token in use ends in the middle of it.
      if (draw.next() < 0.5) entra.control.revoke(OURS);
      return () => void entra.control.faults.remove(id);
    },
    noticed: (world) =>
      notes(world, 'log.no token', 'log.token not renewed yet, the old one is used to its end') +
      (world.entra.control.faults.strikes()['down'] ?? 0),
  },
  {
    id: 'F19',
    name: 'the credential is taken away and its successor must serve',
    begin: ({ world }) => {
      world.entra.control.apps.change(OURS, { secrets: [{ value: NEXT_SECRET }] });
      world.entra.control.revoke(OURS);
      world.entra.control.setTokenLifetime(10 * MINUTE);
      world.clock.after(5 * MINUTE, () => {
        const secrets = [{ value: FIRST_SECRET }, { value: NEXT_SECRET }];
        world.entra.control.apps.change(OURS, { secrets });
        world.entra.control.setTokenLifetime(HOUR);
      });
      return undefined;
    },
    noticed: (world) => world.entra.control.tokensIssued(),
  },
];
