/** How much each leg of a hybrid ranking counts; a weight of 0 leaves the leg out. */
export interface HybridWeights {
  /** Words. */
  readonly bm25: number;
  /** Meaning of the passage as a whole. */
  readonly vector: number;
  /** Meaning of its best part, of about a hundred tokens. */
  readonly part: number;
  /** Words of the document that the passage is from. */
  readonly parentBm25: number;
  /** Meaning of that document. */
  readonly parentVector: number;
  /** Score of the passages before and after. */
  readonly neighbors: number;
  /** Late interaction over the states of tokens, on the first {@link HybridWeights.candidates}. */
  readonly maxSim: number;
  readonly candidates: number;
}

/** A trade of quality for speed. */
export type HybridProfile = 'speed' | 'balanced' | 'quality';

const TWO_LEGS: HybridWeights = {
  bm25: 0.4,
  vector: 0.6,
  part: 0,
  parentBm25: 0,
  parentVector: 0,
  neighbors: 0,
  maxSim: 0,
  candidates: 0,
};

/**
 * The weights of each profile, chosen on Cranfield, XQuAD and documentation questions together.
 *
 * Three collections cannot tell weights apart that differ by less than a third; the figures are round for that reason.
 */
export const HYBRID_PROFILES: Readonly<Record<HybridProfile, HybridWeights>> = {
  speed: TWO_LEGS,
  balanced: TWO_LEGS,
  quality: {
    bm25: 0.4,
    vector: 0.6,
    part: 0.25,
    parentBm25: 0.15,
    parentVector: 0.25,
    neighbors: 0.15,
    maxSim: 0.4,
    candidates: 50,
  },
};
