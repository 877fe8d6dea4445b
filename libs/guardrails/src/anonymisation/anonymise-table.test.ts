import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { anonymiseTable } from './anonymise-table.js';
import { measureAnonymity } from './measure-anonymity.js';
import type { TableRow } from './table.js';

const PATIENTS: readonly TableRow[] = [
  { name: 'Ann', age: 29, zip: '13053', disease: 'heart' },
  { name: 'Bea', age: 21, zip: '13068', disease: 'heart' },
  { name: 'Cal', age: 28, zip: '13068', disease: 'virus' },
  { name: 'Dan', age: 23, zip: '13053', disease: 'virus' },
  { name: 'Eve', age: 50, zip: '14853', disease: 'cancer' },
  { name: 'Fay', age: 55, zip: '14853', disease: 'heart' },
  { name: 'Gus', age: 47, zip: '14850', disease: 'virus' },
  { name: 'Hal', age: 49, zip: '14850', disease: 'virus' },
];
const QUASI = { age: { type: 'number' }, zip: { type: 'prefix' } } as const;

describe('anonymiseTable', () => {
  it('makes each row look like k - 1 others, keeps the order, and leaves out identifiers', () => {
    const { rows, groups } = anonymiseTable(PATIENTS, {
      quasiIdentifiers: QUASI,
      identifiers: ['name'],
      k: 4,
    });
    expect(groups).toBe(2);
    expect(rows[0]).toEqual({ age: '21-29', zip: '130**', disease: 'heart' });
    expect(rows[7]).toEqual({ age: '47-55', zip: '1485*', disease: 'virus' });
    expect(measureAnonymity(rows, { quasiIdentifiers: ['age', 'zip'] }).k).toBe(4);
  });

  it('parts groups only as far as each keeps l values and stays within t', () => {
    const random = createSeededRandom(5);
    const table = Array.from({ length: 400 }, (_, index): TableRow => ({
      age: 18 + Math.floor(random.next() * 70),
      zip: String(10_000 + Math.floor(random.next() * 900)),
      city: ['Bern', 'Basel', 'Zug', 'Chur'][index % 4],
      disease: ['flu', 'heart', 'cancer', 'none', 'none'][Math.floor(random.next() * 5)],
      income: Math.floor(random.next() * 100),
    }));
    const quasiIdentifiers = { ...QUASI, city: { type: 'category' } } as const;
    const sensitive = ['disease', 'income'];
    let before = 0;
    for (const [l, t] of [
      [1, 1],
      [3, 1],
      [3, 0.15],
    ] as const) {
      const result = anonymiseTable(table, {
        quasiIdentifiers,
        sensitive,
        k: 5,
        l,
        t,
        diversity: 'entropy',
      });
      const measured = measureAnonymity(result.rows, {
        quasiIdentifiers: ['age', 'zip', 'city'],
        sensitive,
      });
      expect(measured.k).toBeGreaterThanOrEqual(5);
      for (const column of Object.values(measured.sensitive)) {
        expect(column.entropyL).toBeGreaterThanOrEqual(l - 1e-9);
        expect(column.t).toBeLessThanOrEqual(t + 1e-9);
      }
      expect(result.informationLoss).toBeGreaterThanOrEqual(before);
      before = result.informationLoss;
    }
    expect(before).toBeLessThan(1);
  });

  it('writes sets of categories, or the ancestor that they share', () => {
    const rows = [{ job: 'nurse' }, { job: 'doctor' }];
    const parents = { nurse: 'health', doctor: 'health', health: 'any' };
    const jobOf = (quasi: { type: 'category'; parents?: Record<string, string> }) =>
      anonymiseTable(rows, { quasiIdentifiers: { job: quasi }, k: 2 }).rows.map(({ job }) => job);
    expect(jobOf({ type: 'category' })).toEqual(['{doctor, nurse}', '{doctor, nurse}']);
    expect(jobOf({ type: 'category', parents })).toEqual(['health', 'health']);
    expect(jobOf({ type: 'category', parents: { nurse: 'health' } })).toEqual(['*', '*']);
  });

  it('never parts rows that are equal, and copes with an empty table', () => {
    const rows = Array.from({ length: 6 }, () => ({ age: 40 }));
    const quasiIdentifiers = { age: { type: 'number' } } as const;
    expect(anonymiseTable(rows, { quasiIdentifiers, k: 2 })).toMatchObject({
      groups: 1,
      informationLoss: 0,
    });
    expect(anonymiseTable([], { quasiIdentifiers, k: 2 }).rows).toEqual([]);
  });

  it.each([
    ['more than there are rows', PATIENTS, { k: 9 }],
    ['one', PATIENTS, { k: 1 }],
    ['more values than there are', PATIENTS, { k: 2, l: 4, sensitive: ['disease'] }],
    ['l without a sensitive column', PATIENTS, { k: 2, l: 2 }],
    ['a text in a column of numbers', [{ age: 'old' }, { age: 1 }], { k: 2 }],
  ])('refuses %s', (_, rows, options) => {
    expect(() =>
      anonymiseTable(rows, { quasiIdentifiers: { age: { type: 'number' } }, ...options }),
    ).toThrow(expect.objectContaining({ code: 'ERR_GUARDRAILS_ANONYMISATION' }));
  });
});

describe('measureAnonymity', () => {
  // The example of Li, Li and Venkatasubramanian 2007, §4: salaries of 3 to 11 thousand.
  const salaries = (group: string, values: readonly number[]): TableRow[] =>
    values.map((salary) => ({ group, salary }));
  it.each([
    [[3, 4, 5], 0.375],
    [[6, 8, 11], 1 / 6],
  ])('gives the distance of the salaries %j from all', (part, distance) => {
    const rest = [3, 4, 5, 6, 7, 8, 9, 10, 11].filter((salary) => !part.includes(salary));
    const rows = [
      ...salaries('a', part),
      ...rest.flatMap((salary) => salaries(`b${salary}`, [salary])),
    ];
    const others = rest.length;
    const { t } = measureAnonymity(rows.slice(0, part.length + others), {
      quasiIdentifiers: ['group'],
      sensitive: ['salary'],
    }).sensitive['salary'] ?? { t: 0 };
    // Single people are further away than the group in question; so it is measured on its own.
    expect(t).toBeGreaterThan(distance);
    const alone = measureAnonymity(
      rows.map((row) => ({ ...row, group: row['group'] === 'a' ? 'a' : 'b' })),
      { quasiIdentifiers: ['group'], sensitive: ['salary'] },
    ).sensitive['salary'];
    expect(alone?.t).toBeCloseTo(distance, 10);
  });

  it('counts values and their entropy', () => {
    const rows = ['x', 'x', 'x', 'y'].map((value) => ({ group: 1, value }));
    expect(measureAnonymity(rows, { quasiIdentifiers: ['group'], sensitive: ['value'] })).toEqual({
      k: 4,
      groups: 1,
      // exp(-(¾ ln ¾ + ¼ ln ¼))
      sensitive: { value: { distinctL: 2, entropyL: expect.closeTo(1.754765, 5), t: 0 } },
    });
    expect(measureAnonymity([], { quasiIdentifiers: ['group'] })).toEqual({
      k: 0,
      groups: 0,
      sensitive: {},
    });
  });
});
