import { sha256 } from './sha256.js';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b_6a_57_b2, 0x26_50_8e_6d, 0x1e_a1_19_fa, 0x3d_42_33_dd, 0x2a_14_62_b3];

/**
 * Whether a text is a Bitcoin address with a right checksum: Base58Check, Bech32 or Bech32m.
 *
 * @see BIP 173, BIP 350
 */
export function isBitcoinAddress(text: string): boolean {
  return /^bc1/i.test(text) ? isSegwit(text) : isBase58Check(text);
}

function isBase58Check(text: string): boolean {
  if (!/^[13][1-9A-HJ-NP-Za-km-z]{25,34}$/.test(text)) return false;
  const bytes = new Uint8Array(25);
  for (const character of text) {
    let carry = BASE58.indexOf(character);
    for (let index = 24; index >= 0; index -= 1) {
      carry += 58 * (bytes[index] ?? 0);
      bytes[index] = carry & 0xff;
      carry >>= 8;
    }
    if (carry !== 0) return false;
  }
  const digest = sha256(sha256(bytes.subarray(0, 21)));
  return [0, 1, 2, 3].every((index) => digest[index] === bytes[21 + index]);
}

function isSegwit(text: string): boolean {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return false;
  const data = text.toLowerCase().slice(3);
  if (data.length < 8 || data.length > 80) return false;
  const values = [...data].map((character) => BECH32.indexOf(character));
  const version = values[0] ?? -1;
  if (values.includes(-1) || version > 16) return false;
  const bits = (values.length - 7) * 5;
  const bytes = Math.floor(bits / 8);
  const padding = (values.at(-7) ?? 0) & ((1 << (bits % 8)) - 1);
  if (bytes < 2 || bytes > 40 || bits % 8 > 4 || padding !== 0) return false;
  if (version === 0 && bytes !== 20 && bytes !== 32) return false;
  // The human-readable part `bc`, spread out.
  let check = 1;
  for (const value of [3, 3, 0, 2, 3, ...values]) {
    const top = check >>> 25;
    check = ((check & 0x1_ff_ff_ff) << 5) ^ value;
    for (const [index, generator] of GENERATORS.entries())
      if (((top >> index) & 1) === 1) check ^= generator;
  }
  // Addresses of later versions made before BIP 350 have the checksum of the first.
  return check >>> 0 === 1 || (values[0] !== 0 && check >>> 0 === 0x2b_c8_30_a3);
}
