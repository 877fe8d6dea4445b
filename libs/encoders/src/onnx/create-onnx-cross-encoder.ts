import { InvalidArgumentError, type Reranker } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { ModelFileCorruptError, TooManyTextsError } from '../errors.js';
import { openModelFolder } from '../internal/model-folder.js';
import { openOnnxModel } from './internal/onnx-model.js';

/** What {@link createOnnxCrossEncoder} takes. */
export interface OnnxCrossEncoderOptions {
  /** A folder with `model.onnx`, `tokenizer.json` and `config.json`, as `optimum-cli export onnx --task text-classification` makes it. */
  readonly folder: string;
  /** Default: the id on the model's card, else the name in `config.json`, else `onnx`. */
  readonly modelId?: string;
  /** Pairs read at the same time, each by one thread with a session of its own. Default: 2, at most the machine's cores. */
  readonly threads?: number;
  /** Tokens of query and text together, special ones included. Default 512, at most the positions that the model knows. */
  readonly maxTokens?: number;
  /**
   * What is made of the graph's output. Default `auto`: the identity where `config.json` names it for sentence-transformers,
   * else `sigmoid`, which gives 0 to 1. The order is the same.
   */
  readonly activation?: 'auto' | 'sigmoid' | 'identity';
  readonly abortSignal?: AbortSignal;
}

/** A reranker that reads query and text together. */
export interface OnnxCrossEncoder extends Reranker {
  dispose(): Promise<void>;
}

const CONFIG_FILE = 'config.json';
const DEFAULT_MAX_TOKENS = 512;
const MAX_TEXTS_PER_CALL = 1000;

const configSchema = z.looseObject({
  _name_or_path: z.string().optional(),
  max_position_embeddings: z.int().min(1).optional(),
  pad_token_id: z.int().nullish(),
  model_type: z.string().optional(),
  num_labels: z.int().optional(),
  id2label: z.record(z.string(), z.string()).optional(),
  sentence_transformers: z.looseObject({ activation_fn: z.string().optional() }).nullish(),
});

/**
 * Creates a reranker over the ONNX export of any sequence classifier that reads pairs (BERT, RoBERTa, DeBERTa, ModernBERT …).
 *
 * Inputs `input_ids`, `attention_mask` and, where the graph has it, `token_type_ids`; output `logits` with one value, or
 * with two, of which the second says "relevant" (their difference counts). A pair that is too long loses tokens of its
 * longer text. One pair a run on worker threads, without padding: same bytes for the same pair, whatever else is read.
 *
 * Cost: one run of the model for each text.
 *
 * @see Nogueira & Cho, "Passage re-ranking with BERT" (2019).
 * @throws {InvalidArgumentError} an option is out of range.
 * @throws {OnnxRuntimeMissingError} `ERR_ENCODERS_ONNX_RUNTIME_MISSING`: `onnxruntime-node` is an optional peer.
 * @throws {OnnxRunError} `ERR_ENCODERS_ONNX_RUN`: the graph does not load, or has no output `logits`.
 * @throws {ModelFileMissingError} `ERR_ENCODERS_MODEL_FILE_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`: also where the model tells apart more than two labels.
 */
export async function createOnnxCrossEncoder(
  options: OnnxCrossEncoderOptions,
): Promise<OnnxCrossEncoder> {
  const files = await openModelFolder(options);
  const file = files.pathOf(CONFIG_FILE);
  const config = readConfig(file, await files.read(CONFIG_FILE));
  const labels = config.num_labels ?? (Object.keys(config.id2label ?? {}).length || 1);
  if (labels > 2) {
    const problem = `it tells ${labels} labels apart, and a reranker has one or two`;
    throw new ModelFileCorruptError({ file, problem });
  }
  const isSigmoid = activationOf(options.activation ?? 'auto', config) === 'sigmoid';
  const maxTokens = Math.min(options.maxTokens ?? DEFAULT_MAX_TOKENS, positionsOf(config));
  const name = config._name_or_path;
  const { pool, tokenizer, modelId } = await openOnnxModel({
    ...options,
    modelId: options.modelId ?? files.id ?? (name === undefined || name === '' ? 'onnx' : name),
    maxTokens,
    output: 'logits',
  });
  const scoreOf = async (
    pair: { text: string; textPair: string },
    abortSignal: AbortSignal | undefined,
  ): Promise<number> => {
    const { ids, typeIds } = tokenizer.encodeInputs({ ...pair, maxTokens });
    const logits = await pool.run(ids, { isUrgent: true, abortSignal, typeIds });
    const [first = 0, second] = logits;
    const value = second === undefined ? first : second - first;
    return isSigmoid ? 1 / (1 + Math.exp(-value)) : value;
  };

  return {
    specificationVersion: 'v1',
    provider: 'espalier',
    modelId,
    limits: { maxTextsPerCall: MAX_TEXTS_PER_CALL },
    async doRerank({ query, texts, topK = texts.length, abortSignal }) {
      abortSignal?.throwIfAborted();
      if (texts.length > MAX_TEXTS_PER_CALL)
        throw new TooManyTextsError({ modelId, count: texts.length, max: MAX_TEXTS_PER_CALL });
      // All are waited for, so that a failure leaves no other one unhandled.
      const settled = await Promise.allSettled(
        texts.map((textPair) => scoreOf({ text: query, textPair }, abortSignal)),
      );
      const ranking = settled.map((run, index) => {
        if (run.status === 'rejected') throw run.reason as Error;
        return { index, score: run.value };
      });
      ranking.sort((a, b) => b.score - a.score || a.index - b.index);
      return { ranking: ranking.slice(0, topK), warnings: [] };
    },
    dispose: () => pool.dispose(),
  };
}

type Config = z.infer<typeof configSchema>;

function readConfig(file: string, bytes: Uint8Array): Config {
  try {
    return configSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new ModelFileCorruptError({ file, problem: 'it is not the config of a model', cause });
  }
}

/** The tokens that the model has positions for. */
function positionsOf({ model_type, max_position_embeddings, pad_token_id }: Config): number {
  if (max_position_embeddings === undefined) return Number.POSITIVE_INFINITY;
  // RoBERTa and its kin count positions from behind the one of padding.
  const isOffset = /roberta|camembert|xlm/u.test(model_type ?? '');
  return isOffset ? max_position_embeddings - (pad_token_id ?? 1) - 1 : max_position_embeddings;
}

function activationOf(
  activation: 'auto' | 'sigmoid' | 'identity',
  config: Config,
): 'sigmoid' | 'identity' {
  if (!['auto', 'sigmoid', 'identity'].includes(activation)) {
    throw new InvalidArgumentError({
      argument: 'activation',
      value: activation,
      expected: 'auto, sigmoid or identity',
    });
  }
  if (activation !== 'auto') return activation;
  const named = config.sentence_transformers?.activation_fn ?? '';
  return /identity$/iu.test(named) ? 'identity' : 'sigmoid';
}
