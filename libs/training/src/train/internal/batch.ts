import type { TensorData } from '@espalier/core';
import type { TokenRow } from '../token-rows.js';

/** How rows are padded. */
export interface Padding {
  readonly maxLength: number;
  /** Lengths are rounded up to a multiple of this, so that few programs are compiled. */
  readonly multiple: number;
}

/** Rows side by side, ready to be fed. */
export interface Batch {
  readonly rows: number;
  readonly length: number;
  readonly isPacked: boolean;
  readonly scored: number;
  /** Without padding. */
  readonly tokens: number;
  readonly feeds: Readonly<Record<string, TensorData>>;
  /** Encoders: texts of one length each; `rows` and `length` are those of all. */
  readonly groups?: readonly TextGroup[];
}

/** Texts that are encoded side by side. */
export interface TextGroup {
  readonly rows: number;
  readonly length: number;
}

/** How many tokens of a row are scored. */
export function scoredCount(row: TokenRow): number {
  return row.isScored.reduce((total, flag, i) => total + (i === 0 ? 0 : flag), 0);
}

/** Pads rows to one length; position i predicts token i + 1. */
export function makeBatch(rows: readonly TokenRow[], { maxLength, multiple }: Padding): Batch {
  const longest = Math.max(...rows.map(({ ids }) => ids.length));
  const length = Math.min(Math.ceil(longest / multiple) * multiple, maxLength);
  const isPacked = rows.some(({ segments }) => segments !== undefined);
  const count = rows.length * length;
  const ids = new Int32Array(count);
  const targets = new Int32Array(count);
  const weights = new Float32Array(count);
  const segments = new Int32Array(count).fill(-1);
  const positions = new Int32Array(count);
  let scored = 0;
  let tokens = 0;
  for (const [n, row] of rows.entries()) {
    const at = n * length;
    ids.set(row.ids, at);
    targets.set(row.ids.subarray(1), at);
    for (let i = 1; i < row.ids.length; i++) weights[at + i - 1] = row.isScored[i] ?? 0;
    segments.set(row.segments ?? new Int32Array(row.ids.length), at);
    for (let i = 0; i < length; i++) positions[at + i] = row.positions?.[i] ?? i;
    scored += scoredCount(row);
    tokens += row.ids.length;
  }
  const shape = [rows.length, length];
  const integers = (data: Int32Array): TensorData => ({ dtype: 'int32', shape, data });
  return {
    rows: rows.length,
    length,
    isPacked,
    scored,
    tokens,
    feeds: {
      ids: integers(ids),
      targets: integers(targets),
      weights: { dtype: 'float32', shape, data: weights },
      ...(isPacked ? { segments: integers(segments), positions: integers(positions) } : {}),
    },
  };
}
