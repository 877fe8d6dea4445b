import type { EmbeddingModel } from '@espalier/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What the suite needs. */
export interface EmbeddingModelConformanceOptions {
  create(): EmbeddingModel | Promise<EmbeddingModel>;
  /** How far vectors of the same text may be apart between calls and batches, per axis. Default 1e-4. */
  readonly tolerance?: number;
}

const TEXTS = [
  'The cat sat on the mat.',
  'Interest rates rose by a quarter point.',
  'Ein Satz mit Umlauten: äöü ß.',
];

/** Declares the tests that every `EmbeddingModel` must pass. */
export function describeEmbeddingModelConformance(
  name: string,
  options: EmbeddingModelConformanceOptions,
): void {
  const tolerance = options.tolerance ?? 1e-4;
  let model: EmbeddingModel;

  describe(`${name} keeps the EmbeddingModel contract`, () => {
    beforeAll(async () => {
      model = await options.create();
    });
    afterAll(async () => {
      await model.dispose?.();
    });

    it('says who it is and what it accepts', () => {
      expect(model.specificationVersion).toBe('v1');
      expect(model.provider).not.toBe('');
      expect(model.modelId).not.toBe('');
      expect(model.dimension).toBeGreaterThan(0);
      expect(model.limits.maxTextsPerCall).toBeGreaterThan(0);
      expect(model.limits.maxTokensPerText).toBeGreaterThan(0);
    });

    it('gives one finite vector of length 1 for each text', async () => {
      const { embeddings } = await model.doEmbed({ texts: TEXTS, purpose: 'document' });
      expect(embeddings).toHaveLength(TEXTS.length);
      for (const vector of embeddings) {
        expect(vector).toBeInstanceOf(Float32Array);
        expect(vector).toHaveLength(model.dimension);
        expect(Math.abs(norm(vector) - 1)).toBeLessThan(1e-3);
      }
    });

    it('keeps the order of the texts, whatever stands beside them', async () => {
      const together = (await model.doEmbed({ texts: TEXTS })).embeddings;
      const alone = await Promise.all(
        TEXTS.map(async (text) => (await model.doEmbed({ texts: [text] })).embeddings[0]),
      );
      together.forEach((vector, index) => {
        expect(distance(vector, alone[index])).toBeLessThan(tolerance);
      });
    });

    it('gives the same vector for the same text', async () => {
      const { embeddings } = await model.doEmbed({
        texts: ['the same', 'the same'],
        purpose: 'query',
      });
      expect(distance(embeddings[0] as Float32Array, embeddings[1])).toBeLessThan(tolerance);
    });

    it('takes no texts, an empty text, and a lone surrogate', async () => {
      expect((await model.doEmbed({ texts: [] })).embeddings).toEqual([]);
      const { embeddings } = await model.doEmbed({ texts: ['', 'broken \ud800 pair'] });
      for (const vector of embeddings) {
        expect(vector).toHaveLength(model.dimension);
        expect(vector.every((value) => Number.isFinite(value))).toBe(true);
      }
    });

    it('takes a text beyond its limit of tokens', async () => {
      const { embeddings } = await model.doEmbed({ texts: ['word '.repeat(5000)] });
      expect(embeddings[0]?.every((value) => Number.isFinite(value))).toBe(true);
    });

    it('counts tokens: none in nothing, more in more', () => {
      expect(model.countTokens('')).toBe(0);
      expect(model.countTokens('one two three four')).toBeGreaterThan(model.countTokens('one'));
    });

    it('refuses a call whose signal is already aborted, with the reason of the signal', async () => {
      const reason = new DOMException('Enough.', 'AbortError');
      await expect(
        model.doEmbed({ texts: TEXTS, abortSignal: AbortSignal.abort(reason) }),
      ).rejects.toBe(reason);
    });
  });
}

function norm(vector: Float32Array): number {
  return Math.hypot(...vector);
}

function distance(first: Float32Array, second: Float32Array | undefined): number {
  if (second === undefined || first.length !== second.length) return Number.POSITIVE_INFINITY;
  return first.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (second[index] ?? Number.NaN))),
    0,
  );
}
