import { describe, expect, it } from 'vitest';
import { prepareEvidence, claimFeatures, CLAIM_FEATURES } from './claim-features.js';
import { scoreGroundedness } from './score-groundedness.js';

const PASSAGE = [
  'The lighthouse of Varlen was built in 1874 by the engineer Ida Holm. It stands north of the harbour and is 42 metres high.',
  'Its lamp was replaced in 1931. The keeper was not allowed to leave the island before noon.',
];
const scoreOf = (claim: string): number => scoreGroundedness(claim, PASSAGE).score;
const featureOf = (claim: string, name: (typeof CLAIM_FEATURES)[number]): number =>
  claimFeatures(claim, prepareEvidence(PASSAGE))[CLAIM_FEATURES.indexOf(name)] ?? Number.NaN;

describe('the support of a claim', () => {
  it.each([
    'The lighthouse of Varlen was built in 1874.',
    'Ida Holm built the lighthouse.',
    'The lighthouse is 42 metres high and stands north of the harbour.',
  ])('is seen in what the passages say: %s', (claim) => {
    expect(scoreOf(claim)).toBeLessThan(0.5);
  });

  it.each([
    ['another year', 'The lighthouse of Varlen was built in 1875.'],
    ['another name', 'The lighthouse of Varlen was built in 1874 by the engineer Otto Brandt.'],
    ['a denial', 'The lighthouse of Varlen was not built in 1874 by the engineer Ida Holm.'],
    ['the opposite', 'It stands south of the harbour and is 42 metres high.'],
    ['an addition', 'The lamp was replaced in 1931, because pirates from Portugal had stolen it.'],
  ])('is missed with %s', (_, claim) => {
    expect(scoreOf(claim)).toBeGreaterThan(0.5);
  });

  it('does not depend on how numbers are written', () => {
    const evidence = prepareEvidence(['The town has 1,200 inhabitants and three schools.']);
    const unknown = CLAIM_FEATURES.indexOf('unknown-numbers');
    expect(claimFeatures('It has 1200 inhabitants.', evidence)[unknown]).toBe(0);
    expect(claimFeatures('There are 3 schools.', evidence)[unknown]).toBe(0);
    expect(claimFeatures('There are 4 schools.', evidence)[unknown]).toBeGreaterThan(0);
  });

  it('sees words of one family as kin, and numbers that belong elsewhere', () => {
    expect(featureOf('The builder was an engineer.', 'kin-coverage')).toBeGreaterThan(
      featureOf('The builder was an engineer.', 'coverage') - 1e-9,
    );
    expect(featureOf('The lamp was replaced in 1874.', 'number-elsewhere')).toBe(1);
    expect(featureOf('The lamp was replaced in 1931.', 'number-elsewhere')).toBe(0);
  });

  it('is the same for the same input, and 0 for a text without a claim', () => {
    expect(scoreOf('Ida Holm lived in Lisbon.')).toBe(scoreOf('Ida Holm lived in Lisbon.'));
    expect(scoreGroundedness('', PASSAGE)).toEqual({ score: 0, claims: [] });
    expect(scoreGroundedness('The sky is green.', []).score).toBeGreaterThan(0.5);
  });

  it('does not take a question for a claim, nor for evidence', () => {
    const answer = 'Ida Holm.';
    expect(scoreOf(`Who built the lighthouse of Varlen? ${answer}`)).toBeLessThan(0.5);
    expect(scoreOf(`Q: Which engineer was it, and from Portugal?\nA: ${answer}`)).toBeLessThan(0.5);
    expect(
      scoreGroundedness('Otto Brandt did.', [...PASSAGE, 'Was it Otto Brandt who built it?']).score,
    ).toBeGreaterThan(0.5);
    expect(scoreOf('Did Otto Brandt of Lisbon build it?')).toBe(0);
  });

  it.each([
    ['before the answer', (question: string, answer: string) => scoreOf(`${question} ${answer}`)],
    [
      'at the end of the evidence',
      (question: string, answer: string) => scoreGroundedness(answer, [...PASSAGE, question]).score,
    ],
  ])('misses a short answer that stands where something else is asked: %s', (_, score) => {
    const question = 'When was the lamp of the lighthouse replaced?';
    const right = score(question, '1931');
    expect(right).toBeLessThan(0.01);
    expect(score(question, '1874')).toBeGreaterThan(50 * right);
    expect(score(question, 'the lamp of the lighthouse')).toBeGreaterThan(50 * right);
  });
});
