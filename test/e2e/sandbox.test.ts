/** The sandbox as somebody meets it on the first day: one command, and everything answers. */
import assert from 'node:assert/strict';
import { mismatchSchema } from '../../src/api/contract/reports.ts';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import type { BoardItem, BoardPage } from '../../src/api/contract/board.ts';
import {
  agentDetailSchema,
  boardPageSchema,
  explanationSchema,
  streamEvents,
  summarySchema,
} from '../../src/api/contract/board.ts';
import { errorSchema, healthSchema } from '../../src/api/contract/common.ts';
import { EXIT } from '../../src/cli/cli.ts';
import type { Lockstep } from './kit.ts';
import { endHard, getJson, lockstep, ROOT, until, verb } from './kit.ts';

const AGENTS = 120;
const START_MS = 60_000;
/** The product's limit. */
const BOARD_MS = 5_000;

const SUMMARY =
  /^\d+ of 120 agents in step \| \d+ moving, \d+ blocked, \d+ unknown \| mean delay five9 to teams (?:[\d.]+ s|no sample), teams to five9 (?:[\d.]+ s|no sample) \| quota [\d.]+ % \| \d+ bytes per agent and second$/im;

const statusSchema = z.object({ status: z.literal('ok') });

describe('the sandbox', () => {
  let running: Lockstep;
  let url = '';

  before(async () => {
    running = lockstep(
      'sandbox',
      '--agents',
      String(AGENTS),
      '--port',
      '0',
      '--speed',
      '10',
      '--seed',
      '3',
    );
    [, url = ''] = await running.line(/^Console +(http:\S+)\/$/m, START_MS);
  });
  after(() => endHard(running));

  const page = (): Promise<BoardPage> => getJson(`${url}/v1/agents?limit=1000`, boardPageSchema);

  it('shows at least 100 agents with both platforms read within 5 s of its first line', async (t) => {
    let read = 0;
    await until(
      '100 agents with both platforms read',
      async () => {
        read = (await page()).items.filter(isRead).length;
        return read >= 100;
      },
      { withinMs: 30_000, saw: () => read },
    );
    const took = performance.now() - (running.firstLineAt() ?? 0);
    t.diagnostic(`${read} agents with both platforms read ${took.toFixed(0)} ms after line one`);
    assert.ok(took <= BOARD_MS, `${took.toFixed(0)} ms`);
  });

  it('prints a summary line with agents in step, both delays, quota and bytes', async () => {
    const [line] = await running.line(SUMMARY, 20_000);
    assert.match(line, SUMMARY);
  });

  it('measures a mean delay each way', async (t) => {
    const summary = await until(
      'delays both ways',
      async () => {
        const now = await getJson(`${url}/v1/summary`, summarySchema);
        return now.delays.length === 2 && now.delays.every(({ count }) => count > 0) && now;
      },
      { withinMs: 60_000 },
    );
    for (const { from, to, meanMs } of summary.delays)
      t.diagnostic(`${from} to ${to} ${meanMs} ms`);
    assert.ok((summary.bytesPerAgentSecond ?? 0) > 0);
    assert.ok(summary.quotaUsed > 0 && summary.quotaUsed <= 1);
  });

  it('answers on every route that it describes, each in its own shape', async () => {
    const id = (await page()).items[0]?.id ?? '';
    const shapes: Readonly<Record<string, z.ZodType>> = {
      '/v1/agents': boardPageSchema,
      '/v1/agents/{id}': agentDetailSchema,
      '/v1/agents/{id}/explanation': explanationSchema,
      '/v1/summary': summarySchema,
      '/v1/health': healthSchema,
      '/v1/reports/mismatch': mismatchSchema,
      '/healthz': statusSchema,
      '/readyz': statusSchema,
    };
    const described = await getJson(`${url}/v1/openapi.json`, openApiSchema);
    // The stream and the metrics are no JSON; they have tests of their own, and so have the checks.
    const expected = [...Object.keys(shapes), '/v1/checks', '/v1/stream', '/metrics'].sort();
    assert.deepEqual(Object.keys(described.paths).sort(), expected);
    for (const [path, shape] of Object.entries(shapes)) {
      await getJson(url + path.replace('{id}', encodeURIComponent(id)), strict(shape));
    }
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^# TYPE \w+ (?:gauge|counter|histogram)$/m);
  });

  it('gives pages that join without a gap', async () => {
    const ids: string[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const part: BoardPage = await getJson(`${url}/v1/agents?limit=50${query}`, boardPageSchema);
      ids.push(...part.items.map(({ id }) => id));
      cursor = part.nextCursor;
    }
    assert.equal(ids.length, AGENTS);
    assert.equal(new Set(ids).size, AGENTS);
  });

  it('streams hello, summary, agents and ages', async () => {
    const seen = await eventsOf(`${url}/v1/stream`, ['hello', 'summary', 'agents', 'ages']);
    const ages = streamEvents.ages.parse(seen.get('ages'));
    assert.equal(streamEvents.hello.parse(seen.get('hello')).total, AGENTS);
    streamEvents.summary.parse(seen.get('summary'));
    assert.ok(streamEvents.agents.parse(seen.get('agents')).items.length > 0);
    assert.deepEqual(Object.keys(ages.platforms).sort(), ['five9', 'teams']);
    for (const list of Object.values(ages.platforms)) assert.equal(list.length, AGENTS);
  });

  it('says what is wrong with a request and what to do', async () => {
    const bad: readonly (readonly [string, number, string, string])[] = [
      ['/v1/agents/nobody', 404, 'id', 'nobody'],
      ['/v1/agents/nobody/explanation', 404, 'id', 'nobody'],
      ['/v1/agents?limit=0', 400, 'limit', '0'],
      ['/v1/agents?limit=many', 400, 'limit', 'many'],
      ['/v1/agents/nobody/explanation?at=yesterday', 400, 'at', 'yesterday'],
    ];
    for (const [path, status, field, value] of bad) {
      const { error } = await getJson(url + path, errorSchema, status);
      assert.equal(error.field, field, path);
      assert.equal(error.value, value, path);
      assert.match(error.code, /^[A-Z_]+$/);
      assert.ok(error.fix.length > 10, path);
    }
  });

  it('explains a past moment from the journal, with the ages of that moment', async () => {
    const { id = '' } = (await page()).items[0] ?? {};
    const path = `/v1/agents/${encodeURIComponent(id)}/explanation`;
    const now = await getJson(`${url}${path}`, explanationSchema);
    const at = new Date(now.at).toISOString();
    const then = await getJson(`${url}${path}?at=${at}`, explanationSchema);
    assert.deepEqual([now.past, then.past, then.at], [false, true, now.at]);
    assert.deepEqual(
      then.facts.map(({ says, since }) => [says, since]),
      now.facts.map(({ says, since }) => [says, since]),
    );
    for (const [index, { ageMs = -1 }] of then.facts.entries()) {
      assert.ok(ageMs >= (now.facts[index]?.ageMs ?? 0), `${ageMs} is an upper bound`);
    }
    await getJson(`${url}${path}?at=2001-01-01T00:00:00Z`, errorSchema, 404);
  });

  it('answers 421 under a host name that is not its own', async () => {
    const { port } = new URL(url);
    assert.equal(await statusUnder(port, 'board.attacker.example'), 421);
    assert.equal(await statusUnder(port, `127.0.0.1:${port}`), 200);
  });

  it(
    'serves the console with its security headers',
    { skip: existsSync(join(ROOT, 'dist', 'web', 'index.html')) ? false : 'dist/web is not built' },
    async () => {
      const response = await fetch(`${url}/`);
      const html = await response.text();
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
      const scripts = [...html.matchAll(/src="\.?(\/assets\/[^"]+\.js)"/gu)].map(
        ([, path]) => path,
      );
      assert.ok(scripts.length > 0, 'the page names its script');
      for (const path of scripts) assert.equal((await fetch(url + (path ?? ''))).status, 200);
    },
  );

  it('lets status and explain ask it', async () => {
    const { id = '', name = '' } = (await page()).items[0] ?? {};
    const [status, statusJson, words, json] = await Promise.all([
      verb('status', '--url', url),
      verb('status', '--url', url, '--json'),
      verb('explain', id, '--url', url),
      verb('explain', id, '--url', url, '--json'),
    ]);
    assert.equal(status.code, EXIT.ok, status.err + status.out);
    assert.match(status.out, SUMMARY);
    assert.match(status.out, /^Five9: live/m);
    summarySchema.parse(JSON.parse(statusJson.out));
    assert.equal(words.code, EXIT.ok, words.err);
    assert.match(words.out, new RegExp(`^${name} at .*\\n\\S.*\\nFacts\\n  `));
    assert.equal(explanationSchema.parse(JSON.parse(json.out)).agent, id);
    const unknown = await verb('explain', 'nobody', '--url', url);
    assert.equal(unknown.code, EXIT.notFound);
    assert.match(unknown.err, /^Fix: /m);
  });

  it('explains a past moment as it was then', async () => {
    const then = await page();
    const earlier = new Map(then.items.map((item) => [item.id, five9Of(item)]));
    const changed = await until(
      'an agent whose Five9 state has changed',
      async () =>
        (await page()).items.find((item) => {
          const now = five9Of(item);
          const isLater = (now?.since ?? 0) > then.serverTime + 100;
          return isLater && now?.preset !== earlier.get(item.id)?.preset;
        }),
      { withinMs: 60_000 },
    );
    const at = new Date(then.serverTime).toISOString();
    const past = await verb('explain', changed.id, '--at', at, '--url', url, '--json');
    assert.equal(past.code, EXIT.ok, past.err);
    const explanation = explanationSchema.parse(JSON.parse(past.out));
    const fact = explanation.facts.find(({ platform }) => /^five9$/i.test(platform));
    assert.equal(explanation.at, then.serverTime);
    assert.equal(fact?.raw, earlier.get(changed.id)?.raw);
    assert.notEqual(fact?.raw, five9Of(changed)?.raw);
    assert.ok((fact?.ageMs ?? 0) >= 0 && (fact?.ageMs ?? 0) < 60_000, `age ${fact?.ageMs}`);
  });

  // The last one: it ends what the others ask.
  it('ends with exit code 0 when it is asked to', async () => {
    running.kill('SIGTERM');
    const ended = await running.ended(30_000);
    assert.equal(ended.signal, null);
    assert.equal(ended.code, EXIT.ok);
    assert.equal(/^ {4}at /m.test(ended.out + ended.err), false, ended.err);
  });
});

