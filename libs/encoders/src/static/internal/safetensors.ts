import * as z from '@espalier/core/zod';
import { ModelFileCorruptError } from '../../errors.js';

/** One tensor of a safetensors file; `bytes` is a view, not a copy. */
export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const LENGTH_BYTES = 8;
/** A header entry that is no tensor. */
const METADATA = '__metadata__';
const BYTES_PER_VALUE: Readonly<Record<string, number>> = {
  I8: 1,
  U8: 1,
  F16: 2,
  BF16: 2,
  F32: 4,
  I32: 4,
  I64: 8,
  F64: 8,
};

const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.int().min(0)),
    data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
  }),
);

/**
 * Returns the tensors of a safetensors file by name.
 *
 * @throws {ModelFileCorruptError} `ERR_ENCODERS_MODEL_FILE_CORRUPT`: cut, or header and data do not agree.
 * @see https://github.com/huggingface/safetensors#format
 */
export function parseSafetensors(
  file: string,
  bytes: Uint8Array,
): ReadonlyMap<string, StoredTensor> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new ModelFileCorruptError({ file, problem, cause });
  };
  if (bytes.length < LENGTH_BYTES) return fail(`it has only ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > BigInt(bytes.length - LENGTH_BYTES)) {
    return fail(`its header is ${headerLength} bytes long, more than the file holds`);
  }
  const dataStart = LENGTH_BYTES + Number(headerLength);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart), fail);
  const data = bytes.subarray(dataStart);
  const tensors = new Map<string, StoredTensor>();
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [start, end],
    },
  ] of Object.entries(header)) {
    const width = BYTES_PER_VALUE[dtype] ?? fail(`tensor "${name}" has the unknown type ${dtype}`);
    const expected = shape.reduce((product, size) => product * size, width);
    if (end > data.length)
      fail(`tensor "${name}" ends at ${end}, after the ${data.length} bytes of data`);
    if (end - start !== expected)
      fail(`tensor "${name}" has ${end - start} bytes instead of ${expected}`);
    tensors.set(name, { dtype, shape, bytes: data.subarray(start, end) });
  }
  return tensors;
}

function parseHeader(
  bytes: Uint8Array,
  fail: (problem: string, cause?: unknown) => never,
): z.infer<typeof headerSchema> {
  try {
    const entries = Object.entries(
      JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>,
    );
    return headerSchema.parse(Object.fromEntries(entries.filter(([name]) => name !== METADATA)));
  } catch (cause) {
    return fail('its header is not a safetensors header', cause);
  }
}
