import type { TensorData, TensorDType, TensorType } from '@espalier/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  bfloatToFloat,
  floatToBfloat,
  floatToHalf,
  halfToFloat,
} from '../../files/float-conversion.js';
import type { TensorFlow } from './run-node.js';

/**
 * A value kept between steps. TensorFlow.js has no small types: bytes are computed with as int32, 16-bit floating-point numbers
 * as float32; packed, they lie four or two in a word of int32, as many planes as fit in a word one above the other.
 */
export interface StoredTensor extends TensorType {
  readonly tensor: Tensor;
  readonly isPacked: boolean;
}

const BYTE_PLACES = [1, 256, 65_536, 16_777_216] as const;
const HALF_PLACES = [1, 65_536] as const;

/** The type that TensorFlow.js computes with. */
export function workingType(dtype: TensorDType): 'float32' | 'int32' | 'bool' {
  if (dtype === 'uint8' || dtype === 'int8') return 'int32';
  return dtype === 'float16' || dtype === 'bfloat16' ? 'float32' : dtype;
}

/** A value as it is computed with. */
export function toWorking(tf: TensorFlow, { dtype, shape, data }: TensorData): Tensor {
  const values =
    dtype === 'float16'
      ? halfToFloat(data as Uint16Array)
      : dtype === 'bfloat16'
        ? bfloatToFloat(data as Uint16Array)
        : dtype === 'uint8' || dtype === 'int8'
          ? Int32Array.from(data)
          : // The kernels may keep the array; the caller goes on using its own.
            (data.slice() as Float32Array | Int32Array | Uint8Array);
  return tf.tensor(values, [...shape], workingType(dtype));
}

/** The value outside of what is computed with. */
export async function fromWorking(
  tensor: Tensor,
  { dtype, shape }: TensorType,
): Promise<TensorData> {
  const data: Float32Array | Int32Array | Uint8Array = await tensor.data();
  switch (dtype) {
    case 'uint8':
      return { dtype, shape, data: Uint8Array.from(data) };
    case 'int8':
      return { dtype, shape, data: Int8Array.from(data) };
    case 'float16':
      return { dtype, shape, data: floatToHalf(Float32Array.from(data)) };
    case 'bfloat16':
      return { dtype, shape, data: floatToBfloat(Float32Array.from(data)) };
    case 'float32':
    case 'int32':
    case 'bool':
      return { dtype, shape, data: data.slice() };
  }
}

function placesOf(dtype: TensorDType): readonly number[] {
  if (workingType(dtype) === dtype) return [];
  return dtype === 'uint8' || dtype === 'int8' ? BYTE_PLACES : HALF_PLACES;
}

const countOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Keeps a value from outside, in as few bytes as it has there. */
export function storeData(tf: TensorFlow, value: TensorData): StoredTensor {
  const { dtype, shape, data } = value;
  const places = placesOf(dtype);
  const { length } = data;
  if (places.length === 0)
    return { dtype, shape, tensor: tf.keep(toWorking(tf, value)), isPacked: false };
  const plane = Math.ceil(length / places.length);
  const words = new Int32Array(plane);
  const mask = places.length === BYTE_PLACES.length ? 255 : 65_535;
  for (let i = 0; i < length; i++) {
    const word = i % plane;
    const shift = (Math.floor(i / plane) * 32) / places.length;
    words[word] = (words[word] ?? 0) | (((data[i] ?? 0) & mask) << shift);
  }
  return { dtype, shape, tensor: tf.keep(tf.tensor1d(words, 'int32')), isPacked: true };
}

