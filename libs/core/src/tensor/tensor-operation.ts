import type { TensorDType } from './tensor-graph.js';

/** How blocks of a weight are stored in few bits. */
export type QuantisedFormat = 'int8' | 'int4' | 'nf4';

/** Operations of one input that keep its shape; `not` takes bool, the rest float32. */
export type UnaryKind =
  | 'neg'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'reciprocal'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'relu'
  | 'abs'
  | 'sign'
  | 'gelu'
  | 'geluTanh'
  | 'silu'
  | 'not';

/** Operations of two inputs with NumPy's broadcasting; `less` and `equal` give bool, `and` takes it. */
export type BinaryKind =
  'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'less' | 'equal' | 'and';

/**
 * One step of a tensor program. Every shape is known when the program is traced.
 *
 * `sum`, `max` keep the reduced axes with length 1. `gather` takes rows of a table by int32 ids; `scatterAdd` adds rows
 * into `rows` zeros and is its transpose. `takeLast` picks one entry of the last axis for each int32 index. `rmsNorm`
 * (x, weight) gives the result and 1/rms; `layerNorm` (x, weight, bias) gives the result, mean and 1/deviation, over the
 * last axis. `matmul` multiplies its result by `scale`. `rotary` (x [batch, heads, length, width], positions int32
 * [batch, length], cosines and sines [positions, width / 2]) turns the halves of the last axis; `detach` passes its input on
 * and stops gradients. `where` takes condition, value if true, value if false. `after` passes its first input on, but not
 * before the second is there, of which nothing else is used.
 *
 * `dequantise` (codes, scales float32 [blocks]) gives float32 [blocks, size]: the level of each code times its block's scale.
 * `int8`: codes int8 [blocks, size], levels −128 to 127. `int4`, `nf4`: codes uint8 [blocks, size / 2], byte j with element 2j
 * in its high half and element 2j + 1 in its low half; levels code − 8, or those of NormalFloat (arXiv 2305.14314, appendix E).
 */
export type TensorOperation =
  | { readonly kind: UnaryKind | BinaryKind | 'where' | 'gather' | 'takeLast' | 'detach' | 'after' }
  | { readonly kind: 'cast'; readonly to: TensorDType }
  | { readonly kind: 'dequantise'; readonly format: QuantisedFormat }
  | { readonly kind: 'sum' | 'sumSquare' | 'max'; readonly axes: readonly number[] }
  | {
      readonly kind: 'matmul';
      readonly transposeA: boolean;
      readonly transposeB: boolean;
      readonly scale: number;
    }
  | { readonly kind: 'reshape' | 'expand'; readonly shape: readonly number[] }
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  | { readonly kind: 'concat'; readonly axis: number }
  | { readonly kind: 'slice'; readonly axis: number; readonly start: number; readonly size: number }
  | {
      readonly kind: 'pad';
      readonly axis: number;
      readonly before: number;
      readonly after: number;
    }
  | { readonly kind: 'scatterAdd'; readonly rows: number }
  | { readonly kind: 'oneHot'; readonly depth: number }
  | { readonly kind: 'softmax' | 'logSoftmax' }
  | { readonly kind: 'rotary'; readonly isInverse: boolean }
  | { readonly kind: 'layerNorm' | 'rmsNorm'; readonly epsilon: number };
