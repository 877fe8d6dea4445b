import type { Reranker } from '@espalier/core';
import { describe, expect, it } from 'vitest';

/** What the suite needs. */
export interface RerankerConformanceOptions {
  create(): Reranker | Promise<Reranker>;
  /** A query with texts of which `best` answers it. */
  readonly sample?: {
    readonly query: string;
    readonly texts: readonly string[];
    readonly best: number;
  };
}

const SAMPLE = {
  query: 'How do I change a bicycle tyre?',
  texts: [
    'The moon has no air.',
    'To change a bicycle tyre, take the wheel off first.',
    'Bread needs yeast.',
  ],
  best: 1,
};

/** Declares the tests that every `Reranker` must pass. */
export function describeRerankerConformance(
  name: string,
  options: RerankerConformanceOptions,
): void {
  const { query, texts, best } = options.sample ?? SAMPLE;

  describe(`${name} keeps the Reranker contract`, () => {
    it('ranks every text once, best first', async () => {
      const { ranking, warnings } = await (await options.create()).doRerank({ query, texts });
      expect(ranking.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
        texts.map((_, index) => index),
      );
      expect(ranking[0]?.index).toBe(best);
      const scores = ranking.map(({ score }) => score);
      expect(scores.every((score) => Number.isFinite(score))).toBe(true);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(Array.isArray(warnings)).toBe(true);
    });

    it('gives no more than asked for', async () => {
      const { ranking } = await (await options.create()).doRerank({ query, texts, topK: 2 });
      expect(ranking).toHaveLength(2);
    });

    it('takes no texts', async () => {
      expect((await (await options.create()).doRerank({ query, texts: [] })).ranking).toEqual([]);
    });

    it('refuses a call whose signal is already aborted, with the reason of the signal', async () => {
      const reason = new DOMException('Enough.', 'AbortError');
      const call = (await options.create()).doRerank({
        query,
        texts,
        abortSignal: AbortSignal.abort(reason),
      });
      await expect(call).rejects.toBe(reason);
    });
  });
}
