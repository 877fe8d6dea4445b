import { open, rename, rm } from 'node:fs/promises';
import { ModelFileError } from '../errors.js';
import { ggufBytes, GGUF_LAYOUT, type GgufType } from './gguf-type.js';
import { integerBytes, joinBytes, textBytes, valueBytes, type GgufMetadata } from './gguf-value.js';
import { encodeTensor } from './internal/encode-tensor.js';

/** A tensor to be written; its values are asked for when their turn comes. */
export interface GgufTensor {
  readonly name: string;
  /** Rows first, as in the other files of this library; stored the other way round. */
  readonly shape: readonly number[];
  readonly type: GgufType;
  readonly values: () => Promise<Float32Array> | Float32Array;
}

const MAGIC = 'GGUF';
const VERSION = 3;
const ALIGNMENT = 32;

/**
 * Writes a GGUF file of version 3, one tensor after another; the file appears whole or not at all.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: no space, no permission, no folder.
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function writeGguf(options: {
  readonly file: string;
  readonly metadata: GgufMetadata;
  readonly tensors: readonly GgufTensor[];
  readonly abortSignal?: AbortSignal;
}): Promise<void> {
  const { file, tensors, abortSignal } = options;
  const draft = `${file}.partial`;
  try {
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(headBytes(options.metadata, tensors));
      for (const { type, values, shape } of tensors) {
        abortSignal?.throwIfAborted();
        const bytes = encodeTensor(type, await values());
        await handle.writeFile(bytes);
        await handle.writeFile(new Uint8Array(padding(ggufBytes(type, shape))));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    abortSignal?.throwIfAborted();
    if (!isSystemError(cause)) throw cause;
    throw new ModelFileError({ file, problem: `it cannot be written: ${cause.message}`, cause });
  }
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}

function padding(bytes: number): number {
  return (ALIGNMENT - (bytes % ALIGNMENT)) % ALIGNMENT;
}

function headBytes(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Uint8Array {
  const parts: Uint8Array[] = [
    new TextEncoder().encode(MAGIC),
    integerBytes(VERSION, 4),
    integerBytes(tensors.length, 8),
    integerBytes(metadata.size, 8),
  ];
  for (const [key, value] of metadata) parts.push(textBytes(key), valueBytes(value));
  let at = 0;
  for (const { name, shape, type } of tensors) {
    parts.push(textBytes(name), integerBytes(shape.length, 4));
    for (const size of shape.toReversed()) parts.push(integerBytes(size, 8));
    parts.push(integerBytes(GGUF_LAYOUT[type].code, 4), integerBytes(at, 8));
    const bytes = ggufBytes(type, shape);
    at += bytes + padding(bytes);
  }
  const head = joinBytes(parts);
  return joinBytes([head, new Uint8Array(padding(head.length))]);
}
