/** The control API's calls about subscriptions and notifications. */
import type { ControlCall } from '../entra/control-api.ts';
import { isRecord, optionalNumber, requiredText, type JsonRecord } from '../entra/json-body.ts';
import type { GraphEmulator } from './graph.ts';
import { LIFECYCLE_EVENTS, type LifecycleEvent } from './notification-item.ts';
import { subscriptionBody } from './subscription.ts';

type Verb = (world: { readonly graph: GraphEmulator }, call: ControlCall) => unknown;

export const PUSH_VERBS: Readonly<Record<string, Verb>> = {
  'GET subscriptions': ({ graph }) =>
    graph.control.push.subscriptions().map((each) => subscriptionBody(each)),
  'GET notifications': ({ graph }, { query }) => {
    const { posts } = graph.control.push;
    const entries = posts.since(Number(query.get('since') ?? 0));
    return { total: posts.total(), counts: graph.control.push.counts(), entries };
  },
  'POST lifecycle': ({ graph }, { body }) => {
    const fields = record(body);
    const times = optionalNumber(fields, 'times') ?? 1;
    graph.control.push.lifecycle(subscriptionOf(fields), eventOf(fields), times);
    return {};
  },
  'POST burst': ({ graph }, { body }) => {
    const fields = record(body);
    graph.control.push.burst(subscriptionOf(fields), optionalNumber(fields, 'items') ?? 1);
    return {};
  },
  'POST deafen': ({ graph }, { body }) => {
    graph.control.push.deafen(subscriptionOf(record(body)));
    return {};
  },
  'POST lose': ({ graph }, { body }) => {
    const fields = record(body);
    graph.control.push.lose(subscriptionOf(fields), optionalNumber(fields, 'ms') ?? 3_600_000);
    return {};
  },
  'POST forge': ({ graph }, { body }) => {
    const fields = record(body);
    const url = requiredText(fields, 'url');
    if (!URL.canParse(url)) throw new Error(`url: "${url}" is no absolute URL`);
    // Its status is in the log of notifications; waiting for it here would hold this answer.
    void graph.control.push.forge(url, requiredText(fields, 'body'));
    return {};
  },
};

function subscriptionOf(fields: JsonRecord): string {
  return requiredText(fields, 'subscription');
}

function eventOf(fields: JsonRecord): LifecycleEvent {
  const text = requiredText(fields, 'event');
  const event = LIFECYCLE_EVENTS.find((known) => known === text);
  if (event !== undefined) return event;
  throw new Error(`event: "${text}" is unknown; use ${LIFECYCLE_EVENTS.join(', ')}`);
}

function record(body: unknown): JsonRecord {
  if (isRecord(body)) return body;
  throw new Error('body: send a JSON object');
}
