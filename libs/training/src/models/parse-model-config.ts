import * as z from '@espalier/core/zod';
import { ModelConfigError } from '../errors.js';
import type { LlamaConfig, ModelConfig, RopeScaling } from './model-config.js';

const count = z.int().min(1);
const FAMILIES = ['llama', 'mistral', 'qwen2', 'qwen3', 'gpt2', 'bert'] as const;

const ropeSchema = z.looseObject({
  rope_theta: z.number().optional(),
  rope_type: z.string().optional(),
  type: z.string().optional(),
  factor: z.number().min(1).optional(),
  low_freq_factor: z.number().optional(),
  high_freq_factor: z.number().optional(),
  original_max_position_embeddings: count.optional(),
  beta_fast: z.number().optional(),
  beta_slow: z.number().optional(),
  attention_factor: z.number().optional(),
  mscale: z.number().optional(),
  mscale_all_dim: z.number().optional(),
  truncate: z.boolean().optional(),
});
type Rope = z.infer<typeof ropeSchema>;

const llamaSchema = z.looseObject({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  intermediate_size: count,
  rms_norm_eps: z.number().default(1e-6),
  max_position_embeddings: count.default(2048),
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().optional(),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  rope_theta: z.number().optional(),
  rope_scaling: ropeSchema.nullish(),
  rope_parameters: ropeSchema.nullish(),
  sliding_window: count.nullish(),
  use_sliding_window: z.boolean().default(false),
  max_window_layers: z.int().min(0).optional(),
  layer_types: z.array(z.string()).nullish(),
});

const gpt2Schema = z.looseObject({
  vocab_size: count,
  n_embd: count,
  n_layer: count,
  n_head: count,
  n_inner: count.nullish(),
  n_positions: count.default(1024),
  layer_norm_epsilon: z.number().default(1e-5),
  activation_function: z.string().default('gelu_new'),
  tie_word_embeddings: z.boolean().default(true),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
});

const bertSchema = z.looseObject({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  intermediate_size: count,
  layer_norm_eps: z.number().default(1e-12),
  max_position_embeddings: count.default(512),
  type_vocab_size: count.default(2),
  hidden_act: z.string().default('gelu'),
  architectures: z.array(z.string()).nullish(),
  num_labels: count.optional(),
  id2label: z.record(z.string(), z.string()).nullish(),
});
/** What Hugging Face takes where a classifier does not say how many labels it has. */
const DEFAULT_LABELS = 2;
const CLASSIFIER = 'BertForSequenceClassification';

/**
 * Reads a Hugging Face `config.json`.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: an unknown family, a field that is missing, wrong or not supported.
 */
export function parseModelConfig(value: unknown, file: string): ModelConfig {
  const family = (value as { model_type?: unknown } | null)?.model_type;
  const fail = (field: string, found: unknown, expected: string): never => {
    throw new ModelConfigError({ file, field, found, expected });
  };
  const parse = <Output>(schema: z.ZodType<Output>): Output => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const path = issue?.path ?? [];
    const found = path.reduce<unknown>(
      (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
      value,
    );
    return fail(path.map(String).join('.'), found, issue?.message ?? 'valid');
  };
  const config = (() => {
    switch (family) {
      case 'llama':
      case 'mistral':
      case 'qwen2':
      case 'qwen3':
        return toLlama(family, parse(llamaSchema), fail);
      case 'gpt2': {
        const c = parse(gpt2Schema);
        if (!c.scale_attn_weights) fail('scale_attn_weights', false, 'true');
        if (c.scale_attn_by_inverse_layer_idx)
          fail('scale_attn_by_inverse_layer_idx', true, 'false');
        return {
          family,
          vocabularySize: c.vocab_size,
          width: c.n_embd,
          layers: c.n_layer,
          heads: c.n_head,
          innerWidth: c.n_inner ?? 4 * c.n_embd,
          epsilon: c.layer_norm_epsilon,
          maxPositions: c.n_positions,
          activation: activation(c.activation_function, 'activation_function', fail),
          isTied: c.tie_word_embeddings,
        } as const;
      }
      case 'bert': {
        const c = parse(bertSchema);
        return {
          family,
          vocabularySize: c.vocab_size,
          width: c.hidden_size,
          layers: c.num_hidden_layers,
          heads: c.num_attention_heads,
          innerWidth: c.intermediate_size,
          epsilon: c.layer_norm_eps,
          maxPositions: c.max_position_embeddings,
          activation: activation(c.hidden_act, 'hidden_act', fail),
          isTied: true,
          typeVocabularySize: c.type_vocab_size,
          head:
            c.architectures?.includes(CLASSIFIER) === true ? { labels: labelCount(c) } : undefined,
        } as const;
      }
      default:
        return fail('model_type', family, `one of ${FAMILIES.join(', ')}`);
    }
  })();
  if (config.width % config.heads !== 0 && !('headWidth' in config))
    fail('hidden_size', config.width, `a multiple of the ${config.heads} heads`);
  return config;
}

