import type { TensorDType, TensorValues } from '@espalier/core';

/** An array of zeros of a type. */
export function zeros(dtype: TensorDType, count: number): TensorValues {
  switch (dtype) {
    case 'float32':
      return new Float32Array(count);
    case 'int32':
      return new Int32Array(count);
    case 'int8':
      return new Int8Array(count);
    case 'float16':
    case 'bfloat16':
      return new Uint16Array(count);
    case 'bool':
    case 'uint8':
      return new Uint8Array(count);
  }
}
