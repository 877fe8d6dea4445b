import type { TensorData } from '@espalier/core';
import type { EncodedText } from '../encode-text.js';
import type { Batch, Padding, TextGroup } from './batch.js';

/** Groups of texts side by side, each group padded to one length. */
export function makeEncoderBatch(
  groups: readonly (readonly EncodedText[])[],
  padding: Padding,
): Batch {
  const feeds: Record<string, TensorData> = {};
  const shapes = groups.map((texts, n): TextGroup => {
    const shape = groupShape(texts.length, longestOf(texts), padding);
    const { rows, length } = shape;
    const ids = new Int32Array(rows * length);
    const types = new Int32Array(rows * length);
    const mask = new Float32Array(rows * length);
    for (const [row, text] of texts.entries()) {
      ids.set(text.ids, row * length);
      types.set(text.typeIds, row * length);
      mask.fill(1, row * length, row * length + text.ids.length);
    }
    feeds[`ids.${n}`] = { dtype: 'int32', shape: [rows, length], data: ids };
    feeds[`types.${n}`] = { dtype: 'int32', shape: [rows, length], data: types };
    feeds[`mask.${n}`] = { dtype: 'float32', shape: [rows, length], data: mask };
    return shape;
  });
  const tokens = groups.flat().reduce((total, { ids }) => total + ids.length, 0);
  return { ...batchShape(shapes), isPacked: false, scored: 0, tokens, feeds, groups: shapes };
}

/** Rows of all groups, and the longest of their lengths. */
export function batchShape(groups: readonly TextGroup[]): TextGroup {
  return {
    rows: groups.reduce((total, { rows }) => total + rows, 0),
    length: Math.max(...groups.map(({ length }) => length)),
  };
}

/** A group of texts of which the longest has so many tokens. */
export function groupShape(
  rows: number,
  longest: number,
  { maxLength, multiple }: Padding,
): TextGroup {
  return { rows, length: Math.min(Math.ceil(longest / multiple) * multiple, maxLength) };
}

/** Tokens of the longest text. */
export function longestOf(texts: readonly EncodedText[]): number {
  return texts.reduce((most, { ids }) => Math.max(most, ids.length), 1);
}
