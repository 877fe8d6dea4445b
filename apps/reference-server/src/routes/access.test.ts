import { createSystemClock } from '@espalier/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const HOUR_MS = 3_600_000;
let aheadMs = 0;
const clock = { ...createSystemClock(), now: () => Date.now() + aheadMs };
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.remove());

async function makeKey(body: Record<string, unknown>): Promise<{ id: string; key: string }> {
  const response = await server.request('/api/v1/keys', { json: { name: 'a key', ...body } });
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; key: string };
}

const codeOf = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { code?: string }).code,
});

describe('without a key', () => {
  it('health, the reference page and the OpenAPI document are open', async () => {
    for (const path of [
      '/healthz',
      '/readyz',
      '/reference',
      '/openapi.json',
      '/reference/swagger-ui-bundle.js',
    ]) {
      const response = await server.request(path, { key: null });
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
    }
  });

  it('every other route of the OpenAPI document is refused', async () => {
    const document = (await (await server.request('/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const open = new Set(['/healthz', '/readyz', '/openapi.json']);
    const closed = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter(() => !open.has(path))
        .map((method) => ({ path, method: method.toUpperCase() })),
    );
    expect(closed.length).toBeGreaterThan(25);
    for (const { path, method } of closed) {
      const response = await server.request(path.replace(/\{\w+\}/gu, 'x'), {
        key: null,
        method,
        ...(method === 'POST' && { json: {} }),
      });
      expect({ path, method, status: response.status }).toEqual({ path, method, status: 401 });
    }
  });

  it('the refusal says how to send a key', async () => {
    const response = await server.request('/metrics', { key: null });
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await codeOf(response)).toEqual({ status: 401, code: 'ERR_SERVER_KEY_MISSING' });
  });
});

describe('a key', () => {
  it('works as a bearer token and as x-api-key', async () => {
    const { key } = await makeKey({});
    expect((await server.request('/api/v1/agents', { key })).status).toBe(200);
    expect(
      (await server.request('/api/v1/agents', { key: null, headers: { 'x-api-key': key } })).status,
    ).toBe(200);
  });

  it('that nobody made is refused', async () => {
    expect(await codeOf(await server.request('/api/v1/agents', { key: 'esp_nothing' }))).toEqual({
      status: 401,
      code: 'ERR_SERVER_KEY_UNKNOWN',
    });
  });

  it('that is revoked is refused from the next request on, in both wires', async () => {
    const { id, key } = await makeKey({});
    expect((await server.request('/v1/models', { key })).status).toBe(200);
    await server.request(`/api/v1/keys/${id}`, { method: 'DELETE' });
    expect(await codeOf(await server.request('/api/v1/agents', { key }))).toEqual({
      status: 401,
      code: 'ERR_SERVER_KEY_REVOKED',
    });
    expect((await server.request('/v1/models', { key })).status).toBe(401);
  });

  it('that has expired is refused', async () => {
    const { key } = await makeKey({ expiresAt: new Date(clock.now() + HOUR_MS).toISOString() });
    expect((await server.request('/api/v1/agents', { key })).status).toBe(200);
    aheadMs = 2 * HOUR_MS;
    expect(await codeOf(await server.request('/api/v1/agents', { key }))).toEqual({
      status: 401,
      code: 'ERR_SERVER_KEY_EXPIRED',
    });
    aheadMs = 0;
  });

  it('of a user may not manage keys', async () => {
    const { key } = await makeKey({ role: 'user' });
    expect(await codeOf(await server.request('/api/v1/keys', { key }))).toEqual({
      status: 403,
      code: 'ERR_SERVER_ROLE_FORBIDDEN',
    });
  });

  it('is listed without its secret, page by page', async () => {
    const made = await makeKey({ name: 'listed' });
    const first = (await (await server.request('/api/v1/keys?limit=1')).json()) as {
      data: { id: string }[];
      nextCursor: string;
    };
    expect(first.data[0]).toMatchObject({ id: made.id, name: 'listed' });
    expect(JSON.stringify(first)).not.toContain(made.key);
    const second = (await (
      await server.request(`/api/v1/keys?limit=1&cursor=${first.nextCursor}`)
    ).json()) as { data: { id: string }[] };
    expect(second.data[0]?.id).not.toBe(made.id);
  });

  it('is stored as a hash only', async () => {
    const { key } = await makeKey({});
    const { readdir, readFile } = await import('node:fs/promises');
    for (const name of await readdir(server.dataFolder)) {
      if (!name.startsWith('espalier.db')) continue;
      expect((await readFile(`${server.dataFolder}/${name}`)).includes(key)).toBe(false);
    }
  });
});

describe('the reference page', () => {
  it('allows scripts and connections of its own origin only', async () => {
    const response = await server.request('/reference', { key: null });
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(await response.text()).not.toMatch(/https?:\/\//u);
  });
});
