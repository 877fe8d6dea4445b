const DECADES = 7;

/**
 * The 256 numbers of the dynamic eight-bit type, ascending: fewer bits of fraction the smaller the decade, from 1e-6 to 1.
 *
 * Decade i of seven, 10^(i − 7) to 10^(i − 6), is cut into 2^i equal parts (2^(i + 1) without a sign), whose middles are the
 * numbers; 0 and 1 are added.
 *
 * @see https://arxiv.org/abs/2110.02861, section 2 ("Dynamic quantization"), and bitsandbytes' `create_dynamic_map`.
 */
export function dynamicMap(isSigned: boolean): Float32Array {
  const numbers = [0, 1];
  for (let decade = 0; decade < DECADES; decade++) {
    const parts = partsOf(decade, isSigned);
    for (let part = 0; part < parts; part++) {
      const middle = (0.1 + (0.9 * (part + 0.5)) / parts) * 10 ** (decade - DECADES + 1);
      numbers.push(middle);
      if (isSigned) numbers.push(-middle);
    }
  }
  return Float32Array.from(numbers.sort((a, b) => a - b));
}

function partsOf(decade: number, isSigned: boolean): number {
  return 2 ** (isSigned ? decade : decade + 1);
}

/** Index of the number of an ascending map that is nearest to a value. */
export function nearestIndex(map: Float32Array, value: number): number {
  let [low, high] = [0, map.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((map[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  return value - (map[low] ?? 0) <= (map[high] ?? 0) - value ? low : high;
}
