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

const NOT_IN_KNOWLEDGE_BASES: ReadonlySet<RankingFeature> = new Set([
  'latentZ',
  'neighborsZ',
  'age',
]);

/**
 * What searches of a knowledge base know, too: it neither decomposes its corpus, nor scores what it does not look at, nor
 * knows when sources were changed.
 */
export const KNOWLEDGE_BASE_FEATURES: readonly RankingFeature[] = RANKING_FEATURES.filter(
  (feature) => !NOT_IN_KNOWLEDGE_BASES.has(feature),
);

/** The facts about the candidates of one query. */
export interface CandidateFeatures {
  /** Best first, as the fusion has them. */
  readonly ids: readonly string[];
  readonly names: readonly RankingFeature[];
  /** Shape: [candidates, names]. */
  readonly values: Float32Array;
}

/** Returns facts without those that are not named. */
export function selectFeatures(
  given: CandidateFeatures,
  wanted: readonly RankingFeature[],
): CandidateFeatures {
  const columns = given.names.flatMap((name, column) => (wanted.includes(name) ? [column] : []));
  const values = new Float32Array(given.ids.length * columns.length);
  for (let row = 0; row < given.ids.length; row += 1) {
    for (const [place, column] of columns.entries())
      values[row * columns.length + place] = given.values[row * given.names.length + column] ?? 0;
  }
  return { ids: given.ids, names: columns.flatMap((column) => given.names[column] ?? []), values };
}
