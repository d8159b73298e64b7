/** What Graph and Entra send: presence, people, tokens, errors, challenges. */
import { ConnectorError } from '../../src/connectors/connector.ts';
import { listAccounts } from '../../src/connectors/teams/accounts.ts';
import { Agenda } from '../../src/connectors/teams/agenda.ts';
import { CADENCE } from '../../src/connectors/teams/cadence.ts';
import type { GraphClient } from '../../src/connectors/teams/client.ts';
import { createGraphClient } from '../../src/connectors/teams/client.ts';
import { digest } from '../../src/connectors/teams/digest.ts';
import { privilegeCheck, rolesCheck } from '../../src/connectors/teams/doctor-setup.ts';
import { tenantChecks } from '../../src/connectors/teams/doctor-tenant.ts';
import { readyCredential, resolveOptions } from '../../src/connectors/teams/options.ts';
import { readPresence } from '../../src/connectors/teams/read.ts';
import { readPresences } from '../../src/connectors/teams/reader.ts';
import { Stamps } from '../../src/connectors/teams/stamps.ts';
import { createTokens } from '../../src/connectors/teams/token.ts';
import { registrationsOf } from '../../src/connectors/teams/registrations.ts';
import { tokenForm } from '../../src/connectors/teams/token-form.ts';
import { tokenRefused } from '../../src/connectors/teams/token-errors.ts';
import {
  parseClaims,
  parseGraphError,
  parsePresences,
  parseToken,
  parseTokenError,
  parseUsers,
} from '../../src/connectors/teams/wire.ts';
import {
  isTenantWide,
  outcomeOfWrite,
  READ_ROLES,
} from '../../src/connectors/teams/write-outcome.ts';
import { OPTIONS } from '../../src/connectors/teams/fixtures/scripted-graph.ts';
import type { HttpResponse } from '../../src/lib/exchange.ts';
import type { Random } from '../../src/lib/random.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { suggestMatches } from '../../src/directory/match.ts';
import { EMPTY_DIRECTORY } from '../../src/directory/directory.ts';
import { virtualClock } from '../../emulators/virtual-clock.ts';
import { damaged, damagedJson, hostileWord, pick } from './hostile-text.ts';
import { isPlainLine, isSafePath, isWellFormedObservation } from './promises.ts';
import {
  ACCOUNTS,
  ASSERTION_SEEDS,
  CHALLENGES,
  GRAPH_ERROR_SEEDS,
  PRESENCE_SEEDS,
  tokenOf,
  TOKEN_ERROR_SEEDS,
  TOKEN_SEEDS,
  CLAIMS_SEEDS,
  TENANT_SEEDS,
  USER_LIST_SEEDS,
} from './teams-payloads.ts';
import type { Target } from './trial.ts';
import { check } from './trial.ts';

const NOW = Date.UTC(2026, 0, 5, 8);
const SETUP = resolveOptions(OPTIONS);
const STATUSES = [200, 400, 401, 403, 404, 409, 429, 500, 503];

const presences: Target = {
  name: 'teams/presences',
  covers: ['wire.ts', 'read.ts'].map(teams),
  inputs: 80_000,
  text: (random) => damagedJson(random, PRESENCE_SEEDS),
  read(text): void {
    const list = parsePresences(text);
    if (list === undefined) return;
    check(list.spoiled >= 0, 'spoiled items are counted');
    for (const wire of list.items) {
      const { presence, unknown } = readPresence(wire);
      const said = /^available/i.test(wire.availability ?? '');
      check(presence.reach !== 'available' || said, 'only its own field says available (R2)');
      check(unknown.length <= 2, 'at most two words');
    }
  },
};

/** A whole read: the answer judged, stamped and handed on. */
const reads: Target = {
  name: 'teams/reads',
  covers: ['wire.ts', 'reader.ts', 'digest.ts', 'stamps.ts', 'agenda.ts'].map(teams),
  inputs: 30_000,
  text: (random) => damagedJson(random, PRESENCE_SEEDS),
  async read(text): Promise<void> {
    const agenda = new Agenda(CADENCE);
    agenda.replace(new Map(ACCOUNTS.map((account) => [account, 'hot'])), 0);
    const stamps = new Stamps((why) => check(why !== '', 'a reason is given'));
    for (let turn = 0; turn < 2; turn += 1) {
      const batch = agenda.take(turn * 1_000_000);
      const result = await readPresences(
        readParts({ status: 200, headers: {}, body: text }),
        ACCOUNTS,
      );
      if (result.kind !== 'answered') return;
      check(Number.isFinite(result.bytes), 'bytes are counted');
      const digested = digest(batch, result, {
        began: { asOf: NOW + turn, readAt: turn },
        stamps,
        unknownUsers: turn === 0 ? 'observe' : 'missing',
        isWatched: () => true,
        changed: () => undefined,
      });
      digested.observations.forEach(isWellFormedObservation);
      const told = digested.observations.length + digested.missing.length;
      check(told <= batch.length, 'nobody is told twice (B1)');
      agenda.release(batch);
    }
  },
};

