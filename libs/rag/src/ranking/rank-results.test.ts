// The code of docs/guides/rank-results.md.
import { createMockEmbeddingModel } from '@espalier/testing';
import { expect, it } from 'vitest';
import {
  createHybridRanker,
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
const judged = THINGS.map((thing, n) => ({
  id: String(n),
  text: `how do people use a ${thing} today`,
  grades: new Map([[thing, 1]]),
}));

it('weighs legs, learns a ranker and ranks with it as the guide shows', async () => {
  const weights = HYBRID_PROFILES.balanced;
  // #region latent
  const ranker = await createHybridRanker({ passages, weights, encoder: { embeddingModel } });
  const matches = await ranker.rank({
    query: 'a gate',
    topK: 10,
    weights: { ...weights, latent: 0.2 },
  });
  // #endregion latent
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
