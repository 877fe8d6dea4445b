import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineTool } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createMockModel } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSse } from '../__fixtures__/read-sse.js';
import {
  MOCK_AGENT,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from '../__fixtures__/start-test-server.js';

const POLICY = `version: 1
name: pseudonyms
rails:
  - { id: pii, kind: pii, at: [input, output], operators: { "*": { type: pseudonym } } }
`;
const ANSWER = 'I have written to [EMAIL_1].';
const RESTORED = 'I have written to jane@example.org.';
const send = defineTool({
  name: 'send',
  description: 'Sends a letter.',
  inputSchema: z.object({ subject: z.string() }),
  needsApproval: true,
  execute: () => 'sent',
});

let server: TestServer;
let policy: string;

async function start(
  turns: Parameters<typeof createMockModel>[0],
  more: Pick<TestServerOptions, 'dataFolder'> & { memorySecret?: string } = {},
): Promise<void> {
  const { memorySecret, ...options } = more;
  server = await startTestServer({
    ...options,
    model: createMockModel(turns),
    tools: [send],
    config: {
      agents: [{ ...MOCK_AGENT, tools: ['send'] }],
      guardrails: { policy, ...(memorySecret === undefined ? {} : { memorySecret }) },
    },
  });
}

async function pause(): Promise<{ id: string; approvals: { toolCallId: string }[] }> {
  const response = await server.request('/api/v1/agents/mock/runs', {
    json: { input: 'Write to jane@example.org.' },
  });
  const run = (await response.json()) as { id: string; approvals: { toolCallId: string }[] };
  expect(run).toMatchObject({ status: 'paused' });
  return run;
}

async function approve(run: Awaited<ReturnType<typeof pause>>): Promise<Response> {
  const decisions = run.approvals.map(({ toolCallId }) => ({ toolCallId, isApproved: true }));
  return server.request(`/api/v1/runs/${run.id}/approve`, { json: { decisions } });
}

/** Everything that the server keeps on disk. */
async function keptBytes(folder: string): Promise<string> {
  let all = '';
  for (const name of await readdir(folder, { recursive: true })) {
    const file = join(folder, name);
    if ((await stat(file)).isFile()) all += await readFile(file, 'latin1');
  }
  return all;
}

const CALL = { toolCalls: [{ toolName: 'send', input: { subject: 'Hello' } }] };

beforeEach(() => {
  policy = join(tmpdir(), `espalier-pseudonyms-${crypto.randomUUID()}.yaml`);
  return writeFile(policy, POLICY);
});
afterEach(async () => {
  await server.remove();
  await rm(policy, { force: true });
});

describe('a run whose questions were given pseudonyms', () => {
  it('gives the originals back after a pause and a restart, and keeps none of them in clear', async () => {
    await start([CALL]);
    const run = await pause();
    const { dataFolder } = server;
    const events = await readSse(await server.request(`/api/v1/runs/${run.id}/stream`));
    expect(JSON.stringify(events)).not.toContain('jane@example.org');
    await server.close();
    expect(await keptBytes(dataFolder)).not.toContain('jane@example.org');

    await start([ANSWER], { dataFolder });
    const resumed = await approve(run);
    expect(await resumed.json()).toMatchObject({ status: 'succeeded', output: RESTORED });
    expect((await approve(run)).status).toBe(409);
  });

  it('goes on at another server that has the same secret', async () => {
    const memorySecret = 'one secret for all servers of a database';
    await start([CALL], { memorySecret });
    const run = await pause();
    const { dataFolder } = server;
    await server.close();
    await start([ANSWER], { dataFolder, memorySecret });
    expect(await (await approve(run)).json()).toMatchObject({ output: RESTORED });
  });

  it('says that the key is another one, and does not go on without the names', async () => {
    await start([CALL], { memorySecret: 'the secret that sealed what was taken out' });
    const run = await pause();
    const { dataFolder } = server;
    await server.close();
    await start([ANSWER], { dataFolder, memorySecret: 'quite another secret, given by mistake' });
    const refused = await approve(run);
    expect(refused.status).toBe(500);
    expect(await refused.json()).toMatchObject({ code: 'ERR_SERVER_RUN_MEMORY' });
  });
});
