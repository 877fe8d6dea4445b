/** The types that tensors are stored in. */
export type GgufType = 'f32' | 'f16' | 'q8_0' | 'q5_0' | 'q4_k';

/** How a type is laid out. */
interface GgufLayout {
  /** Its number in the file. */
  readonly code: number;
  /** Values that share one block; a row is a whole number of blocks. */
  readonly blockSize: number;
  readonly blockBytes: number;
}

/** @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
export const GGUF_LAYOUT: Readonly<Record<GgufType, GgufLayout>> = {
  f32: { code: 0, blockSize: 1, blockBytes: 4 },
  f16: { code: 1, blockSize: 1, blockBytes: 2 },
  q5_0: { code: 6, blockSize: 32, blockBytes: 22 },
  q8_0: { code: 8, blockSize: 32, blockBytes: 34 },
  q4_k: { code: 12, blockSize: 256, blockBytes: 144 },
};

/** Bytes of a tensor as stored. */
export function ggufBytes(type: GgufType, shape: readonly number[]): number {
  const { blockSize, blockBytes } = GGUF_LAYOUT[type];
  return (shape.reduce((product, size) => product * size, 1) / blockSize) * blockBytes;
}
