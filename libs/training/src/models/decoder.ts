import { add, gelu, geluTanh, mul, relu, silu } from '../tensor/elementwise.js';
import { reshape, slice } from '../tensor/layout.js';
import { layerNorm, rmsNorm, rotary } from '../tensor/network.js';
import type { Tensor } from '../tensor/trace.js';
import { attend, joinHeads, splitHeads } from './attention.js';
import type { DecoderConfig, Gpt2Config, LlamaConfig, ModelConfig } from './model-config.js';
import type { ModelScope } from './model-scope.js';
import { ropeTables } from './rope-tables.js';

/** What a decoder reads. */
export interface DecoderInput {
  /** int32 [batch, length]. */
  readonly ids: Tensor;
  /** int32 [batch, length]: the place of each token in its text. */
  readonly positions: Tensor;
  /** How many positions there can be; sizes the rotary tables. */
  readonly maxPositions: number;
  /** Whether the text is read token by token, so that each meets the frequencies of its own length. */
  readonly isStepwise?: boolean;
  /** What is added to the attention scores of a layer: 0 where a token is seen, else very negative. */
  bias(window: number | undefined): Tensor | undefined;
  /** Puts keys and values of a layer into a cache and gives what to attend to. Shapes: [batch, heads, length, width]. */
  readonly cache?: (layer: number, k: Tensor, v: Tensor) => { k: Tensor; v: Tensor };
}

const ACTIVATION = { gelu, gelu_new: geluTanh, silu, relu };

/** The function of a model's `hidden_act`. */
export function activate(config: ModelConfig, x: Tensor): Tensor {
  return ACTIVATION[config.activation](x);
}

/** Traces a decoder up to its last norm. Gives the hidden states, [batch · length, width]. */
export function decoderStates(
  config: DecoderConfig,
  scope: ModelScope,
  input: DecoderInput,
): Tensor {
  return config.family === 'gpt2'
    ? gpt2States(config, scope, input)
    : llamaStates(config, scope, input);
}

/** Scores of the next token. Shapes: states [rows, width] → [rows, vocabulary]. */
export function decoderLogits(config: DecoderConfig, scope: ModelScope, states: Tensor): Tensor {
  const outputs = config.vocabularySize;
  if (!config.isTied) return scope.linear({ name: 'lm_head', x: states, outputs, hasBias: false });
  const name = config.family === 'gpt2' ? 'transformer.wte.weight' : 'model.embed_tokens.weight';
  return scope.product(name, states, outputs);
}

function llamaStates(config: LlamaConfig, scope: ModelScope, input: DecoderInput): Tensor {
  const { width, heads, keyValueHeads, headWidth, epsilon } = config;
  const { ids, positions } = input;
  const [batch = 1, length = 1] = ids.shape;
  const tables = ropeTables(config, input.maxPositions, input.isStepwise);
  const shape = [input.maxPositions, headWidth / 2];
  const cosines = scope.trace.constant({ dtype: 'float32', shape, data: tables.cosines });
  const sines = scope.trace.constant({ dtype: 'float32', shape, data: tables.sines });
  const norm = (name: string, x: Tensor): Tensor =>
    rmsNorm(x, scope.parameter(`${name}.weight`, [x.shape.at(-1) ?? 1]), epsilon);
  const table = [config.vocabularySize, width];
  let x = reshape(scope.rows('model.embed_tokens.weight', table, ids), [batch * length, width]);
  for (let layer = 0; layer < config.layers; layer++) {
    scope.onLayer?.();
    const at = `model.layers.${layer}`;
    const normal = norm(`${at}.input_layernorm`, x);
    const project = (part: string, count: number): Tensor =>
      splitHeads(
        scope.linear({
          name: `${at}.self_attn.${part}_proj`,
          x: normal,
          outputs: count * headWidth,
          hasBias: config.hasQueryKeyValueBias,
        }),
        batch,
        count,
      );
    const turned = (part: 'q' | 'k', count: number): Tensor => {
      const split = project(part, count);
      const ready = config.hasQueryKeyNorm ? norm(`${at}.self_attn.${part}_norm`, split) : split;
      return rotary({ x: ready, positions, cosines, sines });
    };
    const own = { k: turned('k', keyValueHeads), v: project('v', keyValueHeads) };
    const { k, v } = input.cache?.(layer, own.k, own.v) ?? own;
    const bias = input.bias(config.windows[layer]);
    const seen = attend({
      q: turned('q', heads),
      k,
      v,
      ...(bias === undefined ? {} : { bias }),
    });
    x = add(
      x,
      scope.linear({
        name: `${at}.self_attn.o_proj`,
        x: joinHeads(seen),
        outputs: width,
        hasBias: config.hasOutputBias,
      }),
    );
    const inner = norm(`${at}.post_attention_layernorm`, x);
    const mlp = (part: string, from: Tensor, outputs: number): Tensor =>
      scope.linear({
        name: `${at}.mlp.${part}_proj`,
        x: from,
        outputs,
        hasBias: config.hasMlpBias,
      });
    const gate = activate(config, mlp('gate', inner, config.innerWidth));
    x = add(x, mlp('down', mul(gate, mlp('up', inner, config.innerWidth)), width));
  }
  scope.onLayer?.();
  return norm('model.norm', x);
}

function gpt2States(config: Gpt2Config, scope: ModelScope, input: DecoderInput): Tensor {
  const { width, heads, epsilon } = config;
  const { ids, positions } = input;
  const [batch = 1, length = 1] = ids.shape;
  const norm = (name: string, x: Tensor): Tensor =>
    layerNorm(
      x,
      scope.parameter(`${name}.weight`, [width]),
      scope.parameter(`${name}.bias`, [width]),
      epsilon,
    );
  const conv = (name: string, x: Tensor, outputs: number): Tensor =>
    scope.linear({ name, x, outputs, hasBias: true, isConv1d: true });
  const tokens = scope.rows('transformer.wte.weight', [config.vocabularySize, width], ids);
  const places = scope.rows('transformer.wpe.weight', [config.maxPositions, width], positions);
  let x = reshape(add(tokens, places), [batch * length, width]);
  for (let layer = 0; layer < config.layers; layer++) {
    scope.onLayer?.();
    const at = `transformer.h.${layer}`;
    const joined = conv(`${at}.attn.c_attn`, norm(`${at}.ln_1`, x), 3 * width);
    const part = (index: number): Tensor =>
      splitHeads(slice(joined, 1, index * width, width), batch, heads);
    const own = { k: part(1), v: part(2) };
    const { k, v } = input.cache?.(layer, own.k, own.v) ?? own;
    const bias = input.bias(undefined);
    const seen = attend({ q: part(0), k, v, ...(bias === undefined ? {} : { bias }) });
    x = add(x, conv(`${at}.attn.c_proj`, joinHeads(seen), width));
    const inner = conv(`${at}.mlp.c_fc`, norm(`${at}.ln_2`, x), config.innerWidth);
    x = add(x, conv(`${at}.mlp.c_proj`, activate(config, inner), width));
  }
  scope.onLayer?.();
  return norm('transformer.ln_f', x);
}
