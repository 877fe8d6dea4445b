/** A source of random numbers. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

/** Random numbers that nobody can foresee, from the platform's cryptographic generator. */
export function createSystemRandom(): Random {
  const buffer = new Uint32Array(1);
  return {
    next() {
      crypto.getRandomValues(buffer);
      return (buffer[0] ?? 0) / 2 ** 32;
    },
  };
}

/**
 * The same sequence for the same seed, on every machine.
 *
 * Fit for tests, sampling and jitter; not for secrets.
 *
 * @see Tommy Ettinger's mulberry32: a 32-bit state advanced by a Weyl sequence.
 */
export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
