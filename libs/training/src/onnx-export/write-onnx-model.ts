import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ModelFileError } from '../errors.js';
import type { ModelConfig } from '../models/model-config.js';
import { readSentenceSettings } from '../models/sentence-transformer-files.js';
import type { ModelSource } from '../models/open-model-source.js';
import {
  modelBytes,
  type OnnxInitializer,
  type OnnxValue,
} from '../onnx/internal/onnx-messages.js';
import { createGraphLayers } from './graph-layers.js';
import { buildModelGraph } from './model-graphs.js';
import { createOnnxBuilder, type StoredInitializer } from './onnx-builder.js';

const GRAPH_FILE = 'model.onnx';
const OPSET = 18;
/** Weights beyond this go to a file beside the graph; the form itself ends at 2 GiB. */
const MAX_INLINE_BYTES = 2 ** 28;
const BYTES = {
  float32: 4,
  int64: 8,
  int32: 4,
  float16: 2,
  bfloat16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;

/**
 * Writes a model folder with the model, its adapter merged in, as an ONNX graph: `model.onnx` and `config.json`; weights of
 * more than 256 MiB in `model.onnx.data` beside it.
 *
 * Inputs int64 [batch, length]: `input_ids`, `attention_mask`, for encoders `token_type_ids`. Outputs float32: `logits`
 * [batch, length, vocabulary]; for classifiers `logits` [batch, labels]; for encoders `last_hidden_state` [batch, length,
 * width] and `sentence_embedding` [batch, width], the mean over tokens, or the first where the folder says so, at length 1.
 *
 * With `isQuantised` matrices are stored in eight bits with a scale for each row, and inputs rounded in each run.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: a file cannot be read or written.
 */
export async function writeOnnxModel(options: {
  readonly source: ModelSource;
  readonly folder: string;
  readonly isQuantised: boolean;
  readonly abortSignal?: AbortSignal;
}): Promise<void> {
  const { source, folder, abortSignal } = options;
  const { config } = source;
  const builder = createOnnxBuilder();
  const { pooling } =
    config.family === 'bert' ? await readSentenceSettings(source.folder) : { pooling: undefined };
  buildModelGraph(config, createGraphLayers(builder, source, options.isQuantised), pooling);
  const tokens: OnnxValue = { dtype: 'int64', shape: ['batch', 'length'] };
  const isEncoder = config.family === 'bert';
  const file = join(folder, GRAPH_FILE);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), source.configText);
  } catch (cause) {
    throw new ModelFileError({ file: folder, problem: 'it cannot be written', cause });
  }
  const initializers = await storeWeights(builder.initializers, `${file}.data`, abortSignal);
  const bytes = modelBytes({
    nodes: builder.nodes,
    initializers,
    inputs: [
      ['input_ids', tokens],
      ['attention_mask', tokens],
      ...(isEncoder ? [['token_type_ids', tokens] as const] : []),
    ],
    outputs: outputsOf(config),
    opset: OPSET,
  });
  try {
    await writeFile(`${file}.partial`, bytes);
    await rename(`${file}.partial`, file);
  } catch (cause) {
    await rm(`${file}.partial`, { force: true });
    throw new ModelFileError({ file, problem: 'it cannot be written', cause });
  }
}

function outputsOf(config: ModelConfig): [string, OnnxValue][] {
  const floats = (...shape: (number | string)[]): OnnxValue => ({ dtype: 'float32', shape });
  if (config.family !== 'bert')
    return [['logits', floats('batch', 'length', config.vocabularySize)]];
  if (config.head !== undefined) return [['logits', floats('batch', config.head.labels)]];
  return [
    ['last_hidden_state', floats('batch', 'length', config.width)],
    ['sentence_embedding', floats('batch', config.width)],
  ];
}

async function storeWeights(
  stored: readonly StoredInitializer[],
  file: string,
  abortSignal: AbortSignal | undefined,
): Promise<OnnxInitializer[]> {
  const sizeOf = ({ shape, dtype }: StoredInitializer): number =>
    shape.reduce((product, size) => product * size, BYTES[dtype]);
  const total = stored.reduce((sum, each) => sum + sizeOf(each), 0);
  const out: OnnxInitializer[] = [];
  if (total <= MAX_INLINE_BYTES) {
    for (const { name, dtype, shape, load } of stored) {
      abortSignal?.throwIfAborted();
      out.push({ name, dtype, shape, bytes: await load() });
    }
    return out;
  }
  const handle = await open(file, 'w').catch((cause: unknown) => {
    throw new ModelFileError({ file, problem: 'it cannot be written', cause });
  });
  try {
    let offset = 0;
    for (const each of stored) {
      abortSignal?.throwIfAborted();
      const { name, dtype, shape } = each;
      const bytes = await each.load();
      // Shapes and axes are needed to load the graph, and stay in it.
      if (dtype === 'int64' || shape.length === 0) {
        out.push({ name, dtype, shape, bytes });
        continue;
      }
      await handle.writeFile(bytes);
      out.push({
        name,
        dtype,
        shape,
        bytes: { location: basename(file), offset, length: bytes.length },
      });
      offset += bytes.length;
    }
  } finally {
    await handle.close();
  }
  return out;
}
