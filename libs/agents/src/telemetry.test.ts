import { createTelemetry, defineTool, userMessage, type Guardrails } from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeRetriever } from './__fixtures__/make-retriever.js';
import { runToEnd } from './__fixtures__/run-to-end.js';
import { createAgent } from './create-agent.js';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
const tracer = provider.getTracer('test');
const telemetry = createTelemetry({ name: 'test', tracer });
const messages = [userMessage('Go.')];

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(async () => {
  context.disable();
  await provider.shutdown();
});
beforeEach(() => {
  exporter.reset();
});

const allowAll: Guardrails = {
  specificationVersion: 'v1',
  railsAt: () => ['none'],
  check: async ({ text }) => ({ isBlocked: false, text, reports: [] }),
  openStream: () => ({
    push: async (text) => ({ text, isBlocked: false, reports: [] }),
    end: async () => ({ text: '', isBlocked: false, reports: [] }),
  }),
};

function spanNamed(name: string): ReadableSpan {
  const span = exporter.getFinishedSpans().find((candidate) => candidate.name === name);
  if (span === undefined) throw new Error(`No span ${name}.`);
  return span;
}

describe('the trace of a run', () => {
  it('has one span for each step, all under the run and under what the caller had open', async () => {
    const nested = defineTool({
      name: 'nested',
      description: 'Traces.',
      inputSchema: z.object({}),
      execute: () => {
        tracer.startSpan('inside the tool').end();
        return 1;
      },
    });
    const model = createMockModel([{ toolCalls: [{ toolName: 'nested', input: {} }] }, 'Done.']);
    const agent = createAgent({
      name: 'traced',
      description: 'Traces.',
      model,
      tools: [nested],
      retrieval: { retriever: makeRetriever() },
      guardrails: allowAll,
      prices: { 'mock/mock-model': { inputUsdPerMillion: 1, outputUsdPerMillion: 2 } },
      telemetry,
    });
    await tracer.startActiveSpan('request', async (request) => {
      await runToEnd(agent.run({ messages, runId: 'run-1', settings: { temperature: 0.5 } }));
      request.end();
    });
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name }) => name).sort()).toEqual([
      'chat mock-model',
      'chat mock-model',
      'execute_tool nested',
      'guard conversation',
      'guard input',
      'guard output',
      'guard output',
      'guard retrieval',
      'guard tool-call',
      'guard tool-result',
      'inside the tool',
      'invoke_agent traced',
      'request',
      'retrieve fruit',
    ]);
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
    const run = spanNamed('invoke_agent traced');
    expect(run.parentSpanContext?.spanId).toBe(spanNamed('request').spanContext().spanId);
    expect(spanNamed('inside the tool').parentSpanContext?.spanId).toBe(
      spanNamed('execute_tool nested').spanContext().spanId,
    );
    const own = ['request', 'inside the tool', 'invoke_agent traced'];
    for (const span of spans.filter(({ name }) => !own.includes(name))) {
      expect(span.parentSpanContext?.spanId, span.name).toBe(run.spanContext().spanId);
    }
    expect(run.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'traced',
      'espalier.run.id': 'run-1',
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.output_tokens': 10,
      'espalier.cost.usd': 0.00004,
    });
    expect(spanNamed('chat mock-model').attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mock',
      'gen_ai.request.model': 'mock-model',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.response.model': 'mock-model',
      'gen_ai.response.finish_reasons': ['tool-calls'],
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      'espalier.cost.usd': 0.00002,
    });
    expect(spanNamed('execute_tool nested').attributes).toMatchObject({
      'gen_ai.tool.name': 'nested',
      'gen_ai.tool.call.id': 'call-1',
    });
    expect(spanNamed('retrieve fruit').attributes).toMatchObject({
      'espalier.retrieval.passages': 2,
    });
    expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain('Go.');
  });

  it('marks what failed, and not what was aborted', async () => {
    const model = createMockModel([{ error: new TypeError('odd') }]);
    await runToEnd(
      createAgent({ name: 'x', description: 'x', model, telemetry }).run({ messages }),
    );
    expect(spanNamed('chat mock-model').status.code).toBe(SpanStatusCode.ERROR);
    expect(spanNamed('invoke_agent x').attributes['error.type']).toBe('TypeError');
    exporter.reset();
    const controller = new AbortController();
    const hanging = createMockModel({
      turns: ['x'],
      beforePart() {
        controller.abort();
        return new Promise<never>(() => undefined);
      },
    });
    await runToEnd(
      createAgent({ name: 'x', description: 'x', model: hanging, telemetry }).run({
        messages,
        abortSignal: controller.signal,
      }),
    );
    expect(exporter.getFinishedSpans().map(({ name, status }) => [name, status.code])).toEqual([
      ['chat mock-model', SpanStatusCode.UNSET],
      ['invoke_agent x', SpanStatusCode.UNSET],
    ]);
  });

  it('is closed when the caller leaves the loop', async () => {
    const agent = createAgent({
      name: 'x',
      description: 'x',
      model: createMockModel([{ text: ['a', 'b'] }]),
      guardrails: allowAll,
      telemetry,
    });
    for await (const event of agent.run({ messages })) if (event.type === 'text-delta') break;
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual([
      'guard input',
      'guard conversation',
      'guard output',
      'chat mock-model',
      'invoke_agent x',
    ]);
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});
