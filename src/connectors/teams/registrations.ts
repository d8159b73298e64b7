/**
 * The registrations in Entra that requests are made with: one for everything, or one that writes
 * and another that reads, so that neither may do more than its own part.
 *
 * R1  Only a request that changes presence carries the token of the one that writes.
 * R2  Each keeps its own credential, token, refusals and claims challenges.
 */
import { ConnectorError, type Seams } from '../connector.ts';
import {
  readyCredential,
  type Credential,
  type ReadyCredential,
  type TeamsSetup,
} from './options.ts';
import { createTokens, type Tokens } from './token.ts';

export type Side = 'read' | 'write';

export type Registrations = Readonly<Record<Side, Tokens>>;

/** The credential of one side as it stands in the configuration now; of `write` where one does all. */
export type Reread = (side: Side) => Credential | undefined;

/** One registration, and what it is for. */
export interface Registration {
  readonly duty: Side | 'both';
  /** Below `teams.` in the configuration. */
  readonly field: 'credential' | 'read.credential';
  readonly clientId: string;
  readonly credentials: readonly ReadyCredential[];
}

/** The one whose id our presence sessions carry comes first. */
export function registrationsOf(setup: TeamsSetup): readonly Registration[] {
  const { clientId, credentials, read } = setup;
  const first = { field: 'credential', clientId, credentials } as const;
  if (read === undefined) return [{ duty: 'both', ...first }];
  return [
    { duty: 'write', ...first },
    { duty: 'read', field: 'read.credential', ...read },
  ];
}

export function createRegistrations(
  setup: TeamsSetup,
  seams: Seams,
  reread?: Reread,
): Registrations {
  const of = (side: Side, field: Registration['field'], own: TeamsSetup): Tokens =>
    createTokens(own, seams, () => usable(field, reread?.(side), seams.log));
  const write = of('write', 'credential', setup);
  if (setup.read === undefined) return { read: write, write };
  const read = of('read', 'read.credential', { ...setup, ...setup.read });
  return { read: namedAs('read.credential', read), write: namedAs('credential', write) };
}

/** Where there are two, an error says which one it is of. */
function namedAs(field: Registration['field'], tokens: Tokens): Tokens {
  const named = (error: unknown): never => {
    if (!(error instanceof ConnectorError)) throw error;
    const message = `${error.message} [teams.${field}]`;
    throw new ConnectorError(error.reaction, error.code, message, error.fix);
  };
  return {
    get: () => tokens.get().catch(named),
    replace: (refused, claims) => tokens.replace(refused, claims).catch(named),
    latest: () => tokens.latest(),
    credentials: () => tokens.credentials(),
  };
}

/** Signs every registration in. Rejects with `ConnectorError`. */
export async function signIn({ read, write }: Registrations): Promise<void> {
  await read.get();
  if (write !== read) await write.get();
}

export function sideOf(request: { readonly method: string; readonly path: string }): Side {
  const changes = request.method === 'POST' && /^\/users\/[^/?]+\/presence\//.test(request.path);
  return changes ? 'write' : 'read';
}

/** What cannot be used is told and left: the credential in use may still work. */
function usable(
  field: Registration['field'],
  credential: Credential | undefined,
  log: Seams['log'],
): ReadyCredential | undefined {
  if (credential === undefined) return undefined;
  try {
    return readyCredential(field, credential);
  } catch (error) {
    const fix = error instanceof ConnectorError ? error.fix : `Check teams.${field}.`;
    log.warn('the changed credential cannot be used', { fix });
    return undefined;
  }
}
