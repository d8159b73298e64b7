/**
 * Requests to Lockstep's API. The only place that knows its addresses.
 *
 * Answers are trusted to fit the contract: server and console are released together.
 */
import type { AgentDetail, BoardItem, BoardPage } from '../../../src/api/contract/board.ts';
import { ApiError } from './trouble.ts';
import type { Trouble } from './trouble.ts';

/** Enough for 100,000 agents; a server that pages for ever must not hang the console. */
const MAX_PAGES = 200;
const PAGE_SIZE = 500;

export const STREAM_PATH = 'v1/stream';

/** Every agent, page by page. Rejects with `ApiError`, or with an AbortError. */
export async function loadBoard(signal: AbortSignal): Promise<readonly BoardItem[]> {
  const items = new Map<string, BoardItem>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = (await getJson(`v1/agents?limit=${PAGE_SIZE}${query}`, signal)) as BoardPage;
    for (const item of answer.items) items.set(item.id, item);
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return [...items.values()];
}

/** Resolves when the API answers; otherwise rejects with the reason. */
export async function probe(signal: AbortSignal): Promise<void> {
  await getJson('v1/agents?limit=1', signal);
}

export async function loadAgent(id: string, signal: AbortSignal): Promise<AgentDetail> {
  return (await getJson(`v1/agents/${encodeURIComponent(id)}`, signal)) as AgentDetail;
}

async function getJson(path: string, signal: AbortSignal): Promise<unknown> {
  const response = await send(path, signal);
  if (!response.ok) throw new ApiError(troubleOf(response.status));
  return response.json();
}

async function send(path: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, {
      headers: { accept: 'application/json' },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError({ kind: 'unreachable' });
  }
}

function troubleOf(status: number): Trouble {
  if (status === 401) return { kind: 'signed_out' };
  if (status === 403) return { kind: 'refused' };
  if (status === 404) return { kind: 'gone' };
  return { kind: 'status', status };
}
