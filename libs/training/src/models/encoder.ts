import { add, tanh } from '../tensor/elementwise.js';
import { reshape, slice } from '../tensor/layout.js';
import { layerNorm } from '../tensor/network.js';
import type { Tensor } from '../tensor/trace.js';
import { attend, joinHeads, splitHeads } from './attention.js';
import { activate } from './decoder.js';
import type { BertConfig } from './model-config.js';
import type { ModelScope } from './model-scope.js';

/** What an encoder reads; all int32 [batch, length] but the bias. */
export interface EncoderInput {
  readonly ids: Tensor;
  readonly typeIds: Tensor;
  readonly positions: Tensor;
  /** Added to the attention scores: 0 for tokens, very negative for padding. */
  readonly bias?: Tensor;
}

/** Traces a BERT encoder. Gives the hidden states, [batch · length, width]. */
export function encoderStates(config: BertConfig, scope: ModelScope, input: EncoderInput): Tensor {
  const { width, heads, epsilon } = config;
  const [batch = 1, length = 1] = input.ids.shape;
  const prefix = encoderPrefix(config);
  const norm = (name: string, x: Tensor): Tensor =>
    layerNorm(
      x,
      scope.parameter(`${prefix}${name}.weight`, [width]),
      scope.parameter(`${prefix}${name}.bias`, [width]),
      epsilon,
    );
  const linear = (name: string, x: Tensor, outputs: number): Tensor =>
    scope.linear({ name: `${prefix}${name}`, x, outputs, hasBias: true });
  const look = (name: string, rows: number, ids: Tensor): Tensor =>
    scope.rows(`${prefix}embeddings.${name}_embeddings.weight`, [rows, width], ids);
  const embedded = add(
    add(
      look('word', config.vocabularySize, input.ids),
      look('token_type', config.typeVocabularySize, input.typeIds),
    ),
    look('position', config.maxPositions, input.positions),
  );
  let x = norm('embeddings.LayerNorm', reshape(embedded, [batch * length, width]));
  const { bias } = input;
  for (let layer = 0; layer < config.layers; layer++) {
    scope.onLayer?.();
    const at = `encoder.layer.${layer}`;
    const part = (name: string): Tensor =>
      splitHeads(linear(`${at}.attention.self.${name}`, x, width), batch, heads);
    const seen = attend({
      q: part('query'),
      k: part('key'),
      v: part('value'),
      ...(bias === undefined ? {} : { bias }),
    });
    const mixed = linear(`${at}.attention.output.dense`, joinHeads(seen), width);
    x = norm(`${at}.attention.output.LayerNorm`, add(mixed, x));
    const inner = activate(config, linear(`${at}.intermediate.dense`, x, config.innerWidth));
    x = norm(`${at}.output.LayerNorm`, add(linear(`${at}.output.dense`, inner, width), x));
  }
  scope.onLayer?.();
  return x;
}

/** Traces the scores of the labels, [batch, labels]: classifier(tanh(pooler(first state))). */
export function classifierLogits(
  { width, head }: BertConfig,
  scope: ModelScope,
  { states, batch }: { readonly states: Tensor; readonly batch: number },
): Tensor {
  const first = slice(reshape(states, [batch, -1, width]), 1, 0, 1);
  const pooled = scope.linear({
    name: POOLER,
    x: reshape(first, [batch, width]),
    outputs: width,
    hasBias: true,
  });
  return scope.linear({
    name: CLASSIFIER,
    x: tanh(pooled),
    outputs: head?.labels ?? 1,
    hasBias: true,
  });
}

/** What stands before the encoder's own names: where there is a head, the encoder is a part of the model. */
export function encoderPrefix({ head }: BertConfig): '' | 'bert.' {
  return head === undefined ? '' : 'bert.';
}

/** The modules of a head, by name. */
export const POOLER = 'bert.pooler.dense';
export const CLASSIFIER = 'classifier';
