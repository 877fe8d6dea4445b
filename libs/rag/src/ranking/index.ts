export type { AdaptationReport } from './adaptation/query-adapter.js';
export { createCosineSpread } from './create-cosine-spread.js';
export type { CosineSpread } from './create-cosine-spread.js';
export { createHybridRanker } from './create-hybrid-ranker.js';
export type {
  HybridMatch,
  HybridRanker,
  HybridRankerOptions,
  RankablePassage,
} from './create-hybrid-ranker.js';
export { createMaxSimReranker } from './create-max-sim-reranker.js';
export { createTokenEmbeddingModel } from './create-token-embedding-model.js';
export type { TokenEmbeddingModelOptions } from './create-token-embedding-model.js';
export { createTokenStateFile } from './create-token-state-file.js';
export type { TokenStateStore } from './create-token-state-file.js';
export { fuseRanks } from './fuse-ranks.js';
export { fuseConvex, fuseStandardized } from './fuse-scores.js';
export type { ScoreLeg } from './fuse-scores.js';
export { HYBRID_PROFILES } from './hybrid-profile.js';
export type { HybridProfile, HybridWeights } from './hybrid-profile.js';
export { maxSim } from './max-sim.js';
export { measureLegTrust } from './measure-leg-trust.js';
export type { LegTrust, LegTrustOptions, LiftOfLeg, OwnSentence } from './measure-leg-trust.js';
export { packTokenStates } from './pack-token-states.js';
export type { PackedTokenStates } from './pack-token-states.js';
export { selectDiverse } from './select-diverse.js';
export { standardizeScores } from './standardize-scores.js';
export { createTokenWeights } from './token-weights.js';
export type { TokenWeights } from './token-weights.js';
export { createMaxSimScorers } from './create-max-sim-scorers.js';
export type { MaxSimScorer, MaxSimScorers, TokenMatch } from './create-max-sim-scorers.js';
export { boostScores } from './boost-scores.js';
export type { ScoreBoost } from './boost-scores.js';
export { createLanguageModelReranker } from './create-language-model-reranker.js';
export { createMatchScorer } from './create-match-scorer.js';
export type { MatchScorer, WordMatch } from './create-match-scorer.js';
export { dropDuplicates } from './drop-duplicates.js';
export { expandWithFeedback } from './expand-with-feedback.js';
export { createLatentIndex } from './create-latent-index.js';
export type { LatentIndex, LatentIndexOptions } from './create-latent-index.js';
export type { LatentWeighting } from './latent/term-weights.js';
export { createLearnedReranker } from './create-learned-reranker.js';
export { RankerDataError, RankerFeatureError, RankerModelInvalidError } from './errors.js';
export {
  FEATURE_SCHEMA,
  KNOWLEDGE_BASE_FEATURES,
  RANKING_FEATURES,
  selectFeatures,
} from './learned/ranking-features.js';
export type { CandidateFeatures, RankingFeature } from './learned/ranking-features.js';
export { parseRankerModel, scoreWithModel, serializeRankerModel } from './learned/ranker-model.js';
export type { RankerModel } from './learned/ranker-model.js';
export { assertKnowledgeBaseRanker } from './learned/assert-knowledge-base-ranker.js';
export type { RegressionTree } from './learned/regression-tree.js';
export { trainRanker } from './learned/train-ranker.js';
export type { RankerExample, TrainedRanker, TrainRankerOptions } from './learned/train-ranker.js';
export type { BoostingOptions } from './learned/train-lambda-mart.js';
export type { TreeOptions } from './learned/grow-tree.js';
export { rerankMatches } from './rerank-matches.js';
