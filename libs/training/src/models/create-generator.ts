import {
  createSeededRandom,
  type Random,
  type TensorData,
  type TensorGraph,
  type TensorProgram,
  type TensorState,
} from '@espalier/core';
import { ModelConfigError } from '../errors.js';
import { withLora } from '../lora/lora-scope.js';
import { pad, reshape } from '../tensor/layout.js';
import { gather } from '../tensor/network.js';
import { and, equal, expand, less, not, sub, where } from '../tensor/elementwise.js';
import { createTrace, type Tensor } from '../tensor/trace.js';
import { causalBias, MASKED } from './attention-bias.js';
import { decoderLogits, decoderStates } from './decoder.js';
import type { LoadedModel } from './load-model.js';
import type { DecoderConfig } from './model-config.js';
import { createModelScope } from './model-scope.js';
import { positionLimit } from './position-limit.js';
import {
  likeliestTokens,
  sampleToken,
  type SamplingOptions,
  type TokenLikelihood,
} from './sample-token.js';

/** The least room that a cache is made with. */
const MIN_CONTEXT = 64;
const CACHE = 'cache';

/** Prompts in steps of so many tokens share one program; what fills them up is read by nobody. */
const PROMPT_STEP = 16;
/** Compiled programs kept. */
const MAX_PROGRAMS = 8;

/** What holds for one row only; what is absent holds as for all. */
export interface GenerateRowOptions {
  readonly maxTokens?: number;
  readonly sampling?: SamplingOptions;
  readonly alternatives?: number;
  /** Where the row draws from, in place of its seed. */
  readonly random?: Random;
  /** How many ids at the end of its prompt were generated before; penalties count them. */
  readonly generatedBefore?: number;
}

/** What is to be generated. */
export interface GenerateOptions {
  /** Prompts, which are continued side by side. */
  readonly rows: readonly (readonly number[])[];
  /** Tokens added to each at most; the model's positions end it too. */
  readonly maxTokens: number;
  /** Ids that end a row; they are given. */
  readonly stopIds?: readonly number[];
  /** Texts that end a row; needs `decode`. */
  readonly stopTexts?: readonly string[];
  /** The text of ids. */
  readonly decode?: (ids: readonly number[]) => string;
  readonly sampling?: SamplingOptions;
  /** How many of the likeliest tokens are told beside each chosen one. Default 0. */
  readonly alternatives?: number;
  /** Row r of a batch draws what a row alone draws with `seed` + r. Default 0. */
  readonly seed?: number;
  /** Entry r is of row r. */
  readonly perRow?: readonly GenerateRowOptions[];
  /** Asked before each step: whether nobody waits for a row any more. */
  readonly isEnded?: (row: number) => boolean;
  readonly abortSignal?: AbortSignal;
}

/** A token as soon as it is there. */
export interface GeneratedToken extends TokenLikelihood {
  readonly row: number;
  /** The likeliest tokens at its place, the likeliest first; where `alternatives` asks for them. */
  readonly alternatives?: readonly TokenLikelihood[];
  /** Why the row ends with this token. */
  readonly stop?: 'token' | 'text' | 'length';
}

/** Continues prompts with a cache of keys and values. */
export interface Generator {
  generate(options: GenerateOptions): AsyncGenerator<GeneratedToken, void>;
  dispose(): Promise<void>;
}

/** A prompt and what came after it. */
interface Row {
  readonly prompt: readonly number[];
  readonly generated: number[];
  /** As penalties see it: what was generated before is no prompt. */
  readonly history: { readonly prompt: readonly number[]; readonly generated: number[] };
  readonly sampling: SamplingOptions;
  readonly alternatives: number;
  readonly limit: number;
  readonly random: Random;
  isOpen: boolean;
}

