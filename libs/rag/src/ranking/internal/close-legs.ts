import type { Bm25Index } from '../../lexical/bm25-index.js';
import type { RankablePassage } from '../create-hybrid-ranker.js';
import { createMatchScorer } from '../create-match-scorer.js';
import type { TokenMatch } from '../create-max-sim-scorers.js';
import type { ScoreLeg } from '../fuse-scores.js';
import type { HybridWeights } from '../hybrid-profile.js';
import { declaredNames, declaredScale } from './declared-names.js';
import { identifierShare, identifiersOf } from './identifiers.js';

/** The legs that look at each candidate closely, in the order of the candidates; those of weight 0 are left out. */
export function closeLegs(options: {
  query: string;
  close: readonly number[];
  passages: readonly RankablePassage[];
  /** Holds each passage under its place. */
  index: Bm25Index;
  match: ((index: number) => TokenMatch) | undefined;
  /** The score of the passages most like one; undefined where it does not count. */
  similar: ((index: number) => number) | undefined;
  weights: HybridWeights;
}): Record<string, ScoreLeg> {
  const { query, close, passages, index, match, weights } = options;
  const legs: Record<string, ScoreLeg> = {};
  const add = (name: keyof HybridWeights, scoreOf: (place: number) => number): void => {
    const weight = weights[name];
    if (weight !== 0) legs[name] = { scores: Float32Array.from(close, scoreOf), weight };
  };
  if (match !== undefined && weights.maxSim + weights.maxSimWindow !== 0) {
    const matches = new Map(close.map((place) => [place, match(place)]));
    add('maxSim', (place) => matches.get(place)?.whole ?? 0);
    add('maxSimWindow', (place) => matches.get(place)?.window ?? 0);
  }
  if (options.similar !== undefined) add('similar', options.similar);
  const scorer = createMatchScorer({ index, query });
  add('ordered', (place) => scorer.score(String(place)).ordered);
  add('title', (place) => scorer.coverageOf(passages[place]?.title ?? ''));
  if (weights.declared !== 0) {
    const scores = Float32Array.from(close, (place) =>
      scorer.coverageOf(declaredNames(passages[place]?.text ?? '').join(' ')),
    );
    legs.declared = { scores, weight: weights.declared * declaredScale(scores) };
  }
  const identifiers = identifiersOf(query);
  if (identifiers.length > 0)
    add('identifiers', (place) => identifierShare(identifiers, passages[place]?.text ?? ''));
  return legs;
}