/** Keeps what a step computed; bytes packed, 16-bit numbers as float32, which they are exactly. */
export function storeWorking(tf: TensorFlow, tensor: Tensor, type: TensorType): StoredTensor {
  const { dtype, shape } = type;
  if (dtype !== 'uint8' && dtype !== 'int8')
    return { dtype, shape, tensor: tf.keep(tf.clone(tensor)), isPacked: false };
  const count = countOf(shape);
  const plane = Math.ceil(count / BYTE_PLACES.length);
  const packed = tf.tidy(() => {
    const flat = tf.reshape(tensor, [count]);
    const padded = tf.reshape(tf.pad(flat, [[0, plane * BYTE_PLACES.length - count]]), [-1, plane]);
    const parts = BYTE_PLACES.map((place, index) => {
      const part = tf.reshape(tf.slice(padded, [index, 0], [1, plane]), [plane]);
      // The highest byte carries the word's sign, the others none.
      const isHighest = index === BYTE_PLACES.length - 1;
      const turned = isHighest ? shifted(tf, part, 128, -256) : shifted(tf, part, 0, 256, true);
      return tf.mul(turned, tf.scalar(place, 'int32'));
    });
    return parts.reduce((sum, part) => tf.add(sum, part));
  });
  return { dtype, shape, tensor: tf.keep(packed), isPacked: true };
}

/** Adds to whole numbers from a limit on, or with `isBelow` to those below it. */
function shifted(
  tf: TensorFlow,
  x: Tensor,
  limit: number,
  change: number,
  isBelow = false,
): Tensor {
  const bound = tf.scalar(limit, 'int32');
  const isMeant = isBelow ? tf.less(x, bound) : tf.greaterEqual(x, bound);
  return tf.add(x, tf.mul(tf.cast(isMeant, 'int32'), tf.scalar(change, 'int32')));
}

/** A kept value as it is computed with; the caller's `tidy` frees it. */
export function unpack(tf: TensorFlow, stored: StoredTensor): Tensor {
  const { dtype, shape, tensor } = stored;
  if (!stored.isPacked) return tensor;
  const planes: Tensor[] = [];
  let rest = tensor;
  for (const [index, place] of [...placesOf(dtype).entries()].reverse()) {
    if (index === 0) {
      planes.unshift(rest);
      break;
    }
    const divisor = tf.scalar(place, 'int32');
    const high = tf.floorDiv(rest, divisor);
    planes.unshift(high);
    rest = tf.sub(rest, tf.mul(high, divisor));
  }
  const all = tf.reshape(tf.slice(tf.concat(planes), [0], [countOf(shape)]), [...shape]);
  if (dtype === 'int8') return shifted(tf, all, 128, -256);
  if (dtype === 'uint8') return shifted(tf, all, 0, 256, true);
  const bits = shifted(tf, all, 0, 65_536, true);
  return tf.gather(tf.tensor1d(halfTable(dtype)), bits);
}

const tables = new Map<TensorDType, Float32Array>();

/** What each of the 65,536 patterns of bits stands for. */
function halfTable(dtype: TensorDType): Float32Array {
  const known = tables.get(dtype);
  if (known !== undefined) return known;
  const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const made = dtype === 'bfloat16' ? bfloatToFloat(bits) : halfToFloat(bits);
  tables.set(dtype, made);
  return made;
}

/** The largest step between neighbours of float16 below its normal numbers is 2⁻²⁴; adding this rounds to it. */
const HALF_SUBNORMAL = 0.75;
const LEAST_NORMAL_HALF = 2 ** -14;
const GREATEST_HALF = 65_520;

/** Rounds float32 numbers to those that a 16-bit type has. */
export function roundToHalf(tf: TensorFlow, x: Tensor, dtype: 'float16' | 'bfloat16'): Tensor {
  const size = tf.abs(x);
  // Dekker's splitting: the sum keeps as many bits as the type has.
  const scaled = tf.mul(size, dtype === 'float16' ? 2 ** 13 + 1 : 2 ** 16 + 1);
  let rounded: Tensor = tf.sub(scaled, tf.sub(scaled, size));
  if (dtype === 'float16') {
    const small = tf.sub(tf.add(size, HALF_SUBNORMAL), HALF_SUBNORMAL);
    rounded = tf.where(tf.less(size, LEAST_NORMAL_HALF), small, rounded);
    const infinite = tf.fill(x.shape, Infinity);
    rounded = tf.where(tf.greaterEqual(size, GREATEST_HALF), infinite, rounded);
  }
  const signed = tf.where(tf.less(x, 0), tf.neg(rounded), rounded);
  return tf.where(tf.equal(x, 0), x, signed);
}
