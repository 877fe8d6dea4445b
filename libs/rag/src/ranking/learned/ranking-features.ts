/** Names the meaning of {@link RANKING_FEATURES}; raised when one of them changes what it says. */
export const FEATURE_SCHEMA = 1;

/**
 * What a learned ranker can know of a passage that was found.
 *
 * Names ending in `Z` are standardised for the query: legs of the whole corpus over the corpus, those that look closely
 * over the candidates. Shares are from 0 to 1. A fact that is unknown (a date) is 0.
 */
export const RANKING_FEATURES = [
  /** The score of the fusion, standardised over the candidates. */
  'score',
  /** How far it lies below the best. */
  'gap',
  /** ln(1 + place), from 0. */
  'place',
  'bm25Z',
  'vectorZ',
  'latentZ',
  'partZ',
  'parentBm25Z',
  'parentVectorZ',
  'neighborsZ',
  'feedbackZ',
  'similarZ',
  'maxSimZ',
  'maxSimWindowZ',
  /** BM25 as a share of the best candidate's. */
  'bm25Share',
  'cosine',
  'maxSim',
  'coverage',
  'ordered',
  'near',
  'titleCoverage',
  'identifierShare',
  /** Words of the query in the names that it declares. */
  'declaredShare',
  /** ln(1 + words). */
  'length',
  /** ln(1 + words of the query). */
  'queryLength',
  /** Its place in its document, as a share of the document. */
  'position',
  /** ln(passages of its document). */
  'documentLength',
  /** ln(1 + candidates of the same document before it). */
  'siblingsBefore',
  /** ln(1 + days older than the newest passage). */
  'age',
] as const;

/** One fact about a passage. */
export type RankingFeature = (typeof RANKING_FEATURES)[number];

/** The facts about the candidates of one query. */
export interface CandidateFeatures {
  /** Best first, as the fusion has them. */
  readonly ids: readonly string[];
  readonly names: readonly RankingFeature[];
  /** Shape: [candidates, names]. */
  readonly values: Float32Array;
}
