/** The form of a REST route, and finding the one that a request means. */
import type { Reply } from './answers.ts';
import type { Faults } from './faults.ts';
import type { SupervisorFeed } from './feed.ts';
import type { Five9Domain } from './model.ts';
import type { Five9Settings } from './options.ts';
import type { Session, Sessions } from './sessions.ts';

export interface RestContext {
  readonly settings: Five9Settings;
  readonly domain: Five9Domain;
  readonly sessions: Sessions;
  readonly feed: SupervisorFeed;
  readonly faults: Faults;
  /** Statistics filter as last put; the double stores it and does not filter. */
  filter: unknown;
}

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string | undefined;
}

/** `needs`: what the caller must have done before. */
export type Route = {
  readonly method: string;
  /** Below `/{supsvcs|appsvcs}/rs/svc`; segments that begin with a colon are parameters. */
  readonly pattern: string;
  /** As the 435 body names the call. */
  readonly operation: string;
} & (
  | { readonly needs: 'nothing'; readonly handle: (context: RestContext, call: Call) => Reply }
  | {
      readonly needs: 'login' | 'working';
      readonly handle: (context: RestContext, call: Call, session: Session) => Reply;
    }
);

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Undefined when no route has this method and path. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Match | undefined {
  const below = /^\/(?:supsvcs|appsvcs)\/rs\/svc(\/.*)$/.exec(path)?.[1];
  if (below === undefined) return undefined;
  const segments = below.split('/');
  for (const route of routes) {
    const params = route.method === method ? paramsOf(route.pattern, segments) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function paramsOf(
  pattern: string,
  segments: readonly string[],
): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  if (wanted.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return params;
}
