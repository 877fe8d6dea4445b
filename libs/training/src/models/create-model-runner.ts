import type { TensorData, TensorProgram } from '@espalier/core';
import { ModelConfigError, TokenInputError } from '../errors.js';
import { withLora } from '../lora/lora-scope.js';
import { reshape } from '../tensor/layout.js';
import { createTrace } from '../tensor/trace.js';
import { causalBias } from './attention-bias.js';
import { decoderLogits, decoderStates } from './decoder.js';
import { classifierLogits, encoderStates } from './encoder.js';
import { createGenerator, type GeneratedToken, type GenerateOptions } from './create-generator.js';
import type { LoadedModel } from './load-model.js';
import { createModelScope } from './model-scope.js';
import { positionLimit } from './position-limit.js';
import { poolStates, type Pooling } from './pool-states.js';

/** Compiled programs kept; each belongs to one length. */
const MAX_PROGRAMS = 8;

/** One text as token ids. */
export interface TokenRow {
  readonly ids: readonly number[];
  /** BERT's segment of each token; all 0 if not given. */
  readonly typeIds?: readonly number[];
}

/** Runs a loaded model. */
export interface ModelRunner {
  /**
   * Scores of the next token after each position, [length][vocabulary]; for encoders their hidden states, [length][width];
   * for classifiers the scores of the labels, [1][labels].
   */
  logits(row: TokenRow): Promise<Float32Array[]>;
  /** One vector of an encoder for a text, not normalised. */
  embed(row: TokenRow, pooling?: Pooling): Promise<Float32Array>;
  /** The ids with up to `maxTokens` more, each the likeliest unless `sampling` says otherwise. */
  generate(
    options: Omit<GenerateOptions, 'rows'> & { readonly ids: readonly number[] },
  ): Promise<number[]>;
  /**
   * Continues prompts side by side, token by token; several runs at once are not possible.
   *
   * @throws {TokenInputError} `ERR_TRAINING_TOKEN_INPUT`: a prompt that the model does not take.
   */
  stream(options: GenerateOptions): AsyncGenerator<GeneratedToken, void>;
  dispose(): Promise<void>;
}

/** Creates a runner; programs are compiled when a length is first seen. */
export function createModelRunner(model: LoadedModel): ModelRunner {
  const { config } = model;
  const programs = new Map<string, Promise<TensorProgram>>();
  const hasHead = config.family === 'bert' && config.head !== undefined;
  const generator = createGenerator(model);

  const program = async (length: number, isHeaded: boolean): Promise<TensorProgram> => {
    const key = `${length} ${String(isHeaded)}`;
    const known = programs.get(key);
    if (known !== undefined) {
      programs.delete(key);
      programs.set(key, known);
      return known;
    }
    const [oldest] = programs;
    if (programs.size >= MAX_PROGRAMS && oldest !== undefined) {
      programs.delete(oldest[0]);
      await (await oldest[1]).dispose();
    }
    const graph = traceForward(model, length, isHeaded);
    const made = model.backend.compile(graph, { state: model.state });
    programs.set(key, made);
    return made;
  };

  const run = async ({ ids, typeIds }: TokenRow, isHeaded: boolean): Promise<Float32Array[]> => {
    checkIds(model, ids);
    if (typeIds !== undefined && typeIds.length !== ids.length)
      throw new TokenInputError({
        place: 'type_ids',
        problem: `there are ${typeIds.length} for ${ids.length} ids`,
      });
    const { length } = ids;
    const compiled = await program(length, isHeaded);
    const { result } = await compiled.step({
      ids: row(ids),
      ...(config.family === 'bert' ? { typeIds: row(typeIds ?? ids.map(() => 0)) } : {}),
    });
    const data = result?.data as Float32Array;
    const count = isHeaded ? 1 : length;
    const width = data.length / count;
    return Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width));
  };

  const stream: ModelRunner['stream'] = (options) => {
    for (const [index, ids] of options.rows.entries())
      checkIds(model, ids, options.rows.length === 1 ? 'ids' : `row ${index}`);
    return generator.generate(options);
  };

  return {
    logits: (input) => run(input, hasHead),
    async embed(input, pooling = 'mean') {
      if (config.family !== 'bert')
        throw new ModelConfigError({
          file: model.folder,
          field: 'model_type',
          found: config.family,
          expected: 'an encoder (bert) to embed text',
        });
      return poolStates(await run(input, false), pooling);
    },
    async generate({ ids, ...options }) {
      const all = [...ids];
      for await (const { id } of stream({ ...options, rows: [ids] })) all.push(id);
      return all;
    },
    stream,
    async dispose() {
      await generator.dispose();
      for (const made of programs.values()) await (await made).dispose();
      programs.clear();
    },
  };
}

/** Tokens as an int32 tensor [1, length]. */
export function row(ids: readonly number[]): TensorData {
  return { dtype: 'int32', shape: [1, ids.length], data: Int32Array.from(ids) };
}

/**
 * Fails unless a model takes these tokens.
 *
 * @throws {TokenInputError} `ERR_TRAINING_TOKEN_INPUT`: none, too many, or one outside the vocabulary.
 */
export function checkIds(
  { config }: Pick<LoadedModel, 'config'>,
  ids: readonly number[],
  place = 'ids',
): void {
  if (ids.length === 0) throw new TokenInputError({ place, problem: 'there are none' });
  const limit = positionLimit(config);
  if (ids.length > limit)
    throw new TokenInputError({
      place,
      problem: `${ids.length} tokens are more than the ${limit} positions of the model`,
    });
  const wrong = ids.findIndex(
    (id) => !Number.isInteger(id) || id < 0 || id >= config.vocabularySize,
  );
  if (wrong >= 0)
    throw new TokenInputError({
      place,
      problem: `token ${wrong} is ${String(ids[wrong])}, outside the vocabulary of ${config.vocabularySize}`,
    });
}

function traceForward(model: LoadedModel, length: number, isHeaded: boolean) {
  const { config, adapter } = model;
  const trace = createTrace();
  const plain = createModelScope(trace, model);
  const scope = adapter === undefined ? plain : withLora(plain, adapter);
  const ids = trace.feed('ids', { dtype: 'int32', shape: [1, length] });
  const positions = trace.constant(row(Array.from({ length }, (_, i) => i)));
  if (config.family === 'bert') {
    const typeIds = trace.feed('typeIds', { dtype: 'int32', shape: [1, length] });
    const states = encoderStates(config, scope, { ids, positions, typeIds });
    trace.output(
      'result',
      isHeaded ? classifierLogits(config, scope, { states, batch: 1 }) : states,
    );
    return trace.finish();
  }
  const biases = new Map<number | undefined, ReturnType<typeof trace.constant>>();
  const states = decoderStates(config, scope, {
    ids,
    positions,
    maxPositions: length,
    bias(window) {
      const known = biases.get(window) ?? trace.constant(causalBias({ length, window }));
      biases.set(window, known);
      return known;
    },
  });
  trace.output('result', reshape(decoderLogits(config, scope, states), [1, length, -1]));
  return trace.finish();
}
