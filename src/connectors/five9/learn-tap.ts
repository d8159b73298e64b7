/** Listens in on the seams of one connection: when frames came, what they are, how writes are answered. */
import type { HttpResponse } from '../../lib/exchange.ts';
import type { Seams } from '../connector.ts';
import { digestOf, type Digest } from './learn-frame.ts';
import { isOk, jsonOf } from './reply.ts';

/** Of a full and of a difference frame. */
export const FULL = '5000';
export const DIFFERENCE = '5012';

export interface Heard extends Digest {
  /** Monotonic ms. */
  readonly at: number;
}

export interface Answered {
  /** HTTP. */
  readonly status: number;
  readonly form: 'empty' | 'currentState' | 'currentStateLong' | 'another';
}

/** Most that are kept; at a frame a second it is more than an hour. */
const FRAMES_MAX = 5_000;
const WORDS_MAX = 200;

export class Tap {
  /** Without their words, which are counted in `words`. */
  readonly frames: Heard[] = [];
  /** How many rows had it, by word. */
  readonly words = new Map<string, number>();
  /** The answer to the last PUT. */
  lastPut: Answered | undefined;
  /** Life of the sign-in's cookies, seconds, where they name one. */
  cookieLifeS: number | undefined;
  private readonly seams: Seams;

  constructor(seams: Seams) {
    this.seams = seams;
  }

  /** The same outside world, listened in on. */
  tapped(): Seams {
    const { exchange, openSocket } = this.seams;
    return {
      ...this.seams,
      exchange: async (request) => {
        const response = await exchange(request);
        if (request.method === 'PUT') this.lastPut = answered(response);
        this.cookieLifeS ??= lifeIn(response.headers['set-cookie']);
        return response;
      },
      openSocket: (request, handlers) =>
        openSocket(request, {
          ...handlers,
          onText: (text) => {
            this.hear(text);
            handlers.onText(text);
          },
        }),
    };
  }

  private hear(text: string): void {
    const digest = digestOf(text);
    for (const word of digest.words) {
      const known = this.words.get(word);
      if (known !== undefined || this.words.size < WORDS_MAX) {
        this.words.set(word, (known ?? 0) + 1);
      }
    }
    if (this.frames.length >= FRAMES_MAX) return;
    this.frames.push({ ...digest, words: [], at: this.seams.clock.monotonic() });
  }
}

function answered(response: HttpResponse): Answered {
  const json = isOk(response) ? jsonOf(response) : undefined;
  const has = (field: string): boolean =>
    typeof json === 'object' && json !== null && Object.hasOwn(json, field);
  const form = has('currentState')
    ? 'currentState'
    : has('currentStateLong')
      ? 'currentStateLong'
      : response.body === ''
        ? 'empty'
        : 'another';
  return { status: response.status, form };
}

/** The shortest of several. */
function lifeIn(cookies: string | undefined): number | undefined {
  const lives = [...(cookies ?? '').matchAll(/;\s*max-age=(\d{1,9})/gi)].map(([, s]) => Number(s));
  return lives.length === 0 ? undefined : Math.min(...lives);
}
