import { createSeededRandom, type Passage } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { assembleContext } from './assemble-context.js';
import type { AssembleContextOptions, ContextDocument } from './context.js';

const countTokens = (text: string): number => text.match(/\S+/gu)?.length ?? 0;

/** Ten paragraphs of words that no other paragraph has. */
const TEXT = Array.from(
  { length: 10 },
  (_, n) =>
    `Paragraph${n} opens here. ${Array.from({ length: 6 }, (_word, w) => `w${n}x${w}`).join(' ')}.`,
).join('\n\n');
const chunks = Array.from(TEXT.matchAll(/[^\n]+/gu), ({ index, 0: words }) => ({
  start: index,
  end: index + words.length,
}));
const document: ContextDocument = { text: TEXT, chunks };

const passage = (position: number, changes: Partial<Passage> = {}): Passage => {
  const span = chunks[position] ?? { start: 0, end: 0 };
  const line = 1 + position * 2;
  return {
    id: `p${position}`,
    documentId: 'd',
    source: 'd.txt',
    text: TEXT.slice(span.start, span.end),
    span,
    lines: { start: line, end: line },
    score: 1 - position / 100,
    ...changes,
  };
};
const assemble = (passages: readonly Passage[], options: Partial<AssembleContextOptions> = {}) =>
  assembleContext({
    passages,
    countTokens,
    maxTokens: 1000,
    overheadTokens: 0,
    neighbors: 0,
    bridge: 2,
    order: 'relevance',
    documentOf: () => document,
    ...options,
  });
const idsOf = (context: ReturnType<typeof assemble>): string[] =>
  context.passages.map(({ passage: { id } }) => id);

