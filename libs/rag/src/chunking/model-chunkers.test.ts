import type { Chunk, Document, ModelChunker, TokenEncoder } from '@espalier/core';
import { createMockEmbeddingModel, createMockModel } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { chunkDocument } from './chunk-document.js';
import { createLateChunker } from './create-late-chunker.js';
import { createModelContextualChunker } from './create-model-contextual-chunker.js';
import { createPropositionChunker } from './create-proposition-chunker.js';
import { createRecursiveChunker } from './create-recursive-chunker.js';
import { createSemanticChunker } from './create-semantic-chunker.js';

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
const countTokens = (text: string): number => wordsOf(text).length;
const limit = { countTokens, tokenizerId: 'words' };
const recursive = (maxTokens: number) => createRecursiveChunker({ ...limit, maxTokens });
const plain = (text: string, changes: Partial<Document> = {}): Document => ({
  id: 'd',
  source: 'd.txt',
  mediaType: 'text/plain',
  text,
  ...changes,
});

/** Each token's state is its word's own direction, and a little of the first word's of its reading. */
function tokenEncoder(options: { windowWords?: number } = {}): TokenEncoder & { texts: string[] } {
  const dimension = 64;
  const directionOf = (word: string): number =>
    [...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 63, 7) + 1;
  const texts: string[] = [];
  return {
    specificationVersion: 'v1',
    provider: 'mock',
    modelId: 'states',
    dimension,
    texts,
    limits: {
      maxTextsPerCall: 2,
      maxTokensPerText: options.windowWords ?? 1000,
      supportsParallelCalls: true,
    },
    async doEncodeTokens({ texts: given }) {
      texts.push(...given);
      const states = given.map((text) => {
        const words = wordsOf(text);
        const vectors = new Float32Array(words.length * dimension);
        for (const [index, word] of words.entries()) {
          vectors[index * dimension + directionOf(word.toLowerCase())] = Math.sqrt(0.9);
          vectors[index * dimension] = words[0] === 'Berlin' ? Math.sqrt(0.1) : 0;
        }
        return { ids: new Int32Array(words.length), vectors, windows: [] };
      });
      return { states, usage: { inputTokens: 1 }, warnings: [] };
    },
    countTokens,
  };
}

function expectPlaces(document: Document, chunks: readonly Chunk[]): void {
  let until = 0;
  for (const [position, chunk] of chunks.entries()) {
    expect(chunk.position).toBe(position);
    expect(document.text.slice(chunk.span.start, chunk.span.end)).toBe(chunk.text);
    expect(document.text.slice(until, chunk.span.start).trim()).toBe('');
    until = chunk.span.end;
  }
  expect(document.text.slice(until).trim()).toBe('');
}

const TEXT =
  'Cats purr softly. Cats sleep softly. Cats hunt softly. Markets fell sharply. Markets rose sharply. Markets closed sharply.\n\n漢字。次の文。\n\n😀 Done.';
const allKinds: readonly (readonly [string, () => ModelChunker])[] = [
  [
    'semantic',
    () => createSemanticChunker({ embeddingModel: createMockEmbeddingModel(), maxTokens: 12 }),
  ],
  ['late', () => createLateChunker({ chunker: recursive(6), tokenEncoder: tokenEncoder() })],
  [
    'contextual',
    () =>
      createModelContextualChunker({
        chunker: recursive(6),
        model: createMockModel({ turns: () => '{"context":"About pets."}' }),
      }),
  ],
  [
    'proposition',
    () =>
      createPropositionChunker({
        ...limit,
        model: createMockModel({ turns: () => 'no JSON at all' }),
      }),
  ],
];

describe.each(allKinds)('The %s chunker', (_, create) => {
  it.each(['', ' \n ', TEXT, 'x'.repeat(5000), 'word '.repeat(300)])(
    'gives chunks that hold all of %.20j at their places',
    async (text) => {
      const document = plain(text);
      const { chunks, embeddings } = await chunkDocument(create(), { document });
      expectPlaces(document, chunks);
      if (embeddings !== undefined) expect(embeddings).toHaveLength(chunks.length);
    },
  );

  it('says what its output depends on, and heeds a signal', async () => {
    expect(create().fingerprint).toBe(create().fingerprint);
    const document = plain(TEXT);
    await expect(
      chunkDocument(create(), { document, abortSignal: AbortSignal.abort(new Error('stop')) }),
    ).rejects.toThrow('stop');
  });
});

describe('createSemanticChunker', () => {
  it('cuts where the meaning changes', async () => {
    const chunker = createSemanticChunker({
      embeddingModel: createMockEmbeddingModel(),
      window: 0,
      breakShare: 0.2,
    });
    const document = plain(TEXT.slice(0, TEXT.indexOf('\n\n')));
    const { chunks, usage } = await chunker.doChunk({ document });
    expect(chunks.map(({ text }) => text)).toEqual([
      'Cats purr softly. Cats sleep softly. Cats hunt softly.',
      'Markets fell sharply. Markets rose sharply. Markets closed sharply.',
    ]);
    expect(usage.inputTokens).toBe(18);
  });

  it('keeps to the limit, cutting at the farthest place inside', async () => {
    const chunker = createSemanticChunker({
      embeddingModel: createMockEmbeddingModel(),
      maxTokens: 9,
      window: 0,
      breakShare: 0,
    });
    const { chunks } = await chunker.doChunk({ document: plain(TEXT) });
    for (const { text } of chunks) expect(countTokens(text)).toBeLessThanOrEqual(9);
    expect(chunks[0]?.text).toBe('Cats purr softly. Cats sleep softly. Cats hunt softly.');
  });

  it('never joins across a heading', async () => {
    const document = plain('# A\n\nSame words.\n\n# B\n\nSame words.', {
      headings: [
        { level: 1, text: 'A', span: { start: 0, end: 3 } },
        { level: 1, text: 'B', span: { start: 18, end: 21 } },
      ],
    });
    const chunker = createSemanticChunker({ embeddingModel: createMockEmbeddingModel() });
    const { chunks } = await chunker.doChunk({ document });
    expect(chunks.map(({ headingPath }) => headingPath)).toEqual([['A'], ['B']]);
  });

  it.each([{ breakShare: 2 }, { window: -1 }, { maxTokens: 0 }])('refuses %j', (options) => {
    expect(() =>
      createSemanticChunker({ embeddingModel: createMockEmbeddingModel(), ...options }),
    ).toThrow(expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }));
  });
});

