import type { DecoderConfig } from '../models/model-config.js';
import { ropeFactors } from '../models/rope-tables.js';

/** How one weight of a model is stored. */
export interface PlannedTensor {
  /** Its name in llama.cpp. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether the number type may be a coarser one than float32. */
  readonly isQuantised: boolean;
  /** Brings the values into the order of the file. */
  arrange(values: Float32Array): Float32Array;
}

const LLAMA_LAYER: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'self_attn.q_norm': 'attn_q_norm',
  'self_attn.k_norm': 'attn_k_norm',
  post_attention_layernorm: 'ffn_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
};
const GPT2_LAYER: Readonly<Record<string, string>> = {
  ln_1: 'attn_norm',
  'attn.c_attn': 'attn_qkv',
  'attn.c_proj': 'attn_output',
  ln_2: 'ffn_norm',
  'mlp.c_fc': 'ffn_up',
  'mlp.c_proj': 'ffn_down',
};
const OUTSIDE: Readonly<Record<string, string>> = {
  'model.embed_tokens': 'token_embd',
  'model.norm': 'output_norm',
  lm_head: 'output',
  'transformer.wte': 'token_embd',
  'transformer.wpe': 'position_embd',
  'transformer.ln_f': 'output_norm',
};

/** The name of a module in llama.cpp, e.g. `blk.0.attn_q` for `model.layers.0.self_attn.q_proj`. */
export function ggufModule(module: string): string {
  const layer = /^(?:model\.layers|transformer\.h)\.(\d+)\.(.+)$/u.exec(module);
  const [, number = '', part = ''] = layer ?? [];
  const inner = LLAMA_LAYER[part] ?? GPT2_LAYER[part];
  return inner === undefined ? (OUTSIDE[module] ?? module) : `blk.${number}.${inner}`;
}

/** How a weight is stored: its name, and its rows or axes in llama.cpp's order. */
export function planTensor(
  config: DecoderConfig,
  name: string,
  shape: readonly number[],
): PlannedTensor {
  const dot = name.lastIndexOf('.');
  const module = name.slice(0, dot);
  const [rows = 1, columns = 1] = shape;
  const isTurned = config.family === 'gpt2' && shape.length === 2 && /\.c_[a-z]+$/u.test(module);
  return {
    name: `${ggufModule(module)}${name.slice(dot)}`,
    shape: isTurned ? [columns, rows] : shape,
    isQuantised: shape.length > 1 && module !== 'transformer.wpe',
    arrange: (values) =>
      isTurned
        ? transposed(values, rows, columns)
        : interleaveRows(config, module, values, columns * Number(shape.length > 1) || 1),
  };
}

/**
 * Puts the rows of a query or key projection into pairs: the model turns entry i with entry i + width / 2 of a head,
 * llama.cpp's `llama` turns neighbours.
 */
export function interleaveRows(
  config: DecoderConfig,
  module: string,
  values: Float32Array,
  rowWidth: number,
): Float32Array {
  const isLlama = config.family === 'llama' || config.family === 'mistral';
  if (!isLlama || !/\.self_attn\.[qk]_proj$/u.test(module)) return values;
  const { headWidth } = config;
  const out = new Float32Array(values.length);
  for (let row = 0; row * rowWidth < values.length; row++) {
    const inside = row % headWidth;
    const from = row - inside + (inside % 2) * (headWidth / 2) + (inside >> 1);
    out.set(values.subarray(from * rowWidth, (from + 1) * rowWidth), row * rowWidth);
  }
  return out;
}

/** The tensor of factors that frequencies are divided by, for the scaling by parts of Llama 3; undefined: none. */
export function ropeFactorTensor(
  config: DecoderConfig,
): { name: string; values: Float32Array } | undefined {
  if (config.family === 'gpt2' || config.ropeScaling.kind !== 'llama3') return undefined;
  return { name: 'rope_freqs.weight', values: ropeFactors(config) };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c] ?? 0;
  return out;
}
