/**
 * Whether notifications with content come from Graph: every one of the web tokens beside them has
 * to say so.
 * https://learn.microsoft.com/en-us/graph/change-notifications-with-resource-data
 *
 * K1  Signature, validity, audience, issuer of our tenant (old and new form) and the calling
 *     application are all checked, in every token.
 * K2  Keys are fetched again for a key id that is not known, at most once in five minutes: tokens
 *     with made-up ids cost nothing.
 * K3  Keys that cannot be fetched make a token unproven, not forged.
 */
import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../../lib/clock.ts';
import type { Exchange } from '../../../lib/exchange.ts';
import { readWith } from '../../../lib/read-with.ts';
import { boundedText } from '../../kit/bounded-text.ts';
import { jsonOf } from '../wire.ts';

export type Proof = 'proven' | 'forged' | 'unproven';

export interface SenderParts {
  /** Address of the signing keys, below the sign-in host of the cloud. */
  readonly keysUrl: string;
  /** Issuers of tokens about our tenant. */
  readonly issuers: readonly string[];
  /** Client ids that tokens may be made out to. */
  readonly audience: readonly string[];
  readonly exchange: Exchange;
  readonly clock: Clock;
}

/** Microsoft Graph Change Tracking, the same in every tenant. */
const GRAPH_APP_ID = '0bf30f3b-4a52-48df-9a82-234910c4a086';
const REFETCH_MS = 5 * 60_000;
/** The vendor's keys change daily. */
const KEYS_LIFE_MS = 12 * 60 * 60_000;
const KEYS_TIMEOUT_MS = 5_000;
const KNOWN_MAX = 256;
const CLOCK_TOLERANCE_S = 300;

const keySet = z.object({ keys: z.array(z.unknown()).max(100) });

const signingKey = z.object({
  kty: z.literal('RSA'),
  kid: boundedText(1, 256),
  n: boundedText(1, 2_048),
  e: boundedText(1, 16),
});

interface KeySet {
  readonly keys: z.infer<typeof signingKey>[];
}

/** Those keys that can be used; undefined when there are none. */
export function parseKeys(body: string): KeySet | undefined {
  const raw = readWith(keySet, jsonOf(body))?.keys ?? [];
  const keys = raw.flatMap((each) => readWith(signingKey, each) ?? []);
  return keys.length === 0 ? undefined : { keys };
}

export class Sender {
  readonly #parts: SenderParts;
  #keys: KeySet | undefined;
  #askedAt = -Infinity;
  #fetchedAt = -Infinity;
  #pending: Promise<void> | undefined;
  /** Tokens that were proven, until they end (epoch ms): Graph sends the same one many times. */
  readonly #known = new Map<string, number>();

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async prove(tokens: readonly string[]): Promise<Proof> {
    if (tokens.length === 0) return 'unproven';
    let proof: Proof = 'proven';
    for (const token of tokens) {
      const one = await this.#proveOne(token);
      if (one === 'forged') return 'forged';
      if (one === 'unproven') proof = 'unproven';
    }
    return proof;
  }

  async #proveOne(token: string): Promise<Proof> {
    const now = this.#now();
    const until = this.#known.get(token);
    if (until !== undefined && now < until) return 'proven';
    const kid = keyIdOf(token);
    if (kid === undefined) return 'forged';
    const keys = await this.#keysFor(kid);
    if (keys === undefined) return 'unproven';
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
        algorithms: ['RS256'],
        audience: [...this.#parts.audience],
        issuer: [...this.#parts.issuers],
        currentDate: new Date(now),
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'nbf'],
      });
      if (!isFromGraph(payload)) return 'forged';
      this.#remember(token, (payload.exp ?? 0) * 1_000);
      return 'proven';
    } catch (error) {
      // The key may be newer than what we hold, and may not be asked for yet.
      return error instanceof errors.JWKSNoMatchingKey ? 'unproven' : 'forged';
    }
  }

  #remember(token: string, until: number): void {
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(token, until);
  }

  async #keysFor(kid: string): Promise<KeySet | undefined> {
    const now = this.#parts.clock.monotonic();
    const isKnown = this.#keys?.keys.some((key) => key.kid === kid) === true;
    const isOld = now >= this.#fetchedAt + KEYS_LIFE_MS;
    if ((isOld || !isKnown) && now >= this.#askedAt + REFETCH_MS) {
      this.#pending ??= this.#fetch().finally(() => {
        this.#pending = undefined;
      });
    }
    if (this.#pending !== undefined) await this.#pending;
    return this.#keys;
  }

  async #fetch(): Promise<void> {
    this.#askedAt = this.#parts.clock.monotonic();
    try {
      const { status, body } = await this.#parts.exchange({
        method: 'GET',
        url: this.#parts.keysUrl,
        headers: { accept: 'application/json' },
        timeoutMs: KEYS_TIMEOUT_MS,
      });
      const keys = status === 200 ? parseKeys(body) : undefined;
      if (keys === undefined) return;
      this.#keys = keys;
      this.#fetchedAt = this.#askedAt;
    } catch {
      // The keys that we hold serve on.
    }
  }

  #now(): number {
    return this.#parts.clock.wall?.() ?? this.#parts.clock.now();
  }
}

function keyIdOf(token: string): string | undefined {
  try {
    const { kid, alg } = decodeProtectedHeader(token);
    return alg === 'RS256' ? kid : undefined;
  } catch {
    return undefined;
  }
}

/** The first version of tokens names the caller in `appid`, the second in `azp`. */
function isFromGraph(payload: JWTPayload): boolean {
  const caller = payload['ver'] === '2.0' ? payload['azp'] : payload['appid'];
  return caller === GRAPH_APP_ID;
}
