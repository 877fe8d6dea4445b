import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  convertModel,
  createModelRunner,
  loadModel,
  loadTextInputs,
  readStopIds,
  TokenInputError,
  type ConvertQuant,
  type ConvertTarget,
  type LoadedModel,
  type ModelRunner,
  type Pooling,
  type TextInputs,
  type QuantisedStorage,
  type TokenLikelihood,
  type TokenRow,
} from '@espalier/training';
import { EXIT } from '../errors/exit-codes.js';
import type { BackendName } from './backend-names.js';
import type { CliContext } from './cli-context.js';
import { CliError } from './cli-error.js';
import { openTensorBackend } from './training-backend.js';

/** Options of the commands that read a base whose adapter was trained on it in few bits. */
interface BaseOptions {
  readonly baseQuantize?: QuantisedStorage['kind'];
  readonly baseBlockSize?: number;
  readonly baseQuantizeTwice?: boolean;
}

/** Options of the commands that run a model. */
export interface ModelRunOptions extends BaseOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly ids?: readonly number[];
  readonly file?: string;
  readonly pooling?: Pooling;
  readonly normalize?: boolean;
  readonly text?: string;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** Options of `espalier model generate`. */
export interface ModelGenerateOptions extends ModelRunOptions {
  readonly maxTokens: number;
  readonly stopIds?: readonly number[];
  readonly ignoreEos?: boolean;
  /** How many alternatives are told of each token; true: none, but its own probability. */
  readonly logprobs?: number | true;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
}

/** Options of `espalier model convert`. */
export interface ModelConvertOptions extends BaseOptions {
  readonly from: string;
  readonly adapter?: string;
  readonly to: ConvertTarget;
  readonly quant?: ConvertQuant;
  readonly out: string;
  readonly json?: boolean;
}

/** `espalier model logits`: one JSON document, or one for each row of a file. */
export async function modelLogits(options: ModelRunOptions, context: CliContext): Promise<number> {
  return forRows(options, context, async (runner, row) => {
    const logits = await runner.logits(row);
    return { logits: logits.map((scores) => Array.from(scores)) };
  });
}

/** `espalier model embed`: one vector for each row of a file. */
export async function modelEmbed(options: ModelRunOptions, context: CliContext): Promise<number> {
  return forRows(options, context, async (runner, row, { texts }) => {
    const { pooling } =
      options.pooling === undefined ? await texts() : { pooling: options.pooling };
    const vector = await runner.embed(row, pooling);
    const length = options.normalize === true ? Math.hypot(...vector) || 1 : 1;
    return { embedding: Array.from(vector, (value) => value / length) };
  });
}

/** `espalier model classify`: the labels of each text with their probabilities. */
export async function modelClassify(
  options: ModelRunOptions,
  context: CliContext,
): Promise<number> {
  return forRows(options, context, async (runner, row, { texts }) => {
    const { labels, isMultiLabel } = await classifierOf(options, texts);
    const [scores = new Float32Array()] = await runner.logits(row);
    const shares = isMultiLabel ? Array.from(scores, sigmoid) : softmax(scores);
    const named = Object.fromEntries(labels.map((label, i) => [label, shares[i] ?? 0]));
    if (isMultiLabel)
      return { labels: labels.filter((_, i) => (shares[i] ?? 0) > 0.5), scores: named };
    return { label: labels[shares.indexOf(Math.max(...shares))], scores: named };
  });
}

/** `espalier model score`: how well each pair of texts belongs together, by a cross-encoder. */
export async function modelScore(options: ModelRunOptions, context: CliContext): Promise<number> {
  return forRows(options, context, async (runner, row, { texts }) => {
    const { labels } = await classifierOf(options, texts);
    if (labels.length !== 1)
      throw usage(`The model tells ${labels.length} labels apart, but a cross-encoder has one.`);
    const [scores] = await runner.logits(row);
    const logit = scores?.[0] ?? 0;
    return { score: sigmoid(logit), logit };
  });
}

async function classifierOf(
  { model }: ModelRunOptions,
  texts: () => Promise<TextInputs>,
): Promise<TextInputs> {
  const found = await texts();
  if (found.labels.length > 0) return found;
  throw usage(`The model in ${model} has no classifier: train one, or name its adapter.`);
}

const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));

