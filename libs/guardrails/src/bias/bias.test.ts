import { describe, expect, it } from 'vitest';
import { createGuardrails } from '../create-guardrails.js';
import {
  createDiscriminationRail,
  estimateMean,
  estimateShare,
  measureCounterfactuals,
  measureIdentityAuc,
  measureStereotypes,
  measureTemplateGaps,
  rankAuc,
  scoreSentiment,
  swapIdentities,
} from './index.js';

/** Park and Miller's generator: the intervals are the same in every run. */
function seeded(): () => number {
  let state = 7;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

describe('the area under the ROC curve', () => {
  it('counts pairs in the right order, and ties half', () => {
    expect(rankAuc([0.9, 0.8], [0.1, 0.2])).toBe(1);
    expect(rankAuc([0.1], [0.9])).toBe(0);
    expect(rankAuc([0.5, 0.5], [0.5])).toBe(0.5);
    expect(rankAuc([0.5, 0.9], [0.5, 0.1])).toBe(0.875);
    expect(rankAuc([], [1])).toBeUndefined();
  });
});

describe('intervals', () => {
  it("are Wilson's for shares", () => {
    const { value, low, high } = estimateShare(8, 10);
    expect(value).toBe(0.8);
    expect(low).toBeCloseTo(0.4902, 3);
    expect(high).toBeCloseTo(0.9433, 3);
    expect(estimateShare(0, 0).value).toBeNaN();
  });

  it('hold the mean between them', () => {
    const values = Array.from({ length: 50 }, (_, index) => index / 50);
    const { value, low, high, count } = estimateMean(values, { random: seeded() });
    expect(value).toBeCloseTo(0.49);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(high - low).toBeCloseTo(0.16, 1);
    expect(count).toBe(50);
    expect(estimateMean([], { random: seeded() }).count).toBe(0);
  });
});

describe('swapping identities', () => {
  it('changes every word of the group and keeps their case', () => {
    const swapped = swapIdentities('He is a MAN; his wife knows himself.', { axes: ['gender'] });
    expect(swapped).toEqual([
      { text: 'She is a WOMAN; his husband knows herself.', axis: 'gender', from: 'he', to: 'she' },
    ]);
  });

  it('gives one text for each other group of each axis that is named', () => {
    const swapped = swapIdentities('My Muslim neighbour is deaf.');
    expect(swapped.map(({ text }) => text)).toContain('My Jewish neighbour is deaf.');
    expect(swapped.map(({ text }) => text)).toContain('My Muslim neighbour is blind.');
    expect(swapped.filter(({ axis }) => axis === 'religion')).toHaveLength(8);
  });

  it('gives none where nobody is named', () => {
    expect(swapIdentities('The kettle is on.')).toEqual([]);
    expect(swapIdentities('')).toEqual([]);
  });
});

describe('counterfactual fairness', () => {
  it('finds the group that a score depends on', async () => {
    const report = await measureCounterfactuals({
      texts: ['A blind friend', 'A deaf friend', 'No group at all'],
      score: (text) => (text.includes('deaf') ? 0.9 : 0.1),
      threshold: 0.5,
      axes: ['disability'],
      random: seeded(),
    });
    expect(report).toMatchObject({ texts: 2, pairs: 10 });
    expect(report.flips.value).toBeCloseTo(0.6);
    expect(report.shiftTo.disability?.['deaf']?.value).toBeCloseTo(0.8);
  });

  it('finds none in a score that looks at something else', async () => {
    const score = (text: string): number => (text.endsWith('!') ? 1 : 0);
    const texts = ['a gay man!', 'an old Jewish woman'];
    const report = await measureCounterfactuals({ texts, score, threshold: 0.5, random: seeded() });
    expect(report.gap).toMatchObject({ value: 0, low: 0, high: 0 });
    expect(report.flips.value).toBe(0);
  });
});

describe('AUCs by identity', () => {
  it('show whose name alone raises a score', () => {
    const rows = [
      { text: 'murder tall people', label: 1, score: 0.7 },
      { text: 'hug queer people', label: 0, score: 0.8 },
      { text: 'hug old people', label: 0, score: 0.1 },
      { text: 'murder Queer people', label: 1, score: 0.9 },
    ] as const;
    const report = measureIdentityAuc(rows, { identities: ['old', 'queer'], fewest: 1 });
    expect(report.auc).toBe(0.75);
    expect(report.identities[0]).toEqual({
      identity: 'queer',
      rows: 2,
      subgroupAuc: 1,
      bpsnAuc: 0,
      bnspAuc: 1,
    });
    expect(report.identities[1]?.subgroupAuc).toBeUndefined();
  });
});

describe('stereotypes', () => {
  const pairs = Array.from({ length: 10 }, (_, index) => ({
    more: `stereotype ${index}`,
    less: `other ${index}`,
    kind: index < 5 ? 'gender' : 'age',
  }));

  it('are counted whatever place they stand in', async () => {
    const { stereotyped, byKind } = await measureStereotypes({
      pairs,
      prefer: (first) => (first.startsWith('stereotype') ? 'first' : 'second'),
    });
    expect(stereotyped.value).toBe(1);
    expect(byKind['gender']?.count).toBe(5);
  });

  it('show no bias in one who always takes the first, or none', async () => {
    const first = await measureStereotypes({ pairs, prefer: () => 'first' });
    expect(first.stereotyped.value).toBe(0.5);
    const none = await measureStereotypes({ pairs, prefer: () => undefined });
    expect(none).toMatchObject({ pairs: 10, withoutPreference: 10, byKind: {} });
  });
});

describe('gaps over templates', () => {
  it('compare the sentiment of answers, and who appears in them', async () => {
    const report = await measureTemplateGaps({
      templates: ['Describe a {group}.', 'What does a {group} do?'],
      groups: ['nurse', 'pilot'],
      respond: (prompt) =>
        Promise.resolve(prompt.includes('nurse') ? 'She is kind to her brother.' : 'He is bad.'),
      sentiment: (answer) => (answer.includes('kind') ? 1 : -1),
      random: seeded(),
    });
    expect(report.answers).toBe(4);
    expect(report.sentimentGap).toBe(2);
    expect(report.femaleShare['nurse']?.value).toBeCloseTo(2 / 3);
    expect(report.representationGap).toBeCloseTo(2 / 3);
  });
});

describe('the discrimination rail', () => {
  it('stops hate against a group, and lets an insult of a person be', async () => {
    const rails = [await createDiscriminationRail({ profile: 'fast' })];
    const guardrails = createGuardrails({ rails });
    const hate = 'All immigrants are vermin and should be exterminated.';
    expect((await guardrails.check({ point: 'output', text: hate })).isBlocked).toBe(true);
    const kind = 'All immigrants are welcome here.';
    expect((await guardrails.check({ point: 'output', text: kind })).isBlocked).toBe(false);
  });
});

describe('the sentiment of an answer', () => {
  it.each([
    ['She is a kind and competent doctor.', 1],
    ['He is lazy, and a liar.', -1],
    ['They are not dangerous.', 1],
    ["She isn't stupid, but he is.", 1],
    ['A friendly but unreliable neighbour.', 0],
    ['The train leaves at ten.', 0],
    ['', 0],
  ])('%s', (text, expected) => {
    expect(scoreSentiment(text)).toBe(expected);
  });
});
