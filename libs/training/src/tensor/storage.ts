import type { QuantisedFormat } from '@espalier/core';
import { TraceError } from '../errors.js';
import { expectType, recordOne } from './elementwise.js';
import { describeType, sameShape, type Tensor } from './trace.js';

/**
 * The values of blocks stored in few bits; no gradient flows to them.
 *
 * Shapes: codes int8 [blocks, size] for `int8`, else uint8 [blocks, size / 2]; scales float32 [blocks] → [blocks, size].
 */
export function dequantise(codes: Tensor, scales: Tensor, format: QuantisedFormat): Tensor {
  expectType('dequantise', codes, format === 'int8' ? 'int8' : 'uint8');
  expectType('dequantise', scales, 'float32');
  const [blocks = 0, width = 0] = codes.shape;
  if (codes.shape.length !== 2 || !sameShape(scales.shape, [blocks]))
    throw new TraceError({
      operation: 'dequantise',
      problem: `${describeType(codes)} and scales ${describeType(scales)} are not of the same blocks`,
    });
  const size = format === 'int8' ? width : 2 * width;
  return recordOne({ kind: 'dequantise', format }, [codes, scales], 'float32', [blocks, size]);
}

/** The same values, computed no sooner than another tensor. */
export function after(x: Tensor, gate: Tensor): Tensor {
  expectType('after', gate, 'float32');
  return recordOne({ kind: 'after' }, [x, gate], x.dtype, x.shape);
}
