// What a broken encoder costs: nDCG@10 of the profile `balanced` with static vectors as they are, and with vectors that are
// random, all the same, all zero, not numbers, or those of other texts; beside it words alone, which is what may be left.
//
//   node bench/retrieval/weak-legs.mjs --beir <folder that to-beir.mjs wrote> [--sets cranfield,xquad,docs]
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createStaticEncoder } from '@espalier/encoders';
import * as static256 from '@espalier/model-static-256';
import { evaluateRun } from '@espalier/rag/evaluation';
import { createHybridRanker, HYBRID_PROFILES } from '@espalier/rag/ranking';
import { readBeir } from './read-beir.mjs';

const { values } = parseArgs({
  options: { beir: { type: 'string' }, sets: { type: 'string', default: 'cranfield,xquad,docs' } },
});
if (values.beir === undefined)
  throw new Error('Give the folder that to-beir.mjs wrote with --beir.');
const DEPTH = 100;
const intact = await createStaticEncoder({ folder: static256.modelFolder });
const filled = (value) => new Float32Array(intact.dimension).fill(value);
const guess = (text, purpose) => {
  const hash = createHash('sha512').update(`${purpose} ${text}`).digest();
  return filled(0).map((_, n) => hash[n % hash.length] - 127.5 + n / 1000);
};
/** From the vectors of a call to those that a broken encoder gives. */
const encoders = {
  intact: (embeddings) => embeddings,
  random: (embeddings, { texts, purpose }) => texts.map((text) => guess(text, purpose)),
  constant: (embeddings) => embeddings.map(() => filled(0.5)),
  zero: (embeddings) => embeddings.map(() => filled(0)),
  notNumbers: (embeddings) => embeddings.map(() => filled(NaN)),
  ofOthers: (embeddings) => embeddings.map((_, n) => embeddings[(n + 7) % embeddings.length]),
};

for (const set of values.sets.split(',')) {
  const { passages, queries, judgements } = await readBeir(values.beir, set);
  const ndcg = async (spoil, weights) => {
    const embeddingModel = {
      ...intact,
      async doEmbed(options) {
        const result = await intact.doEmbed(options);
        return { ...result, embeddings: spoil(result.embeddings, options) };
      },
    };
    const ranker = await createHybridRanker({ passages, weights, encoder: { embeddingModel } });
    const run = new Map();
    for (const { id, text } of queries)
      run.set(id, await ranker.rank({ query: text, topK: DEPTH }));
    return {
      ndcg10: Number(evaluateRun({ run, judgements }).means['ndcg@10'].toFixed(4)),
      vectorTrust: Number(ranker.trust.vector.trust.toFixed(3)),
      wordTrust: Number(ranker.trust.bm25.trust.toFixed(3)),
    };
  };
  const balanced = HYBRID_PROFILES.balanced;
  const words = { ...balanced, vector: 0, parentVector: 0, feedback: 0, similar: 0 };
  console.log(JSON.stringify({ set, wordsAlone: (await ndcg(encoders.intact, words)).ndcg10 }));
  for (const [encoder, spoil] of Object.entries(encoders))
    console.log(JSON.stringify({ set, encoder, ...(await ndcg(spoil, balanced)) }));
}
