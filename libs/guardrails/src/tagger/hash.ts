const PRIME = 0x9e_37_79_b1;

/** Mixes a value into a hash. Units: 32-bit integers. */
export function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, PRIME);
  return mixed ^ (mixed >>> 15);
}

/** A hash of code units `start` to `end` of a text. */
export function hashText(text: string, start: number, end: number): number {
  let hash = 0x81_1c_9d_c5 | 0;
  for (let index = start; index < end; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
  return mix(hash, end - start);
}
