import { createTelemetry } from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../__fixtures__/start-test-server.js';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
let server: TestServer;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  server = await startTestServer({
    model: createMockModel({ turns: () => 'The leaf is green.' }),
    telemetry: createTelemetry({ name: 'test' }),
    config: {
      agents: [{ name: 'reader', model: 'mock', description: 'Reads.', knowledgeBase: 'kb' }],
    },
  });
  await server.request('/api/v1/knowledge-bases', { json: { name: 'kb' } });
  await server.request('/api/v1/knowledge-bases/kb/documents', {
    json: {
      documents: [{ source: 'leaf.md', text: '# Leaves\n\nThe leaf of the tree is green.' }],
    },
  });
});
afterAll(async () => {
  await server.remove();
  context.disable();
  trace.disable();
  await provider.shutdown();
});
beforeEach(() => {
  exporter.reset();
});

const MESSAGES = [{ role: 'user', content: 'Which colour has the leaf?' }];

/** Sends a request and returns its spans once that of the server, the last to end, has ended. */
async function spansOf(path: string, json: object): Promise<readonly ReadableSpan[]> {
  const ended = new Promise<void>((resolve) => {
    const look = (): void => {
      const isEnded = exporter.getFinishedSpans().some(({ name }) => name === `POST ${path}`);
      if (isEnded) resolve();
      else setImmediate(look);
    };
    look();
  });
  const answer = await server.request(path, { json });
  await answer.text();
  expect(answer.ok).toBe(true);
  await ended;
  return exporter.getFinishedSpans();
}

/** The names from the root to each span. */
function pathsOf(spans: readonly ReadableSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const pathOf = (span: ReadableSpan): string => {
    const parent = byId.get(span.parentSpanContext?.spanId ?? '');
    return parent === undefined ? span.name : `${pathOf(parent)} > ${span.name}`;
  };
  return [...new Set(spans.map(pathOf))].sort();
}

describe('the trace of a request', () => {
  it.each([
    ['/api/v1/agents/reader/runs', { input: 'Which colour has the leaf?' }],
    ['/api/v1/agents/reader/runs', { input: 'Which colour has the leaf?', stream: true }],
    ['/v1/chat/completions', { model: 'agent:reader', messages: MESSAGES }],
    ['/v1/chat/completions', { model: 'agent:reader', messages: MESSAGES, stream: true }],
  ])('of an agent at %s is one, from the server to the model', async (path, json) => {
    const spans = await spansOf(path, json);
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
    const root = `POST ${path}`;
    const run = `${root} > invoke_agent reader`;
    expect(pathsOf(spans)).toEqual([
      root,
      run,
      `${run} > chat mock-model`,
      `${run} > guard input`,
      `${run} > guard output`,
      `${run} > guard retrieval`,
      `${run} > retrieve kb`,
    ]);
    const server = spans.find(({ name }) => name === root);
    expect(server?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'url.path': path,
      'http.response.status_code': path.startsWith('/api') ? 201 : 200,
    });
  });

  it.each([false, true])('of a model on /v1 has a chat span, streamed: %s', async (stream) => {
    const path = '/v1/chat/completions';
    const spans = await spansOf(path, { model: 'mock', messages: MESSAGES, stream });
    expect(pathsOf(spans)).toEqual([`POST ${path}`, `POST ${path} > chat mock-model`]);
    expect(spans.find(({ name }) => name === 'chat mock-model')?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mock',
      'gen_ai.request.model': 'mock-model',
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
    });
  });

  it('holds no text of the conversation', async () => {
    const spans = await spansOf('/v1/chat/completions', {
      model: 'agent:reader',
      messages: MESSAGES,
    });
    const attributes = JSON.stringify(spans.map((span) => [span.name, span.attributes]));
    expect(attributes).not.toContain('colour');
    expect(attributes).not.toContain('green');
  });
});
