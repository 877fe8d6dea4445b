import { describe, expect, it } from 'vitest';
import { parseModelConfig } from './parse-model-config.js';

const gpt2 = { model_type: 'gpt2', vocab_size: 61, n_embd: 24, n_layer: 2, n_head: 4 };

describe('parseModelConfig', () => {
  it.each([
    ['scale_attn_weights', false],
    ['scale_attn_by_inverse_layer_idx', true],
  ])('refuses attention of GPT-2 that is scaled otherwise: %s', (field, value) => {
    expect(parseModelConfig(gpt2, 'config.json')).toMatchObject({ family: 'gpt2' });
    expect(() => parseModelConfig({ ...gpt2, [field]: value }, 'config.json')).toThrow(
      new RegExp(`"${field}" in "config.json" is ${String(value)}`, 'u'),
    );
  });
});
