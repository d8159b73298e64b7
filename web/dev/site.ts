/// <reference types="node" />
/**
 * Serves the built console as Lockstep's server has to: with a fresh nonce in place of the place
 * holder and the content security policy of web/README.md. For development and tests only.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export async function serveFile(
  site: string,
  path: string,
  response: ServerResponse,
): Promise<void> {
  const name = path === '/' ? 'index.html' : normalize(path).replace(/^(\.\.[/\\])+/u, '');
  const type = MEDIA_TYPES[extname(name)];
  const body =
    type === undefined ? undefined : await readFile(join(site, name)).catch(() => undefined);
  if (type === undefined || body === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (name !== 'index.html') {
    response.writeHead(200, { 'content-type': type }).end(body);
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  response
    .writeHead(200, { 'content-type': type, 'content-security-policy': policyWith(nonce) })
    .end(body.toString('utf8').replaceAll('LOCKSTEP_CSP_NONCE', nonce));
}

/** The policy of web/README.md. */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
