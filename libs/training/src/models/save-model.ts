import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorState } from '@espalier/core';
import { ModelFileError } from '../errors.js';
import { writeSafetensors, type WeightDType } from '../files/write-safetensors.js';

const TOKENIZER_FILES =
  /^(?:tokenizer.*|vocab\..*|merges\.txt|special_tokens_map\.json|added_tokens\.json|chat_template\..*|generation_config\.json)$/u;

/**
 * Writes a Hugging Face model folder from a state.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: it cannot be written.
 */
export async function saveModel(options: {
  readonly folder: string;
  readonly configText: string;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly state: Pick<TensorState, 'read'>;
  readonly dtype?: WeightDType;
  /** Written beside those of the state, as they are. */
  readonly further?: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
}): Promise<void> {
  const { folder, state, dtype = 'F32' } = options;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), options.configText);
  } catch (cause) {
    throw new ModelFileError({ file: folder, problem: 'it cannot be written', cause });
  }
  await writeSafetensors({
    file: join(folder, 'model.safetensors'),
    tensors: [
      ...Array.from(options.shapes, ([name, shape]) => ({
        name,
        shape,
        dtype,
        values: async () => (await state.read(name)).data as Float32Array,
      })),
      ...(options.further ?? []).map(({ values, ...tensor }) => ({
        ...tensor,
        dtype,
        values: () => values,
      })),
    ],
  });
}

/** Copies the tokenizer of a model folder to another. */
export async function copyTokenizer(from: string, to: string): Promise<void> {
  for (const name of await readdir(from))
    if (TOKENIZER_FILES.test(name)) await copyFile(join(from, name), join(to, name));
}
