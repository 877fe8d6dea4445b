import type { TokenEncoder } from '@espalier/core';
import { modelFolder } from '@espalier/model-minilm-l6';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TooManyTextsError } from '../errors.js';
import { createOnnxEncoder, createOnnxTokenEncoder } from './index.js';

const TEXT = 'A rail allows, redacts or blocks text.';

describe('createOnnxTokenEncoder', () => {
  let encoder: TokenEncoder;
  beforeAll(async () => {
    encoder = await createOnnxTokenEncoder({
      folder: modelFolder,
      threads: 1,
      maxTokens: 34,
      maxWindows: 3,
    });
  });
  afterAll(() => encoder.dispose?.());

  it('gives one vector of length 1 for each token, and the sentence vector of the graph itself', async () => {
    const model = await createOnnxEncoder({ folder: modelFolder, threads: 1 });
    const { embeddings } = await model.doEmbed({ texts: [TEXT] });
    await model.dispose?.();
    const { states } = await encoder.doEncodeTokens({ texts: [TEXT] });
    const [state] = states;
    expect(state?.ids).toHaveLength(encoder.countTokens(TEXT));
    expect(state?.vectors).toHaveLength((state?.ids.length ?? 0) * encoder.dimension);
    expect(Math.hypot(...(state?.vectors.subarray(0, encoder.dimension) ?? []))).toBeCloseTo(1, 5);
    expect(state?.windows).toHaveLength(1);
    const cosine = embeddings[0]?.reduce(
      (sum, value, axis) => sum + value * (state?.windows[0]?.[axis] ?? 0),
      0,
    );
    expect(cosine).toBeCloseTo(1, 5);
  });

  it('cuts a long text to windows, up to the most it reads', async () => {
    const { states } = await encoder.doEncodeTokens({
      texts: ['cat '.repeat(40), 'cat '.repeat(500), ''],
    });
    expect(states.map(({ ids }) => ids.length)).toEqual([40, 96, 0]);
    expect(states.map(({ windows }) => windows.length)).toEqual([2, 3, 0]);
    expect(states[0]?.vectors.every(Number.isFinite)).toBe(true);
  });

  it('refuses more texts than it takes', async () => {
    const texts = new Array<string>(65).fill('x');
    await expect(encoder.doEncodeTokens({ texts })).rejects.toThrow(TooManyTextsError);
  });
});