const openApiSchema = z.object({
  openapi: z.string().startsWith('3.1'),
  paths: z.record(z.string(), z.object({ get: z.object({ responses: z.object({}).loose() }) })),
});

/** An unknown key is a change of the contract that nobody has written down. */
function strict(shape: z.ZodType): z.ZodType {
  return shape instanceof z.ZodObject ? shape.strict() : shape;
}

function isRead({ platforms }: BoardItem): boolean {
  return platforms.length === 2 && platforms.every(({ raw, stale }) => raw !== '' && !stale);
}

function five9Of({ platforms }: BoardItem): BoardItem['platforms'][number] | undefined {
  return platforms.find(({ platform }) => platform === 'five9');
}

/** The first event of each name; the connection is closed once all have come. */
async function eventsOf(
  url: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  const stop = new AbortController();
  const limit = AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)]);
  const response = await fetch(url, { signal: limit });
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  const seen = new Map<string, unknown>();
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/su.exec(frame) ?? [];
      if (!seen.has(name)) seen.set(name, JSON.parse(data));
    }
    if (names.every((name) => seen.has(name))) break;
  }
  stop.abort();
  return seen;
}

function statusUnder(port: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/v1/health', headers: { host } });
    asked.once('error', reject);
    asked.once('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    asked.end();
  });
}
