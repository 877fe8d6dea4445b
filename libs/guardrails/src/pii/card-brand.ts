interface BrandRange {
  readonly brand: string;
  readonly first: number;
  readonly last: number;
  readonly lengths: readonly number[];
}

const range = (brand: string, first: number, last: number, ...lengths: number[]): BrandRange => ({
  brand,
  first,
  last,
  lengths,
});

/** Issuer ranges by leading digits; both ends have the same number of digits. */
const RANGES: readonly BrandRange[] = [
  range('visa', 4, 4, 13, 16, 19),
  range('mastercard', 51, 55, 16),
  range('mastercard', 2221, 2720, 16),
  range('american-express', 34, 34, 15),
  range('american-express', 37, 37, 15),
  range('discover', 6011, 6011, 16, 19),
  range('discover', 644, 649, 16, 19),
  range('discover', 65, 65, 16, 19),
  range('diners-club', 300, 305, 14),
  range('diners-club', 3095, 3095, 14),
  range('diners-club', 36, 36, 14),
  range('diners-club', 38, 39, 14, 16),
  range('jcb', 3528, 3589, 16, 17, 18, 19),
  range('union-pay', 62, 62, 16, 17, 18, 19),
  range('maestro', 5018, 5018, 13, 14, 15, 16, 17, 18, 19),
  range('maestro', 5020, 5020, 13, 14, 15, 16, 17, 18, 19),
  range('maestro', 5038, 5038, 13, 14, 15, 16, 17, 18, 19),
  range('maestro', 6304, 6304, 13, 14, 15, 16, 17, 18, 19),
  range('mir', 2200, 2204, 16, 17, 18, 19),
];

/**
 * The brand whose issuer range and lengths a card number fits; `undefined` for none.
 *
 * @see ISO/IEC 7812-1 (issuer identification numbers), with the ranges that the brands publish
 */
export function cardBrandOf(digits: string): string | undefined {
  for (const { brand, first, last, lengths } of RANGES) {
    const prefix = Number(digits.slice(0, String(first).length));
    if (prefix >= first && prefix <= last && lengths.includes(digits.length)) return brand;
  }
  return undefined;
}
