import { InvalidArgumentError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { fuseRanks } from './fuse-ranks.js';
import { fuseConvex, fuseStandardized } from './fuse-scores.js';
import { selectDiverse } from './select-diverse.js';
import { standardizeScores } from './standardize-scores.js';

describe('standardizeScores', () => {
  it('gives mean 0 and deviation 1', () => {
    const scores = standardizeScores(Float32Array.of(3, 1, 7, 9, 0));
    const mean = scores.reduce((sum, score) => sum + score, 0) / 5;
    const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / 5;
    expect(mean).toBeCloseTo(0, 6);
    expect(variance).toBeCloseTo(1, 6);
  });

  it('gives zeros for scores that are all equal, and for values that are none', () => {
    expect([...standardizeScores(new Float32Array(1000).fill(0.1))]).toEqual(
      new Array(1000).fill(0),
    );
    expect([...standardizeScores(Float32Array.of(1, Number.NaN, 3))]).toEqual([0, 0, 0]);
    expect(standardizeScores(new Float32Array(0))).toHaveLength(0);
  });
});

describe('fuseStandardized', () => {
  it('lets a leg that is sure outvote one that is not', () => {
    const sure = new Float32Array(100);
    sure[3] = 1;
    const unsure = Float32Array.from({ length: 100 }, (_, n) => n / 100);
    const fused = fuseStandardized([
      { scores: sure, weight: 0.5 },
      { scores: unsure, weight: 0.5 },
    ]);
    expect(fused.indexOf(Math.max(...fused))).toBe(3);
  });

  it('refuses legs of different length', () => {
    const legs = [2, 3].map((size) => ({ scores: new Float32Array(size), weight: 1 }));
    expect(() => fuseStandardized(legs)).toThrow(InvalidArgumentError);
  });
});

describe('fuseConvex', () => {
  it('brings each leg to 0 to 1 before adding', () => {
    const fused = fuseConvex([
      { scores: Float32Array.of(10, 20, 30), weight: 0.5 },
      { scores: Float32Array.of(1, 1, 1), weight: 0.5 },
    ]);
    expect([...fused]).toEqual([0, 0.25, 0.5]);
  });
});

describe('fuseRanks', () => {
  it('adds the reciprocal ranks', () => {
    const fused = fuseRanks([{ ids: ['a', 'b'] }, { ids: ['b', 'c'], weight: 2 }]);
    expect(fused.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
    expect(fused[0]?.score).toBeCloseTo(1 / 62 + 2 / 61, 12);
  });

  it('counts the first place of an id that a ranking names twice', () => {
    expect(fuseRanks([{ ids: ['a', 'a', 'b'] }]).map(({ score }) => score)).toEqual([
      1 / 61,
      1 / 62,
    ]);
  });
});

describe('selectDiverse', () => {
  const vectors = [Float32Array.of(1, 0), Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const scores = [0.9, 0.89, 0.5];

  it('prefers what is not said yet', () => {
    expect(selectDiverse({ scores, vectors, count: 2, balance: 0.5 })).toEqual([0, 2]);
  });

  it('keeps the order of the scores at balance 1, and gives no more than there is', () => {
    expect(selectDiverse({ scores, vectors, count: 9, balance: 1 })).toEqual([0, 1, 2]);
    expect(() => selectDiverse({ scores, vectors, count: 1, balance: 2 })).toThrow(
      InvalidArgumentError,
    );
  });
});
