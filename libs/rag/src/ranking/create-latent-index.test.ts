import { InvalidArgumentError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createBm25Index } from '../lexical/create-bm25-index.js';
import { createLatentIndex, type LatentIndexOptions } from './create-latent-index.js';

/** Cars and birds; `motor` never stands beside `car`, but both stand beside the same words. */
const TEXTS = [
  'car engine wheel road',
  'car wheel road brake',
  'motor engine wheel brake',
  'motor road brake engine',
  'bird wing nest feather',
  'wing feather song nest',
  'bird song nest tree',
  'feather tree song wing',
];

function open(options: Partial<LatentIndexOptions> = {}) {
  const index = createBm25Index();
  for (const [n, text] of TEXTS.entries()) index.set(String(n), text);
  const ids = TEXTS.map((_, n) => String(n));
  return { index, latent: createLatentIndex({ index, ids, dimension: 2, ...options }) };
}

const best = (scores: ReadonlyMap<string, number>, count: number): string[] =>
  [...scores]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([id]) => id)
    .sort();

describe.each(['bm25', 'ppmi'] as const)('createLatentIndex weighing by %s', (weighting) => {
  it('finds texts about a thing that do not name it', () => {
    const { latent } = open({ weighting });
    expect(best(latent.scores('car'), 4)).toEqual(['0', '1', '2', '3']);
    expect(latent.scores('car').get('2') ?? 0).toBeGreaterThan(0.5);
    expect(Math.abs(latent.scores('car').get('4') ?? 1)).toBeLessThan(0.2);
    expect(latent.dimension).toBe(2);
  });
});

describe('createLatentIndex', () => {
  it('gives the same for the same corpus and seed, and nothing for words that it does not know', () => {
    expect([...open().latent.scores('car wheel')]).toEqual([...open().latent.scores('car wheel')]);
    expect(new Set(open().latent.scores('zebra').values())).toEqual(new Set([0]));
  });

  it('places a new text by what it knows, and learns anew once enough has changed', () => {
    const { index, latent } = open({ retrainShare: 0.25 });
    latent.train();
    index.set('8', 'brake wheel engine');
    latent.set('8');
    expect(latent.isStale).toBe(false);
    expect(latent.scores('motor').get('8') ?? 0).toBeGreaterThan(0.5);
    for (const id of ['0', '1']) {
      index.delete(id);
      latent.delete(id);
    }
    latent.delete('0');
    expect(latent.isStale).toBe(true);
    const scores = latent.scores('motor');
    expect(latent.isStale).toBe(false);
    expect(scores.has('0')).toBe(false);
    expect(latent.size).toBe(7);
  });

  it('learns from a sample and the most frequent words where there are more than it may take', () => {
    const { latent } = open({ maxTrainingTexts: 6, maxTerms: 8 });
    expect(latent.scores('wheel').size).toBe(8);
    expect(latent.dimension).toBeLessThanOrEqual(2);
  });

  it('takes an empty corpus', () => {
    const latent = createLatentIndex({ index: createBm25Index(), ids: [] });
    expect(latent.scores('car').size).toBe(0);
    expect(latent.dimension).toBe(0);
  });

  it('refuses options that are none', () => {
    expect(() => open({ dimension: 0 })).toThrow(InvalidArgumentError);
    expect(() => open({ maxTerms: 1.5 })).toThrow(/maxTerms/u);
    expect(() => open({ retrainShare: 0 })).toThrow(/retrainShare/u);
  });
});
