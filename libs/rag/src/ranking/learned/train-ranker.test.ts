import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { addLambdaGradients } from './lambda-gradients.js';
import { parseRankerModel, scoreWithModel, serializeRankerModel } from './ranker-model.js';
import type { CandidateFeatures, RankingFeature } from './ranking-features.js';
import { idealGain, ndcgOf } from './ranking-metric.js';
import { trainRanker, type RankerExample } from './train-ranker.js';

const NAMES: readonly RankingFeature[] = ['score', 'titleCoverage', 'length'];

/** Queries whose answer is the candidate with the title; the score is noise, and so is the length. */
function examples(count: number, isLearnable = true): RankerExample[] {
  const random = createSeededRandom(3);
  return Array.from({ length: count }, (_, query) => {
    const answer = Math.floor(random.next() * 10);
    const titled = isLearnable ? answer : Math.floor(random.next() * 10);
    const rows = Array.from({ length: 10 }, (_row, n) => [
      random.next(),
      n === titled ? 0.5 + random.next() / 2 : random.next() / 3,
      random.next() * 5,
    ]);
    const ids = rows.map((_row, n) => `${query}-${n}`);
    return {
      query: String(query),
      candidates: { ids, names: NAMES, values: Float32Array.from(rows.flat()) },
      grades: new Map([[`${query}-${answer}`, 1]]),
    };
  });
}
const meanOf = (values: ReadonlyMap<string, number>): number =>
  [...values.values()].reduce((sum, value) => sum + value, 0) / values.size;

