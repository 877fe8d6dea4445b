/** Random bytes that nobody can foresee. */
export type RandomBytes = (count: number) => Uint8Array;

/** Whole random numbers below a bound, and exact coins, from random bytes. */
export interface SecureIntegers {
  /** A number in [0, bound), each equally likely. */
  below(bound: bigint): bigint;
  /** True with the probability `numerator` / `denominator`, exactly. */
  coin(numerator: bigint, denominator: bigint): boolean;
  /** True with the probability exp(-`numerator` / `denominator`), exactly. */
  exponentialCoin(numerator: bigint, denominator: bigint): boolean;
}

/**
 * Makes a source of exact random integers. No floating-point number is involved, whose lowest bits would give away what the
 * noise hides.
 *
 * @see Canonne, Kamath and Steinke 2020, The Discrete Gaussian for Differential Privacy, Algorithm 1; Mironov 2012 (the
 * attack on floating-point noise)
 */
export function createSecureIntegers(randomBytes: RandomBytes): SecureIntegers {
  const below = (bound: bigint): bigint => {
    const bits = bound.toString(2).length;
    const count = Math.ceil(bits / 8);
    const mask = (1n << BigInt(bits)) - 1n;
    for (;;) {
      let number = 0n;
      for (const byte of randomBytes(count)) number = (number << 8n) | BigInt(byte);
      number &= mask;
      if (number < bound) return number;
    }
  };
  const coin = (numerator: bigint, denominator: bigint): boolean => below(denominator) < numerator;
  /** For an exponent in [0, 1]. */
  const smallCoin = (numerator: bigint, denominator: bigint): boolean => {
    let round = 1n;
    while (coin(numerator, denominator * round)) round += 1n;
    return round % 2n === 1n;
  };
  return {
    below,
    coin,
    exponentialCoin(numerator, denominator) {
      let left = numerator;
      for (; left > denominator; left -= denominator) if (!smallCoin(1n, 1n)) return false;
      return smallCoin(left, denominator);
    },
  };
}

/** The platform's cryptographic generator. */
export function systemRandomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