function softmax(scores: Float32Array): number[] {
  const most = Math.max(...scores);
  const powers = Array.from(scores, (score) => Math.exp(score - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** `espalier model generate`: the ids given and those added, with their log-probabilities where asked. */
export async function modelGenerate(
  options: ModelGenerateOptions,
  context: CliContext,
): Promise<number> {
  const { maxTokens, logprobs } = options;
  if (!Number.isInteger(maxTokens) || maxTokens < 0)
    throw usage(`--max-tokens is ${maxTokens}, but must be a whole number from 0.`);
  const wrong = Object.entries(options).find(([, value]) => Number.isNaN(value));
  if (wrong !== undefined) throw usage(`The option ${wrong[0]} must be a number.`);
  const alternatives = typeof logprobs === 'number' ? logprobs : 0;
  if (!Number.isInteger(alternatives) || alternatives < 0)
    throw usage(`--logprobs is ${alternatives}, but must be a whole number from 0.`);
  return forRows(options, context, async (runner, { ids }, { model }) => {
    const all = [...ids];
    const told: object[] = [];
    for await (const token of runner.stream({
      rows: [ids],
      maxTokens,
      abortSignal: context.abortSignal,
      sampling: options,
      alternatives,
      stopIds: options.stopIds ?? (options.ignoreEos === true ? [] : await readStopIds(model)),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    })) {
      all.push(token.id);
      const top = alternatives > 0 && { top: token.alternatives?.map(toLogprob) };
      told.push({ ...toLogprob(token), ...top });
    }
    return { ids: all, ...(logprobs !== undefined && { logprobs: told }) };
  });
}

function toLogprob({ id, logProbability }: TokenLikelihood): { id: number; logprob: number } {
  return { id, logprob: logProbability };
}

/** `espalier model convert`. */
export async function modelConvert(
  options: ModelConvertOptions,
  context: CliContext,
): Promise<number> {
  const at = (path: string): string => resolve(context.directory, path);
  const out = at(options.out);
  const base = baseStorage(options);
  const { warnings } = await convertModel({
    from: at(options.from),
    to: options.to,
    out,
    abortSignal: context.abortSignal,
    ...(options.adapter === undefined ? {} : { adapter: at(options.adapter) }),
    ...(options.quant === undefined ? {} : { quant: options.quant }),
    ...(base && { quantisedBase: base }),
  });
  for (const warning of warnings) context.err(`espalier: ${warning}\n`);
  const written = { out, ...(warnings.length > 0 && { warnings }) };
  context.out(options.json === true ? `${JSON.stringify(written)}\n` : `Written: ${out}\n`);
  return EXIT.ok;
}

function baseStorage(options: BaseOptions): QuantisedStorage | undefined {
  const { baseQuantize: kind, baseBlockSize: blockSize = 64 } = options;
  if (kind === undefined) return undefined;
  if (!Number.isInteger(blockSize) || blockSize < 16 || blockSize > 4096 || blockSize % 2 !== 0)
    throw usage(`--base-block-size is ${blockSize}, but must be an even number from 16 to 4096.`);
  return { kind, blockSize, isDouble: options.baseQuantizeTwice === true };
}

async function forRows(
  options: ModelRunOptions,
  context: CliContext,
  answer: (
    runner: ModelRunner,
    row: TokenRow,
    from: { readonly texts: () => Promise<TextInputs>; readonly model: LoadedModel },
  ) => Promise<object>,
): Promise<number> {
  const given = [options.ids, options.text, options.file].filter((value) => value !== undefined);
  if (given.length !== 1) throw usage('Give either --file or a single row.');
  const at = (path: string): string => resolve(context.directory, path);
  const quantise = baseStorage(options);
  const backend = await openTensorBackend(options.backend, context);
  const model = await loadModel({
    folder: at(options.model),
    backend,
    abortSignal: context.abortSignal,
    ...(options.adapter === undefined ? {} : { adapterFolder: at(options.adapter) }),
    ...(quantise && { quantise }),
  });
  const runner = createModelRunner(model);
  let opened: Promise<TextInputs> | undefined;
  const texts = (): Promise<TextInputs> =>
    (opened ??= loadTextInputs(
      model,
      options.adapter === undefined ? undefined : at(options.adapter),
    ));
  const print = async (row: InputRow): Promise<void> => {
    const tokens = 'ids' in row ? row : await (await texts()).rowOf(row);
    context.out(`${JSON.stringify(await answer(runner, tokens, { texts, model }))}\n`);
  };
  try {
    if (options.ids !== undefined) await print({ ids: options.ids });
    else if (options.text !== undefined) await print({ text: options.text });
    else if (options.file !== undefined) await eachRow(at(options.file), context, print);
    return EXIT.ok;
  } finally {
    await runner.dispose();
    await model.dispose();
    await backend.dispose();
  }
}

async function eachRow(
  file: string,
  context: CliContext,
  visit: (row: InputRow) => Promise<void>,
): Promise<void> {
  let line = 0;
  const stream = createReadStream(file, 'utf8');
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      line++;
      context.abortSignal.throwIfAborted();
      if (text.trim() === '') continue;
      const place = `${file}, line ${line}`;
      const row = parseRow(text, place);
      try {
        await visit(row);
      } catch (error) {
        if (!TokenInputError.isInstance(error)) throw error;
        throw new TokenInputError({ place, problem: error.message });
      }
    }
  } catch (cause) {
    if (!(cause instanceof Error) || (cause as NodeJS.ErrnoException).code !== 'ENOENT')
      throw cause;
    throw usage(`The file ${file} does not exist.`);
  } finally {
    stream.destroy();
  }
}

/** A row as ids, or as a text or a pair of texts. */
type InputRow = TokenRow | { readonly text: string; readonly textPair?: string };

function parseRow(text: string, place: string): InputRow {
  const isNumbers = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((entry) => typeof entry === 'number');
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    throw new TokenInputError({ place, problem: 'it is no JSON' });
  }
  const { ids, type_ids: typeIds, text_a: first, text_b: second } = value ?? {};
  const single = value?.['text'] ?? first;
  const pair = value?.['text_pair'] ?? second;
  if (typeof single === 'string' && (pair === undefined || typeof pair === 'string'))
    return { text: single, ...(pair !== undefined && { textPair: pair }) };
  if (!isNumbers(ids) || !(typeIds === undefined || isNumbers(typeIds)))
    throw new TokenInputError({
      place,
      problem: 'it must have ids, and may have type_ids; for encoders text, or text_a and text_b',
    });
  return { ids, ...(typeIds === undefined ? {} : { typeIds }) };
}

function usage(message: string): CliError {
  return new CliError({ code: 'ERR_CLI_MODEL_INPUT', message, exitCode: EXIT.usage });
}
