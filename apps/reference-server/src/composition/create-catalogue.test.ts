import { createMockModel } from '@espalier/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSse } from '../__fixtures__/read-sse.js';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

let server: TestServer;
const model = createMockModel({ turns: () => 'The leaf is green [1].' });

beforeAll(async () => {
  server = await startTestServer({ model });
  await server.request('/api/v1/knowledge-bases', { json: { name: 'espalier' } });
  await server.request('/api/v1/knowledge-bases/espalier/documents', {
    json: {
      documents: [{ source: 'leaf.md', text: '# Leaves\n\nThe leaf of the tree is green.' }],
    },
  });
});
afterAll(() => server.remove());

const run = async (body: object) => {
  const answer = await server.request('/api/v1/agents/docs/runs', {
    json: { input: 'Which colour has the leaf?', stream: true, ...body },
  });
  const frames = await readSse(answer);
  const systems = frames
    .filter(({ event }) => event === 'model-request')
    .flatMap(({ data }) => data['messages'] as { role: string }[])
    .filter(({ role }) => role === 'system');
  return { events: frames.map(({ event }) => event), systems };
};

describe('the agent that is there without a configuration', () => {
  it('has the extractive answerer answer without a warning', async () => {
    const { events, systems } = await run({});
    expect(events).toContain('citation');
    expect(events).toContain('run-finished');
    expect(events).not.toContain('warning');
    expect(systems).toEqual([]);
  });

  it('tells another model how to cite', async () => {
    const { events, systems } = await run({ model: 'mock' });
    expect(events).toContain('run-finished');
    expect(JSON.stringify(systems)).toContain('in square brackets');
  });
});
