/**
 * The administrator's consent page, without the page: it answers at once with the redirect.
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-admin-consent
 * An error redirect carries `admin_consent=True` too, so a receiver has to test `error` first.
 */
import type { HttpResponse } from '../../src/lib/exchange.ts';
import type { App } from './registration.ts';

export interface ConsentRequest {
  readonly app: App | undefined;
  readonly query: URLSearchParams;
  readonly tenantId: string;
  /** What the emulated administrator answers. */
  readonly decision: 'granted' | 'denied';
}

export type ConsentAnswer =
  | { readonly kind: 'granted' | 'denied'; readonly response: HttpResponse }
  | { readonly kind: 'refused'; readonly code: number; readonly message: string };

export function answerConsent(request: ConsentRequest): ConsentAnswer {
  const { app, query, tenantId, decision } = request;
  const redirectUri = query.get('redirect_uri') ?? '';
  if (app === undefined) {
    return { kind: 'refused', code: 700016, message: 'the application was not found' };
  }
  if (!app.redirectUris.includes(redirectUri)) {
    return { kind: 'refused', code: 50011, message: 'the redirect URI is not registered' };
  }
  const target = new URL(redirectUri);
  const answer: Readonly<Record<string, string>> =
    decision === 'granted'
      ? { tenant: tenantId }
      : { error: 'permission_denied', error_description: 'The administrator did not consent.' };
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  const scope = query.get('scope');
  if (scope !== null && decision === 'granted') target.searchParams.set('scope', scope);
  target.searchParams.set('admin_consent', 'True');
  const headers = { location: target.href, 'cache-control': 'no-store' };
  return { kind: decision, response: { status: 302, headers, body: '' } };
}
