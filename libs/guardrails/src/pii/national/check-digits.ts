/** The sum of the digits of a number, each times its weight; weights beyond its length do not count. */
export function weightedSum(number: string, weights: readonly number[]): number {
  let sum = 0;
  for (const [index, weight] of weights.entries()) sum += weight * Number(number.charAt(index));
  return sum;
}

/** The remainder of an integer of any length, written in decimal digits. */
export function remainderOf(number: string, modulus: number): number {
  let remainder = 0;
  for (const digit of number) remainder = (remainder * 10 + Number(digit)) % modulus;
  return remainder;
}

/** The remainder that is never negative. */
export function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}

/** Whether digits end with the check digit of ISO/IEC 7064 MOD 11,10. */
export function fitsMod11And10(number: string): boolean {
  let check = 5;
  for (const digit of number) check = ((((check || 10) * 2) % 11) + Number(digit)) % 10;
  return check === 1;
}

/** Whether letters and digits give 1 modulo 97, letters read as 10 to 35: ISO/IEC 7064 MOD 97-10. */
export function fitsMod97(text: string): boolean {
  return mod97Of(text) === 1;
}

/** Letters and digits modulo 97, letters read as 10 to 35. */
export function mod97Of(text: string): number {
  let remainder = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

const DIHEDRAL = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTED = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** Whether digits end with Verhoeff's check digit. @see Verhoeff, Error Detecting Decimal Codes (1969) */
export function fitsVerhoeff(number: string): boolean {
  let check = 0;
  for (const [index, digit] of [...number].reverse().entries()) {
    const permuted = Number(PERMUTED[index % 8]?.charAt(Number(digit)));
    check = Number(DIHEDRAL[check]?.charAt(permuted));
  }
  return check === 0;
}

/** Luhn's sum over letters and digits, letters read as 10 to 35 and both digits counted one by one from the right. */
export function fitsLuhnOfAlphanumerics(text: string): boolean {
  const digits = [...text].map((character) => String(Number.parseInt(character, 36))).join('');
  return fitsLuhn(digits);
}

/** Whether digits end with Luhn's check digit. @see ISO/IEC 7812-1 annex B */
export function fitsLuhn(number: string): boolean {
  let sum = 0;
  for (let index = 0; index < number.length; index += 1) {
    const digit = Number(number.charAt(number.length - 1 - index));
    sum += index % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** Whether there is such a day. `year` in full. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Whether six digits are a day, read as `ymd` or `dmy`, in the last century or this one. */
export function isShortDate(six: string, order: 'ymd' | 'dmy'): boolean {
  const [first, month, last] = [
    Number(six.slice(0, 2)),
    Number(six.slice(2, 4)),
    Number(six.slice(4, 6)),
  ];
  const [year, day] = order === 'ymd' ? [first, last] : [last, first];
  return isDate(1900 + year, month, day) || isDate(2000 + year, month, day);
}
