import { describe, expect, it } from 'vitest';
import { describeEmbeddingModelConformance } from '../conformance/embedding-model.js';
import { createMockEmbeddingModel } from './mock-embedding-model.js';

describeEmbeddingModelConformance('createMockEmbeddingModel', {
  create: () => createMockEmbeddingModel(),
});

describe('createMockEmbeddingModel', () => {
  it('puts texts that share words nearer than texts that share none', async () => {
    const model = createMockEmbeddingModel({ dimension: 256 });
    const { embeddings } = await model.doEmbed({
      texts: ['red apple pie', 'green apple pie', 'tax return form'],
    });
    const cosine = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
      [...(a ?? [])].reduce((sum, x, n) => sum + x * (b?.[n] ?? 0), 0);
    expect(cosine(embeddings[0], embeddings[1])).toBeGreaterThan(0.4);
    expect(Math.abs(cosine(embeddings[0], embeddings[2]))).toBeLessThan(0.3);
  });

  it('gives the zero vector to a text without words', async () => {
    const { embeddings } = await createMockEmbeddingModel({ dimension: 4 }).doEmbed({
      texts: ['…'],
    });
    expect([...(embeddings[0] ?? [])]).toEqual([0, 0, 0, 0]);
  });

  it('fails when told to', async () => {
    const error = new Error('No.');
    const model = createMockEmbeddingModel({
      error: ({ texts }) => (texts.includes('bad') ? error : undefined),
    });
    await expect(model.doEmbed({ texts: ['bad'] })).rejects.toBe(error);
    await expect(model.doEmbed({ texts: ['good'] })).resolves.toBeDefined();
  });
});
