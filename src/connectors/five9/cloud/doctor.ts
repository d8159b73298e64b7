/** The examination of the New Platform: the key, the snapshot, the ids, the subscription. Only reads. */
import type { Check } from '../../connector.ts';
import { isKnownState } from '../read.ts';
import { Trouble } from '../trouble.ts';
import type { CloudPage } from './client.ts';
import { PAGE_LIMIT, type CloudSettings } from './options.ts';
import { snapshotRows } from './snapshot.ts';
import type { CloudSource } from './source.ts';
import { AGENT_STATES } from './sweep.ts';
import { subscriptionsFrom, type WireSubscription } from './wire.ts';

/** Listing them is a guess: public client code only makes them. */
const SUBSCRIPTIONS = '/events-subscription/v1/domains/{domain}/events/subscriptions';
const ESS_GUIDE = 'https://docs.acqueon.com/v1/docs/configure-ess';
const KEY_GUIDE = 'https://docs.acqueon.com/docs/api-access-control';
const STARTED: ReadonlySet<string> = new Set(['STARTED', 'ACTIVE', 'RUNNING', 'ENABLED']);

type Base = Pick<Check, 'id' | 'title' | 'link'>;

export async function examineCloud(source: CloudSource): Promise<readonly Check[]> {
  const token = await tokenCheck(source);
  if (token.status !== 'pass') return [token];
  const query = { mediaTypes: 'VOICE,CHAT,EMAIL', pageLimit: String(PAGE_LIMIT) };
  const page = await source.client
    .page('read the states of the agents', AGENT_STATES, query)
    .catch((error: unknown) => error);
  const checks = [token, snapshotCheck(page), idsCheck(page, source)];
  const { events } = source.settings();
  return [...checks, await subscriptionCheck(source, events), eventsCheck(source, events)];
}

async function tokenCheck(source: CloudSource): Promise<Check> {
  const base = { id: 'five9.cloud.token', title: 'API key of the New Platform', link: KEY_GUIDE };
  const error = await source.tokens.get().then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  if (error === undefined)
    return { ...base, status: 'pass', evidence: 'A token was given for it.' };
  return { ...base, ...failure(error) };
}

function snapshotCheck(page: unknown): Check {
  const base = { id: 'five9.cloud.snapshot', title: 'States of the New Platform' };
  if (!isPage(page)) return { ...base, ...failure(page) };
  const { rows, badRows } = snapshotRows(page.rows);
  const unknown = [...new Set(rows.map((row) => row.state).filter((word) => !isKnownState(word)))];
  const evidence = `${rows.length} agents on the first page, ${badRows} rows that cannot be read.`;
  if (unknown.length === 0 && badRows === 0) return { ...base, status: 'pass', evidence };
  const words = unknown.slice(0, 5).map((word) => word.replace(/\W/g, '?').slice(0, 40));
  return {
    ...base,
    status: 'warn',
    evidence: words.length === 0 ? evidence : `${evidence} States not known: ${words.join(', ')}.`,
    fix: 'Tell the maintainers which words your domain uses; such agents are followed as unknown.',
  };
}

/** Both generations have ids of their own, and which one is shown is not published. */
function idsCheck(page: unknown, source: CloudSource): Check {
  const base = { id: 'five9.cloud.ids', title: 'Ids of agents on the New Platform' };
  const watched = source.watched();
  if (!isPage(page) || watched.size === 0) {
    return {
      ...base,
      status: 'skipped',
      evidence: 'No agents to compare with.',
      fix: 'Run it on the running service.',
    };
  }
  const seen = source.seen() ?? new Set(snapshotRows(page.rows).rows.map((row) => row.id));
  const known = [...seen].filter((id) => watched.has(id)).length;
  const evidence = `${known} of ${seen.size} agents that were seen are mapped, of ${watched.size} mapped ones.`;
  if (known > 0) return { ...base, status: 'pass', evidence };
  return {
    ...base,
    status: 'fail',
    evidence,
    fix: 'The domain shows other ids here than the mapping has: list them with lockstep people, and map those; with the source both the two must agree.',
  };
}

async function subscriptionCheck(
  source: CloudSource,
  events: CloudSettings['events'],
): Promise<Check> {
  const base = { id: 'five9.cloud.subscription', title: 'Subscription to events', link: ESS_GUIDE };
  const made = `In Event Subscription Service make one for AgentEvent, with all its events, POST to five9.cloud.events.url, a BASIC profile with five9.cloud.events.username and its password, and start it.`;
  if (events === undefined) {
    return {
      ...base,
      status: 'skipped',
      evidence: 'No events are set up.',
      fix: `Optional. ${made}`,
    };
  }
  const page = await source.client
    .page('list the subscriptions', SUBSCRIPTIONS, {})
    .catch(() => undefined);
  if (page === undefined) {
    const evidence = 'Five9 does not list its subscriptions to this key.';
    return {
      ...base,
      status: 'unknown',
      evidence,
      fix: `See in the console that it is there and started. ${made}`,
    };
  }
  return judged(
    base,
    subscriptionsFrom(page.rows).find(({ url }) => url === events.url),
    made,
  );
}

function judged(base: Base, found: WireSubscription | undefined, made: string): Check {
  if (found === undefined) {
    return {
      ...base,
      status: 'fail',
      evidence: 'None posts to five9.cloud.events.url.',
      fix: made,
    };
  }
  if (STARTED.has(found.status)) {
    return { ...base, status: 'pass', evidence: `It is there, ${found.status}.` };
  }
  if (found.status === '') {
    const evidence = 'It is there; whether it is started Five9 does not say.';
    return { ...base, status: 'unknown', evidence, fix: 'See in the console that it is started.' };
  }
  const evidence = `It is there, ${found.status.slice(0, 40)}.`;
  return { ...base, status: 'warn', evidence, fix: 'Start it in the Event Subscription Service.' };
}

function eventsCheck(source: CloudSource, events: CloudSettings['events']): Check {
  const base = { id: 'five9.cloud.events', title: 'Events of agents', link: ESS_GUIDE };
  const { taken, gaps } = source.events();
  if (events === undefined || taken === 0) {
    const evidence = 'None has come to this process.';
    return {
      ...base,
      status: 'skipped',
      evidence,
      fix: 'Run it on the running service, and change a state.',
    };
  }
  const evidence = `${taken} came, ${gaps} times one before was missing.`;
  if (gaps * 10 < taken) return { ...base, status: 'pass', evidence };
  const fix = 'Nothing is wrong for long: the snapshots repair it. Ask Five9 why events are lost.';
  return { ...base, status: 'warn', evidence, fix };
}

function failure(error: unknown): Pick<Check, 'status' | 'evidence' | 'fix'> {
  if (!(error instanceof Trouble)) {
    return { status: 'fail', evidence: 'It failed unexpectedly.', fix: 'See the log.' };
  }
  return { status: 'fail', evidence: `${error.message}.`, fix: error.fix };
}

function isPage(value: unknown): value is CloudPage {
  return typeof value === 'object' && value !== null && 'rows' in value;
}
