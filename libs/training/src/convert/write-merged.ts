import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ModelFileError } from '../errors.js';
import type { StoredTensor } from '../files/safetensors-header.js';
import { BYTES_PER_VALUE } from '../files/safetensors-header.js';
import {
  writeSafetensors,
  type TensorToWrite,
  type WeightDType,
} from '../files/write-safetensors.js';
import { isChangedByMerge, readMerged } from '../lora/merge-adapter.js';
import type { ModelSource } from '../models/open-model-source.js';

const FIRST = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/**
 * Writes a model folder with its adapter merged in: the same files, names, order and, unless `dtype` is given, the same
 * types; what no adapter changes is copied byte for byte.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: it cannot be written.
 */
export async function writeMerged(options: {
  readonly source: ModelSource;
  readonly folder: string;
  /** For floating-point tensors. */
  readonly dtype?: WeightDType;
  readonly abortSignal?: AbortSignal;
}): Promise<void> {
  const { source, folder } = options;
  const files = new Map<string, TensorToWrite[]>();
  let total = 0;
  const weightMap: Record<string, string> = {};
  const isHeaded = source.config.family === 'bert' && source.config.head !== undefined;
  const add = (file: string, written: TensorToWrite): void => {
    files.set(file, [...(files.get(file) ?? []), written]);
    weightMap[written.name] = file;
    total += written.shape.reduce((count, size) => count * size, BYTES_PER_VALUE[written.dtype]);
  };
  const names = new Map([...source.stored].map(([name, { name: stored }]) => [stored, name]));
  for (const [stored, tensor] of source.weights.tensors) {
    const name = names.get(stored);
    // An encoder that got a head is a part of the model then, and its weights are named so.
    const written = mergedTensor(options, {
      name,
      stored,
      tensor,
      as: (isHeaded ? name : undefined) ?? stored,
    });
    const file = basename(tensor.file);
    add(file, written);
  }
  for (const [name, shape] of source.shapes)
    if (!source.stored.has(name))
      add([...files.keys()][0] ?? FIRST, {
        name,
        shape,
        dtype: options.dtype ?? 'F32',
        values: () => readMerged(source, name),
      });
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), source.configText);
    if (files.size > 1) {
      const index = { metadata: { total_size: total }, weight_map: weightMap };
      await writeFile(join(folder, INDEX), `${JSON.stringify(index, null, 2)}\n`);
    }
  } catch (cause) {
    throw new ModelFileError({ file: folder, problem: 'it cannot be written', cause });
  }
  for (const [file, tensors] of files) {
    options.abortSignal?.throwIfAborted();
    await writeSafetensors({ file: join(folder, file), tensors });
  }
}

const FLOATS: ReadonlySet<string> = new Set(['F64', 'F32', 'F16', 'BF16']);

function mergedTensor(
  { source, dtype }: { readonly source: ModelSource; readonly dtype?: WeightDType },
  {
    name,
    stored,
    tensor,
    as,
  }: {
    readonly name: string | undefined;
    readonly stored: string;
    readonly tensor: StoredTensor;
    readonly as: string;
  },
): TensorToWrite {
  const type = FLOATS.has(tensor.dtype) ? (dtype ?? tensor.dtype) : tensor.dtype;
  const isChanged = name !== undefined && isChangedByMerge(source, name);
  return {
    name: as,
    shape: tensor.shape,
    dtype: type,
    values: async () => {
      if (isChanged) return readMerged(source, name);
      return type === tensor.dtype
        ? source.weights.readBytes(stored)
        : source.weights.readFloats(stored);
    },
  };
}
