import { InvalidArgumentError, type Span } from '@espalier/core';
import { openPassages } from './internal/open-passages.js';

const DEFAULT_MAX_PASSAGES = 5;
const DEFAULT_MASS = 0.99;
const DEFAULT_SHARPNESS = 0.7;
const DEFAULT_REACH = 12;
const DEFAULT_MAX_CHUNKS = 320;

/** A chunk that may be evidence. */
export interface EvidenceChunk {
  readonly documentId: string;
  readonly span: Span;
}

/** What {@link selectEvidence} takes. */
export interface SelectEvidenceOptions {
  /** All chunks that were scored, those of a document together and in order. */
  readonly chunks: readonly EvidenceChunk[];
  /** How well each answers the query, on any scale; higher is better. Shape: [chunks] */
  readonly scores: Float32Array;
  /** The most passages. Default 5. */
  readonly maxPassages?: number;
  /** The share of all probability that the passages should hold, 0 to 1. Default 0.99. */
  readonly mass?: number;
  /** How fast probability falls with the score. Default 0.7. Units: 1 / standard deviation of the scores. */
  readonly sharpness?: number;
  /** The most chunks between a passage and a further chunk that it may take in. Default 12. */
  readonly reach?: number;
  /** The most chunks of all passages together. Default 320. */
  readonly maxChunks?: number;
}

/** A stretch of a document. */
export interface EvidencePassage {
  readonly documentId: string;
  readonly span: Span;
  /** The indices of its first and last chunk. */
  readonly first: number;
  readonly last: number;
  /** Its share of all probability. */
  readonly mass: number;
}

/**
 * Returns the passages that likely hold what answers a query: few and short where the scores leave no doubt, more and
 * longer where they do.
 *
 * The scores, on the scale of their own deviation, give each chunk a probability (softmax). Chunks are taken best first
 * until they hold the mass asked for; one near a passage extends it, another begins a passage while there may be more.
 * A fixed number of chunks gives easy questions too much and hard ones too little.
 *
 * The defaults were chosen for chunks of about 50 tokens on the five corpora of Chroma's chunking benchmark, each held
 * out once. Cost: a sort of the scores.
 *
 * Shapes: `scores` [chunks] → at most `maxPassages` passages, that with the best chunk first
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: the lists differ in length, or a number is out of range.
 */
export function selectEvidence(options: SelectEvidenceOptions): EvidencePassage[] {
  const { chunks, scores, mass = DEFAULT_MASS, maxChunks = DEFAULT_MAX_CHUNKS } = options;
  const { maxPassages = DEFAULT_MAX_PASSAGES, reach = DEFAULT_REACH } = options;
  assertRange('mass', mass, mass > 0 && mass <= 1, 'above 0 and at most 1');
  for (const [argument, value] of Object.entries({ maxPassages, reach, maxChunks }))
    assertRange(argument, value, Number.isInteger(value) && value >= 0, 'a whole number from 0');
  assertRange('scores', scores.length, scores.length === chunks.length, 'one score for each chunk');
  const probability = softmax(scores, options.sharpness ?? DEFAULT_SHARPNESS);
  const order = Array.from(scores.keys()).sort(
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
  );
  const passages = openPassages({ chunks, maxPassages, reach });
  let held = 0;
  let count = 0;
  for (const index of order) {
    if (held >= mass || count >= maxChunks) break;
    for (const added of passages.take(index)) {
      held += probability[added] ?? 0;
      count += 1;
    }
  }
  return passages.list().map(({ first, last }) => ({
    documentId: chunks[first]?.documentId ?? '',
    span: { start: chunks[first]?.span.start ?? 0, end: chunks[last]?.span.end ?? 0 },
    first,
    last,
    mass: probability.subarray(first, last + 1).reduce((sum, share) => sum + share, 0),
  }));
}

function softmax(scores: Float32Array, sharpness: number): Float64Array {
  let best = -Infinity;
  let sum = 0;
  let squares = 0;
  for (const score of scores) {
    best = Math.max(best, score);
    sum += score;
    squares += score * score;
  }
  const mean = sum / Math.max(1, scores.length);
  const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, scores.length) - mean * mean));
  const scale = deviation > Math.abs(mean) * 1e-6 ? sharpness / deviation : 0;
  const shares = Float64Array.from(scores, (score) => Math.exp((score - best) * scale));
  const total = shares.reduce((all, share) => all + share, 0);
  return shares.map((share) => share / total);
}

function assertRange(argument: string, value: number, isIn: boolean, expected: string): void {
  if (!isIn) throw new InvalidArgumentError({ argument, value, expected });
}
