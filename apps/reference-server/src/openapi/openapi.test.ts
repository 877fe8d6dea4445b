import { ROUTES } from '@espalier/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    Record<string, { operationId?: string; responses: Record<string, unknown> }>
  >;
  components: { schemas: Record<string, unknown> };
}

let server: TestServer;
let document: OpenApi;
let text: string;

beforeAll(async () => {
  server = await startTestServer();
  text = await (await server.request('/openapi.json', { key: null })).text();
  document = JSON.parse(text) as OpenApi;
});
afterAll(() => server.remove());

describe('the OpenAPI document', () => {
  it('is of version 3.1 and holds every native route', () => {
    expect(document.openapi).toMatch(/^3\.1/u);
    for (const [name, { method, path }] of Object.entries(ROUTES)) {
      expect({
        name,
        operationId: document.paths[path]?.[method.toLowerCase()]?.operationId,
      }).toEqual({
        name,
        operationId: name,
      });
    }
  });

  it('holds the routes of the OpenAI and Anthropic wires', () => {
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/v1/chat/completions',
        '/v1/responses',
        '/v1/embeddings',
        '/v1/models',
        '/v1/messages',
        '/v1/messages/count_tokens',
      ]),
    );
  });

  it('refers only to schemas that it holds, and holds none twice', () => {
    const schemas = Object.keys(document.components.schemas);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/gu)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      expect(schemas.map((name) => `#/components/schemas/${name}`)).toContain(reference);
    }
    expect(schemas.filter((name) => /^(?:Key|KnowledgeBase|Run|Document)\d$/u.test(name))).toEqual(
      [],
    );
  });

  it('tells that a run can be streamed', () => {
    const { responses } = document.paths[ROUTES.createRun.path]?.['post'] ?? { responses: {} };
    expect(JSON.stringify(responses['201'])).toContain('text/event-stream');
  });
});
