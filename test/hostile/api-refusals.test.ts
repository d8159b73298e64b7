/** What the server refuses, and what it says when it fails itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorSchema } from '../../src/api/contract/common.ts';
import { openApi } from './api-bench.ts';

const HERE = { host: '127.0.0.1' };

function codeOf(body: string): string {
  return errorSchema.parse(JSON.parse(body)).error.code;
}

describe('refusals of the API', () => {
  it('keep the status that the framework names, each as a problem with its headers', async () => {
    const bench = await openApi();
    const json = { ...HERE, 'content-type': 'application/json' };
    const asked = [
      { method: 'POST', url: '/v1/agents', headers: json, payload: '{"a":', status: 400 },
      {
        method: 'POST',
        url: '/v1/agents',
        headers: json,
        payload: `"${'x'.repeat(70_000)}"`,
        status: 413,
      },
      { method: 'GET', url: '/v1/agents/%E0%A4%A', headers: HERE, status: 400 },
      { method: 'GET', url: '/assets/', headers: HERE, status: 403 },
    ] as const;

    for (const { status, ...request } of asked) {
      const answer = await bench.server.inject(request);

      assert.equal(answer.statusCode, status, answer.body);
      assert.equal(codeOf(answer.body), 'BAD_REQUEST');
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    }
    assert.deepEqual(bench.failures, [], 'none of them is a failure of ours');
    await bench.close();
  });

  it('look at the host before anything else, also where the router refuses', async () => {
    const bench = await openApi();

    const answer = await bench.server.inject({
      url: '/%E0%A4%A',
      headers: { host: 'evil.example' },
    });

    assert.deepEqual([answer.statusCode, codeOf(answer.body)], [421, 'UNKNOWN_HOST']);
    await bench.close();
  });
});

describe('a failure of ours', () => {
  it('is told to the log by its route, and to nobody else in detail', async () => {
    const bench = await openApi(() => Promise.reject(new Error('canary of our insides')));

    const answer = await bench.server.inject({ url: '/metrics', headers: HERE });

    assert.deepEqual([answer.statusCode, codeOf(answer.body)], [500, 'INTERNAL']);
    assert.ok(!answer.body.includes('canary'));
    assert.deepEqual(bench.failures, ['/metrics']);
    await bench.close();
  });
});

describe('the live stream', () => {
  it('is not opened by a HEAD', async () => {
    const bench = await openApi();

    const answer = await bench.server.inject({
      method: 'HEAD',
      url: '/v1/stream',
      headers: HERE,
    });

    assert.deepEqual([answer.statusCode, answer.body], [200, '']);
    assert.match(String(answer.headers['content-type']), /^text\/event-stream/);
    await bench.close();
  });
});
