import {
  fitsLuhn,
  fitsMod11And10,
  isDate,
  isShortDate,
  mod97Of,
  modulo,
  remainderOf,
  weightedSum,
} from './check-digits.js';

const last = (number: string): number => Number(number.at(-1));

export function isNrt(c: string): boolean {
  const found = /^([ACDEFGLOPU])(\d{6})[A-Z]$/.exec(c);
  if (found === null) return false;
  const digits = Number(found[2]);
  if (found[1] === 'F') return digits <= 699_999;
  return !['A', 'L'].includes(found[1] ?? '') || (digits > 699_999 && digits < 800_000);
}

function doubled(digit: number): number {
  return digit > 4 ? digit * 2 - 9 : digit * 2;
}

export function isAustrianTin(c: string): boolean {
  let sum = 0;
  for (let index = 0; index < 8; index += 1) {
    const digit = Number(c.charAt(index));
    sum += index % 2 === 0 ? digit : doubled(digit);
  }
  return (10 - (sum % 10)) % 10 === last(c);
}

export function isAustrianUid(c: string): boolean {
  const number = c.replace(/^AT/, '');
  if (!/^U\d{8}$/.test(number)) return false;
  let sum = 4;
  for (let index = 0; index < 7; index += 1) {
    const digit = Number(number.charAt(index + 1));
    sum += index % 2 === 0 ? digit : doubled(digit);
  }
  return (10 - (sum % 10)) % 10 === last(number);
}

export function isBelgianNational(c: string): boolean {
  if (!/^\d{11}$/.test(c)) return false;
  const [base, check] = [c.slice(0, 9), Number(c.slice(9))];
  // Months of 20 to 32 and 40 to 52 are those of the register for foreigners.
  const month = Number(c.slice(2, 4)) % 20;
  if (month > 12 || c.slice(2, 4) === '00' || Number(c.slice(4, 6)) > 31 || c.startsWith('0000000'))
    return false;
  return 97 - remainderOf(base, 97) === check || 97 - remainderOf(`2${base}`, 97) === check;
}

export function isBelgianVat(c: string): boolean {
  const number = c.replace(/^BE/, '').padStart(10, '0');
  if (!/^[01]\d{9}$/.test(number) || Number(number) === 0) return false;
  return (Number(number.slice(0, 8)) + Number(number.slice(8))) % 97 === 0;
}

export function isEan(c: string): boolean {
  let sum = 0;
  for (let index = 0; index < c.length; index += 1)
    sum += Number(c.charAt(index)) * (index % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}

export function isSwissUid(c: string): boolean {
  return (
    /^CHE\d{9}$/.test(c) &&
    modulo(11 - weightedSum(c.slice(3), [5, 4, 3, 2, 7, 6, 5, 4]), 11) === last(c)
  );
}

const RECURSIVE = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];

export function fitsRecursiveMod10(c: string): boolean {
  let carry = 0;
  for (const digit of c.slice(0, -1)) carry = RECURSIVE[(carry + Number(digit)) % 10] ?? 0;
  return (10 - carry) % 10 === last(c);
}

export function isGermanIdnr(c: string): boolean {
  if (!/^[1-9]\d{10}$/.test(c) || !fitsMod11And10(c)) return false;
  const counts = new Map<string, number>();
  for (const digit of c.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) < 4;
}

export function isGermanSvnr(c: string): boolean {
  const found = /^(\d{8})([A-Z])(\d{3})$/.exec(c);
  if (found === null || !isShortDate(c.slice(2, 8), 'dmy')) return false;
  const digits = `${found[1] ?? ''}${String((found[2]?.charCodeAt(0) ?? 0) - 64).padStart(2, '0')}${found[3] ?? ''}`;
  let sum = 0;
  for (const [index, weight] of [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].entries()) {
    const product = weight * Number(digits.charAt(index));
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 10 === last(c);
}

export function fitsLuhnWeights(c: string): boolean {
  const digits = `${String(c.charCodeAt(0) - 64).padStart(2, '0')}${c.slice(1, 9)}`;
  let sum = 0;
  for (let index = 0; index < 10; index += 1) {
    const product = Number(digits.charAt(index)) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 10 === last(c);
}

export function isMachineReadable(c: string): boolean {
  if (!/^[A-Z0-9]{9}\d$/.test(c) || !/\d/.test(c.slice(0, 9))) return false;
  let sum = 0;
  for (let index = 0; index < 9; index += 1)
    sum += Number.parseInt(c.charAt(index), 36) * ([7, 3, 1][index % 3] ?? 0);
  return sum % 10 === last(c);
}

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

export function isSpanishNif(written: string): boolean {
  const c = written.replace(/^ES/, '');
  if (/^[0-9XYZ]\d{7}[A-Z]$/.test(c)) {
    const number = c.replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))).slice(0, 8);
    return NIF_LETTERS.charAt(Number(number) % 23) === c.charAt(8);
  }
  if (/^[KLM]\d{7}[A-Z]$/.test(c))
    return NIF_LETTERS.charAt(Number(c.slice(1, 8)) % 23) === c.charAt(8);
  if (!/^[ABCDEFGHJNPQRSUVW]\d{7}[A-Z0-9]$/.test(c)) return false;
  let sum = 0;
  for (let index = 1; index < 8; index += 1) {
    const digit = Number(c.charAt(index));
    sum += index % 2 === 0 ? digit : doubled(digit);
  }
  const check = (10 - (sum % 10)) % 10;
  return c.charAt(8) === String(check) || c.charAt(8) === 'JABCDEFGHI'.charAt(check);
}

