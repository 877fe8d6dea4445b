import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaultyUpstream, type FaultyUpstream } from './faulty-upstream.js';
import { upstreamFaults } from './upstream-faults.js';

describe('createFaultyUpstream', () => {
  let upstream: FaultyUpstream;
  beforeEach(async () => {
    upstream = await createFaultyUpstream();
  });
  afterEach(() => upstream.close());

  const post = (init: RequestInit = {}) =>
    fetch(`${upstream.url}/v1/x`, { method: 'POST', body: '{"a":1}', ...init });

  it('plays one script per request, in order, and keeps what came in', async () => {
    upstream.play(upstreamFaults.json({ ok: true }), upstreamFaults.rateLimited('7'));
    expect(await (await post()).json()).toEqual({ ok: true });
    const limited = await post();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect(upstream.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual(
      Array(2).fill({ method: 'POST', path: '/v1/x', body: { a: 1 } }),
    );
    expect(await upstream.requests[0]?.clientLeft).toBe(false);
  });

  it('says so when a request has no script', async () => {
    const response = await post();
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('no script');
  });

  it('tells when the client left', async () => {
    upstream.play(upstreamFaults.stall(['begun']));
    const controller = new AbortController();
    const response = await post({ signal: controller.signal });
    const first = await response.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value as Uint8Array | undefined)).toBe(
      'data: begun\n\n',
    );
    controller.abort();
    expect(await (await upstream.request(0)).clientLeft).toBe(true);
  });

  it('cuts a body in the middle, with and without breaking the connection', async () => {
    upstream.play(
      upstreamFaults.cutJson({ text: 'hello' }),
      upstreamFaults.cutJson({ text: 'hello' }, { destroy: true }),
    );
    expect(await (await post()).text()).toBe('{"text":');
    await expect(post().then((response) => response.text())).rejects.toThrow();
  });

  it('waits at a pause until it is told to go on', async () => {
    upstream.play([{ do: 'write', data: 'a' }, { do: 'pause' }, { do: 'write', data: 'b' }]);
    const response = await post();
    upstream.resume();
    expect(await response.text()).toBe('ab');
  });
});
