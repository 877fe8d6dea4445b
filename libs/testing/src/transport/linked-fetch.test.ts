import { describe, expect, it } from 'vitest';
import { createLinkedFetch } from './linked-fetch.js';

describe('createLinkedFetch', () => {
  it('takes a request to the handler and brings its answer back', async () => {
    const { fetch, requests } = createLinkedFetch(async (request) => {
      return Response.json(
        { path: new URL(request.url).pathname, body: await request.text() },
        { status: 201 },
      );
    });
    const response = await fetch('/things?x=1', {
      method: 'POST',
      body: 'hello',
      headers: { 'x-test': 'yes' },
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ path: '/things', body: 'hello' });
    expect(requests).toMatchObject([{ method: 'POST', url: 'http://linked.test/things?x=1' }]);
    expect(requests[0]?.headers.get('x-test')).toBe('yes');
  });

  it('looks like a broken connection when the handler throws', async () => {
    const { fetch } = createLinkedFetch(() => {
      throw new Error('boom');
    });
    await expect(fetch('/')).rejects.toThrow(TypeError);
  });

  it('rejects with the reason of the signal, before and while the handler works', async () => {
    const { fetch } = createLinkedFetch(() => new Promise<Response>(() => undefined));
    const reason = new DOMException('Enough.', 'AbortError');
    await expect(fetch('/', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const call = fetch('/', { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it('cancels the body under way when it is aborted', async () => {
    const cancelled = Promise.withResolvers<unknown>();
    const { fetch } = createLinkedFetch(
      () =>
        new Response(
          new ReadableStream({
            pull: (controller) => {
              controller.enqueue(new TextEncoder().encode('tick'));
            },
            cancel: (reason) => {
              cancelled.resolve(reason);
            },
          }),
        ),
    );
    const controller = new AbortController();
    const reader = (await fetch('/', { signal: controller.signal })).body?.getReader() as
      ReadableStreamDefaultReader<Uint8Array> | undefined;
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('tick');
    const reason = new DOMException('Enough.', 'AbortError');
    controller.abort(reason);
    await expect(reader?.read()).rejects.toBe(reason);
    expect(await cancelled.promise).toBe(reason);
  });
});
