/** What notifications need to be told, checked once, before anything is asked for. */
import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { ConnectorError } from '../../connector.ts';
import type { Subscriber } from './sign-in.ts';
import type { SealingCertificate } from './subscription.ts';

export interface PushOptions {
  /** Public address that leads to our listener, https, without a trailing slash. */
  readonly url: string;
  readonly subscribers: readonly Subscriber[];
  /** Certificate and private key as PEM as they stand now; undefined: announcements without content. */
  readonly content: () => { readonly certificate: string; readonly privateKey: string } | undefined;
  /** For a test double on this machine. */
  readonly plainHttp?: boolean;
}

export interface PushSetup {
  readonly url: string;
  readonly subscribers: readonly Subscriber[];
  /** As it stands now. Never throws: what cannot be used any more is left out. */
  readonly content: () => (SealingCertificate & { readonly privateKey: KeyObject }) | undefined;
}

/** Throws `ConnectorError` that names the field, its value and the fix; never a secret. */
export function resolvePush(options: PushOptions | undefined): PushSetup | undefined {
  if (options === undefined) return undefined;
  const url = options.url.replace(/\/+$/, '');
  const protocols = options.plainHttp === true ? ['https:', 'http:'] : ['https:'];
  if (!URL.canParse(url) || !protocols.includes(new URL(url).protocol)) {
    throw invalid('url', url, 'Write it as https://host/path: Graph posts to nothing else.');
  }
  const { search, hash, username, password } = new URL(url);
  if (search + hash + username + password !== '') {
    throw invalid('url', '(not shown)', 'Leave out the query, the fragment and any sign-in.');
  }
  if (options.subscribers.length === 0) {
    throw invalid('subscribers', [], 'Name at least one account that subscribes.');
  }
  let last = readyContent(options.content());
  return {
    url,
    subscribers: options.subscribers,
    content: () => {
      try {
        last = readyContent(options.content());
      } catch {
        // A file that is half exchanged: the pair of before serves until it is whole.
      }
      return last;
    },
  };
}

function readyContent(pems: ReturnType<PushOptions['content']>): ReturnType<PushSetup['content']> {
  if (pems === undefined) return undefined;
  const fix = 'Give a certificate and its private key as PEM, RSA of 2048 to 4096 bits.';
  try {
    const certificate = new X509Certificate(pems.certificate);
    const privateKey = createPrivateKey(pems.privateKey);
    const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
    const isRsa = privateKey.asymmetricKeyType === 'rsa' && bits >= 2_048 && bits <= 4_096;
    if (isRsa && certificate.checkPrivateKey(privateKey)) {
      const label = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
      return { der: certificate.raw.toString('base64'), label, privateKey };
    }
  } catch {
    // Told below.
  }
  throw invalid('certificate', '(not shown)', fix);
}

function invalid(field: string, value: unknown, fix: string): ConnectorError {
  return new ConnectorError(
    'ask_admin',
    'TEAMS_OPTION_INVALID',
    `teams.push.${field} is not usable: ${JSON.stringify(value)}`,
    fix,
  );
}
