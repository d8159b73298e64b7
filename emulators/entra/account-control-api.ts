/** The control API's calls about people who sign in, and about signing keys. */
import type { Account, AccountSpec } from './accounts.ts';
import type { ControlAnswer, ControlCall } from './control-api.ts';
import type { EntraEmulator } from './entra.ts';
import {
  isRecord,
  optionalFlag,
  optionalTexts,
  requiredText,
  type JsonRecord,
} from './json-body.ts';

type Verb = (entra: EntraEmulator, call: ControlCall) => ControlAnswer;

export const ACCOUNT_VERBS: Readonly<Record<string, Verb>> = {
  'GET accounts': ({ control }) =>
    ok(control.accounts.list().map((account) => accountView(account))),
  'POST accounts': ({ control }, { body }) => {
    return ok(accountView(control.accounts.put(parseAccount(body))));
  },
  'POST accounts/*/sign-in': ({ control }, { path, body }) => {
    const clientId = requiredText(record(body), 'clientId');
    return ok({ refreshToken: control.accounts.signIn(path[1] ?? '', clientId) });
  },
  'POST accounts/*/revoke': ({ control }, { path }) => {
    control.accounts.revoke(path[1] ?? '');
    return ok({});
  },
  'GET device-codes': ({ control }) => ok(control.accounts.waitingCodes()),
  'POST device-codes/*/approve': ({ control }, { path, body }) => {
    control.accounts.approve(path[1] ?? '', requiredText(record(body), 'account'));
    return ok({});
  },
  'POST device-codes/*/decline': ({ control }, { path }) => {
    control.accounts.decline(path[1] ?? '');
    return ok({});
  },
  'POST keys': ({ control }, { body }) => {
    const forgetOld = optionalFlag(record(body), 'forgetOld') ?? false;
    return ok({ kid: control.keys.rotate({ forgetOld }) });
  },
};

/** An account without its refresh tokens. */
function accountView({ id, userPrincipalName, scopes, disabled }: Account): unknown {
  return { id, userPrincipalName, scopes, disabled };
}

const FIELDS = ['id', 'userPrincipalName', 'scopes', 'disabled'];

function parseAccount(value: unknown): AccountSpec {
  const body = record(value);
  const strange = Object.keys(body).find((field) => !FIELDS.includes(field));
  if (strange !== undefined) {
    throw new Error(`${strange}: no such field of an account; use ${FIELDS.join(', ')}`);
  }
  const scopes = optionalTexts(body, 'scopes');
  const disabled = optionalFlag(body, 'disabled');
  return {
    id: requiredText(body, 'id'),
    userPrincipalName: requiredText(body, 'userPrincipalName'),
    ...(scopes === undefined ? {} : { scopes }),
    ...(disabled === undefined ? {} : { disabled }),
  };
}

function record(body: unknown): JsonRecord {
  if (isRecord(body)) return body;
  throw new Error('body: send a JSON object');
}

function ok(body: unknown): ControlAnswer {
  return { status: 200, body };
}
