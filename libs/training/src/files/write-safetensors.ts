import { open, rename, rm } from 'node:fs/promises';
import { ModelFileError } from '../errors.js';
import { floatToBfloat, floatToHalf } from './float-conversion.js';
import { BYTES_PER_VALUE, type StoredDType } from './safetensors-header.js';

/** The types that weights are written in. */
export type WeightDType = 'F32' | 'F16' | 'BF16';

/** A tensor to be written; its values are asked for when their turn comes. */
export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: StoredDType;
  /** Numbers to be stored in the type, or bytes that are stored as they are. */
  readonly values: () => Promise<Float32Array | Uint8Array> | Float32Array | Uint8Array;
}

/** The bytes of values in a storage type. */
function encodeWeights(values: Float32Array | Uint8Array, dtype: StoredDType): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const stored =
    dtype === 'F16'
      ? floatToHalf(values)
      : dtype === 'BF16'
        ? floatToBfloat(values)
        : dtype === 'F64'
          ? Float64Array.from(values)
          : values;
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/**
 * Writes a safetensors file, one tensor after another; the file appears whole or not at all.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: no space, no permission, no folder.
 */
export async function writeSafetensors(options: {
  readonly file: string;
  readonly tensors: readonly TensorToWrite[];
  readonly metadata?: Readonly<Record<string, string>>;
}): Promise<void> {
  const { file, tensors } = options;
  let at = 0;
  const entries: Record<string, unknown> = { __metadata__: options.metadata ?? { format: 'pt' } };
  for (const { name, shape, dtype } of tensors) {
    const bytes = shape.reduce((product, size) => product * size, BYTES_PER_VALUE[dtype]);
    entries[name] = { dtype, shape, data_offsets: [at, at + bytes] };
    at += bytes;
  }
  const text = JSON.stringify(entries);
  // The data begins at a multiple of eight bytes.
  const header = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil(header.length / 8) * 8).fill(32);
  padded.set(header);
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(padded.length), true);
  const draft = `${file}.partial`;
  try {
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(prefix);
      await handle.writeFile(padded);
      for (const { values, dtype } of tensors)
        await handle.writeFile(encodeWeights(await values(), dtype));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new ModelFileError({
      file,
      problem: `it cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}