export function isCups(c: string): boolean {
  if (!/^ES\d{16}[A-Z]{2}(?:\d[FPRCXYZ])?$/.test(c)) return false;
  const rest = remainderOf(c.slice(2, 18), 529);
  return (
    c.slice(18, 20) ===
    `${NIF_LETTERS.charAt(Math.floor(rest / 23))}${NIF_LETTERS.charAt(rest % 23)}`
  );
}

export function isCatastral(c: string): boolean {
  if (!/^[A-Z0-9\u00D1]{18}[A-Z]{2}$/.test(c)) return false;
  const alphabet = 'ABCDEFGHIJKLMN\u00D1OPQRSTUVWXYZ';
  const checkOf = (part: string): string => {
    let sum = 0;
    for (const [index, weight] of [13, 15, 12, 5, 4, 17, 9, 21, 3, 7, 1].entries()) {
      const character = part.charAt(index);
      sum += weight * (/\d/.test(character) ? Number(character) : alphabet.indexOf(character) + 1);
    }
    return 'MQWERTYUIOPASDFGHJKLBZX'.charAt(sum % 23);
  };
  const unit = c.slice(14, 18);
  return (
    c.slice(18) === `${checkOf(`${c.slice(0, 7)}${unit}`)}${checkOf(`${c.slice(7, 14)}${unit}`)}`
  );
}

export function isHetu(written: string): boolean {
  const c = written.trim().toUpperCase();
  const found = /^(\d{6})([+\-ABCDEFUVWXY])(\d{3})([0-9A-Z])$/.exec(c);
  if (found === null || !isShortDate(c, 'dmy') || Number(found[3]) < 2 || Number(found[3]) > 899)
    return false;
  const rest = Number(`${found[1] ?? ''}${found[3] ?? ''}`) % 31;
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(rest) === found[4];
}

export function isSiret(c: string): boolean {
  if (!/^\d{14}$/.test(c)) return false;
  if (fitsLuhn(c)) return true;
  // The French post gives its establishments numbers of another kind.
  return (
    c.startsWith('356000000') && [...c].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0
  );
}

const TVA_ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export function isFrenchTva(written: string): boolean {
  const c = written.replace(/^FR/, '');
  if (!/^[A-HJ-NP-Z0-9]{2}\d{9}$/.test(c)) return false;
  const siren = c.slice(2);
  if (!siren.startsWith('000') && !fitsLuhn(siren)) return false;
  if (/^\d{2}/.test(c)) return Number(c.slice(0, 2)) === remainderOf(`${siren}12`, 97);
  const [first, second] = [TVA_ALPHABET.indexOf(c.charAt(0)), TVA_ALPHABET.indexOf(c.charAt(1))];
  const check = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
  return (Number(siren) + 1 + Math.floor(check / 11)) % 11 === check % 11;
}

export function isNir(c: string): boolean {
  if (!/^[12378]\d{4}(?:\d{2}|2[AB])\d{8}$/.test(c)) return false;
  const number = c.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - remainderOf(number, 97) === Number(c.slice(13));
}

const PPS_LETTERS = 'WABCDEFGHIJKLMNOPQRSTUV';

export function isPps(c: string): boolean {
  const found = /^(\d{7})([A-W])([A-IWTX]?)$/.exec(c);
  if (found === null) return false;
  const second =
    found[3] === undefined || 'WTX'.includes(found[3]) ? 0 : found[3].charCodeAt(0) - 64;
  // The letters A and B count; W, T and X of earlier times do not.
  const sum = weightedSum(c, [8, 7, 6, 5, 4, 3, 2]) + 9 * second;
  return PPS_LETTERS.charAt(sum % 23) === found[2];
}