describe('createLateChunker', () => {
  it('averages the states of each chunk’s own tokens, read with what is around it', async () => {
    const document = plain('Berlin is big.\n\nIt grows fast.');
    const { chunks, embeddings } = await createLateChunker({
      chunker: recursive(3),
      tokenEncoder: tokenEncoder(),
    }).doChunk({ document });
    expect(chunks).toHaveLength(2);
    for (const vector of embeddings ?? []) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    // The second chunk alone would know nothing of Berlin.
    expect(embeddings?.[1]?.[0]).toBeGreaterThan(0.3);
  });

  it('reads a long document in windows that overlap', async () => {
    const encoder = tokenEncoder({ windowWords: 12 });
    const document = plain(
      Array.from({ length: 20 }, (_, n) => `Line${n} has four words.`).join('\n\n'),
    );
    const { chunks, embeddings } = await createLateChunker({
      chunker: recursive(4),
      tokenEncoder: encoder,
      contextTokens: 4,
    }).doChunk({ document });
    expect(embeddings).toHaveLength(chunks.length);
    expect(encoder.texts.every((text) => countTokens(text) <= 12)).toBe(true);
    expect(encoder.texts[1]).toMatch(/^Line2 /u);
  });

  it('refuses a context as large as the window', () => {
    expect(() =>
      createLateChunker({
        chunker: recursive(4),
        tokenEncoder: tokenEncoder({ windowWords: 12 }),
        contextTokens: 12,
      }),
    ).toThrow(expect.objectContaining({ code: 'ERR_CORE_INVALID_ARGUMENT' }));
  });
});

describe('createModelContextualChunker', () => {
  it('indexes each chunk with the context that the model gives', async () => {
    const model = createMockModel({ turns: () => '```json\n{"context":"About pets."}\n```' });
    const document = plain(TEXT, { title: 'Zoo' });
    const { chunks, warnings } = await createModelContextualChunker({
      chunker: recursive(6),
      model,
    }).doChunk({ document });
    expect(chunks[0]?.indexText).toBe(`About pets.\n${chunks[0]?.text ?? ''}`);
    expect(warnings).toEqual([]);
    expect(model.calls).toHaveLength(chunks.length);
    const [, prompt] = model.calls[0]?.messages ?? [];
    expect(JSON.stringify(prompt)).toContain('Title: Zoo');
    expect(model.calls[0]).toMatchObject({ temperature: 0, responseFormat: { type: 'json' } });
  });

  it('leaves a chunk as it is where the model gives nothing usable, and says so once', async () => {
    const model = createMockModel({ turns: () => 'Sorry.' });
    const { chunks, warnings } = await createModelContextualChunker({
      chunker: recursive(6),
      model,
    }).doChunk({ document: plain(TEXT) });
    expect(chunks.every(({ indexText }) => indexText === undefined)).toBe(true);
    expect(warnings).toHaveLength(1);
  });

  it('passes on a failure of the model', async () => {
    const model = createMockModel({ turns: () => ({ error: new Error('down') }) });
    await expect(
      createModelContextualChunker({ chunker: recursive(6), model }).doChunk({
        document: plain(TEXT),
      }),
    ).rejects.toThrow('down');
  });
});

describe('createPropositionChunker', () => {
  it('indexes each sentence as its propositions, at its own place, with its passage as parent', async () => {
    const model = createMockModel({
      turns: () =>
        JSON.stringify({
          sentences: [
            { number: 2, propositions: ['Berlin grew in 1920.', ' Berlin absorbed towns. '] },
            { number: 9, propositions: ['There is no such sentence.'] },
          ],
        }),
    });
    const document = plain('Berlin is big. It grew in 1920 by absorbing towns.');
    const { chunks } = await createPropositionChunker({ ...limit, model }).doChunk({ document });
    expect(chunks.map(({ text }) => text)).toEqual([
      'Berlin is big.',
      'It grew in 1920 by absorbing towns.',
    ]);
    expect(chunks.map(({ indexText }) => indexText)).toEqual([
      undefined,
      'Berlin grew in 1920.\nBerlin absorbed towns.',
    ]);
    expect(chunks[1]?.parent).toEqual({ start: 0, end: document.text.length });
  });

  it('asks once for each passage', async () => {
    const model = createMockModel({ turns: () => '{"sentences":[]}' });
    const document = plain('word word word word. '.repeat(60));
    const chunker = createPropositionChunker({ ...limit, model, maxPassageTokens: 100 });
    await chunker.doChunk({ document });
    expect(model.calls).toHaveLength(3);
  });
});
