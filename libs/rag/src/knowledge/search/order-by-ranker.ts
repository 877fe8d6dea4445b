import type { Bm25Index } from '../../lexical/bm25-index.js';
import {
  orderColumns,
  textColumns,
  type FeatureColumns,
} from '../../ranking/internal/candidate-columns.js';
import { RankerFeatureError } from '../../ranking/errors.js';
import { assertKnowledgeBaseRanker } from '../../ranking/learned/assert-knowledge-base-ranker.js';
import {
  featuresReadBy,
  scoreWithModel,
  type RankerModel,
} from '../../ranking/learned/ranker-model.js';
import type { RankingFeature } from '../../ranking/learned/ranking-features.js';
import { standardizeScores } from '../../ranking/standardize-scores.js';
import type { LegName, LegWeights, RankedCandidate } from './rank-candidates.js';
import { scaleOf } from './score-scale.js';

/** The legs behind the features that are standardised. */
const LEGS_OF_FEATURES: Partial<Readonly<Record<RankingFeature, LegName>>> = {
  bm25Z: 'bm25',
  vectorZ: 'vector',
  partZ: 'part',
  parentBm25Z: 'documentBm25',
  parentVectorZ: 'documentVector',
  feedbackZ: 'feedback',
  similarZ: 'similar',
  maxSimZ: 'maxSim',
  maxSimWindowZ: 'maxSimWindow',
};
const OF_TOKENS: ReadonlySet<RankingFeature> = new Set([
  'partZ',
  'maxSimZ',
  'maxSimWindowZ',
  'maxSim',
]);
/**
 * Refuses a learned ranker that reads what searches of a knowledge base do not know.
 *
 * @throws {RankerFeatureError} `ERR_RAG_RANKER_FEATURE`: such a feature, or one of a leg that has no weight, or of token
 * states where there are none.
 */
export function assertRankerFits(
  model: RankerModel,
  given: { readonly weights: LegWeights; readonly hasTokenStates: boolean },
): void {
  assertKnowledgeBaseRanker(model);
  for (const feature of featuresReadBy(model)) {
    const refuse = (problem: string): never => {
      throw new RankerFeatureError({ feature, problem });
    };
    if (OF_TOKENS.has(feature) && !given.hasTokenStates)
      refuse('is of token states, which this knowledge base does without');
    const leg = feature === 'maxSim' ? 'maxSim' : LEGS_OF_FEATURES[feature];
    if (leg !== undefined && given.weights[leg] === 0)
      refuse(`is of the leg "${leg}", which has the weight 0 here`);
  }
}

/**
 * Orders the candidates that were looked at closely as a learned ranker has them; they come best first.
 *
 * What the trees add is the leg `learned`, in deviations of the fused scores. A leg that this corpus, or this candidate,
 * gives nothing is taken to be at its mean.
 */
export function orderByRanker(options: {
  readonly model: RankerModel;
  readonly query: string;
  readonly index: Bm25Index;
  readonly ranked: readonly RankedCandidate[];
}): { readonly ranked: readonly RankedCandidate[]; readonly weight: number } {
  const { model, query, index, ranked } = options;
  const sums = ranked.map(({ score }) => score);
  const fused = standardizeScores(Float32Array.from(sums));
  const columns: FeatureColumns = {
    ...textColumns({
      query,
      index,
      candidates: ranked.map(({ id, text, document, chunk, legs }) => ({
        key: id,
        title: document.title,
        text,
        bm25: legs.bm25?.score ?? 0,
        cosine: legs.vector?.score ?? 0,
        document: document.id,
        position: document.chunks.findIndex((one) => one.id === chunk.id),
        documentLength: document.chunks.length,
      })),
    }),
    ...orderColumns(fused),
    maxSim: (place) => ranked[place]?.legs.maxSim?.score ?? 0,
  };
  for (const [feature, leg] of Object.entries(LEGS_OF_FEATURES))
    columns[feature as RankingFeature] = (place) => ranked[place]?.legs[leg]?.standardized ?? 0;
  const names = model.features;
  const values = new Float32Array(ranked.length * names.length);
  for (const [column, name] of names.entries()) {
    for (let place = 0; place < ranked.length; place += 1)
      values[place * names.length + column] = columns[name]?.(place) ?? 0;
  }
  const scores = scoreWithModel(model, { names, values });
  const weight = scaleOf(sums).deviation || 1;
  const ordered = ranked.map((candidate, place): RankedCandidate => {
    const added = (scores[place] ?? 0) - (fused[place] ?? 0);
    const learned = { score: added, standardized: added, contribution: weight * added };
    return {
      ...candidate,
      legs: { ...candidate.legs, learned },
      score: candidate.score + learned.contribution,
    };
  });
  return { ranked: ordered, weight };
}
