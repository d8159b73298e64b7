/**
 * The calls of `/subscriptions`, in the name of the person whose token asks.
 * https://learn.microsoft.com/en-us/graph/api/subscription-post-subscriptions and its neighbours
 *
 * 1. Nothing exists before both URLs have proved themselves.
 * 2. A person sees and changes only the subscriptions that the same app made in their name.
 */
import { guid } from '../entra/guid.ts';
import type { JsonRecord } from '../entra/json-body.ts';
import type { Person } from './authorize.ts';
import type { Call, GraphDesk } from './desk.ts';
import { shakeHands } from './handshake.ts';
import { badRequest, extensionError, type Problem } from './problem.ts';
import { readBody } from './request-body.ts';
import type { SubscriptionOp } from './routes.ts';
import {
  checkedUrl,
  neededText,
  readExpiry,
  readKey,
  readLabel,
  readResource,
  readText,
  refuse,
  Refused,
} from './subscription-request.ts';
import { renew } from './subscription-renewal.ts';
import { sameResource, subscriptionBody, type Subscription } from './subscription.ts';

export type SubscriptionOutcome =
  | Problem
  | { readonly done: 200 | 201; readonly body: object }
  | { readonly done: 204 };

type Handler = (
  desk: GraphDesk,
  call: Call,
  person: Person,
) => SubscriptionOutcome | Promise<SubscriptionOutcome>;

const HANDLERS: Readonly<Record<SubscriptionOp, Handler>> = {
  createSubscription: create,
  listSubscriptions: list,
  getSubscription: (desk, call, person) =>
    withOwn(desk, call, person, (found) => ({ done: 200, body: entity(desk, found) })),
  updateSubscription: update,
  deleteSubscription: (desk, call, person) =>
    withOwn(desk, call, person, (found) => {
      desk.push.book.remove(found);
      return { done: 204 };
    }),
  reauthorizeSubscription: (desk, call, person) =>
    withOwn(desk, call, person, (found) => {
      renew(desk, found, { until: call.tokenEndsAt });
      return { done: 204 };
    }),
};

