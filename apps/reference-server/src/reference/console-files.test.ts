import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerEnv } from '../http/server-variables.js';
import { mountConsole } from './console-files.js';

let folder = '';
let app: Hono<ServerEnv>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-console-'));
  await mkdir(join(folder, 'console', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not the console’s');
  await writeFile(join(folder, 'console', 'index.html'), '<title>console</title>');
  await writeFile(join(folder, 'console', 'favicon.svg'), '<svg/>');
  await writeFile(join(folder, 'console', 'assets', 'index-a1b2c3d4.js'), 'run()');
  app = new Hono<ServerEnv>();
  mountConsole(app, join(folder, 'console'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the console’s files', () => {
  it.each(['/', '/ask', '/knowledge-bases/docs.v2', '/runs/run_1', '/favicon.ico'])(
    'give the page for %s, which is no file',
    async (path) => {
      const answer = await app.request(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(await answer.text()).toBe('<title>console</title>');
    },
  );

  it('are given as they are, those with a hash for good', async () => {
    const script = await app.request('/assets/index-a1b2c3d4.js');
    expect(await script.text()).toBe('run()');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await app.request('/favicon.svg')).headers.get('content-type')).toBe('image/svg+xml');
  });

  it('leave an asset that is not there, and what belongs to others, to the next', async () => {
    for (const path of ['/assets/index-00000000.js', '/api/v1/nothing', '/v1/nothing', '/metrics'])
      expect((await app.request(path)).status, path).toBe(404);
  });

  it('stay inside their folder', async () => {
    for (const path of ['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt']) {
      const answer = await app.request(path);
      expect(await answer.text(), path).not.toContain('not the console');
    }
  });

  it('run no script and load nothing that is not this origin’s file', async () => {
    const policy = (await app.request('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|data:|blob:|https?:|\*/u);
  });
});
