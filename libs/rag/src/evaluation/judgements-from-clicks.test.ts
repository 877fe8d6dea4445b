import { createSeededRandom, InvalidArgumentError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { judgementsFromClicks, type PassageView } from './judgements-from-clicks.js';
import { parseClicks } from './parse-collection.js';

const APPEAL: Readonly<Record<string, number>> = { good: 0.8, fair: 0.4, bad: 0.05 };
const LOOKED_AT = [1, 0.5, 0.2];

/** What people did who look at the places as often as `LOOKED_AT` says, shown the passages in changing order. */
function sessions(count: number): PassageView[] {
  const random = createSeededRandom(11);
  return Array.from({ length: count }, () => {
    const shown = Object.keys(APPEAL).sort(() => random.next() - 0.5);
    return shown.map((passage, n) => ({
      query: 'q',
      passage,
      rank: n + 1,
      isClicked: random.next() < (LOOKED_AT[n] ?? 0) * (APPEAL[passage] ?? 0),
    }));
  }).flat();
}

describe('judgementsFromClicks', () => {
  it('tells how a passage appeals from how its place is looked at', () => {
    const { judgements, examination } = judgementsFromClicks(sessions(4000));
    for (const [passage, appeal] of Object.entries(APPEAL))
      expect(Math.abs((judgements.get('q')?.get(passage) ?? 0) - appeal)).toBeLessThan(0.08);
    for (const [n, share] of LOOKED_AT.entries())
      expect(Math.abs((examination.get(n + 1) ?? 0) - share)).toBeLessThan(0.08);
  });

  it('does not prefer what always stood at the top', () => {
    const views = (passage: string, rank: number, clicks: number, count: number) =>
      Array.from({ length: count }, (_, n): PassageView => ({
        query: 'r',
        passage,
        rank,
        isClicked: n < clicks,
      }));
    const { judgements } = judgementsFromClicks([
      ...sessions(2000),
      ...views('top', 1, 40, 100),
      ...views('low', 3, 16, 100),
    ]);
    const grades = judgements.get('r');
    expect(grades?.get('low') ?? 0).toBeGreaterThan(grades?.get('top') ?? 1);
  });

  it('is not sure after one click, and grades nothing that was never opened', () => {
    const { judgements } = judgementsFromClicks([
      { query: 'q', passage: 'a', rank: 1, isClicked: true },
      { query: 'q', passage: 'b', rank: 2, isClicked: false },
    ]);
    expect(judgements.get('q')?.get('a') ?? 0).toBeGreaterThan(0.2);
    expect(judgements.get('q')?.get('a') ?? 1).toBeLessThan(0.9);
    expect(judgements.get('q')?.get('b')).toBe(0);
    expect(judgementsFromClicks([]).judgements.size).toBe(0);
  });

  it('refuses a rank that is none', () => {
    const shown = { query: 'q', passage: 'a', rank: 0, isClicked: true };
    expect(() => judgementsFromClicks([shown])).toThrow(InvalidArgumentError);
  });
});

describe('parseClicks', () => {
  it('reads rows, and tells the line of each that is malformed', async () => {
    const { rows, problems } = await parseClicks({
      file: 'clicks.tsv',
      lines: [
        'query-id\tpassage\trank\tclicked',
        'q\ta\t1\t1',
        'q\tb\t2\t0',
        'q\tb\t0\t1',
        'q b 1 1',
      ],
    });
    expect(rows).toEqual([
      { query: 'q', passage: 'a', rank: 1, isClicked: true },
      { query: 'q', passage: 'b', rank: 2, isClicked: false },
    ]);
    expect(problems.map(({ line }) => line)).toEqual([4, 5]);
  });
});
