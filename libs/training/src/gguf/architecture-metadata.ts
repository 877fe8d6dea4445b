import { ModelConfigError } from '../errors.js';
import type { DecoderConfig, LlamaConfig } from '../models/model-config.js';
import { float32, text, uint32, type GgufValue } from './gguf-value.js';

/** The name of a model's architecture in llama.cpp. */
export function ggufArchitecture(config: DecoderConfig): string {
  return config.family === 'mistral' ? 'llama' : config.family;
}

/**
 * What the file says of a model's shape.
 *
 * llama.cpp computes Mistral's and Qwen2's layers without a sliding window; the context is then no longer than the window,
 * within which both give the same.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: something that llama.cpp's architecture does not compute.
 */
export function architectureMetadata(config: DecoderConfig, file: string): [string, GgufValue][] {
  const architecture = ggufArchitecture(config);
  const own = (entries: readonly [string, GgufValue][]): [string, GgufValue][] =>
    entries.map(([key, value]) => [`${architecture}.${key}`, value]);
  const wanted = config.family === 'gpt2' ? 'gelu_new' : 'silu';
  if (config.activation !== wanted)
    throw new ModelConfigError({
      file,
      field: config.family === 'gpt2' ? 'activation_function' : 'hidden_act',
      found: config.activation,
      expected: `${wanted}, the only one that llama.cpp computes in ${architecture}`,
    });
  const windows =
    config.family === 'gpt2' ? [] : config.windows.filter((window) => window !== undefined);
  const common: [string, GgufValue][] = [
    ['block_count', uint32(config.layers)],
    ['context_length', uint32(Math.min(config.maxPositions, ...windows))],
    ['embedding_length', uint32(config.width)],
    ['feed_forward_length', uint32(config.innerWidth)],
    ['attention.head_count', uint32(config.heads)],
  ];
  if (config.family === 'gpt2')
    return own([...common, ['attention.layer_norm_epsilon', float32(config.epsilon)]]);
  return own([
    ...common,
    ['attention.head_count_kv', uint32(config.keyValueHeads)],
    ['attention.layer_norm_rms_epsilon', float32(config.epsilon)],
    ['attention.key_length', uint32(config.headWidth)],
    ['attention.value_length', uint32(config.headWidth)],
    ['rope.dimension_count', uint32(config.headWidth)],
    ['rope.freq_base', float32(config.ropeTheta)],
    ['vocab_size', uint32(config.vocabularySize)],
    ...ropeMetadata(config, file),
  ]);
}

function ropeMetadata(config: LlamaConfig, file: string): [string, GgufValue][] {
  const scaling = config.ropeScaling;
  switch (scaling.kind) {
    case 'default':
      return [];
    case 'dynamic':
      // It changes what is beyond the trained length, where the file's context ends.
      return [];
    case 'linear':
      return [
        ['rope.scaling.type', text('linear')],
        ['rope.scaling.factor', float32(scaling.factor)],
      ];
    case 'llama3':
      if (ggufArchitecture(config) !== 'llama')
        throw new ModelConfigError({
          file,
          field: 'rope_scaling.rope_type',
          found: scaling.kind,
          expected: `default, linear or yarn: llama.cpp has no others for ${config.family}`,
        });
      // Written as a tensor of factors.
      return [];
    case 'yarn': {
      if (!scaling.truncate)
        throw new ModelConfigError({
          file,
          field: 'rope_scaling.truncate',
          found: false,
          expected: 'true, the only form of YaRN that llama.cpp computes',
        });
      const usual = 1 + 0.1 * Math.log(scaling.factor);
      return [
        ['rope.scaling.type', text('yarn')],
        ['rope.scaling.factor', float32(scaling.factor)],
        ['rope.scaling.original_context_length', uint32(scaling.originalPositions)],
        ['rope.scaling.yarn_beta_fast', float32(scaling.betaFast)],
        ['rope.scaling.yarn_beta_slow', float32(scaling.betaSlow)],
        // llama.cpp multiplies its own factor, the usual one, with this.
        ['rope.scaling.attn_factor', float32(scaling.attentionFactor / usual)],
      ];
    }
  }
}
