import type { Bm25Index } from '../../lexical/bm25-index.js';
import { termsOf } from '../../lexical/text-analyzer.js';
import { createMatchScorer } from '../create-match-scorer.js';
import type { RankingFeature } from '../learned/ranking-features.js';
import { declaredNames } from './declared-names.js';
import { identifierShare, identifiersOf } from './identifiers.js';

/** Gives a feature of the candidate in a place. */
export type FeatureColumns = Partial<Record<RankingFeature, (place: number) => number>>;

/** A candidate, as far as features are read from it alone. */
export interface FeatureCandidate {
  /** Under which the index holds it. */
  readonly key: string;
  readonly title?: string | undefined;
  readonly text: string;
  readonly bm25: number;
  readonly cosine: number;
  /** Its document. */
  readonly document: string | number;
  /** Its place in the document, from 0, and how many passages that has. */
  readonly position: number;
  readonly documentLength: number;
}

/** What the texts of candidates tell, and their places in their documents; candidates best first. */
export function textColumns(options: {
  readonly query: string;
  readonly index: Bm25Index;
  readonly candidates: readonly FeatureCandidate[];
}): FeatureColumns {
  const { query, index, candidates } = options;
  const scorer = createMatchScorer({ index, query });
  const identifiers = identifiersOf(query);
  const queryLength = Math.log1p(termsOf(index.analyzer, query).length);
  const matches = candidates.map(({ key }) => scorer.score(key));
  const highest = Math.max(...candidates.map(({ bm25 }) => bm25), Number.EPSILON);
  const before = siblingsBefore(candidates.map(({ document }) => document));
  const of = (read: (candidate: FeatureCandidate) => number) => (place: number) => {
    const candidate = candidates[place];
    return candidate === undefined ? 0 : read(candidate);
  };
  return {
    bm25Share: of(({ bm25 }) => bm25 / highest),
    cosine: of(({ cosine }) => cosine),
    coverage: (place) => matches[place]?.coverage ?? 0,
    ordered: (place) => matches[place]?.ordered ?? 0,
    near: (place) => matches[place]?.near ?? 0,
    titleCoverage: of(({ title = '' }) => scorer.coverageOf(title)),
    identifierShare: of(({ text }) => identifierShare(identifiers, text)),
    declaredShare: of(({ text }) => scorer.coverageOf(declaredNames(text).join(' '))),
    length: of(({ key }) => Math.log1p(index.termsOf(key).length)),
    queryLength: () => queryLength,
    position: of(({ position, documentLength }) => position / Math.max(1, documentLength - 1)),
    documentLength: of(({ documentLength }) => Math.log(Math.max(1, documentLength))),
    siblingsBefore: (place) => before[place] ?? 0,
  };
}

/** What the fusion says; its scores standardised, best first. */
export function orderColumns(fused: ArrayLike<number>): FeatureColumns {
  const best = fused[0] ?? 0;
  return {
    score: (place) => fused[place] ?? 0,
    gap: (place) => best - (fused[place] ?? 0),
    place: (place) => Math.log1p(place),
  };
}

function siblingsBefore(documents: readonly (string | number)[]): number[] {
  const seen = new Map<string | number, number>();
  return documents.map((document) => {
    const count = seen.get(document) ?? 0;
    seen.set(document, count + 1);
    return Math.log1p(count);
  });
}
