import { describe, expect, it } from 'vitest';
import { assessReidentificationRisk } from './assess-risk.js';

const rows = ['a', 'a', 'a', 'a', 'b', 'b', 'c'].map((group) => ({ group }));
const quasiIdentifiers = ['group'];

describe('assessReidentificationRisk', () => {
  it('gives what is worked out by hand', () => {
    const report = assessReidentificationRisk(rows, { quasiIdentifiers, threshold: 0.4 });
    expect(report).toMatchObject({ people: 7, groups: 3, uniqueShare: 1 / 7, marketer: 3 / 7 });
    expect(report.prosecutor).toEqual({ highest: 1, average: 3 / 7, shareAtRisk: 3 / 7 });
    expect(report.journalist).toEqual(report.prosecutor);
  });

  it('weighs groups by their size in a population', () => {
    const population = [...rows, ...['c', 'c', 'c', 'b', 'b', 'd'].map((group) => ({ group }))];
    const report = assessReidentificationRisk(rows, { quasiIdentifiers, population });
    expect(report.prosecutor.highest).toBe(1);
    expect(report.journalist.highest).toBe(1 / 4);
    // 4 × ¼ + 2 × ¼ + 1 × ¼, of seven people.
    expect(report.marketer).toBeCloseTo(1.75 / 7, 12);
  });

  it('scales groups by the share of the population that the table holds', () => {
    const report = assessReidentificationRisk(rows, {
      quasiIdentifiers,
      population: { samplingFraction: 0.1 },
    });
    expect(report.journalist.highest).toBeCloseTo(0.1, 12);
    expect(report.marketer).toBeCloseTo(0.3 / 7, 12);
  });

  it('gives zeros for an empty table', () => {
    expect(assessReidentificationRisk([], { quasiIdentifiers })).toMatchObject({
      people: 0,
      uniqueShare: 0,
      marketer: 0,
    });
  });

  it.each([[[{ group: 'a' }]], [{ samplingFraction: 0 }], [{ samplingFraction: 2 }]])(
    'refuses the population %j',
    (population) => {
      expect(() => assessReidentificationRisk(rows, { quasiIdentifiers, population })).toThrow(
        expect.objectContaining({ code: 'ERR_GUARDRAILS_ANONYMISATION' }),
      );
    },
  );
});
