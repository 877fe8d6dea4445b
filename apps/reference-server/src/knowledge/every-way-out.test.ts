import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageText, type LanguageModelCallOptions } from '@espalier/core';
import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import { createMockModel, type MockTurn } from '@espalier/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

// A document's words leave a knowledge base by more ways than its search: all of them, used at once.

const BASE = { knowledgeBase: 'kb' };
const CANARY = 'Quillon';
const SECRET = `Quillon wrote the ${CANARY} protocol with Marabel. The ${CANARY} protocol is for the board.`;
const DOCUMENTS = [
  { source: 'secret.txt', text: SECRET, principals: ['board'] },
  { source: 'garden.txt', text: 'Tomatoes need sun. Marabel waters the tomatoes.' },
];
// Words of a question are no leak: none of these names what must not be told.
const QUESTION = 'Who wrote the protocol with Marabel?';

let server: TestServer;
let admin: EspalierClient;
let asked: string[];

/** Reads graphs, writes reports, calls the search tool, and answers with all it was shown. */
function answer({ messages, tools }: LanguageModelCallOptions): MockTurn {
  const shown = messages.map((message) => JSON.stringify(message)).join('\n');
  asked.push(shown);
  const last = messages.at(-1);
  const prompt = last === undefined ? '' : messageText(last);
  if (prompt.includes('<passage>')) {
    const names = [...new Set(prompt.match(/Quillon|Marabel|Tomatoes/gu))];
    const entities = names.map((name) => ({ name, type: 'person', description: prompt }));
    const [source = '', target = ''] = names;
    const relation = { source, target, label: `of ${prompt}`, quote: prompt, strength: 9 };
    return JSON.stringify({ entities, relations: [relation] });
  }
  if (prompt.includes('Excerpts:'))
    return JSON.stringify({
      title: prompt,
      summary: prompt,
      findings: [{ text: prompt, excerpts: [1] }],
    });
  if ((tools ?? []).length > 0 && last?.role === 'user')
    return { toolCalls: [{ toolName: 'search_documents', input: { query: QUESTION } }] };
  return JSON.stringify({ answer: shown, points: [{ text: shown, finding: 1, score: 90 }] });
}

const isOnDisk = (): boolean =>
  readdirSync(server.dataFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(CANARY));
const clientOf = (apiKey: string): EspalierClient =>
  createEspalierClient({ baseUrl: server.url, apiKey, timeoutMs: 120_000 });

/** Everything that a key can be told about the documents, as one text. */
const tellAll = async (apiKey: string): Promise<string> => {
  const client = clientOf(apiKey);
  const query = QUESTION;
  const told: unknown[] = [await client.search({ ...BASE, query, topK: 50 })];
  for (const scope of ['local', 'global'] as const)
    told.push(await client.graphs.ask({ ...BASE, query, scope }));
  for (const agent of ['reader', 'seeker', 'grapher']) {
    for await (const event of client.runs.stream({ agent, input: query })) told.push(event);
    const chat = await server.request('/v1/chat/completions', {
      key: apiKey,
      json: { model: `agent:${agent}`, messages: [{ role: 'user', content: query }] },
    });
    told.push(await chat.json());
  }
  return JSON.stringify(told);
};

beforeEach(async () => {
  asked = [];
  server = await startTestServer({
    model: createMockModel({ turns: answer }),
    config: {
      store: 'simd',
      graph: { model: 'mock' },
      agents: [
        { name: 'reader', model: 'mock', ...BASE },
        { name: 'seeker', model: 'mock', ...BASE, retrieval: { when: 'tool' } },
        { name: 'grapher', model: 'mock', ...BASE, retrieval: { mode: 'graph' } },
      ],
    },
  });
  admin = clientOf(server.adminKey ?? server.localKey);
  await admin.knowledgeBases.create({ name: BASE.knowledgeBase });
  await admin.documents.ingest({ ...BASE, documents: DOCUMENTS });
  const { id } = await admin.graphs.build(BASE);
  await admin.jobs.wait({ id });
});
afterEach(() => server.remove());

describe('what a reader may not see', () => {
  it('comes out of no search, graph, agent, event or answer, and no model is shown it for that reader', async () => {
    const whole = await tellAll(server.adminKey ?? server.localKey);
    expect(whole).toContain(CANARY);
    const { key } = await admin.keys.create({ name: 'guest', principals: ['guests'] });
    const before = asked.length;
    const told = await tellAll(key);
    expect(told).toContain('omatoes');
    expect(told).not.toContain(CANARY);
    expect(asked.slice(before).join('\n')).not.toContain(CANARY);
  }, 120_000);
});

describe('a document that every way was used on', () => {
  it('leaves no byte on disk and in no answer once it is erased', async () => {
    const headers = { 'idempotency-key': 'one' };
    const json = { agent: 'seeker', input: QUESTION };
    await (await server.request('/api/v1/runs', { json, headers })).text();
    await admin.search({ ...BASE, query: 'protocol', explain: true });
    expect(await tellAll(server.adminKey ?? server.localKey)).toContain(CANARY);
    expect(isOnDisk()).toBe(true);
    const report = await admin.documents.erase({ ...BASE, ids: ['secret.txt'] });
    expect(report).toMatchObject({ documentIds: ['secret.txt'], isComplete: true });
    expect(isOnDisk()).toBe(false);
    const before = asked.length;
    expect(await tellAll(server.adminKey ?? server.localKey)).not.toContain(CANARY);
    expect(asked.slice(before).join('\n')).not.toContain(CANARY);
    expect(isOnDisk()).toBe(false);
  }, 120_000);
});
