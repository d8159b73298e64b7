/**
 * The Entra double's part of the control API: JSON in, JSON out, one clear error for bad input.
 * It is documented in the README; `graph/control-api.ts` puts it below `/_emulator/entra`.
 */
import { ACCOUNT_VERBS } from './account-control-api.ts';
import { ENTRA_FAULTS } from './entra-routes.ts';
import type { EntraEmulator } from './entra.ts';
import { parseFault } from './fault-book.ts';
import { isRecord, optionalNumber, optionalText } from './json-body.ts';
import { parseApp, parseAppChange, type App } from './registration.ts';

export interface ControlCall {
  readonly method: string;
  /** The path below the mount point, in parts. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** Undefined when the body is no JSON; `{}` when there is none. */
  readonly body: unknown;
}

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Verb = (entra: EntraEmulator, call: ControlCall) => ControlAnswer;

const VERBS: Readonly<Record<string, Verb>> = {
  ...ACCOUNT_VERBS,
  'GET apps': (entra) => ok(entra.control.apps.list().map(appView)),
  'POST apps': (entra, call) => ok(appView(entra.control.apps.put(parseApp(call.body)))),
  'PATCH apps/*': (entra, call) =>
    ok(appView(entra.control.apps.change(part(call, 1), parseAppChange(call.body)))),
  'DELETE apps/*': (entra, call) => found(entra.control.apps.remove(part(call, 1))),
  'POST apps/*/revoke': (entra, call) => {
    entra.control.revoke(part(call, 1));
    return ok({});
  },
  'PATCH options': changeOptions,
  'GET faults': (entra) =>
    ok({ active: entra.control.faults.active(), strikes: entra.control.faults.strikes() }),
  'POST faults': (entra, call) =>
    ok({ id: entra.control.faults.add(parseFault(ENTRA_FAULTS, call.body)) }),
  'DELETE faults': (entra) => {
    entra.control.faults.clear();
    return ok({});
  },
  'DELETE faults/*': (entra, call) => found(entra.control.faults.remove(part(call, 1))),
  'GET requests': (entra, call) => ok(requestsView(entra, call)),
  'POST reset': (entra) => {
    entra.control.reset();
    return ok({});
  },
};

export function entraControlApi(entra: EntraEmulator, call: ControlCall): ControlAnswer {
  const verb = VERBS[`${call.method} ${shapeOf(call.path)}`];
  if (verb === undefined) return { status: 404, body: { error: 'no such control path' } };
  return verb(entra, call);
}

/** Every second part is a name and becomes a star. */
function shapeOf(path: readonly string[]): string {
  return path.map((name, at) => (at % 2 === 1 ? '*' : name)).join('/');
}

function changeOptions(entra: EntraEmulator, call: ControlCall): ControlAnswer {
  if (!isRecord(call.body)) throw new Error('options: send a JSON object');
  const lifetime = optionalNumber(call.body, 'tokenLifetimeMs');
  const consent = optionalText(call.body, 'consent');
  if (consent !== undefined && consent !== 'granted' && consent !== 'denied') {
    throw new Error(`consent: "${consent}" is unknown; use granted or denied`);
  }
  if (lifetime !== undefined) entra.control.setTokenLifetime(lifetime);
  if (consent !== undefined) entra.control.setConsent(consent);
  return ok({});
}

function requestsView(entra: EntraEmulator, call: ControlCall): unknown {
  const { requestLog } = entra.control;
  return {
    total: requestLog.total(),
    dropped: requestLog.dropped(),
    tokensIssued: entra.control.tokensIssued(),
    requests: requestLog.since(Number(call.query.get('since') ?? 0)),
  };
}

/** An app without the values of its secrets. */
function appView(app: App): unknown {
  return {
    ...app,
    secrets: app.secrets.map(({ expiresAt }) => ({ expiresAt })),
    certificates: app.certificates.map(({ thumbprintSha256, notBefore, notAfter }) => ({
      thumbprintSha256,
      notBefore,
      notAfter,
    })),
    federatedCredentials: app.federatedCredentials.map(({ name, issuer, subject, audiences }) => ({
      name,
      issuer,
      subject,
      audiences,
    })),
  };
}

function part(call: ControlCall, at: number): string {
  return call.path[at] ?? '';
}

function ok(body: unknown): ControlAnswer {
  return { status: 200, body };
}

function found(was: boolean): ControlAnswer {
  return was ? ok({}) : { status: 404, body: { error: 'nothing there with that id' } };
}
