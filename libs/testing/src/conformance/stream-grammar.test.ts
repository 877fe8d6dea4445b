import type { ModelStreamPart } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { streamGrammarProblems } from './stream-grammar.js';

const start: ModelStreamPart = { type: 'stream-start', warnings: [] };
const finish: ModelStreamPart = { type: 'finish', finishReason: 'stop', usage: {} };

describe('streamGrammarProblems', () => {
  it('finds nothing wrong with interleaved blocks', () => {
    const parts: ModelStreamPart[] = [
      start,
      { type: 'text-start', id: '1' },
      { type: 'reasoning-start', id: '1' },
      { type: 'text-delta', id: '1', text: 'a' },
      { type: 'reasoning-end', id: '1' },
      { type: 'text-end', id: '1' },
      finish,
    ];
    expect(streamGrammarProblems(parts)).toEqual([]);
  });

  it.each<[string, ModelStreamPart[]]>([
    ['nothing at all', []],
    ['no finish', [start]],
    ['no start', [finish]],
    [
      'parts after finish',
      [start, finish, { type: 'text-start', id: '1' }, { type: 'text-end', id: '1' }, finish],
    ],
    ['an open block', [start, { type: 'text-start', id: '1' }, finish]],
    ['a delta without a block', [start, { type: 'text-delta', id: '1', text: 'a' }, finish]],
    [
      'a block closed twice',
      [
        start,
        { type: 'text-start', id: '1' },
        { type: 'text-end', id: '1' },
        { type: 'text-end', id: '1' },
        finish,
      ],
    ],
    [
      'a call before the end of its input',
      [
        start,
        { type: 'tool-input-start', id: 'c', toolName: 't' },
        { type: 'tool-call', toolCallId: 'c', toolName: 't', input: {} },
        { type: 'tool-input-end', id: 'c' },
        finish,
      ],
    ],
  ])('objects to %s', (_, parts) => {
    expect(streamGrammarProblems(parts)).not.toEqual([]);
  });
});
