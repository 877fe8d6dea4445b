import type { BertConfig, Gpt2Config, LlamaConfig, ModelConfig } from '../models/model-config.js';
import { CLASSIFIER, encoderPrefix, POOLER } from '../models/encoder.js';
import type { Pooling } from '../models/pool-states.js';
import { inverseFrequencies } from '../models/rope-tables.js';
import { maskBias, type GraphLayers } from './graph-layers.js';

/**
 * Builds the graph of a model. Inputs `input_ids`, `attention_mask`, for encoders `token_type_ids`; [batch, length].
 *
 * `pooling` says how an encoder without a head makes one vector of a text.
 */
export function buildModelGraph(
  config: ModelConfig,
  layers: GraphLayers,
  pooling: Pooling = 'mean',
): void {
  const { op, int } = layers.builder;
  const length = op('Gather', [op('Shape', ['input_ids']), int(1)]);
  const positions = op('Range', [int(0), length, int(1)]);
  switch (config.family) {
    case 'bert':
      return buildBert(config, layers, { positions, pooling });
    case 'gpt2':
      return buildGpt2(config, layers, positions);
    default:
      return buildLlama(config, layers, positions);
  }
}

function buildLlama(config: LlamaConfig, layers: GraphLayers, positions: string): void {
  const { builder, linear, rmsNorm } = layers;
  const { op } = builder;
  const { heads, keyValueHeads, headWidth } = config;
  const turn = rotation(config, layers, positions);
  const biases = new Map(
    [...new Set(config.windows)].map((window) => [
      window,
      maskBias(builder, { positions, isCausal: true, ...(window !== undefined && { window }) }),
    ]),
  );
  const table = 'model.embed_tokens.weight';
  let x = layers.lookUp(table, 'input_ids');
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`;
    const normal = rmsNorm(`${at}.input_layernorm`, x);
    const project = (part: string, count: number): string => {
      const y = linear(`${at}.self_attn.${part}_proj`, normal, {
        hasBias: config.hasQueryKeyValueBias,
      });
      return layers.splitHeads(y, count, headWidth);
    };
    const turned = (part: 'q' | 'k', count: number): string => {
      const split = project(part, count);
      return turn(config.hasQueryKeyNorm ? rmsNorm(`${at}.self_attn.${part}_norm`, split) : split);
    };
    const seen = layers.attend({
      q: turned('q', heads),
      k: turned('k', keyValueHeads),
      v: project('v', keyValueHeads),
      bias: biases.get(config.windows[layer]) ?? '',
      heads,
      keyValueHeads,
      width: headWidth,
    });
    const mixed = linear(`${at}.self_attn.o_proj`, layers.joinHeads(seen), {
      hasBias: config.hasOutputBias,
    });
    x = op('Add', [x, mixed]);
    const inner = rmsNorm(`${at}.post_attention_layernorm`, x);
    const mlp = (part: string, from: string): string =>
      linear(`${at}.mlp.${part}_proj`, from, { hasBias: config.hasMlpBias });
    const gated = op('Mul', [layers.activate(mlp('gate', inner)), mlp('up', inner)]);
    x = op('Add', [x, mlp('down', gated)]);
  }
  const last = rmsNorm('model.norm', x);
  builder.output(
    'logits',
    config.isTied ? layers.tiedLinear(table, last) : linear('lm_head', last, { hasBias: false }),
  );
}

/** Turns entry i with entry i + width / 2 of each head by position · frequency. */
function rotation(
  config: LlamaConfig,
  { builder }: GraphLayers,
  positions: string,
): (x: string) => string {
  const { op, ints, float, floats } = builder;
  const { frequencies, scale } = inverseFrequencies(config, config.maxPositions);
  const half = config.headWidth / 2;
  const rows = op('Unsqueeze', [op('Cast', [positions], { to: 1 }), ints([1])]);
  const angles = op('Mul', [rows, floats('rope:frequencies', [half], frequencies)]);
  const [cosines, sines] = ['Cos', 'Sin'].map((of) => op('Mul', [op(of, [angles]), float(scale)]));
  const part = (x: string, from: number): string =>
    op('Slice', [x, ints([from]), ints([from + half]), ints([-1])]);
  return (x) => {
    const [low, high] = [part(x, 0), part(x, half)];
    const times = (y: string, factor = ''): string => op('Mul', [y, factor]);
    return op(
      'Concat',
      [
        op('Sub', [times(low, cosines), times(high, sines)]),
        op('Add', [times(high, cosines), times(low, sines)]),
      ],
      { axis: -1 },
    );
  };
}

function buildGpt2(config: Gpt2Config, layers: GraphLayers, positions: string): void {
  const { builder, layerNorm } = layers;
  const { op, ints } = builder;
  const { width, heads } = config;
  const conv = (name: string, x: string): string =>
    layers.linear(name, x, { hasBias: true, isConv1d: true });
  const bias = maskBias(builder, { positions, isCausal: true });
  const table = 'transformer.wte.weight';
  const places = op('Gather', [layers.weight('transformer.wpe.weight'), positions]);
  let x = op('Add', [layers.lookUp(table, 'input_ids'), places]);
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `transformer.h.${layer}`;
    const joined = conv(`${at}.attn.c_attn`, layerNorm(`${at}.ln_1`, x));
    const part = (index: number): string =>
      layers.splitHeads(
        op('Slice', [joined, ints([index * width]), ints([(index + 1) * width]), ints([-1])]),
        heads,
        width / heads,
      );
    const seen = layers.attend({
      q: part(0),
      k: part(1),
      v: part(2),
      bias,
      heads,
      keyValueHeads: heads,
      width: width / heads,
    });
    x = op('Add', [x, conv(`${at}.attn.c_proj`, layers.joinHeads(seen))]);
    const inner = conv(`${at}.mlp.c_fc`, layerNorm(`${at}.ln_2`, x));
    x = op('Add', [x, conv(`${at}.mlp.c_proj`, layers.activate(inner))]);
  }
  const last = layerNorm('transformer.ln_f', x);
  builder.output(
    'logits',
    config.isTied
      ? layers.tiedLinear(table, last)
      : layers.linear('lm_head', last, { hasBias: false }),
  );
}

function buildBert(
  config: BertConfig,
  layers: GraphLayers,
  { positions, pooling }: { readonly positions: string; readonly pooling: Pooling },
): void {
  const { builder, layerNorm } = layers;
  const { op } = builder;
  const { width, heads } = config;
  const linear = (name: string, x: string): string => layers.linear(name, x, { hasBias: true });
  const prefix = encoderPrefix(config);
  const table = (name: string): string => `${prefix}embeddings.${name}_embeddings.weight`;
  const words = layers.lookUp(table('word'), 'input_ids');
  const types = op('Gather', [layers.weight(table('token_type')), 'token_type_ids']);
  const places = op('Gather', [layers.weight(table('position')), positions]);
  const bias = maskBias(builder, { positions, isCausal: false });
  let x = layerNorm(
    `${prefix}embeddings.LayerNorm`,
    op('Add', [op('Add', [words, types]), places]),
  );
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `${prefix}encoder.layer.${layer}`;
    const part = (name: string): string =>
      layers.splitHeads(linear(`${at}.attention.self.${name}`, x), heads, width / heads);
    const seen = layers.attend({
      q: part('query'),
      k: part('key'),
      v: part('value'),
      bias,
      heads,
      keyValueHeads: heads,
      width: width / heads,
    });
    const mixed = linear(`${at}.attention.output.dense`, layers.joinHeads(seen));
    x = layerNorm(`${at}.attention.output.LayerNorm`, op('Add', [mixed, x]));
    const inner = layers.activate(linear(`${at}.intermediate.dense`, x));
    const outer = linear(`${at}.output.dense`, inner);
    x = layerNorm(`${at}.output.LayerNorm`, op('Add', [outer, x]));
  }
  if (config.head !== undefined) {
    const pooled = op('Tanh', [linear(POOLER, firstState(layers, x))]);
    builder.output('logits', linear(CLASSIFIER, pooled));
    return;
  }
  builder.output('last_hidden_state', x);
  const vector = pooling === 'cls' ? firstState(layers, x) : sumOfTokens(layers, x);
  builder.output(
    'sentence_embedding',
    op('Div', [vector, op('ReduceL2', [vector, builder.ints([-1])])]),
  );
}

/** The state of the first token, [batch, width]. */
function firstState({ builder }: GraphLayers, states: string): string {
  return builder.op('Gather', [states, builder.int(0)], { axis: 1 });
}

/** The sum of the tokens' states: at length 1 the same as their mean. */
function sumOfTokens({ builder }: GraphLayers, states: string): string {
  const { op, ints } = builder;
  const mask = op('Unsqueeze', [op('Cast', ['attention_mask'], { to: 1 }), ints([-1])]);
  return op('ReduceSum', [op('Mul', [states, mask]), ints([1])], { keepdims: 0 });
}