export function answerSubscription(
  desk: GraphDesk,
  call: Call,
  op: SubscriptionOp,
): SubscriptionOutcome | Promise<SubscriptionOutcome> {
  const { person } = call;
  if (person === undefined) throw new Error('a subscription request passed without a person');
  try {
    return HANDLERS[op](desk, call, person);
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}

const FIELDS = [
  'changeType',
  'notificationUrl',
  'lifecycleNotificationUrl',
  'resource',
  'expirationDateTime',
  'clientState',
  'latestSupportedTlsVersion',
  'includeResourceData',
  'encryptionCertificate',
  'encryptionCertificateId',
];
const TLS_VERSIONS = new Set(['v1_0', 'v1_1', 'v1_2', 'v1_3']);

function create(
  desk: GraphDesk,
  call: Call,
  person: Person,
): SubscriptionOutcome | Promise<SubscriptionOutcome> {
  const read = readBody(call.request, FIELDS);
  if ('code' in read) return read;
  const subscription = requested(desk, call, person, read.body);
  const taken = placeProblem(desk, subscription);
  if (taken !== undefined) return taken;
  return opened(desk, subscription);
}

/** The place may have been taken while the URLs were being validated. */
async function opened(desk: GraphDesk, subscription: Subscription): Promise<SubscriptionOutcome> {
  const { notificationUrl, lifecycleUrl } = subscription;
  const urls = lifecycleUrl === undefined ? [notificationUrl] : [notificationUrl, lifecycleUrl];
  for (const url of urls) {
    const problem = await shakeHands(desk.push.handshake, url);
    if (problem !== undefined) return badRequest(problem, 'ValidationError');
  }
  const taken = placeProblem(desk, subscription);
  if (taken !== undefined) return taken;
  desk.push.start(subscription);
  return { done: 201, body: entity(desk, subscription) };
}

function requested(desk: GraphDesk, call: Call, person: Person, body: JsonRecord): Subscription {
  const changeType = neededText(body, 'changeType');
  if (changeType !== 'updated') refuse(`The change type '${changeType}' is not supported.`);
  const resource = neededText(body, 'resource');
  const plain = desk.behaviour.plainNotificationUrls;
  const lifecycleUrl = readText(body, 'lifecycleNotificationUrl');
  const tlsVersion = readText(body, 'latestSupportedTlsVersion') ?? 'v1_2';
  if (!TLS_VERSIONS.has(tlsVersion)) refuse(`The TLS version '${tlsVersion}' is not known.`);
  const rich = body['includeResourceData'] === true;
  const key = readKey(body);
  if (rich && key === undefined) {
    refuse("The properties 'encryptionCertificate' and 'encryptionCertificateId' are required.");
  }
  return {
    id: guid(desk.ids),
    app: call.app,
    creator: person.id,
    resource,
    users: readResource(resource).map((id) => desk.users.byId(id)?.id ?? id),
    changeType,
    clientState: readLabel(body, 'clientState'),
    notificationUrl: checkedUrl(neededText(body, 'notificationUrl'), plain),
    lifecycleUrl: lifecycleUrl === undefined ? undefined : checkedUrl(lifecycleUrl, plain),
    tlsVersion,
    rich,
    key,
    expiresAt: readExpiry(body, desk.clock.now()),
    authorizedUntil: call.tokenEndsAt,
    deaf: false,
    ghostUntil: undefined,
    extendedAt: undefined,
    reauthorizedAt: undefined,
  };
}

/** One subscription for an app and a person; an equal one is told from any other. */
function placeProblem(desk: GraphDesk, wanted: Subscription): Problem | undefined {
  const holder = desk.push.book.holder(wanted);
  if (holder === undefined) return undefined;
  // F30: one that nobody finds any more still takes up the place.
  const isEqual = holder.ghostUntil === undefined && sameResource(holder.resource, wanted.resource);
  if (isEqual) {
    const message = `Subscription Id ${holder.id} already exists for the requested combination`;
    return { status: 409, code: 'Conflict', message };
  }
  const reason = `App '${wanted.app}' has reached its limit of '1' 'presence' subscription on tenant '${desk.tenantId}'.`;
  return extensionError(403, 'Create', reason);
}

function list(desk: GraphDesk, call: Call, person: Person): SubscriptionOutcome {
  const own = desk.push.book.of({ app: call.app, creator: person.id });
  const context = `${desk.baseUrl}/v1.0/$metadata#subscriptions`;
  return { done: 200, body: { '@odata.context': context, value: own.map(subscriptionBody) } };
}

const CHANGES = [
  'expirationDateTime',
  'notificationUrl',
  'encryptionCertificate',
  'encryptionCertificateId',
];

function update(
  desk: GraphDesk,
  call: Call,
  person: Person,
): SubscriptionOutcome | Promise<SubscriptionOutcome> {
  const read = readBody(call.request, CHANGES);
  if ('code' in read) return read;
  const { body } = read;
  return withOwn(desk, call, person, (found) => {
    // F30: from here on it is found by nobody, and its place stays taken.
    const lost = desk.faults.draw('lost_subscription', call.target);
    if (lost !== undefined) {
      desk.push.book.lose(found, desk.clock.now() + (lost.ms ?? LOST_MS));
      return NOT_FOUND;
    }
    const expiresAt =
      body['expirationDateTime'] === undefined ? undefined : readExpiry(body, desk.clock.now());
    const key = readKey(body);
    const url = readText(body, 'notificationUrl');
    const apply = (): SubscriptionOutcome => {
      renew(desk, found, { until: call.tokenEndsAt, expiresAt, key, url });
      return { done: 200, body: entity(desk, found) };
    };
    if (url === undefined || url === found.notificationUrl) return apply();
    return moved(desk, checkedUrl(url, desk.behaviour.plainNotificationUrls), apply);
  });
}

async function moved(
  desk: GraphDesk,
  url: string,
  apply: () => SubscriptionOutcome,
): Promise<SubscriptionOutcome> {
  const problem = await shakeHands(desk.push.handshake, url);
  return problem === undefined ? apply() : badRequest(problem, 'ValidationError');
}

const LOST_MS = 3_600_000;
const NOT_FOUND: Problem = {
  status: 404,
  code: 'ResourceNotFound',
  message: 'The object was not found.',
};

function withOwn<T>(
  desk: GraphDesk,
  call: Call,
  person: Person,
  work: (found: Subscription) => T,
): T | Problem {
  const id = (call.route.id ?? '').toLowerCase();
  const own = desk.push.book.of({ app: call.app, creator: person.id });
  const found = own.find((each) => each.id === id);
  return found === undefined ? NOT_FOUND : work(found);
}

function entity(desk: GraphDesk, subscription: Subscription): object {
  const context = `${desk.baseUrl}/v1.0/$metadata#subscriptions/$entity`;
  return { '@odata.context': context, ...subscriptionBody(subscription) };
}
