import { open } from 'node:fs/promises';
import { ModelFileError, ModelTensorError } from '../errors.js';
import { bfloatToFloat, halfToFloat } from './float-conversion.js';
import { PREFIX_BYTES, parseSafetensorsHeader, type StoredTensor } from './safetensors-header.js';

/** Headers beyond this are no headers; the format's own library has the same limit. */
const MAX_HEADER_BYTES = 100_000_000;

/** An open safetensors file; only its header is in memory. */
export interface SafetensorsFile {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of one tensor as stored. */
  readBytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** One tensor widened to float32. */
  readFloats(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens a safetensors file and checks that its header and its length agree.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: missing, unreadable or damaged.
 * @throws {ModelTensorError} `ERR_TRAINING_MODEL_TENSOR`: a tensor does not lie in the file.
 */
export async function openSafetensors(file: string): Promise<SafetensorsFile> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new ModelFileError({ file, problem: 'it is missing or unreadable', cause });
  });
  try {
    const { size } = await handle.stat();
    const readAt = async (start: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        // One call reads at most 2 GiB.
        const wanted = Math.min(length - done, 2 ** 30);
        const { bytesRead } = await handle.read(bytes, done, wanted, start + done);
        if (bytesRead === 0)
          throw new ModelFileError({ file, problem: `it ends after ${start + done} bytes` });
        done += bytesRead;
      }
      return bytes;
    };
    if (size < PREFIX_BYTES)
      throw new ModelFileError({ file, problem: `it has only ${size} bytes` });
    const prefix = await readAt(0, PREFIX_BYTES);
    const headerBytes = Number(new DataView(prefix.buffer).getBigUint64(0, true));
    if (headerBytes > Math.min(size - PREFIX_BYTES, MAX_HEADER_BYTES))
      throw new ModelFileError({
        file,
        problem: `its header claims ${headerBytes} bytes of a file of ${size}`,
      });
    const header = await readAt(PREFIX_BYTES, headerBytes);
    const { tensors, metadata } = parseSafetensorsHeader({ file, header, fileBytes: size });
    const readBytes = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
      const tensor = tensors.get(name);
      if (tensor === undefined)
        throw new ModelTensorError({ file, tensor: name, problem: 'it is missing' });
      return readAt(tensor.start, tensor.end - tensor.start);
    };
    return {
      file,
      tensors,
      metadata,
      readBytes,
      async readFloats(name) {
        const { buffer } = await readBytes(name);
        const dtype = tensors.get(name)?.dtype;
        if (dtype === 'F32') return new Float32Array(buffer);
        if (dtype === 'F16') return halfToFloat(new Uint16Array(buffer));
        if (dtype === 'BF16') return bfloatToFloat(new Uint16Array(buffer));
        if (dtype === 'F64') return Float32Array.from(new Float64Array(buffer));
        throw new ModelTensorError({
          file,
          tensor: name,
          problem: `its type ${dtype ?? 'unknown'} is no floating-point type`,
        });
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
