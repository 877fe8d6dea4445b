/** How much each leg of a hybrid ranking counts; a weight of 0 leaves the leg out. */
export interface HybridWeights {
  /** Words. */
  readonly bm25: number;
  /** Meaning of the passage as a whole. */
  readonly vector: number;
  /** Meaning as the corpus itself tells it: vectors learned from which words stand together. */
  readonly latent: number;
  /** Meaning of its best part, of about a hundred tokens. */
  readonly part: number;
  /** Words of the document that the passage is from. */
  readonly parentBm25: number;
  /** Meaning of that document. */
  readonly parentVector: number;
  /** Score of the passages before and after. */
  readonly neighbors: number;
  /** Likeness to the first results; only where passages are documents of their own. */
  readonly feedback: number;
  /** Score of the passages most like it, on the first {@link HybridWeights.candidates}; only where passages are documents of their own. */
  readonly similar: number;
  /** Late interaction over the states of tokens, on the first {@link HybridWeights.candidates}. */
  readonly maxSim: number;
  /** Late interaction with the best 64 tokens in a row, on the same. */
  readonly maxSimWindow: number;
  /** Words that are neighbours in the query and in the passage, on the same. */
  readonly ordered: number;
  /** Words of the query in the title, on the same. */
  readonly title: number;
  /** Names of code, letter by letter, on the same. */
  readonly identifiers: number;
  /** Words of the query in the names that a passage of code declares, on the same. */
  readonly declared: number;
  readonly candidates: number;
}

/** A trade of quality for speed. */
export type HybridProfile = 'speed' | 'balanced' | 'quality';

const TWO_LEGS: HybridWeights = {
  bm25: 0.4,
  vector: 0.6,
  latent: 0,
  part: 0,
  parentBm25: 0,
  parentVector: 0,
  neighbors: 0,
  feedback: 0,
  similar: 0,
  maxSim: 0,
  maxSimWindow: 0,
  ordered: 0.4,
  title: 0.2,
  identifiers: 0.3,
  declared: 0.8,
  candidates: 60,
};

/** What passages around one tell costs nothing once all have vectors. */
const STRUCTURE = {
  parentBm25: 0.15,
  parentVector: 0.25,
  neighbors: 0.15,
  feedback: 0.3,
  similar: 0.5,
};

/**
 * The weights of each profile, chosen on Cranfield, XQuAD, documentation questions, a chunking benchmark and docstrings of
 * Python and JavaScript together.
 *
 * Six collections cannot tell weights apart that differ by less than a third; the figures are round for that reason.
 */
export const HYBRID_PROFILES: Readonly<Record<HybridProfile, HybridWeights>> = {
  speed: TWO_LEGS,
  balanced: { ...TWO_LEGS, ...STRUCTURE },
  quality: { ...TWO_LEGS, ...STRUCTURE, part: 0.25, maxSim: 0.4, maxSimWindow: 0.4 },
};