describe('assembleContext', () => {
  it('takes passages best first while they fit and says which did not', () => {
    const context = assemble([passage(4), passage(0), passage(8)], { maxTokens: 20 });
    expect(idsOf(context)).toEqual(['p4', 'p0']);
    expect(context.tokens).toBe(18);
    expect(context.omitted).toEqual([{ passageId: 'p8', reason: 'budget' }]);
  });

  it('counts what each passage costs beside its text', () => {
    const context = assemble([passage(4), passage(0)], { maxTokens: 25, overheadTokens: 5 });
    expect(idsOf(context)).toEqual(['p4']);
    expect(context.tokens).toBe(14);
  });

  it('joins passages that touch to one, with exact span and lines', () => {
    const context = assemble([passage(5), passage(9), passage(4)]);
    const [joined] = context.passages;
    expect(joined?.passage).toMatchObject({ id: 'p5', lines: { start: 9, end: 11 } });
    expect(joined?.passage.text).toBe(TEXT.slice(chunks[4]?.start, chunks[5]?.end));
    expect(joined?.passageIds).toEqual(['p5', 'p4']);
    expect(context.passages).toHaveLength(2);
  });

  it('bridges a small gap and not a large one', () => {
    const gap = (chunks[3]?.end ?? 0) - (chunks[3]?.start ?? 0) + 4;
    const found = [passage(2), passage(4)];
    expect(assemble(found, { bridge: gap - 1 }).passages).toHaveLength(2);
    expect(assemble(found, { bridge: gap }).passages).toHaveLength(1);
  });

  it('joins overlapping passages without their document too', () => {
    const whole = passage(1);
    const half = { start: whole.span.start + 5, end: whole.span.end };
    const tail = passage(1, { id: 'tail', span: half, text: TEXT.slice(half.start, half.end) });
    const head = passage(1, {
      id: 'head',
      span: { start: whole.span.start, end: whole.span.start + 20 },
      text: whole.text.slice(0, 20),
    });
    const context = assemble([head, tail], { documentOf: () => undefined, duplicateShare: 2 });
    expect(context.passages.map(({ passage: { text } }) => text)).toEqual([whole.text]);
  });

  it('leaves out a passage that repeats a better one, also one of another document', () => {
    const copy = passage(3, {
      id: 'copy',
      documentId: 'other',
      text: `${passage(3).text} And more.`,
    });
    const context = assemble([copy, passage(3)], { documentOf: () => undefined });
    expect(idsOf(context)).toEqual(['copy']);
    expect(context.omitted).toEqual([{ passageId: 'p3', reason: 'duplicate' }]);
    expect(assemble([copy, passage(3)], { duplicateShare: 2 }).passages).toHaveLength(2);
  });

  it('spends what is left on neighbours, those of the best passage first', () => {
    const context = assemble([passage(5), passage(1)], { maxTokens: 28, neighbors: 1 });
    expect(context.passages.map(({ passage: { span } }) => span)).toEqual([
      { start: chunks[5]?.start, end: chunks[6]?.end },
      chunks[1],
    ]);
  });

  it('grows to the parent where all of it fits', () => {
    const parent = { start: chunks[3]?.start ?? 0, end: chunks[6]?.end ?? 0 };
    const documentOf = (): ContextDocument => ({
      text: TEXT,
      chunks: chunks.map((chunk) => ({ ...chunk, parent })),
    });
    expect(assemble([passage(4)], { documentOf }).passages[0]?.passage.span).toEqual(parent);
    expect(assemble([passage(4)], { documentOf, maxTokens: 30 }).passages[0]?.passage.span).toEqual(
      chunks[4],
    );
    const isOff = { documentOf, growToParent: false };
    expect(assemble([passage(4)], isOff).passages[0]?.passage.span).toEqual(chunks[4]);
  });

  it('takes the first sentences of the best passage where not all of it fits', () => {
    const context = assemble([passage(2)], { maxTokens: 5 });
    const [only] = context.passages;
    expect(only?.passage.text).toBe('Paragraph2 opens here.');
    expect(TEXT.slice(only?.passage.span.start, only?.passage.span.end)).toBe(only?.passage.text);
  });

  it('has no evidence where nothing was found, nothing fits, or the search says so', () => {
    expect(assemble([]).hasEvidence).toBe(false);
    expect(assemble([passage(1)], { maxTokens: 0 }).hasEvidence).toBe(false);
    expect(assemble([passage(1)], { hasEvidence: false }).hasEvidence).toBe(false);
    expect(assemble([passage(1)], { hasEvidence: true }).hasEvidence).toBe(true);
  });

  it('puts the best passages at the edges', () => {
    const found = [0, 2, 4, 6, 8].map((position) => passage(position));
    expect(idsOf(assemble(found, { order: 'edges' }))).toEqual(['p0', 'p4', 'p8', 'p6', 'p2']);
  });

  it('puts passages as they stand in their documents', () => {
    const other = passage(0, { id: 'o', documentId: 'other', text: 'Words of its own, all new.' });
    const found = [passage(6), other, passage(2)];
    expect(idsOf(assemble(found, { order: 'document' }))).toEqual(['p2', 'p6', 'o']);
  });

  it('keeps to the number of passages asked for', () => {
    const context = assemble([passage(0), passage(4), passage(8)], { maxPassages: 2 });
    expect(idsOf(context)).toEqual(['p0', 'p4']);
    expect(context.omitted).toEqual([{ passageId: 'p8', reason: 'limit' }]);
  });

  it('neither grows nor joins a passage whose words are no longer its document’s', () => {
    const redacted = passage(5, { text: 'Someone opens here.', metadata: { redacted: true } });
    const context = assemble([passage(4), redacted], { neighbors: 3 });
    expect(context.passages.map(({ passage: { text } }) => text)).toContain('Someone opens here.');
  });

  it('names the headings that all joined passages share', () => {
    const context = assemble([
      passage(4, { headingPath: ['Guide', 'A'] }),
      passage(5, { headingPath: ['Guide', 'B'] }),
    ]);
    expect(context.passages[0]?.passage.headingPath).toEqual(['Guide']);
  });

  it('holds its budget and exact places for any search', () => {
    const random = createSeededRandom(11);
    const below = (limit: number): number => Math.floor(random.next() * limit);
    for (let round = 0; round < 200; round += 1) {
      const found = Array.from({ length: 1 + below(6) }, () => passage(below(10)));
      const maxTokens = below(80);
      const context = assemble(found, {
        maxTokens,
        neighbors: below(4),
        bridge: below(100),
        overheadTokens: below(5),
        order: 'edges',
      });
      expect(context.tokens).toBeLessThanOrEqual(maxTokens);
      const spans = context.passages.map(({ passage: { span, text } }) => {
        expect(TEXT.slice(span.start, span.end)).toBe(text);
        return span;
      });
      spans.sort((a, b) => a.start - b.start);
      for (let n = 1; n < spans.length; n += 1)
        expect(spans[n]?.start).toBeGreaterThanOrEqual(spans[n - 1]?.end ?? 0);
    }
  });

  it.each([-1, 0.5, Number.NaN])('refuses a budget of %s tokens', (maxTokens) => {
    expect(() => assemble([], { maxTokens })).toThrow(
      expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }),
    );
  });
});
