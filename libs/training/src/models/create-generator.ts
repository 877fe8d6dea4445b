import type { TensorGraph, TensorProgram, TensorState } from '@espalier/core';
import { ModelConfigError } from '../errors.js';
import { withLora } from '../lora/lora-scope.js';
import { pad, reshape, slice } from '../tensor/layout.js';
import { and, equal, less, not, sub, where } from '../tensor/elementwise.js';
import { createTrace, type Tensor } from '../tensor/trace.js';
import { causalBias, MASKED } from './attention-bias.js';
import { decoderLogits, decoderStates } from './decoder.js';
import type { LoadedModel } from './load-model.js';
import type { DecoderConfig } from './model-config.js';
import { createModelScope } from './model-scope.js';

/** The least room that a cache is made with. */
const MIN_CONTEXT = 64;
const CACHE = 'cache';

/** Generates greedily, with a cache of keys and values. */
export interface Generator {
  generate(options: {
    readonly ids: readonly number[];
    readonly maxTokens: number;
    readonly stopIds?: readonly number[];
    readonly abortSignal?: AbortSignal;
  }): Promise<number[]>;
  dispose(): Promise<void>;
}

/** Creates a generator; its two programs are compiled for each length of prompt and size of cache. */
export function createGenerator(model: LoadedModel): Generator {
  const { config, backend } = model;
  const programs = new Map<string, Promise<TensorProgram>>();
  const compile = (key: string, trace: () => TensorGraph): Promise<TensorProgram> => {
    const made = programs.get(key) ?? backend.compile(trace(), { state: model.state });
    programs.set(key, made);
    return made;
  };
  return {
    async generate({ ids, maxTokens, stopIds = [], abortSignal }) {
      if (config.family === 'bert')
        throw new ModelConfigError({
          file: model.folder,
          field: 'model_type',
          found: config.family,
          expected: 'a decoder to generate text',
        });
      const total = Math.min(ids.length + maxTokens, config.maxPositions);
      if (total <= ids.length) return [...ids];
      let context = MIN_CONTEXT;
      while (context < total) context *= 2;
      await emptyCache(model.state, config, context);
      const prompt = await compile(`prompt ${ids.length} ${context}`, () =>
        traceStep(model, config, { length: ids.length, context, isPrompt: true }),
      );
      const next = await compile(`next ${context}`, () =>
        traceStep(model, config, { length: 1, context, isPrompt: false }),
      );
      const all = [...ids];
      while (all.length < total) {
        abortSignal?.throwIfAborted();
        const isPrompt = all.length === ids.length;
        const fed = isPrompt ? ids : all.slice(-1);
        const { logits } = await (isPrompt ? prompt : next).step({
          ids: { dtype: 'int32', shape: [1, fed.length], data: Int32Array.from(fed) },
          ...(isPrompt
            ? {}
            : { position: { dtype: 'int32', shape: [], data: Int32Array.of(all.length - 1) } }),
        });
        const id = likeliest(logits?.data as Float32Array);
        all.push(id);
        if (stopIds.includes(id)) break;
      }
      return all;
    },
    async dispose() {
      for (const made of programs.values()) await (await made).dispose();
      programs.clear();
    },
  };
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if ((logits[i] ?? 0) > (logits[best] ?? 0)) best = i;
  return best;
}

function cacheShape(config: DecoderConfig, context: number): number[] {
  const isGpt2 = config.family === 'gpt2';
  const heads = isGpt2 ? config.heads : config.keyValueHeads;
  return [1, heads, context, isGpt2 ? config.width / config.heads : config.headWidth];
}

async function emptyCache(
  state: TensorState,
  config: DecoderConfig,
  context: number,
): Promise<void> {
  const shape = cacheShape(config, context);
  const count = shape.reduce((product, size) => product * size, 1);
  for (let layer = 0; layer < config.layers; layer++)
    for (const part of ['k', 'v'])
      await state.write(`${CACHE}.${layer}.${part}`, {
        dtype: 'float32',
        shape,
        data: new Float32Array(count),
      });
}

/** Reads `length` tokens, extends the cache, and gives the scores after the last of them. */
function traceStep(
  model: LoadedModel,
  config: DecoderConfig,
  { length, context, isPrompt }: { length: number; context: number; isPrompt: boolean },
): TensorGraph {
  const trace = createTrace();
  const plain = createModelScope(trace);
  const scope = model.adapter === undefined ? plain : withLora(plain, model.adapter);
  const ids = trace.feed('ids', { dtype: 'int32', shape: [1, length] });
  const range = (count: number, shape: readonly number[]): Tensor =>
    trace.constant({
      dtype: 'int32',
      shape,
      data: Int32Array.from({ length: count }, (_, i) => i),
    });
  const position = isPrompt ? undefined : trace.feed('position', { dtype: 'int32', shape: [] });
  const isHere =
    position === undefined ? undefined : equal(range(context, [1, 1, context, 1]), position);
  const positions = position === undefined ? range(length, [1, length]) : reshape(position, [1, 1]);
  const shape = cacheShape(config, context);
  const states = decoderStates(config, scope, {
    ids,
    positions,
    maxPositions: Math.min(context, config.maxPositions),
    bias(window) {
      if (position === undefined) return trace.constant(causalBias({ length, window }));
      return decodeBias({ columns: range(context, [1, context]), position, window });
    },
    cache(layer, k, v) {
      const keep = (part: 'k' | 'v', fresh: Tensor): Tensor => {
        const name = `${CACHE}.${layer}.${part}`;
        const old = trace.state(name, { dtype: 'float32', shape });
        const all =
          isHere === undefined ? pad(fresh, 2, 0, context - length) : where(isHere, fresh, old);
        trace.update(name, all);
        return isHere === undefined ? fresh : all;
      };
      return { k: keep('k', k), v: keep('v', v) };
    },
  });
  const last = slice(states, 0, length - 1, 1);
  trace.output('logits', decoderLogits(config, scope, last));
  return trace.finish();
}

/** 0 for columns up to the position and inside the window, else very negative. */
function decodeBias(options: {
  readonly columns: Tensor;
  readonly position: Tensor;
  readonly window: number | undefined;
}): Tensor {
  const { columns, position, window } = options;
  const isPast = not(less(position, columns));
  const isSeen = window === undefined ? isPast : and(isPast, less(sub(position, window), columns));
  return where(isSeen, 0, MASKED);
}
