import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { sampleToken, samplingProbabilities, type SamplingOptions } from './sample-token.js';

/** Made by `scripts/make-sampling-fixtures.py` with the logits processors of transformers. */
const { logits, history, cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../__fixtures__/sampling.json'), 'utf8'),
) as {
  logits: number[];
  history: number[];
  cases: { options: SamplingOptions; probabilities: number[] }[];
};
const scores = Float32Array.from(logits);
const prompt = history.slice(0, 2);
const generated = history.slice(2);

describe('samplingProbabilities', () => {
  it.each(cases)('are those of transformers: $options', ({ options, probabilities }) => {
    const found = samplingProbabilities(scores, options, { prompt, generated });
    probabilities.forEach((value, id) => {
      expect(found[id]).toBeCloseTo(value, 6);
    });
  });

  it('count what was generated for frequency, and whether for presence', () => {
    const plain = samplingProbabilities(scores, { temperature: 1 }, { prompt, generated });
    const lowered = samplingProbabilities(
      scores,
      { temperature: 1, frequencyPenalty: 0.5, presencePenalty: 0.25 },
      { prompt: [5], generated: [7, 7, 19] },
    );
    const change = (id: number): number =>
      Math.log((lowered[id] ?? 0) / (plain[id] ?? 1)) -
      Math.log((lowered[1] ?? 0) / (plain[1] ?? 1));
    expect(
      [change(7), change(19), change(5)].map((value) => Math.round(value * 1e6) / 1e6),
    ).toEqual([-1.25, -0.75, 0]);
  });
});

describe('sampleToken', () => {
  it('draws tokens as often as they are likely, and tells the own probability of the model', () => {
    const random = createSeededRandom(1);
    const options = { temperature: 1, topK: 3 };
    const wanted = samplingProbabilities(scores, options, { prompt, generated });
    const plain = samplingProbabilities(scores, { temperature: 1 }, { prompt, generated });
    const counts = new Map<number, number>();
    for (let i = 0; i < 4000; i++) {
      const { id, logProbability } = sampleToken(scores, options, { prompt, generated }, random);
      expect(logProbability).toBeCloseTo(Math.log(plain[id] ?? 0), 5);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(counts.size).toBe(3);
    for (const [id, count] of counts) expect(count / 4000).toBeCloseTo(wanted[id] ?? 0, 1);
  });

  it('takes the likeliest token without a temperature', () => {
    const { id } = sampleToken(scores, {}, { prompt, generated }, createSeededRandom(1));
    expect(id).toBe(logits.indexOf(Math.max(...logits)));
  });
});
