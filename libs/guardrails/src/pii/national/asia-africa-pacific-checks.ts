import { isDate, isShortDate, modulo, weightedSum } from './check-digits.js';

const last = (number: string): number => Number(number.at(-1));

export function isPalindrome(number: string): boolean {
  return [...number].reverse().join('') === number;
}

/** Arabic-Indic digits as the usual ones. */
export function arabicDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) % 16));
}

export function isAbn(c: string): boolean {
  if (!/^[1-9]\d{10}$/.test(c)) return false;
  return (weightedSum(c, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}

export function isTfn(c: string): boolean {
  if (/^\d{9}$/.test(c)) return weightedSum(c, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
  return /^\d{8}$/.test(c) && weightedSum(c, [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0;
}

export function isVoen(written: string): boolean {
  const c = written.padStart(10, '0');
  if (!/^\d{9}[12]$/.test(c)) return false;
  const check = weightedSum(c, [4, 1, 8, 6, 2, 7, 5, 3]) % 11;
  return check === Number(c.charAt(8));
}

export function isChinesePerson(c: string): boolean {
  if (!/^[1-8]\d{16}[0-9X]$/.test(c)) return false;
  if (!/^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/.test(c)) return false;
  if (!isDate(Number(c.slice(6, 10)), Number(c.slice(10, 12)), Number(c.slice(12, 14))))
    return false;
  const sum = weightedSum(c, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return '10X98765432'.charAt(sum % 11) === c.at(-1);
}

const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

export function isUscc(c: string): boolean {
  if (!/^\d{8}[0-9A-HJ-NP-RTUWXY]{10}$/.test(c)) return false;
  let sum = 0;
  let weight = 1;
  for (let index = 0; index < 17; index += 1) {
    sum += USCC_ALPHABET.indexOf(c.charAt(index)) * weight;
    weight = (weight * 3) % 31;
  }
  return USCC_ALPHABET.charAt((31 - (sum % 31)) % 31) === c.at(-1);
}

export function isGhanaian(c: string): boolean {
  if (!/^[PCGQV]00[A-Z0-9]\d{7}$/.test(c) && !/^[PCGQV]00\d{7}[0-9X]$/.test(c)) return false;
  const sum = weightedSum(c.slice(1), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  return '0123456789X'.charAt(sum % 11) === c.charAt(10);
}

export function isGstin(c: string): boolean {
  if (!/^(?:0[1-9]|[12]\d|3[0-8]|97|99)[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]$/.test(c)) return false;
  let sum = 0;
  for (let index = 0; index < 14; index += 1) {
    const product = Number.parseInt(c.charAt(index), 36) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return (36 - (sum % 36)) % 36 === Number.parseInt(c.charAt(14), 36);
}

export function isJapaneseCorporate(c: string): boolean {
  if (!/^[1-9]\d{12}$/.test(c)) return false;
  return (
    9 - (weightedSum(c.slice(1), [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9) === Number(c.charAt(0))
  );
}

export function isMyNumber(c: string): boolean {
  if (!/^\d{12}$/.test(c)) return false;
  const rest = weightedSum(c, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === last(c);
}

export function isKoreanResident(c: string): boolean {
  if (!/^\d{13}$/.test(c)) return false;
  const century =
    [1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800][Number(c.charAt(6))] ?? 1900;
  if (!isDate(century + Number(c.slice(0, 2)), Number(c.slice(2, 4)), Number(c.slice(4, 6))))
    return false;
  if (Number(c.slice(7, 9)) > 96) return false;
  return (11 - (weightedSum(c, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === last(c);
}

export function isKoreanBusiness(c: string): boolean {
  if (!/^[1-9]\d{9}$/.test(c) || Number(c.slice(0, 3)) < 101) return false;
  if (c.slice(3, 5) === '00' || c.slice(5, 9) === '0000') return false;
  const sum =
    weightedSum(c, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((Number(c.charAt(8)) * 5) / 10);
  return (10 - (sum % 10)) % 10 === last(c);
}

export function isMauritian(c: string): boolean {
  if (!/^[A-Z]\d{12}[0-9A-Z]$/.test(c) || !isShortDate(c.slice(1, 7), 'dmy')) return false;
  let sum = 0;
  for (let index = 0; index < 13; index += 1)
    sum += Number.parseInt(c.charAt(index), 36) * (14 - index);
  return modulo(17 - sum, 17) === Number.parseInt(c.charAt(13), 36);
}

export function isMalaysian(c: string): boolean {
  if (!/^\d{12}$/.test(c) || !isShortDate(c, 'ymd')) return false;
  return !/^(?:00|17|18|19|20|69|70|73|80|81|94|95|96|97)$/.test(c.slice(6, 8));
}

export function isIrd(c: string): boolean {
  if (!/^\d{8,9}$/.test(c) || Number(c) < 10_000_000 || Number(c) > 150_000_000) return false;
  const number = c.padStart(9, '0');
  const checkOf = (weights: readonly number[]): number => modulo(-weightedSum(number, weights), 11);
  const first = checkOf([3, 2, 7, 6, 5, 4, 3, 2]);
  return (first === 10 ? checkOf([7, 4, 3, 2, 5, 2, 7, 6]) : first) === last(number);
}

export function isNric(c: string): boolean {
  if (!/^[STFGM]\d{7}[A-Z]$/.test(c)) return false;
  const kind = c.charAt(0);
  const sum =
    weightedSum(c.slice(1), [2, 7, 6, 5, 4, 3, 2]) +
    (kind === 'T' || kind === 'G' ? 4 : kind === 'M' ? 3 : 0);
  if (kind === 'S' || kind === 'T') return 'JZIHGFEDCBA'.charAt(sum % 11) === c.charAt(8);
  if (kind === 'M') return 'KLJNPQRTUWX'.charAt(10 - (sum % 11)) === c.charAt(8);
  return 'XWUTRQPNMLK'.charAt(sum % 11) === c.charAt(8);
}

const UEN_KINDS =
  /^(?:CC|CD|CH|CL|CM|CP|CS|CX|DP|FB|FC|FM|FN|GA|GB|GS|HS|LL|LP|MB|MC|MD|MH|MM|MQ|NB|NR|PA|PB|PF|RF|RP|SM|SS|TC|TU|VH|XL)$/;

export function isUen(c: string): boolean {
  if (/^\d{8}[A-Z]$/.test(c))
    return 'XMKECAWLJDB'.charAt(weightedSum(c, [10, 4, 9, 3, 8, 2, 7, 1]) % 11) === c.charAt(8);
  if (/^\d{9}[A-Z]$/.test(c))
    return (
      Number(c.slice(0, 4)) <= 2030 &&
      'ZKCMDNERGWH'.charAt(weightedSum(c, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11) === c.charAt(9)
    );
  if (!/^[RST]\d{2}[A-Z]{2}\d{4}[A-Z]$/.test(c) || !UEN_KINDS.test(c.slice(3, 5))) return false;
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWX0123456789';
  let sum = 0;
  for (const [index, weight] of [4, 3, 5, 3, 10, 2, 2, 5, 7].entries())
    sum += weight * alphabet.indexOf(c.charAt(index));
  return alphabet.charAt(modulo(sum - 5, 11)) === c.charAt(9);
}

export function isNinea(written: string): boolean {
  const found = /^(\d{7}|\d{9})([012][A-Z]\d)?$/.exec(written);
  if (found === null || (found[2] !== undefined && !/[ABCDEFGHJKLMNPQRSTUVWZ]/.test(found[2])))
    return false;
  const number = (found[1] ?? '').padStart(9, '0');
  return weightedSum(number, [1, 2, 1, 2, 1, 2, 1, 2, 1]) % 10 === 0;
}

export function thaiCheck(c: string): boolean {
  return (11 - (weightedSum(c, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === last(c);
}

export function isTunisian(written: string): boolean {
  const c = written
    .replace(/[^0-9A-Z]/g, '')
    .replace(/^(\d+)/, (digits) => digits.padStart(7, '0'));
  const found = /^\d{7}[ABCDEFGHJKLMNPQRSTVWXYZ](?:([ABPDN])([MPCNE])(\d{3}))?$/.exec(c);
  if (found === null) return false;
  return found[3] === undefined || (found[3] === '000') === (found[2] !== 'E');
}

export function isUbn(c: string): boolean {
  if (!/^\d{8}$/.test(c)) return false;
  let sum = 0;
  for (const [index, weight] of [1, 2, 1, 2, 1, 2, 4, 1].entries()) {
    const product = weight * Number(c.charAt(index));
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 5 === 0 || (c.charAt(6) === '7' && (sum + 1) % 5 === 0);
}

export function isTaiwanese(c: string): boolean {
  if (!/^[A-Z][1289]\d{8}$/.test(c)) return false;
  const value = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(c.charAt(0)) + 10;
  const digits = `${value}${c.slice(1)}`;
  return weightedSum(digits, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0;
}

export function isVietnamese(c: string): boolean {
  if (!/^\d{10}(?:\d{3})?$/.test(c) || c.slice(2, 9) === '0000000' || c.slice(10) === '000')
    return false;
  return 10 - (weightedSum(c, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) === Number(c.charAt(9));
}
