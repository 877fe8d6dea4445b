import { describe, expect, it } from 'vitest';
import { createStreamCollector } from './collect-stream.js';
import type { ModelStreamPart } from './stream-part.js';
import { addUsage } from './usage.js';

const collect = (parts: readonly ModelStreamPart[]) => {
  const collector = createStreamCollector();
  for (const part of parts) collector.add(part);
  return collector.read();
};

describe('createStreamCollector', () => {
  it('joins interleaved blocks in the order in which they were opened', () => {
    const { content, finishReason, usage } = collect([
      { type: 'stream-start', warnings: [] },
      { type: 'reasoning-start', id: '1' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', text: 'Hel' },
      { type: 'reasoning-delta', id: '1', text: 'Hmm' },
      { type: 'text-delta', id: '1', text: 'lo' },
      { type: 'reasoning-end', id: '1', providerMetadata: { p: { signature: 's' } } },
      { type: 'text-end', id: '1' },
      { type: 'finish', finishReason: 'stop', usage: { outputTokens: 2 } },
    ]);
    expect(content).toEqual([
      { type: 'reasoning', text: 'Hmm', providerMetadata: { p: { signature: 's' } } },
      { type: 'text', text: 'Hello' },
    ]);
    expect([finishReason, usage]).toEqual(['stop', { outputTokens: 2 }]);
  });

  it('keeps tool calls and citations, and leaves out blocks without a word', () => {
    const call = { type: 'tool-call', toolCallId: 'c', toolName: 't', input: { a: 1 } } as const;
    const citation = {
      index: 1,
      passageId: 'p',
      documentId: 'd',
      source: 's.md',
      span: { start: 0, end: 1 },
      lines: { start: 1, end: 1 },
      quote: 'q',
    };
    const { content } = collect([
      { type: 'text-start', id: 'empty' },
      { type: 'text-end', id: 'empty' },
      call,
      { type: 'citation', citation },
    ]);
    expect(content).toEqual([call, { type: 'citation', citation }]);
  });

  it('begins a new block when an id is opened again', () => {
    const { content } = collect([
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', text: 'one' },
      { type: 'text-end', id: '1' },
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', text: 'two' },
      { type: 'text-end', id: '1' },
    ]);
    expect(content).toEqual([
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ]);
  });

  it('can be read half-way', () => {
    expect(collect([{ type: 'text-delta', id: '1', text: 'Hal' }])).toEqual({
      content: [{ type: 'text', text: 'Hal' }],
      finishReason: undefined,
      usage: {},
    });
  });
});

describe('addUsage', () => {
  it('adds what both say, and leaves absent what neither says', () => {
    expect(
      addUsage({ inputTokens: 1, outputTokens: 2 }, { inputTokens: 10, reasoningTokens: 3 }),
    ).toEqual({
      inputTokens: 11,
      outputTokens: 2,
      reasoningTokens: 3,
    });
    expect(addUsage({}, {})).toEqual({});
  });
});