/** Creates a generator; its programs are compiled for each number of rows, step of prompt length and size of cache. */
export function createGenerator(model: LoadedModel): Generator {
  const { config, backend } = model;
  const programs = new Map<string, Promise<TensorProgram>>();
  const compile = async (key: string, trace: () => TensorGraph): Promise<TensorProgram> => {
    const made = programs.get(key) ?? backend.compile(trace(), { state: model.state });
    programs.delete(key);
    programs.set(key, made);
    const [oldest] = programs;
    if (programs.size > MAX_PROGRAMS && oldest !== undefined) {
      programs.delete(oldest[0]);
      await (await oldest[1]).dispose();
    }
    return made;
  };
  return {
    async *generate(options) {
      if (config.family === 'bert')
        throw new ModelConfigError({
          file: model.folder,
          field: 'model_type',
          found: config.family,
          expected: 'a decoder to generate text',
        });
      const positions = positionLimit(config);
      const rows = options.rows.map((prompt, index): Row => {
        const own = options.perRow?.[index] ?? {};
        const split = prompt.length - (own.generatedBefore ?? 0);
        const limit = Math.min(own.maxTokens ?? options.maxTokens, positions - prompt.length);
        return {
          prompt,
          generated: [],
          history: { prompt: prompt.slice(0, split), generated: prompt.slice(split) },
          sampling: own.sampling ?? options.sampling ?? {},
          alternatives: own.alternatives ?? options.alternatives ?? 0,
          limit,
          random: own.random ?? createSeededRandom((options.seed ?? 0) + index),
          isOpen: limit > 0,
        };
      });
      const closeEnded = (): void => {
        for (const [index, row] of rows.entries())
          if (options.isEnded?.(index) === true) row.isOpen = false;
      };
      closeEnded();
      if (!rows.some(({ isOpen }) => isOpen)) return;
      const batch = rows.length;
      const longest = Math.max(...rows.map(({ prompt }) => prompt.length));
      // Beyond the trained positions frequencies depend on the length, so that nothing may fill it up.
      const length =
        longest > config.maxPositions
          ? longest
          : Math.min(Math.ceil(longest / PROMPT_STEP) * PROMPT_STEP, config.maxPositions);
      const total = Math.max(...rows.map(({ prompt, limit }) => prompt.length + limit), length);
      let context = MIN_CONTEXT;
      while (context < total) context *= 2;
      await emptyCache(model.state, config, { batch, context });
      const prompt = await compile(`prompt ${batch} ${length} ${context}`, () =>
        traceStep(model, config, { batch, length, context, isPrompt: true }),
      );
      const next = await compile(`next ${batch} ${context}`, () =>
        traceStep(model, config, { batch, length: 1, context, isPrompt: false }),
      );
      for (let step = 0; ; step++) {
        closeEnded();
        if (!rows.some(({ isOpen }) => isOpen)) return;
        options.abortSignal?.throwIfAborted();
        const { logits } = await (step === 0
          ? prompt.step(promptFeeds(rows, length))
          : next.step(nextFeeds(rows)));
        const scores = logits?.data as Float32Array;
        const width = scores.length / batch;
        for (const [index, row] of rows.entries()) {
          if (!row.isOpen) continue;
          const own = scores.subarray(index * width, (index + 1) * width);
          const { sampling, alternatives, history, random } = row;
          const drawn = sampleToken(own, sampling, history, random);
          const likeliest = alternatives > 0 && {
            alternatives: likeliestTokens(own, alternatives),
          };
          row.generated.push(drawn.id);
          history.generated.push(drawn.id);
          const stop = stopOf(row, options);
          row.isOpen = stop === undefined;
          yield { row: index, ...drawn, ...likeliest, ...(stop && { stop }) };
        }
      }
    },
    async dispose() {
      for (const made of programs.values()) await (await made).dispose();
      programs.clear();
    },
  };
}

function stopOf(row: Row, options: GenerateOptions): GeneratedToken['stop'] {
  const { stopIds = [], stopTexts = [], decode } = options;
  if (stopIds.includes(row.generated.at(-1) ?? -1)) return 'token';
  if (stopTexts.length > 0 && decode !== undefined) {
    const text = decode(row.generated);
    if (stopTexts.some((stop) => text.includes(stop))) return 'text';
  }
  return row.generated.length >= row.limit ? 'length' : undefined;
}

