/** OAuth client credentials of the New Platform: the key and the secret as Basic, a bearer token back. */
import type { HttpRequest } from '../../src/lib/exchange.ts';
import { type Reply, ok } from './answers.ts';
import type { CloudSettings } from './cloud-options.ts';

export class CloudTokens {
  private readonly settings: CloudSettings;
  private readonly ends = new Map<string, number>();
  private made = 0;

  constructor(settings: CloudSettings) {
    this.settings = settings;
  }

  grant({ headers, body = '' }: HttpRequest): Reply {
    const { clientId, clientSecret, clock, tokenLifeMs } = this.settings;
    if (headers['authorization'] !== basic(clientId, clientSecret)) {
      return { status: 401, json: { error: 'invalid_client' } };
    }
    if (new URLSearchParams(body).get('grant_type') !== 'client_credentials') {
      return { status: 400, json: { error: 'unsupported_grant_type' } };
    }
    this.made += 1;
    const token = `cloud-token-${this.made}`;
    this.ends.set(token, clock.monotonic() + tokenLifeMs);
    return ok({
      access_token: token,
      token_type: 'Bearer',
      expires_in: Math.floor(tokenLifeMs / 1_000),
    });
  }

  admits({ headers }: HttpRequest): boolean {
    const token = /^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
    return (this.ends.get(token) ?? 0) > this.settings.clock.monotonic();
  }

  /** Every token that was given stops working. */
  revoke(): void {
    this.ends.clear();
  }

  /** How many were given. */
  granted(): number {
    return this.made;
  }
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
