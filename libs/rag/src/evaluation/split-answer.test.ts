import { describe, expect, it } from 'vitest';
import { splitAnswer } from './split-answer.js';

const shown = (answer: string) =>
  splitAnswer(answer).map(({ text, citations }) => ({ text, citations }));

describe('splitAnswer', () => {
  it('gives each sentence the markers in it and right behind it', () => {
    expect(shown('A rail blocks text [1]. It may redact it. [2][3] Nothing else.')).toEqual([
      { text: 'A rail blocks text.', citations: [1] },
      { text: 'It may redact it.', citations: [2, 3] },
      { text: 'Nothing else.', citations: [] },
    ]);
  });

  it('reads lists of numbers, and each number once', () => {
    expect(shown('One thing [1, 2; 2].')).toEqual([{ text: 'One thing.', citations: [1, 2] }]);
  });

  it('takes items, rows and blocks of code for statements, and headings for none', () => {
    expect(
      shown('## Limits\n- at most 5 [1]\n| a | b [2] |\n|---|---|\n```ts\nlet a = 1;\n```\n\n[3]'),
    ).toEqual([
      { text: '- at most 5', citations: [1] },
      { text: '| a | b |', citations: [2] },
      { text: '```ts\nlet a = 1;\n```', citations: [3] },
    ]);
  });

  it('gives the place of each statement in the answer', () => {
    const answer = 'First [1]. Second one.';
    expect(splitAnswer(answer).map(({ span }) => answer.slice(span.start, span.end))).toEqual([
      'First [1].',
      'Second one.',
    ]);
  });

  it('finds nothing in an answer without words', () => {
    expect(splitAnswer(' [1] …')).toEqual([]);
  });
});
