/**
 * Whether others use up the sockets of our user: there are three, and a fourth one closes the oldest
 * (https://github.com/Five9DeveloperProgram/Five9-Agent-Sup-REST-API-Starter-Kit). Five9 does not say
 * so. What can be seen of it is a socket that is closed in an orderly way while its session goes on.
 */
import type { End } from './feed.ts';
import type { Login } from './transport.ts';

const WINDOW_MS = 600_000;
const MOST_KEPT = 100;
/** Normal closure, no code, policy, and the codes that applications choose; 3000 is a duplicate key. */
const isOrderly = (code: number): boolean =>
  code === 1000 || code === 1005 || code === 1008 || code > 3000;

export class Crowding {
  private closed: Login | undefined;
  private times: number[] = [];

  /** A feed of this session has ended. */
  ended(end: End, login: Login): void {
    const isClosed = end.kind === 'lost' && end.code !== undefined && isOrderly(end.code);
    this.closed = isClosed ? login : undefined;
  }

  /** This session is in use now, monotonic ms. Returns whether it is one whose socket was taken. */
  goesOn(login: Login, now: number): boolean {
    const isTaken = this.closed === login;
    this.closed = undefined;
    if (isTaken) this.times = [...this.times.slice(1 - MOST_KEPT), now];
    return isTaken;
  }

  /** Sockets taken in the last ten minutes. */
  recent(now: number): number {
    return this.times.filter((time) => time > now - WINDOW_MS).length;
  }
}
