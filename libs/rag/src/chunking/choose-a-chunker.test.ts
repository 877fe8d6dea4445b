// The code of docs/guides/choose-a-chunker.md.
import type { Document } from '@espalier/core';
import { createMockEmbeddingModel } from '@espalier/testing';
import { expect, it } from 'vitest';
import {
  assembleContext,
  createContextualChunker,
  createParentChildChunker,
  selectEvidence,
} from '../index.js';

const embeddingModel = createMockEmbeddingModel();
const text = Array.from(
  { length: 30 },
  (_, n) => `Rule ${n} says that item ${n} can be returned. It does so for good reasons.`,
).join('\n\n');
const document: Document = {
  id: 'rules',
  source: 'rules.txt',
  title: 'Rules',
  mediaType: 'text/plain',
  text,
};

it('cuts, finds and assembles as the guide shows', () => {
  // #region chunker
  const limit = {
    countTokens: (words: string) => embeddingModel.countTokens(words),
    tokenizerId: embeddingModel.modelId,
  };
  const chunker = createContextualChunker({
    chunker: createParentChildChunker({ ...limit, maxTokens: 50, maxParentTokens: 200 }),
    previousSentence: true,
  });
  const chunks = chunker.chunk(document);
  // #endregion chunker
  const scores = Float32Array.from(chunks, ({ text: words }) => Number(words.includes('Rule 7')));
  // #region evidence
  const passages = selectEvidence({ chunks, scores, maxPassages: 5 });
  // #endregion evidence
  expect(passages[0]).toMatchObject({ documentId: 'rules' });
  expect(chunks[1]?.indexText).toMatch(/^Rules\n/u);
  const found = chunks.slice(0, 3).map((chunk) => ({
    ...chunk,
    headingPath: [...chunk.headingPath],
    source: document.source,
  }));
  // #region context
  const context = assembleContext({
    passages: found,
    maxTokens: 2000,
    countTokens: (words) => embeddingModel.countTokens(words),
    documentOf: () => ({
      text: document.text,
      chunks: chunks.map(({ span, parent }) => ({ ...span, ...(parent && { parent }) })),
    }),
  });
  // #endregion context
  expect(context.hasEvidence).toBe(true);
  expect(context.passages).toHaveLength(1);
});
