import { floatToHalf } from '../../files/float-conversion.js';
import type { GgufType } from '../gguf-type.js';
import { quantizeQ4K } from './quantize-q4-k.js';
import { quantizeQ50 } from './quantize-q5-0.js';
import { quantizeQ80 } from './quantize-q8-0.js';

/** The stored bytes of values; their number must be whole blocks of the type. */
export function encodeTensor(type: GgufType, values: Float32Array): Uint8Array {
  switch (type) {
    case 'f32':
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    case 'f16':
      return new Uint8Array(floatToHalf(values).buffer);
    case 'q8_0':
      return quantizeQ80(values);
    case 'q5_0':
      return quantizeQ50(values);
    case 'q4_k':
      return quantizeQ4K(values);
  }
}