function readParts(response: HttpResponse): Parameters<typeof readPresences>[0] {
  return {
    client: { call: () => Promise.resolve(response) },
    timeoutMs: 20_000,
    granted: () => ({ worked: false }),
    worked: () => undefined,
    now: () => NOW,
  };
}

const errors: Target = {
  name: 'teams/errors',
  covers: ['wire.ts', 'reader.ts', 'write-outcome.ts'].map(teams),
  inputs: 30_000,
  text: (random) => damagedJson(random, GRAPH_ERROR_SEEDS),
  async read(text): Promise<void> {
    const first = text.length % STATUSES.length;
    for (const status of [STATUSES[first] ?? 200, 403]) {
      const response = { status, headers: { 'retry-after': text.slice(0, 40) }, body: text };
      const judged = { response, alsoDone: [404], granted: { worked: false }, now: NOW };
      const outcome = outcomeOfWrite(judged);
      check(status < 500 || outcome.kind !== 'refused', 'what may have worked is not refused (X1)');
      if ('detail' in outcome) isPlainLine(outcome.detail, 100);
      const read = await readPresences(readParts(response), ACCOUNTS);
      if ('detail' in read) isPlainLine(read.detail, 100);
    }
    isTenantWide(parseGraphError(text), { roles: [], worked: true }, READ_ROLES);
  },
};

const people: Target = {
  name: 'teams/people',
  covers: ['wire.ts', 'accounts.ts'].map(teams),
  inputs: 15_000,
  refuses: (error) => error instanceof ConnectorError,
  text: (random) => damagedJson(random, USER_LIST_SEEDS),
  async read(text): Promise<void> {
    parseUsers(text);
    let pages = 0;
    const client: GraphClient = {
      call: ({ path }) => {
        check(
          path.startsWith('/users'),
          `only our own address is followed (U1): ${path.slice(0, 80)}`,
        );
        pages += 1;
        return Promise.resolve({
          status: 200,
          headers: {},
          body: pages < 4 ? text : '{"value":[]}',
        });
      },
    };
    const accounts = await listAccounts({ client, timeoutMs: 1_000 });
    suggestMatches({ five9: accounts, teams: accounts, mapping: EMPTY_DIRECTORY });
  },
};

/** The doctor's look into the directory: each text is the answer to whatever it asks. */
const tenant: Target = {
  name: 'teams/tenant',
  covers: ['directory-wire.ts', 'survey.ts', 'doctor-tenant.ts', 'doctor-consent.ts'].map(teams),
  inputs: 15_000,
  text: (random) => damagedJson(random, TENANT_SEEDS),
  async read(text): Promise<void> {
    const client: GraphClient = {
      call: ({ path, method }) => {
        check(method === 'GET', 'it only reads');
        isSafePath(path);
        return Promise.resolve({ status: 200, headers: {}, body: text });
      },
    };
    const checks = await tenantChecks({
      client,
      timeoutMs: 1_000,
      registrations: registrationsOf(SETUP),
      accounts: ACCOUNTS,
    });
    for (const { evidence, fix = '' } of checks) {
      isPlainLine(evidence, 400);
      isPlainLine(fix, 400);
    }
  },
};

