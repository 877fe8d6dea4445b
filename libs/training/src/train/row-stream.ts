import { createSeededRandom } from '@espalier/core';

/** Spreads seeds and counters over 32 bits, so that neighbours share nothing. */
export function mixSeed(seed: number, counter: number): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(counter + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/**
 * The index of the k-th row of an endless stream: in order, epoch after epoch, or shuffled anew in each.
 *
 * It depends on k alone, so a resumed run goes on where the stream was.
 */
export function createRowStream(options: {
  readonly count: number;
  readonly seed: number;
  readonly isShuffled: boolean;
}): (k: number) => number {
  const { count, seed, isShuffled } = options;
  let order: { epoch: number; indices: Int32Array } | undefined;
  return (k) => {
    const at = k % count;
    if (!isShuffled) return at;
    const epoch = Math.floor(k / count);
    if (order?.epoch !== epoch) {
      const random = createSeededRandom(mixSeed(seed, epoch));
      const indices = Int32Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = Math.floor(random.next() * (i + 1));
        [indices[i], indices[j]] = [indices[j] ?? 0, indices[i] ?? 0];
      }
      order = { epoch, indices };
    }
    return order.indices[at] ?? 0;
  };
}
