import { createSeededRandom, InvalidArgumentError } from '@espalier/core';
import { RankerDataError } from '../errors.js';
import type { CandidateFeatures } from './ranking-features.js';
import { idealGain, ndcgOf } from './ranking-metric.js';
import { scoreWithModel, type RankerModel } from './ranker-model.js';
import { trainLambdaMart, type BoostingOptions, type RankingGroup } from './train-lambda-mart.js';

/** A query to learn from. */
export interface RankerExample {
  readonly query: string;
  readonly candidates: CandidateFeatures;
  /** Grades of passages, candidates or not; those that are not named are not relevant. */
  readonly grades: ReadonlyMap<string, number>;
}

/** What {@link trainRanker} takes. */
export interface TrainRankerOptions extends BoostingOptions {
  readonly examples: readonly RankerExample[];
  /** Parts of the cross-validation. Default 5. */
  readonly folds?: number;
  readonly seed?: number;
  readonly onProgress?: (progress: { done: number; total: number }) => void;
}

/** A ranker, and what is to be expected of it. */
export interface TrainedRanker {
  readonly model: RankerModel;
  /** nDCG@10 of each query as the fusion ranks it, and as rankers do that have not seen it. */
  readonly crossValidation: {
    readonly before: ReadonlyMap<string, number>;
    readonly after: ReadonlyMap<string, number>;
  };
}

const METRIC_DEPTH = 10;
const MIN_QUERIES = 20;
/** Of the queries that a ranker may see, the share that tells it when to end. */
const VALIDATION_SHARE = 0.25;

/**
 * Learns a ranker from judged queries, and measures it on queries that it has not seen.
 *
 * Queries are split, never the candidates of one. In each fold a part of the others says after how many trees to end; the
 * model that is returned is learned from all queries, with as many trees as the folds took in the middle (so none, where
 * the folds gained nothing). The same examples and seed give the same model.
 *
 * @throws {RankerDataError} `ERR_RAG_RANKER_DATA`: fewer than 20 queries have a relevant candidate.
 * @throws {RankerFeatureError} `ERR_RAG_RANKER_FEATURE`: a feature is not a number.
 */
export function trainRanker(options: TrainRankerOptions): TrainedRanker {
  const { folds = 5, seed = 1, abortSignal } = options;
  if (!Number.isInteger(folds) || folds < 2) {
    throw new InvalidArgumentError({
      argument: 'folds',
      value: folds,
      expected: 'a whole number from 2',
    });
  }
  const features = options.examples[0]?.candidates.names ?? [];
  const unlearned: RankerModel = { features, trees: [], evidence: {} };
  const examples = options.examples.filter(
    ({ grades }) => idealGain(grades.values(), METRIC_DEPTH) > 0,
  );
  for (const { candidates } of examples) {
    // Also tells of a feature that is missing or not a number.
    if (candidates.ids.length > 0) scoreWithModel(unlearned, candidates);
  }
  const groups = shuffled(examples.map(groupOf), seed);
  const useful = groups.filter(({ grades }) => grades.some((grade) => grade > 0));
  if (useful.length < MIN_QUERIES) {
    throw new RankerDataError({
      problem: `${useful.length} queries have a relevant passage among their candidates, and ${MIN_QUERIES} are needed`,
    });
  }
  const before = new Map<string, number>();
  const after = new Map<string, number>();
  const counts: number[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    abortSignal?.throwIfAborted();
    options.onProgress?.({ done: fold, total: folds + 1 });
    const seen = groups.filter((_, n) => n % folds !== fold);
    const held = Math.max(1, Math.round(seen.length * VALIDATION_SHARE));
    const { trees } = trainLambdaMart(
      { groups: seen.slice(held), validation: seen.slice(0, held) },
      options,
    );
    counts.push(trees.length);
    for (const group of groups.filter((_, n) => n % folds === fold)) {
      before.set(group.query, qualityOf(group, { ...unlearned, trees: [] }));
      after.set(group.query, qualityOf(group, { ...unlearned, trees }));
    }
  }
  options.onProgress?.({ done: folds, total: folds + 1 });
  const maxTrees = middleOf(counts);
  const { trees } =
    maxTrees === 0 ? { trees: [] } : trainLambdaMart({ groups }, { ...options, maxTrees });
  return { model: { ...unlearned, trees }, crossValidation: { before, after } };
}

function groupOf({ query, candidates, grades }: RankerExample): RankingGroup {
  return {
    query,
    values: candidates.values,
    grades: Float32Array.from(candidates.ids, (id) => Math.max(0, grades.get(id) ?? 0)),
    ideal: idealGain(grades.values(), METRIC_DEPTH),
  };
}

function qualityOf(group: RankingGroup, model: RankerModel): number {
  if (group.grades.length === 0) return 0;
  const scores = scoreWithModel(model, { names: model.features, values: group.values });
  return ndcgOf({ ...group, scores, depth: METRIC_DEPTH });
}

function shuffled(groups: readonly RankingGroup[], seed: number): RankingGroup[] {
  const random = createSeededRandom(seed);
  const result = groups.toSorted((a, b) => (a.query < b.query ? -1 : 1));
  for (let n = result.length - 1; n > 0; n -= 1) {
    const other = Math.floor(random.next() * (n + 1));
    [result[n], result[other]] = [result[other] as RankingGroup, result[n] as RankingGroup];
  }
  return result;
}

function middleOf(counts: readonly number[]): number {
  return counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
}
