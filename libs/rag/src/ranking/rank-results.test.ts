// The code of docs/guides/rank-results.md.
import { createMockEmbeddingModel } from '@espalier/testing';
import { expect, it } from 'vitest';
import {
  createHybridRanker,
  estimateLegWeights,
  HYBRID_PROFILES,
  parseRankerModel,
  serializeRankerModel,
  trainRanker,
  type RankerExample,
} from './index.js';

const THINGS =
  'rail job key lock gate path node leaf tree root seed soil rain wind snow lake hill cave road bridge'.split(
    ' ',
  );
const embeddingModel = createMockEmbeddingModel();
const passages = THINGS.map((thing) => ({
  id: thing,
  title: thing,
  text: `What a ${thing} is, and how one uses a ${thing}.`,
}));
const questions = THINGS.map((thing) => `how do people use a ${thing} today`);
const judged = THINGS.map((thing, n) => ({
  id: String(n),
  text: questions[n] ?? '',
  grades: new Map([[thing, 1]]),
}));

it('weighs legs, learns a ranker and ranks with it as the guide shows', async () => {
  const weights = HYBRID_PROFILES.balanced;
  // #region estimate
  const ranker = await createHybridRanker({ passages, weights, encoder: { embeddingModel } });
  const estimate = await estimateLegWeights({ legs: ranker.legs, queries: questions });
  const latent = estimate.latent?.weight ?? 0;
  const withLatent = {
    ...weights,
    latent,
    bm25: weights.bm25 * (1 - latent),
    vector: weights.vector * (1 - latent),
  };
  const matches = await ranker.rank({ query: 'a gate', topK: 10, weights: withLatent });
  // #endregion estimate
  expect(matches[0]?.id).toBe('gate');

  // #region train
  const examples: RankerExample[] = [];
  for (const { id, text, grades } of judged)
    examples.push({ query: id, candidates: await ranker.features({ query: text }), grades });
  const { model, crossValidation } = trainRanker({ examples });
  const stored = serializeRankerModel(model);
  const ranked = await ranker.rank({
    query: 'a gate',
    topK: 10,
    model: parseRankerModel(stored),
  });
  // #endregion train
  expect(crossValidation.after.size).toBe(judged.length);
  expect(ranked[0]?.id).toBe('gate');
});
