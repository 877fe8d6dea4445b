import * as z from '@espalier/core/zod';
import { ModelFileError, ModelTensorError } from '../errors.js';

/** The types of stored tensors that are read and written. */
export type StoredDType = 'F32' | 'F16' | 'BF16' | 'I32' | 'I64' | 'U8' | 'I8' | 'BOOL' | 'F64';

/** Where one tensor lies in its file. */
export interface StoredTensor {
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  /** Bytes from the beginning of the file. */
  readonly start: number;
  readonly end: number;
}

/** Bytes that one value takes. */
export const BYTES_PER_VALUE: Readonly<Record<StoredDType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** Bytes before the header. */
export const PREFIX_BYTES = 8;

const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.int().min(0)),
    data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
  }),
);

/**
 * Reads the header of a safetensors file: where each tensor lies, and the file's notes.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: no such header, or data that the file does not hold.
 * @see https://github.com/huggingface/safetensors#format
 */
export function parseSafetensorsHeader(options: {
  readonly file: string;
  readonly header: Uint8Array;
  readonly fileBytes: number;
}): {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
} {
  const { file, header, fileBytes } = options;
  let entries: z.infer<typeof headerSchema>;
  let metadata: Record<string, string>;
  try {
    const { __metadata__: notes, ...rest } = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(header),
    ) as Record<string, unknown>;
    entries = headerSchema.parse(rest);
    metadata = z.record(z.string(), z.string()).parse(notes ?? {});
  } catch (cause) {
    throw new ModelFileError({ file, problem: 'its header is no safetensors header', cause });
  }
  const dataStart = PREFIX_BYTES + header.length;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    const width = BYTES_PER_VALUE[dtype as StoredDType] as number | undefined;
    if (width === undefined)
      throw new ModelTensorError({ file, tensor: name, problem: `its type ${dtype} is not read` });
    const [from, to] = offsets;
    const bytes = shape.reduce((product, size) => product * size, width);
    if (to - from !== bytes)
      throw new ModelTensorError({
        file,
        tensor: name,
        problem: `it has ${to - from} bytes, but its shape [${shape.join(', ')}] of ${dtype} takes ${bytes}`,
      });
    if (dataStart + to > fileBytes)
      throw new ModelTensorError({
        file,
        tensor: name,
        problem: `it ends at byte ${dataStart + to}, but the file has only ${fileBytes}: the file is cut off`,
      });
    tensors.set(name, {
      dtype: dtype as StoredDType,
      shape,
      start: dataStart + from,
      end: dataStart + to,
    });
  }
  return { tensors, metadata };
}
