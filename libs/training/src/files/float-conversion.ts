/** float16 bits to float32 bits, for all 65,536 values. */
function halfTable(): Uint32Array {
  const table = new Uint32Array(65_536);
  for (let bits = 0; bits < 65_536; bits++) {
    const negative = (bits & 0x8000) << 16;
    const exponent = (bits >> 10) & 31;
    let fraction = bits & 1023;
    if (exponent === 31) table[bits] = negative | 0x7f800000 | (fraction << 13);
    else if (exponent > 0) table[bits] = negative | ((exponent + 112) << 23) | (fraction << 13);
    else if (fraction === 0) table[bits] = negative;
    else {
      let shift = 113;
      while ((fraction & 1024) === 0) {
        fraction <<= 1;
        shift--;
      }
      table[bits] = negative | (shift << 23) | ((fraction & 1023) << 13);
    }
  }
  return table;
}

/** Widens float16 bits. */
export function halfToFloat(bits: Uint16Array): Float32Array {
  const table = halfTable();
  const out = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = table[bits[i] ?? 0] ?? 0;
  return new Float32Array(out.buffer);
}

/** Widens bfloat16 bits. */
export function bfloatToFloat(bits: Uint16Array): Float32Array {
  const out = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = (bits[i] ?? 0) << 16;
  return new Float32Array(out.buffer);
}

/** Narrows to float16, to nearest, ties to even; what is too large becomes infinite. */
export function floatToHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (word) => {
    const negative = (word >>> 16) & 0x8000;
    const rest = word & 0x7fffffff;
    if (rest > 0x7f800000) return negative | 0x7e00;
    if (rest >= 0x477ff000) return negative | 0x7c00;
    if (rest >= 0x38800000) {
      const rounded = rest + 0xfff + ((rest >>> 13) & 1);
      return negative | ((rounded - 0x38000000) >>> 13);
    }
    // A subnormal: adding a half puts the bits that stay at the end of the fraction, rounded.
    const shifted = new Float32Array(1);
    new Uint32Array(shifted.buffer)[0] = rest;
    shifted[0] = (shifted[0] ?? 0) + 0.5;
    return negative | ((new Uint32Array(shifted.buffer)[0] ?? 0) - 0x3f000000);
  });
}

/** Narrows to bfloat16, to nearest, ties to even. */
export function floatToBfloat(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (word) =>
    (word & 0x7fffffff) > 0x7f800000
      ? (word >>> 16) | 0x40
      : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16,
  );
}