function labelCount({ num_labels: count, id2label }: z.infer<typeof bertSchema>): number {
  return count ?? (Object.keys(id2label ?? {}).length || DEFAULT_LABELS);
}

type Fail = (field: string, found: unknown, expected: string) => never;

function activation(found: string, field: string, fail: Fail): ModelConfig['activation'] {
  if (found === 'gelu_pytorch_tanh' || found === 'gelu_new') return 'gelu_new';
  if (found === 'silu' || found === 'swish') return 'silu';
  if (found === 'gelu' || found === 'relu') return found;
  return fail(field, found, 'one of gelu, gelu_new, gelu_pytorch_tanh, silu, relu');
}

function toLlama(
  family: LlamaConfig['family'],
  c: z.infer<typeof llamaSchema>,
  fail: Fail,
): LlamaConfig {
  const keyValueHeads = c.num_key_value_heads ?? c.num_attention_heads;
  const headWidth = c.head_dim ?? c.hidden_size / c.num_attention_heads;
  if (!Number.isInteger(headWidth) || headWidth % 2 !== 0)
    fail('hidden_size', c.hidden_size, 'an even width for each attention head');
  if (c.num_attention_heads % keyValueHeads !== 0)
    fail('num_key_value_heads', keyValueHeads, `a divisor of ${c.num_attention_heads} heads`);
  const rope = c.rope_parameters ?? c.rope_scaling ?? {};
  return {
    family,
    vocabularySize: c.vocab_size,
    width: c.hidden_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    keyValueHeads,
    headWidth,
    innerWidth: c.intermediate_size,
    epsilon: c.rms_norm_eps,
    maxPositions: c.max_position_embeddings,
    activation: activation(c.hidden_act, 'hidden_act', fail),
    isTied: c.tie_word_embeddings ?? false,
    ropeTheta: rope.rope_theta ?? c.rope_theta ?? 10_000,
    ropeScaling: toScaling(rope, c.max_position_embeddings, fail),
    hasQueryKeyValueBias: family === 'qwen2' || (family !== 'mistral' && c.attention_bias),
    hasOutputBias: family !== 'qwen2' && family !== 'mistral' && c.attention_bias,
    hasMlpBias: family === 'llama' && c.mlp_bias,
    hasQueryKeyNorm: family === 'qwen3',
    windows: Array.from({ length: c.num_hidden_layers }, (_, layer) => windowOf(family, c, layer)),
  };
}

function windowOf(
  family: LlamaConfig['family'],
  c: z.infer<typeof llamaSchema>,
  layer: number,
): number | undefined {
  const window = c.sliding_window ?? undefined;
  if (family === 'llama') return undefined;
  if (family === 'mistral') return window;
  if (!c.use_sliding_window) return undefined;
  const kind = c.layer_types?.[layer];
  if (kind !== undefined) return kind === 'sliding_attention' ? window : undefined;
  return layer >= (c.max_window_layers ?? 28) ? window : undefined;
}

function toScaling(rope: Rope, maxPositions: number, fail: Fail): RopeScaling {
  const kind = rope.rope_type ?? rope.type ?? 'default';
  const factor = rope.factor ?? 1;
  const originalPositions = rope.original_max_position_embeddings ?? maxPositions;
  switch (kind) {
    case 'default':
      return { kind };
    case 'linear':
    case 'dynamic':
      return { kind, factor };
    case 'llama3':
      return {
        kind,
        factor,
        lowFrequencyFactor: rope.low_freq_factor ?? 1,
        highFrequencyFactor: rope.high_freq_factor ?? 4,
        originalPositions,
      };
    case 'yarn': {
      const scaleOf = (weight: number): number =>
        factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
      const attentionFactor =
        rope.attention_factor ??
        (rope.mscale !== undefined && rope.mscale_all_dim !== undefined
          ? scaleOf(rope.mscale) / scaleOf(rope.mscale_all_dim)
          : scaleOf(1));
      return {
        kind,
        factor,
        betaFast: rope.beta_fast ?? 32,
        betaSlow: rope.beta_slow ?? 1,
        attentionFactor,
        originalPositions,
        truncate: rope.truncate ?? true,
      };
    }
    default:
      return fail('rope_scaling.rope_type', kind, 'one of default, linear, dynamic, llama3, yarn');
  }
}