function int32(shape: readonly number[], values: readonly number[]): TensorData {
  return { dtype: 'int32', shape, data: Int32Array.from(values) };
}

/** Prompts filled up on the right; no token sees what comes after it, and the cache is written over. */
function promptFeeds(rows: readonly Row[], length: number): Record<string, TensorData> {
  return {
    ids: int32(
      [rows.length, length],
      rows.flatMap(({ prompt }) => Array.from({ length }, (_, i) => prompt[i] ?? 0)),
    ),
    last: int32(
      [rows.length],
      rows.map(({ prompt }, index) => index * length + prompt.length - 1),
    ),
  };
}

/** The latest token of each row; rows that have ended repeat theirs. */
function nextFeeds(rows: readonly Row[]): Record<string, TensorData> {
  return {
    ids: int32(
      [rows.length, 1],
      rows.map(({ prompt, generated }) => generated.at(-1) ?? prompt.at(-1) ?? 0),
    ),
    position: int32(
      [rows.length],
      rows.map(({ prompt, generated }) => prompt.length + Math.max(generated.length, 1) - 1),
    ),
  };
}

function cacheShape(
  config: DecoderConfig,
  { batch, context }: { readonly batch: number; readonly context: number },
): number[] {
  const isGpt2 = config.family === 'gpt2';
  const heads = isGpt2 ? config.heads : config.keyValueHeads;
  return [batch, heads, context, isGpt2 ? config.width / config.heads : config.headWidth];
}

async function emptyCache(
  state: TensorState,
  config: DecoderConfig,
  size: { readonly batch: number; readonly context: number },
): Promise<void> {
  const shape = cacheShape(config, size);
  const count = shape.reduce((product, size) => product * size, 1);
  for (let layer = 0; layer < config.layers; layer++)
    for (const part of ['k', 'v'])
      await state.write(`${CACHE}.${layer}.${part}`, {
        dtype: 'float32',
        shape,
        data: new Float32Array(count),
      });
}

/** Reads `length` tokens of each row, extends the cache, and gives the scores after the last. Shape: [batch, vocabulary]. */
function traceStep(
  model: LoadedModel,
  config: DecoderConfig,
  options: { batch: number; length: number; context: number; isPrompt: boolean },
): TensorGraph {
  const { batch, length, context, isPrompt } = options;
  const trace = createTrace();
  const plain = createModelScope(trace, model);
  const scope = model.adapter === undefined ? plain : withLora(plain, model.adapter);
  const ids = trace.feed('ids', { dtype: 'int32', shape: [batch, length] });
  const range = (count: number, shape: readonly number[]): Tensor =>
    trace.constant({
      dtype: 'int32',
      shape,
      data: Int32Array.from({ length: count }, (_, i) => i),
    });
  const position = isPrompt
    ? undefined
    : trace.feed('position', { dtype: 'int32', shape: [batch] });
  const place = position && reshape(position, [batch, 1, 1, 1]);
  const isHere = place === undefined ? undefined : equal(range(context, [1, 1, context, 1]), place);
  const positions =
    position === undefined
      ? expand(range(length, [1, length]), [batch, length])
      : reshape(position, [batch, 1]);
  const shape = cacheShape(config, options);
  const states = decoderStates(config, scope, {
    ids,
    positions,
    maxPositions: isPrompt ? length : Math.min(context, positionLimit(config)),
    isStepwise: !isPrompt,
    bias(window) {
      if (place === undefined) return trace.constant(causalBias({ length, window }));
      return decodeBias({ columns: range(context, [1, 1, 1, context]), position: place, window });
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
  const last = isPrompt
    ? gather(states, trace.feed('last', { dtype: 'int32', shape: [batch] }))
    : states;
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