describe('addLambdaGradients', () => {
  it('pulls each pair by what nDCG gains from swapping it', () => {
    const gradients = new Float64Array(3);
    const curvatures = new Float64Array(3);
    const scores = Float64Array.of(2, 1, 0);
    const grades = Float32Array.of(0, 1, 0);
    addLambdaGradients({ scores, grades, ideal: 1, gradients, curvatures });
    const discounts = [1, 1 / Math.log2(3), 0.5];
    const doubtOf = (low: number): number => 1 / (1 + Math.exp(1 - low));
    const pulls = [
      doubtOf(2) * ((discounts[0] ?? 0) - (discounts[1] ?? 0)),
      doubtOf(0) * ((discounts[1] ?? 0) - (discounts[2] ?? 0)),
    ];
    const total = 2 * pulls.reduce((sum, pull) => sum + pull, 0);
    const scale = Math.log1p(total) / total;
    expect(gradients[0]).toBeCloseTo(-(pulls[0] ?? 0) * scale, 10);
    expect(gradients[2]).toBeCloseTo(-(pulls[1] ?? 0) * scale, 10);
    expect(gradients.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
    expect(curvatures.every((value) => value > 0)).toBe(true);
  });

  it('leaves a query alone that has nothing to find', () => {
    const gradients = new Float64Array(2);
    const given = { scores: new Float64Array(2), grades: new Float32Array(2), ideal: 0 };
    addLambdaGradients({ ...given, gradients, curvatures: new Float64Array(2) });
    expect([...gradients]).toEqual([0, 0]);
  });
});

describe('ndcgOf', () => {
  it('is the discounted gain as a share of the best possible', () => {
    const grades = Float32Array.of(1, 2, 0);
    const ideal = idealGain(grades, 10);
    expect(ideal).toBeCloseTo(2 + 1 / Math.log2(3));
    expect(ndcgOf({ scores: Float32Array.of(1, 3, 2), grades, ideal, depth: 10 })).toBeCloseTo(
      (2 + 0.5) / ideal,
    );
    expect(ndcgOf({ scores: new Float32Array(3), grades, ideal: 0, depth: 10 })).toBe(0);
  });
});

describe('trainRanker', () => {
  it('learns what tells answers from others, and shows it on queries that it has not seen', () => {
    const { model, crossValidation } = trainRanker({ examples: examples(120) });
    expect(model.trees.length).toBeGreaterThan(0);
    expect(meanOf(crossValidation.before)).toBeLessThan(0.6);
    expect(meanOf(crossValidation.after)).toBeGreaterThan(0.85);
    expect(crossValidation.after.size).toBe(120);
    const used = new Set(model.trees.flatMap(({ features }) => features));
    expect(used.has(NAMES.indexOf('titleCoverage'))).toBe(true);
  });

  it('changes little where there is nothing to learn', () => {
    const { crossValidation } = trainRanker({ examples: examples(120, false) });
    const change = meanOf(crossValidation.after) - meanOf(crossValidation.before);
    expect(Math.abs(change)).toBeLessThan(0.08);
  });

  it('gives the same model for the same examples and seed', () => {
    const one = trainRanker({ examples: examples(40), maxTrees: 5 });
    const other = trainRanker({ examples: examples(40).reverse(), maxTrees: 5 });
    expect(serializeRankerModel(one.model)).toBe(serializeRankerModel(other.model));
  });

  it('refuses too few queries, features that are no numbers, and folds that are none', () => {
    expect(() => trainRanker({ examples: examples(19) })).toThrow(
      expect.objectContaining({ code: 'ERR_RAG_RANKER_DATA' }),
    );
    const [first, ...rest] = examples(30) as [RankerExample, ...RankerExample[]];
    const values = first.candidates.values.with(1, Number.NaN);
    const broken = { ...first, candidates: { ...first.candidates, values } };
    expect(() => trainRanker({ examples: [broken, ...rest] })).toThrow(
      expect.objectContaining({ code: 'ERR_RAG_RANKER_FEATURE' }),
    );
    expect(() => trainRanker({ examples: examples(30), folds: 1 })).toThrow(/folds/u);
    expect(() => trainRanker({ examples: examples(30), abortSignal: AbortSignal.abort() })).toThrow(
      /abort/iu,
    );
  });
});

describe('a ranker model', () => {
  const { model } = trainRanker({ examples: examples(60), maxTrees: 10 });
  const text = serializeRankerModel({ ...model, evidence: { queries: 60 } });
  const candidates = examples(1)[0]?.candidates as CandidateFeatures;

  it('is read as it was written', () => {
    const read = parseRankerModel(text);
    expect(read.evidence).toEqual({ queries: 60 });
    expect(scoreWithModel(read, candidates)).toEqual(scoreWithModel(model, candidates));
  });

  it('finds its features by name', () => {
    const names = NAMES.toReversed();
    const values = Float32Array.from(
      candidates.ids.flatMap((_, n) => [...candidates.values.subarray(n * 3, n * 3 + 3)].reverse()),
    );
    expect(scoreWithModel(model, { names, values })).toEqual(scoreWithModel(model, candidates));
  });

  it.each([
    ['no JSON', '{'],
    ['something else', '{"format":"other"}'],
    ['null', 'null'],
    ['another schema', text.replace('"schema":1', '"schema":99')],
    ['a changed number', text.replace(/"values":\[/u, '"values":[1,')],
    ['no checksum', text.replace(/,"sha256":"[^"]+"/u, '')],
  ])('is refused where it is %s', (_, broken) => {
    expect(() => parseRankerModel(broken, 'ranker.json')).toThrow(
      expect.objectContaining({ code: 'ERR_RAG_RANKER_MODEL_INVALID' }),
    );
  });

  it('is refused where a tree goes in circles or a feature does not exist, checksum or not', () => {
    const [tree] = model.trees;
    const circle = { ...tree, children: (tree?.children ?? []).map(() => 0) } as typeof tree;
    const broken = [
      { ...model, trees: [circle] },
      { ...model, features: ['score', 'luck'] },
      { ...model, features: ['length', 'score', 'titleCoverage'] },
    ] as (typeof model)[];
    for (const one of broken) {
      expect(() => parseRankerModel(serializeRankerModel(one))).toThrow(
        expect.objectContaining({ code: 'ERR_RAG_RANKER_MODEL_INVALID' }),
      );
    }
  });

  it('says which feature is missing, or not a number', () => {
    const names: RankingFeature[] = ['score', 'titleCoverage', 'cosine'];
    expect(() => scoreWithModel(model, { ...candidates, names })).toThrow(
      /"?length"?.* not there/u,
    );
    const values = candidates.values.with(0, Infinity);
    expect(() => scoreWithModel(model, { ...candidates, values })).toThrow(/score.* Infinity/u);
    expect(() => scoreWithModel(model, { names, values: new Float32Array(4) })).toThrow(/rows/u);
  });
});
