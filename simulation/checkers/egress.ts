/** I14 and I15: requests go to allowed hosts only, and concern people of this tenant only. */
import type { CheckerKind } from '../court.ts';

const FIVE9_SOCKET = /^wss:\/\/[a-z0-9.-]+\.five9\.sim\//;

export const EGRESS: CheckerKind = {
  id: 'I15',
  promise: 'Requests go to the allowed hosts and concern mapped people, nobody else.',
  open(world, report) {
    return {
      departed: ({ host, url, account }) => {
        if (host === 'other') report(`a request went to ${url.slice(0, 60)}`);
        if (account === undefined) return;
        const isOurs = world.mappings.some(({ directory }) =>
          directory.agents.some(({ accounts }) => Object.values(accounts).includes(account)),
        );
        if (!isOurs) report('a write concerned somebody who was never mapped', account);
      },
      opened: (url) => {
        if (!FIVE9_SOCKET.test(url)) report(`a socket was opened to ${url.slice(0, 60)}`);
      },
    };
  },
};
