import type { TensorData, TensorGraph } from '@espalier/core';
import { FeedMismatchError } from '../errors.js';
import { describeType, sameShape } from '../tensor/trace.js';

/**
 * Fails unless the feeds are those of the graph, by name, type and shape.
 *
 * @throws {FeedMismatchError} `ERR_TRAINING_FEED_MISMATCH`.
 */
export function checkFeeds(graph: TensorGraph, feeds: Readonly<Record<string, TensorData>>): void {
  for (const { name, value } of graph.feeds) {
    const expected = graph.values[value];
    const found = feeds[name];
    if (expected === undefined) continue;
    const count = expected.shape.reduce((product, size) => product * size, 1);
    if (
      found?.dtype !== expected.dtype ||
      !sameShape(found.shape, expected.shape) ||
      found.data.length !== count
    ) {
      throw new FeedMismatchError({
        name,
        expected: describeType(expected),
        found:
          found === undefined
            ? 'nothing'
            : `${describeType(found)} with ${found.data.length} values`,
      });
    }
  }
}
