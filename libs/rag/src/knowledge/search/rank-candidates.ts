import type { KnowledgeBaseParts } from '../internal/knowledge-base-parts.js';
import type { CorpusVectors } from './corpus-vectors.js';
import { cosine } from './cosine.js';
import type { Candidate } from './find-candidates.js';
import { standardized, type ScoreScale } from './score-scale.js';

/** A leg of the ranking. */
export type LegName = 'bm25' | 'vector' | 'documentBm25' | 'documentVector';

/** How much each leg counts. */
export type LegWeights = Readonly<Record<LegName, number>>;

/** What one leg gave one passage. */
export interface LegScore {
  /** As the leg gives it: BM25, or a cosine. */
  readonly score: number;
  /** In deviations from the leg's mean over the corpus. */
  readonly standardized: number;
  /** `standardized` × the leg's weight. */
  readonly contribution: number;
}

/** A candidate in its place. */
export interface RankedCandidate extends Candidate {
  /** The sum of the contributions. */
  readonly score: number;
  readonly legs: Partial<Readonly<Record<LegName, LegScore>>>;
}

/** The candidates, best first, and the scales they were put on. */
export interface Ranking {
  readonly ranked: readonly RankedCandidate[];
  readonly scales: Partial<Readonly<Record<LegName, ScoreScale>>>;
}

/** Candidates whose documents are looked at: the first by their own words and meaning. */
const DOCUMENTS_LOOKED_AT = 60;

/**
 * Orders candidates by the sum of what each leg gives them, each on the scale of its own distribution over the whole
 * corpus for this query.
 *
 * Words and meaning of the chunk come first; those of the document that the chunk is from follow for the best of them.
 */
export async function rankCandidates(
  parts: KnowledgeBaseParts,
  options: {
    readonly query: string;
    readonly vector: Float32Array | undefined;
    readonly words: { readonly scores: ReadonlyMap<string, number> } & ScoreScale;
    readonly candidates: readonly Candidate[];
    readonly vectors: CorpusVectors;
    readonly weights: LegWeights;
  },
): Promise<Ranking> {
  const { corpus } = parts;
  const { vector, words, vectors, weights } = options;
  const scales: Partial<Record<LegName, ScoreScale>> = {
    bm25: { mean: words.mean, deviation: words.deviation },
    ...(vector === undefined ? {} : { vector: await vectors.chunkScale(vector) }),
  };
  const leg = (name: LegName, score: number): LegScore => {
    const place = standardized(score, scales[name] ?? { mean: 0, deviation: 0 });
    return { score, standardized: place, contribution: weights[name] * place };
  };
  const own = options.candidates
    .map((candidate): RankedCandidate => {
      const legs = {
        bm25: leg('bm25', words.scores.get(candidate.id) ?? 0),
        ...(candidate.cosine === undefined ? {} : { vector: leg('vector', candidate.cosine) }),
      };
      return { ...candidate, legs, score: sumOf(legs) };
    })
    .sort(byScore);
  // Where each document is one chunk, it has nothing to add.
  if (corpus.documents.size === corpus.chunkCount) return { ranked: own, scales };

  const close = own.slice(0, DOCUMENTS_LOOKED_AT);
  const documentWords = corpus.documentLexical.score(options.query);
  scales.documentBm25 = { mean: documentWords.mean, deviation: documentWords.deviation };
  let means: ReadonlyMap<string, Float32Array> = new Map();
  if (vector !== undefined) {
    scales.documentVector = await vectors.documentScale(vector);
    means = await vectors.meansOf(close.map(({ document }) => document.id));
  }
  const reranked = close.map((candidate): RankedCandidate => {
    const mean = means.get(candidate.document.id);
    const legs = {
      ...candidate.legs,
      documentBm25: leg('documentBm25', documentWords.scores.get(candidate.document.id) ?? 0),
      ...(vector === undefined || mean === undefined
        ? {}
        : { documentVector: leg('documentVector', cosine(vector, mean)) }),
    };
    return { ...candidate, legs, score: sumOf(legs) };
  });
  reranked.sort(byScore);
  // What was not looked at closely stays behind what was.
  const rest = own.slice(close.length);
  const floor = reranked.at(-1)?.score ?? 0;
  const shift = Math.max(0, (rest[0]?.score ?? -Infinity) - floor);
  return {
    ranked: [
      ...reranked,
      ...rest.map((candidate) => ({ ...candidate, score: candidate.score - shift })),
    ],
    scales,
  };
}

function sumOf(legs: RankedCandidate['legs']): number {
  return Object.values(legs).reduce((sum, { contribution }) => sum + contribution, 0);
}

function byScore(a: RankedCandidate, b: RankedCandidate): number {
  return b.score - a.score || (a.id < b.id ? -1 : 1);
}
