/** The text of an answer: decompressed within its bound, decoded as UTF-8. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ExchangeError } from '../../lib/exchange.ts';
import type { Answer, TransferLimits } from './http-transfer.ts';

const inflate = promisify(gunzip);

export async function textOf(answer: Answer, limits: TransferLimits): Promise<string> {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (answer.body.length === 0 || encoding === 'identity') return decoded(answer.body);
  if (encoding !== 'gzip') {
    throw new ExchangeError('reset', true, 'the answer has an encoding that was not asked for');
  }
  try {
    return decoded(await inflate(answer.body, { maxOutputLength: limits.bodyBytes }));
  } catch (error) {
    const large = error instanceof RangeError;
    throw new ExchangeError(
      large ? 'too_large' : 'reset',
      true,
      large ? `more than ${limits.bodyBytes} bytes when decoded` : 'the answer cannot be decoded',
    );
  }
}

function decoded(body: Buffer): string {
  const text = body.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
