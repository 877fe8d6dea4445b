import type { Clock } from './clock.js';
import type { Random } from './random.js';

/** Makes unique ids, `run_019a…`; ids of one generator sort by the time they were made. */
export type IdGenerator = (prefix: string) => string;

const RANDOM_DIGITS = 18;

/**
 * Creates a generator of ids made of a prefix, 12 hexadecimal digits of milliseconds and 18 random ones (72 bits).
 *
 * Within one millisecond the random part counts up, so that order is kept.
 */
export function createIdGenerator(options: { clock: Clock; random: Random }): IdGenerator {
  let lastMs = -1;
  let counter = 0n;
  return (prefix) => {
    const nowMs = Math.max(options.clock.now(), lastMs);
    if (nowMs === lastMs) {
      counter += 1n + BigInt(Math.floor(options.random.next() * 2 ** 20));
    } else {
      counter =
        (randomBits(options.random, 31) << 40n) |
        (randomBits(options.random, 20) << 20n) |
        randomBits(options.random, 20);
    }
    lastMs = nowMs;
    const time = Math.trunc(nowMs).toString(16).padStart(12, '0');
    return `${prefix}_${time}${counter.toString(16).padStart(RANDOM_DIGITS, '0')}`;
  };
}

function randomBits(random: Random, bits: number): bigint {
  return BigInt(Math.floor(random.next() * 2 ** bits));
}
