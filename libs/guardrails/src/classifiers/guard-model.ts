import * as z from '@espalier/core/zod';
import { GuardWeightsCorruptError } from '../errors.js';
import type { SpellingWords } from '../normalisation/spelling-repair.js';
import type { LinearWeights } from './linear-classifier.js';
import { rememberClassified } from './remember-classified.js';

/** Platt's scale of a head: probability = sigmoid(`slope` × log-odds + `offset`). */
const scaleSchema = z.object({ slope: z.number(), offset: z.number() });
const scalesSchema = z.record(z.string(), scaleSchema);
const thresholdsSchema = z.record(z.string(), z.number());

/** What another head adds to the log-odds of a head: `weight` × what it has over `from`. */
const raisesSchema = z.record(
  z.string(),
  z.object({ by: z.string(), weight: z.number(), from: z.number() }),
);

const fastConfigSchema = z.object({
  heads: z.array(z.string()).min(1),
  buckets: z.int().min(2),
  scales: z.array(z.number()),
  bias: z.array(z.number()),
  calibration: scalesSchema,
  thresholds: thresholdsSchema,
  raises: raisesSchema.default({}),
  /** The file of the words that typing errors are set right to. */
  spelling: z.string().optional(),
});

const encoderConfigSchema = z.object({
  heads: z.array(z.string()).min(1),
  /** The share of the encoder in the log-odds of a head; the rest is the fast tier's. */
  blend: z.record(z.string(), z.number()),
  calibration: scalesSchema,
  thresholds: thresholdsSchema,
  raises: raisesSchema.default({}),
});

/** Texts whose log-odds are remembered: moderation and injection judge the same ones. */
const REMEMBERED_TEXTS = 32;

/** How the log-odds of a tier become probabilities, and from where on they are flagged. */
export interface TierScale {
  readonly calibration: Readonly<
    Record<string, { readonly slope: number; readonly offset: number }>
  >;
  /** By category. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** By head: who wraps a request for a crime into a story wants the model to forget its rules. */
  readonly raises: Readonly<
    Record<string, { readonly by: string; readonly weight: number; readonly from: number }>
  >;
}

/** The log-odds with what heads add to others. */
export function raiseLogits(
  logits: Readonly<Record<string, number>>,
  { raises }: TierScale,
): Readonly<Record<string, number>> {
  const raised = { ...logits };
  for (const [head, { by, weight, from }] of Object.entries(raises)) {
    raised[head] = (logits[head] ?? 0) + weight * Math.max(0, (logits[by] ?? from) - from);
  }
  return raised;
}

/** The fast tier, loaded. */
export interface FastModel extends LinearWeights, TierScale {
  /** What typing errors are set right to; absent: none are. */
  readonly spelling?: SpellingWords;
}

/** The accurate tier, loaded. */
export interface EncoderModel extends TierScale {
  readonly heads: readonly string[];
  /** By head: the share of the encoder in the log-odds. */
  readonly blend: Readonly<Record<string, number>>;
  classify(text: string, options?: { abortSignal?: AbortSignal }): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Reads the weights of the fast tier, checked against the checksums of their card.
 *
 * @throws {ModelFileMissingError} `ERR_ENCODERS_MODEL_FILE_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`: a checksum is not the card's.
 * @throws {GuardWeightsCorruptError} `ERR_GUARDRAILS_WEIGHTS_CORRUPT`: the parts do not fit each other.
 */
export function loadFastModel(folder?: string): Promise<FastModel> {
  if (folder !== undefined) return readFastModel(folder);
  shippedFastModel ??= readFastModel().catch((error: unknown) => {
    shippedFastModel = undefined;
    throw error;
  });
  return shippedFastModel;
}

/** Read once for all rails: the weights do not change. */
let shippedFastModel: Promise<FastModel> | undefined;

async function readFastModel(folder?: string): Promise<FastModel> {
  const { openModelFolder } = await import('@espalier/encoders');
  const files = await openModelFolder({
    folder: folder ?? (await import('@espalier/model-guardrail-fast')).modelFolder,
  });
  const weights = await files.read('weights.bin');
  const config = parseConfig(
    fastConfigSchema,
    files.pathOf('config.json'),
    await files.read('config.json'),
  );
  const { spelling, ...parts } = config;
  const { heads, buckets } = parts;
  if (
    weights.length !== heads.length * buckets ||
    config.scales.length !== heads.length ||
    config.bias.length !== heads.length
  ) {
    throw new GuardWeightsCorruptError({
      file: files.pathOf('weights.bin'),
      problem: `it has ${weights.length} weights for ${buckets} buckets and ${heads.length} heads`,
    });
  }
  return {
    ...parts,
    weights: new Int8Array(weights.buffer, weights.byteOffset, weights.length),
    ...(spelling === undefined ? {} : { spelling: wordsOf(await files.read(spelling)) }),
  };
}

/** The frequent words, an empty line, and the rare ones. */
function wordsOf(bytes: Uint8Array): SpellingWords {
  const [targets = '', known = ''] = new TextDecoder().decode(bytes).split('\n\n');
  return { targets: targets.split('\n'), known: known.trim().split('\n') };
}

/**
 * Loads the encoder of the accurate tier: an ONNX graph on worker threads of `onnxruntime-node`. The shipped one is loaded
 * once and shared; it closes when all who loaded it have disposed of it.
 *
 * @throws {OnnxRuntimeMissingError} `ERR_ENCODERS_ONNX_RUNTIME_MISSING`
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`
 */
export async function loadEncoderModel(
  options: { readonly folder?: string; readonly threads?: number } = {},
): Promise<EncoderModel> {
  if (options.folder !== undefined) return openEncoderModel(options);
  const key = options.threads ?? 0;
  let shared = shippedEncoders.get(key);
  if (shared === undefined)
    shippedEncoders.set(key, (shared = { model: openEncoderModel(options), users: 0 }));
  const own = shared;
  own.users += 1;
  let isUsed = true;
  const leave = async (): Promise<void> => {
    if (!isUsed) return;
    isUsed = false;
    own.users -= 1;
    if (own.users > 0) return;
    if (shippedEncoders.get(key) === own) shippedEncoders.delete(key);
    await (await own.model).dispose();
  };
  try {
    return { ...(await own.model), dispose: leave };
  } catch (error) {
    shippedEncoders.delete(key);
    throw error;
  }
}

/** The encoders in use, by threads: rails share one, and the last that leaves closes it. */
const shippedEncoders = new Map<number, { readonly model: Promise<EncoderModel>; users: number }>();

async function openEncoderModel(options: {
  readonly folder?: string;
  readonly threads?: number;
}): Promise<EncoderModel> {
  const [{ openModelFolder }, { createOnnxClassifier }] = await Promise.all([
    import('@espalier/encoders'),
    import('@espalier/encoders/onnx'),
  ]);
  const folder = options.folder ?? (await import('@espalier/model-guardrail-encoder')).modelFolder;
  const files = await openModelFolder({ folder });
  const config = parseConfig(
    encoderConfigSchema,
    files.pathOf('config.json'),
    await files.read('config.json'),
  );
  const classifier = await createOnnxClassifier({
    folder,
    maxTokens: 128,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  return {
    ...config,
    classify: rememberClassified((text, at) => classifier.classify(text, at), REMEMBERED_TEXTS),
    dispose: () => classifier.dispose(),
  };
}

function parseConfig<Config>(schema: z.ZodType<Config>, file: string, bytes: Uint8Array): Config {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new GuardWeightsCorruptError({
      file,
      problem: 'it is not the configuration of a guard model',
      cause,
    });
  }
}
