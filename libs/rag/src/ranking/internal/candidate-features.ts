import type { Bm25Index } from '../../lexical/bm25-index.js';
import { termsOf } from '../../lexical/text-analyzer.js';
import type { RankablePassage } from '../create-hybrid-ranker.js';
import { createMatchScorer } from '../create-match-scorer.js';
import type { ScoreLeg } from '../fuse-scores.js';
import {
  RANKING_FEATURES,
  type CandidateFeatures,
  type RankingFeature,
} from '../learned/ranking-features.js';
import { standardizeScores } from '../standardize-scores.js';
import { declaredNames } from './declared-names.js';
import type { DocumentStructure } from './document-structure.js';
import { identifierShare, identifiersOf } from './identifiers.js';

const DAY_MS = 86_400_000;
/** Legs that a passage may lack for what the corpus is, not for how the ranker was made. */
const OF_STRUCTURE = ['parentBm25', 'parentVector', 'neighbors', 'feedback', 'similar'] as const;
const OF_ENCODER = ['latent', 'part', 'maxSim', 'maxSimWindow'] as const;

/** Gathers the facts about the candidates that are looked at closely, best first. */
export function candidateFeatures(options: {
  query: string;
  passages: readonly RankablePassage[];
  structure: DocumentStructure;
  /** Holds each passage under its place. */
  index: Bm25Index;
  close: readonly number[];
  /** Of the whole corpus. */
  legs: Readonly<Record<string, ScoreLeg>>;
  /** Of the candidates. */
  closer: Readonly<Record<string, ScoreLeg>>;
  /** Of the candidates. */
  scores: Float32Array;
}): CandidateFeatures {
  const { passages, structure, legs, closer, scores } = options;
  const order = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const places = order.map((n) => options.close[n] ?? 0);
  const standardized = new Map<string, (n: number) => number>();
  for (const [name, leg] of Object.entries(legs)) {
    const values = standardizeScores(leg.scores);
    standardized.set(name, (n) => values[places[n] ?? 0] ?? 0);
  }
  for (const [name, leg] of Object.entries(closer)) {
    const values = standardizeScores(leg.scores);
    standardized.set(name, (n) => values[order[n] ?? 0] ?? 0);
  }
  const known = (name: string): boolean => standardized.has(name);
  const columns: Partial<Record<RankingFeature, (n: number) => number>> = {};
  for (const name of ['bm25', 'vector'] as const)
    columns[`${name}Z`] = standardized.get(name) ?? (() => 0);
  for (const name of OF_ENCODER)
    if (known(name)) columns[`${name}Z`] = standardized.get(name) ?? (() => 0);
  for (const name of OF_STRUCTURE) columns[`${name}Z`] = standardized.get(name) ?? (() => 0);
  if (known('maxSim')) columns.maxSim = (n) => closer.maxSim?.scores[order[n] ?? 0] ?? 0;
  Object.assign(columns, ownColumns({ ...options, order, places }));

  const fused = standardizeScores(scores);
  const best = fused[order[0] ?? 0] ?? 0;
  columns.score = (n) => fused[order[n] ?? 0] ?? 0;
  columns.gap = (n) => best - (fused[order[n] ?? 0] ?? 0);
  columns.place = (n) => Math.log1p(n);
  columns.siblingsBefore = siblingsBefore(places.map((place) => structure.documentOf[place] ?? -1));

  const names = RANKING_FEATURES.filter((name) => columns[name] !== undefined);
  const values = new Float32Array(places.length * names.length);
  for (let n = 0; n < places.length; n += 1) {
    for (const [column, name] of names.entries())
      values[n * names.length + column] = columns[name]?.(n) ?? 0;
  }
  return { ids: places.map((place) => passages[place]?.id ?? ''), names, values };
}

type Columns = Partial<Record<RankingFeature, (n: number) => number>>;

/** What the text of a candidate tells, and its place in its document. */
function ownColumns(options: {
  query: string;
  passages: readonly RankablePassage[];
  structure: DocumentStructure;
  index: Bm25Index;
  legs: Readonly<Record<string, ScoreLeg>>;
  order: readonly number[];
  places: readonly number[];
}): Columns {
  const { query, passages, structure, index, legs, places } = options;
  const scorer = createMatchScorer({ index, query });
  const identifiers = identifiersOf(query);
  const queryLength = Math.log1p(termsOf(index.analyzer, query).length);
  const matches = places.map((place) => scorer.score(String(place)));
  const bm25 = places.map((place) => legs.bm25?.scores[place] ?? 0);
  const highest = Math.max(...bm25, Number.EPSILON);
  const newest = passages.reduce((max, { modifiedAt = 0 }) => Math.max(max, modifiedAt), 0);
  const membersOf = (n: number): readonly number[] =>
    structure.documents[structure.documentOf[places[n] ?? 0] ?? -1] ?? [];
  return {
    bm25Share: (n) => (bm25[n] ?? 0) / highest,
    cosine: (n) => legs.vector?.scores[places[n] ?? 0] ?? 0,
    coverage: (n) => matches[n]?.coverage ?? 0,
    ordered: (n) => matches[n]?.ordered ?? 0,
    near: (n) => matches[n]?.near ?? 0,
    titleCoverage: (n) => scorer.coverageOf(passages[places[n] ?? 0]?.title ?? ''),
    identifierShare: (n) => identifierShare(identifiers, passages[places[n] ?? 0]?.text ?? ''),
    declaredShare: (n) =>
      scorer.coverageOf(declaredNames(passages[places[n] ?? 0]?.text ?? '').join(' ')),
    length: (n) => Math.log1p(index.termsOf(String(places[n] ?? 0)).length),
    queryLength: () => queryLength,
    position: (n) => {
      const members = membersOf(n);
      return members.indexOf(places[n] ?? 0) / Math.max(1, members.length - 1);
    },
    documentLength: (n) => Math.log(Math.max(1, membersOf(n).length)),
    age(n) {
      const { modifiedAt } = passages[places[n] ?? 0] ?? {};
      return modifiedAt === undefined ? 0 : Math.log1p((newest - modifiedAt) / DAY_MS);
    },
  };
}

function siblingsBefore(documents: readonly number[]): (n: number) => number {
  const seen = new Map<number, number>();
  const counts = documents.map((document) => {
    const count = seen.get(document) ?? 0;
    seen.set(document, count + 1);
    return Math.log1p(count);
  });
  return (n) => counts[n] ?? 0;
}
