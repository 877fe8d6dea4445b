import type { Bm25Index } from '../../lexical/bm25-index.js';
import type { RankablePassage } from '../create-hybrid-ranker.js';
import type { ScoreLeg } from '../fuse-scores.js';
import { RANKING_FEATURES, type CandidateFeatures } from '../learned/ranking-features.js';
import { standardizeScores } from '../standardize-scores.js';
import {
  orderColumns,
  textColumns,
  type FeatureCandidate,
  type FeatureColumns,
} from './candidate-columns.js';
import type { DocumentStructure } from './document-structure.js';

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
  const { passages, legs, closer, scores } = options;
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
  const columns: FeatureColumns = {};
  for (const name of ['bm25', 'vector'] as const)
    columns[`${name}Z`] = standardized.get(name) ?? (() => 0);
  for (const name of OF_ENCODER)
    if (known(name)) columns[`${name}Z`] = standardized.get(name) ?? (() => 0);
  for (const name of OF_STRUCTURE) columns[`${name}Z`] = standardized.get(name) ?? (() => 0);
  if (known('maxSim')) columns.maxSim = (n) => closer.maxSim?.scores[order[n] ?? 0] ?? 0;
  const fused = standardizeScores(scores);
  Object.assign(
    columns,
    textColumns({ ...options, candidates: places.map((place) => candidateAt(options, place)) }),
    orderColumns(order.map((n) => fused[n] ?? 0)),
  );
  const newest = passages.reduce((max, { modifiedAt = 0 }) => Math.max(max, modifiedAt), 0);
  columns.age = (n) => {
    const { modifiedAt } = passages[places[n] ?? 0] ?? {};
    return modifiedAt === undefined ? 0 : Math.log1p((newest - modifiedAt) / DAY_MS);
  };

  const names = RANKING_FEATURES.filter((name) => columns[name] !== undefined);
  const values = new Float32Array(places.length * names.length);
  for (let n = 0; n < places.length; n += 1) {
    for (const [column, name] of names.entries())
      values[n * names.length + column] = columns[name]?.(n) ?? 0;
  }
  return { ids: places.map((place) => passages[place]?.id ?? ''), names, values };
}

function candidateAt(
  options: {
    passages: readonly RankablePassage[];
    structure: DocumentStructure;
    legs: Readonly<Record<string, ScoreLeg>>;
  },
  place: number,
): FeatureCandidate {
  const { passages, structure, legs } = options;
  const { title, text = '' } = passages[place] ?? {};
  const document = structure.documentOf[place] ?? -1;
  const members = structure.documents[document] ?? [];
  return {
    key: String(place),
    title,
    text,
    bm25: legs.bm25?.scores[place] ?? 0,
    cosine: legs.vector?.scores[place] ?? 0,
    document,
    position: members.indexOf(place),
    documentLength: members.length,
  };
}