/** Each text is the answer of the sign-in service, under a status that follows from it. */
const tokens: Target = {
  name: 'teams/tokens',
  covers: ['wire.ts', 'token.ts', 'token-errors.ts', 'doctor-setup.ts'].map(teams),
  inputs: 18_000,
  refuses: (error) => error instanceof ConnectorError && isShort(error.message),
  text(random): string {
    const kind = random.next();
    if (kind < 0.4) return damagedJson(random, TOKEN_SEEDS);
    if (kind < 0.7) return tokenOf(damagedJson(random, CLAIMS_SEEDS));
    return damagedJson(random, TOKEN_ERROR_SEEDS);
  },
  async read(text): Promise<void> {
    parseToken(text);
    parseClaims(text);
    const status = STATUSES[text.length % 3] ?? 200;
    const isKnown = tokenRefused(status, parseTokenError(text));
    isPlainOf(isKnown.message);
    const store = createTokens(SETUP, seams({ status, headers: {}, body: text }));
    const token = await store.get();
    check(Number.isFinite(token.expiresAt) && token.expiresAt > 0, 'a token ends');
    check(token.text !== '', 'a token has a text');
    for (const duty of ['both', 'read', 'write'] as const) {
      rolesCheck(token.roles, duty);
      privilegeCheck(token.roles, duty);
    }
  },
};

function isShort(message: string): boolean {
  return message.length <= 300;
}

function isPlainOf(message: string): void {
  check(isShort(message), 'an error is short');
}

const LOG = { info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Log lines are the business of the redactor's own trial.
}

function seams(response: HttpResponse): Parameters<typeof createTokens>[1] {
  return {
    clock: virtualClock(NOW),
    random: seededRandom(1),
    exchange: () => Promise.resolve(response),
    log: LOG,
  };
}

/** The header of a claims challenge, and what goes back to the sign-in service for it. */
const challenges: Target = {
  name: 'teams/challenges',
  covers: ['client.ts', 'token.ts'].map(teams),
  inputs: 8_000,
  refuses: (error) => error instanceof ConnectorError,
  text: challenge,
  async read(text): Promise<void> {
    const store = createTokens(SETUP, {
      ...seams({ status: 200, headers: {}, body: '' }),
      exchange: (request) => {
        const claims = new URLSearchParams(request.body ?? '').get('claims');
        check(claims !== null && typeof JSON.parse(claims) === 'object', 'claims are an object');
        return Promise.resolve({ status: 200, headers: {}, body: tokenOf('{}') });
      },
    });
    let sent = 0;
    const client = createGraphClient({
      setup: SETUP,
      tokens: { read: store, write: store },
      spend: () => undefined,
      seams: {
        exchange: () => {
          sent += 1;
          return Promise.resolve({ status: 401, headers: { 'www-authenticate': text }, body: '' });
        },
      },
    });
    await client.call({ method: 'GET', path: '/users', timeoutMs: 1_000 });
    check(sent <= 2, 'a request is replayed once at most (G1)');
  },
};

/** What somebody else writes into the file of a federated credential. */
const assertions: Target = {
  name: 'teams/assertions',
  covers: ['federated.ts', 'token-form.ts', 'wire.ts'].map(teams),
  inputs: 20_000,
  refuses: (error) =>
    error instanceof ConnectorError && isShort(error.message) && !error.message.includes(CANARY),
  text(random): string {
    if (random.next() < 0.3) return damaged(random, ['', 'a.b.c', `${CANARY}\n`, tokenOf('{}')]);
    const payload = damagedJson(random, ASSERTION_SEEDS);
    return `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(payload).toString('base64url')}.${CANARY}`;
  },
  async read(text): Promise<void> {
    const credential = readyCredential('credential', {
      assertion: { file: '/run/token', read: () => ({ ok: true, value: text }) },
    });
    const form = await tokenForm({
      setup: SETUP,
      seams: seams({ status: 200, headers: {}, body: '' }),
      credential,
      claims: undefined,
    });
    check(
      /^[\w.-]+$/.test(form.get('client_assertion') ?? ''),
      'what is sent has the form of a JWT',
    );
  },
};

const CANARY = 'canary-of-the-assertion';

function challenge(random: Random): string {
  if (random.next() < 0.5) return damaged(random, CHALLENGES);
  const claims = damagedJson(random, CLAIMS_SEEDS);
  const encoded = Buffer.from(claims.slice(0, 5_000)).toString('base64');
  return `Bearer ${hostileWord(random)}, error="insufficient_claims", claims="${encoded}"${pick(random, CHALLENGES)}`;
}

function teams(file: string): string {
  return `src/connectors/teams/${file}`;
}

export const TEAMS_TARGETS: readonly Target[] = [
  presences,
  reads,
  errors,
  people,
  tenant,
  tokens,
  challenges,
  assertions,
];