export function isIrishVat(written: string): boolean {
  const c = written.replace(/^IE/, '');
  if (/^\d{7}[A-Z]{1,2}$/.test(c)) return isPps(c);
  if (!/^\d[A-Z+*]\d{5}[A-Z]$/.test(c)) return false;
  return isPps(`0${c.slice(2, 7)}${c.charAt(0)}${c.charAt(7)}`);
}

export function isNhs(c: string): boolean {
  if (!/^\d{10}$/.test(c)) return false;
  const check = 11 - (weightedSum(c, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check % 11 === last(c) && check !== 10;
}

export function isBritishVat(written: string): boolean {
  const c = written.replace(/^(?:GB|XI)/, '');
  const office = /^(GD|HA)(\d{3})$/.exec(c);
  if (office !== null)
    return office[1] === 'GD' ? Number(office[2]) < 500 : Number(office[2]) >= 500;
  const long = /^(?:GD|HA)8888(\d{3})(\d{2})$/.exec(c);
  if (long !== null) {
    const isGovernment = c.startsWith('GD');
    return (
      (isGovernment ? Number(long[1]) < 500 : Number(long[1]) >= 500) &&
      Number(long[1]) % 97 === Number(long[2])
    );
  }
  if (!/^\d{9}(?:\d{3})?$/.test(c)) return false;
  const rest = weightedSum(c, [8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
  return Number(c.slice(0, 3)) >= 100 ? rest === 0 || rest === 42 || rest === 55 : rest === 0;
}

export function isSedol(c: string): boolean {
  if (!/^(?:\d{7}|[B-DF-HJ-NP-TV-Z][0-9B-DF-HJ-NP-TV-Z]{5}\d)$/.test(c)) return false;
  let sum = 0;
  for (const [index, weight] of [1, 3, 1, 7, 3, 9].entries())
    sum += weight * Number.parseInt(c.charAt(index), 36);
  return (10 - (sum % 10)) % 10 === last(c);
}

export function isDutchVat(written: string): boolean {
  const c = written.startsWith('NL') ? written : `NL${written}`;
  if (!/^NL\d{9}B\d{2}$/.test(c)) return false;
  return weightedSum(c.slice(2), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 || mod97Of(c) === 1;
}

export function isCitizenCard(c: string): boolean {
  if (!/^\d{9}[A-Z0-9]{2}\d$/.test(c)) return false;
  let sum = 0;
  for (let index = 0; index < 12; index += 1) {
    const value = Number.parseInt(c.charAt(index), 36);
    sum += index % 2 === 1 ? value : value * 2 > 9 ? value * 2 - 9 : value * 2;
  }
  return sum % 10 === 0;
}

export function isGreekVat(written: string): boolean {
  const c = written.replace(/^(?:EL|GR)/, '').padStart(9, '0');
  if (!/^\d{9}$/.test(c)) return false;
  return (weightedSum(c, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === last(c);
}

const ODD_VALUES = 'BAKPLCQDREVOSFTGUHMINJWZYX';
const OMOCODIA = 'LMNPQRSTUV';

export function isCodiceFiscale(c: string): boolean {
  if (!/^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/.test(c))
    return false;
  const digitOf = (character: string): number =>
    /\d/.test(character) ? Number(character) : OMOCODIA.indexOf(character);
  const year = digitOf(c.charAt(6)) * 10 + digitOf(c.charAt(7));
  const month = 'ABCDEHLMPRST'.indexOf(c.charAt(8)) + 1;
  const day = (digitOf(c.charAt(9)) * 10 + digitOf(c.charAt(10))) % 40;
  if (!isDate(1900 + year, month, day) && !isDate(2000 + year, month, day)) return false;
  let sum = 0;
  for (let index = 0; index < 15; index += 1) {
    const character = c.charAt(index);
    const value = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;
    sum += index % 2 === 1 ? value : ODD_VALUES.indexOf(String.fromCharCode(65 + value));
  }
  return String.fromCharCode(65 + (sum % 26)) === c.charAt(15);
}

export function isCypriotVat(written: string): boolean {
  const c = written.replace(/^CY/, '');
  if (!/^\d{8}[A-Z]$/.test(c) || c.startsWith('12')) return false;
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
  let sum = 0;
  for (let index = 0; index < 8; index += 1) {
    const digit = Number(c.charAt(index));
    sum += index % 2 === 0 ? (odd[digit] ?? 0) : digit;
  }
  return String.fromCharCode(65 + (sum % 26)) === c.charAt(8);
}
