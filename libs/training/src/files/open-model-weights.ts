import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from '@espalier/core/zod';
import { ModelFileError, ModelTensorError } from '../errors.js';
import { openSafetensors, type SafetensorsFile } from './open-safetensors.js';
import type { StoredTensor } from './safetensors-header.js';

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/** The weights of a model folder, whether in one file or in shards. */
export interface ModelWeights {
  /** The file that errors name. */
  readonly file: string;
  readonly tensors: ReadonlyMap<string, StoredTensor & { readonly file: string }>;
  readFloats(name: string): Promise<Float32Array>;
  readBytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/**
 * Opens the safetensors of a Hugging Face model folder; tensors are read when asked for.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: missing or damaged.
 */
export async function openModelWeights(folder: string): Promise<ModelWeights> {
  const index = join(folder, INDEX);
  const isSharded = await access(index).then(
    () => true,
    () => false,
  );
  const single = join(folder, SINGLE);
  const names = isSharded ? await readIndex(index) : undefined;
  const files = new Map<string, SafetensorsFile>();
  const tensors = new Map<string, StoredTensor & { file: string }>();
  try {
    for (const name of names === undefined ? [SINGLE] : new Set(names.values())) {
      const opened = await openSafetensors(join(folder, name));
      files.set(opened.file, opened);
      for (const [tensor, stored] of opened.tensors)
        tensors.set(tensor, { ...stored, file: opened.file });
    }
    for (const [tensor, name] of names ?? [])
      if (!tensors.has(tensor))
        throw new ModelTensorError({
          file: join(folder, name),
          tensor,
          problem: 'the index names it, but it is missing',
        });
  } catch (error) {
    await Promise.all([...files.values()].map((opened) => opened.close()));
    throw error;
  }
  const fileOf = (tensor: string): SafetensorsFile => {
    const found = files.get(tensors.get(tensor)?.file ?? '');
    if (found !== undefined) return found;
    throw new ModelTensorError({
      file: isSharded ? index : single,
      tensor,
      problem: 'it is missing',
    });
  };
  return {
    file: isSharded ? index : single,
    tensors,
    readFloats: async (name) => fileOf(name).readFloats(name),
    readBytes: async (name) => fileOf(name).readBytes(name),
    async close() {
      await Promise.all([...files.values()].map((opened) => opened.close()));
    },
  };
}

async function readIndex(file: string): Promise<Map<string, string>> {
  try {
    const { weight_map: map } = indexSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const escaping = Object.values(map).find((name) => /[/\\]/u.test(name));
    if (escaping !== undefined)
      throw new ModelFileError({ file, problem: `it names "${escaping}" in another folder` });
    return new Map(Object.entries(map));
  } catch (cause) {
    if (ModelFileError.isInstance(cause)) throw cause;
    throw new ModelFileError({ file, problem: 'it is no index of safetensors files', cause });
  }
}
