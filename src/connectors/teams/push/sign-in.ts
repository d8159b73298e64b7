/**
 * Tokens of an account that holds a subscription: Graph lets only a person subscribe to presence,
 * so an account of its own signs in once, and its refresh token serves from then on.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token
 */
import { ConnectorError, type Seams } from '../../connector.ts';
import type { ReadyCredential, TeamsSetup } from '../options.ts';
import { createTokens, type Tokens } from '../token.ts';

/** An account that subscribes, and the place where its refresh token is kept. */
export interface Subscriber {
  /** As an administrator calls it. */
  readonly name: string;
  /** Undefined while it has not signed in. */
  readonly refreshToken: () => string | undefined;
  /** The service gives a new one with every use; the old one ends after 90 days without. May throw. */
  readonly keep: (refreshToken: string) => void;
}

/** Least for subscribing, and for a refresh token at all. */
const DELEGATED_SCOPES = ['Presence.Read.All', 'offline_access'] as const;

/** As a form says it, for the Graph of the cloud. */
export function delegatedScope({ scope }: Pick<TeamsSetup, 'scope'>): string {
  const graph = scope.replace(/\.default$/, '');
  return DELEGATED_SCOPES.map((name) => (name.includes('.') ? graph + name : name)).join(' ');
}

export interface SignInParts {
  readonly setup: TeamsSetup;
  readonly seams: Seams;
  /** Of the registration, as it is in use now. */
  readonly credential: () => ReadyCredential | undefined;
}

/** With the registration that reads, where it is another than the one that writes. */
export function tokensOf(
  subscriber: Subscriber,
  { setup: whole, seams, credential }: SignInParts,
): Tokens {
  const setup = { ...whole, ...whole.read };
  return createTokens(setup, seams, credential, {
    scope: delegatedScope(setup),
    fields: () => {
      const token = subscriber.refreshToken();
      if (token === undefined) throw notSignedIn(subscriber.name);
      return { grant_type: 'refresh_token', refresh_token: token };
    },
    renewed: (token) => {
      try {
        subscriber.keep(token);
      } catch {
        // The one of before serves on for a while, so what cannot be kept costs no token.
        seams.log.warn('a renewed sign-in could not be kept', { subscriber: subscriber.name });
      }
    },
  });
}

function notSignedIn(name: string): ConnectorError {
  return new ConnectorError(
    'ask_admin',
    'TEAMS_SUBSCRIBER_SIGNED_OUT',
    `the account ${name} has not signed in yet`,
    `Run: lockstep subscriber ${name}`,
  );
}
