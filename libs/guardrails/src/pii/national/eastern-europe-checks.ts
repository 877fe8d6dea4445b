import { fitsLuhn, isDate, isShortDate, modulo, remainderOf, weightedSum } from './check-digits.js';

const last = (number: string): number => Number(number.at(-1));

export function isEgn(c: string): boolean {
  if (!/^\d{10}$/.test(c)) return false;
  const month = Number(c.slice(2, 4)) % 20;
  const day = Number(c.slice(4, 6));
  if (![1800, 1900, 2000].some((century) => isDate(century + Number(c.slice(0, 2)), month, day)))
    return false;
  return (weightedSum(c, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === last(c);
}

export function isBulgarianVat(written: string): boolean {
  const c = written.replace(/^BG/, '');
  if (/^\d{9}$/.test(c)) {
    const first = weightedSum(c, [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    const check = first === 10 ? (weightedSum(c, [3, 4, 5, 6, 7, 8, 9, 10]) % 11) % 10 : first;
    return check === last(c);
  }
  if (!/^\d{10}$/.test(c)) return false;
  if (isEgn(c) || weightedSum(c, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === last(c)) return true;
  return modulo(11 - weightedSum(c, [4, 3, 2, 7, 6, 5, 4, 3, 2]), 11) === last(c);
}

const CYRILLIC = '\u0410\u0412\u0421\u0415\u041D\u041A\u041C\u041E\u0420\u0422';

export function isUnp(written: string): boolean {
  const c = written
    .replace(/^(?:UNP|\u0423\u041D\u041F)/, '')
    .replace(/[\u0410-\u042F]/g, (letter) => 'ABCEHKMOPT'.charAt(CYRILLIC.indexOf(letter)));
  if (!/^(?:[1-7]\d|[A-CEHKM][A-CEHKMOPT])\d{7}$/.test(c)) return false;
  const values = [...c].map((sign, index) =>
    /\d/.test(sign)
      ? Number(sign)
      : index === 0
        ? Number.parseInt(sign, 36)
        : 'ABCEHKMOPT'.indexOf(sign),
  );
  const sum = [29, 23, 19, 17, 13, 7, 5, 3].reduce(
    (all, weight, index) => all + weight * (values[index] ?? 0),
    0,
  );
  return sum % 11 === last(c);
}

export function isBirthNumber(c: string): boolean {
  if (!/^\d{9,10}$/.test(c)) return false;
  const month = (Number(c.slice(2, 4)) % 50) % 20;
  const year = Number(c.slice(0, 2));
  if (
    !isDate(1900 + year, month, Number(c.slice(4, 6))) &&
    !isDate(2000 + year, month, Number(c.slice(4, 6)))
  )
    return false;
  return c.length === 9 ? year < 54 : (Number(c.slice(0, 9)) % 11) % 10 === last(c);
}

export function isIco(c: string): boolean {
  if (!/^\d{8}$/.test(c)) return false;
  const check = modulo(11 - weightedSum(c, [8, 7, 6, 5, 4, 3, 2]), 11);
  return (check || 1) % 10 === last(c);
}

export function isCzechSpecial(c: string): boolean {
  if (!/^6\d{8}$/.test(c)) return false;
  const check = weightedSum(c.slice(1), [8, 7, 6, 5, 4, 3, 2]) % 11;
  return modulo(8 - modulo(10 - check, 11), 10) === last(c);
}

export function isCzechAccount(written: string): boolean {
  const found = /^(?:(\d{1,6})-)?(\d{2,10})\/(\d{4})$/.exec(written.trim());
  if (found === null) return false;
  const weights = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
  return [found[1] ?? '', found[2] ?? ''].every(
    (part) => weightedSum(part.padStart(10, '0'), weights) % 11 === 0,
  );
}

/** The check digit of Estonian and Lithuanian numbers: weights 1 to 9 and again, and a second round for 10. */
export function balticCheck(number: string): number {
  const round = (offset: number): number => {
    let sum = 0;
    for (let index = 0; index < number.length; index += 1)
      sum += (((index + offset) % 9) + 1) * Number(number.charAt(index));
    return sum % 11;
  };
  const first = round(0);
  return first < 10 ? first : round(2) % 10;
}

export function isBalticPerson(c: string): boolean {
  if (!/^[1-9]\d{10}$/.test(c) || balticCheck(c.slice(0, 10)) !== last(c)) return false;
  // A Lithuanian number that begins with 9 holds no date.
  return (
    c.startsWith('9') ||
    isDate(
      1800 + Math.floor((Number(c.charAt(0)) - 1) / 2) * 100 + Number(c.slice(1, 3)),
      Number(c.slice(3, 5)),
      Number(c.slice(5, 7)),
    )
  );
}

export function isLithuanianVat(written: string): boolean {
  const c = written.replace(/^LT/, '');
  if (!/^(?:\d{7}1\d|\d{10}1\d)$/.test(c)) return false;
  return balticCheck(c.slice(0, -1)) === last(c);
}

export function isLatvian(written: string): boolean {
  const c = written.replace(/^LV/, '');
  if (!/^\d{11}$/.test(c)) return false;
  if (Number(c.charAt(0)) > 3) return weightedSum(c, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3;
  if (c.startsWith('32')) return true;
  const check = 1 + weightedSum(c, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
  return isShortDate(c, 'dmy') && (check % 11) % 10 === last(c);
}

export function isFodselsnummer(c: string): boolean {
  if (!/^\d{11}$/.test(c)) return false;
  const day = Number(c.slice(0, 2)) % 40;
  const month = Number(c.slice(2, 4)) % 40;
  if (![1800, 1900, 2000].some((century) => isDate(century + Number(c.slice(4, 6)), month, day)))
    return false;
  return (
    modulo(11 - weightedSum(c, [3, 7, 6, 1, 8, 9, 4, 5, 2]), 11) === Number(c.charAt(9)) &&
    modulo(11 - weightedSum(c, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]), 11) === last(c)
  );
}

export function isOrgnr(written: string): boolean {
  const c = written.replace(/^NO/, '').replace(/MVA$/, '');
  return /^\d{9}$/.test(c) && modulo(11 - weightedSum(c, [3, 2, 7, 6, 5, 4, 3, 2]), 11) === last(c);
}

export function isPesel(c: string): boolean {
  if (!/^\d{11}$/.test(c)) return false;
  const month = Number(c.slice(2, 4));
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)] ?? 1900;
  if (!isDate(century + Number(c.slice(0, 2)), month % 20, Number(c.slice(4, 6)))) return false;
  return modulo(-weightedSum(c, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]), 10) === last(c);
}

export function isRegon(c: string): boolean {
  const short = (weightedSum(c, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === Number(c.charAt(8));
  if (/^\d{9}$/.test(c)) return short;
  return (
    /^\d{14}$/.test(c) &&
    short &&
    (weightedSum(c, [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11) % 10 === last(c)
  );
}

export function isPolishCard(c: string): boolean {
  if (!/^[A-Z]{3}\d{6}$/.test(c)) return false;
  let sum = 0;
  for (const [index, weight] of [7, 3, 1, 9, 7, 3, 1, 7, 3].entries())
    sum += weight * Number.parseInt(c.charAt(index), 36);
  return sum % 10 === 0;
}

export function isCnp(c: string): boolean {
  if (!/^[1-9]\d{12}$/.test(c)) return false;
  const [year, month, day] = [Number(c.slice(1, 3)), Number(c.slice(3, 5)), Number(c.slice(5, 7))];
  if (![1800, 1900, 2000].some((century) => isDate(century + year, month, day))) return false;
  const check = weightedSum(c, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (check === 10 ? 1 : check) === last(c);
}

export function isCui(written: string): boolean {
  const c = written.replace(/^RO/, '');
  if (!/^[1-9]\d{1,9}$/.test(c)) return false;
  const base = c.slice(0, -1).padStart(9, '0');
  return ((10 * weightedSum(base, [7, 5, 3, 2, 1, 7, 5, 3, 2])) % 11) % 10 === last(c);
}

export function isOnrc(c: string, written: string): boolean {
  const parts =
    /^([JFC])[\s/]*(\d{1,2})[\s/-]+(\d{1,5})[\s/-]+(?:\d{1,2}\.\d{1,2}\.)?(\d{4})$/i.exec(
      written.trim(),
    );
  if (parts !== null) {
    const county = Number(parts[2]);
    const year = Number(parts[4]);
    return (
      ((county >= 1 && county <= 40) || county === 51 || county === 52) &&
      Number(parts[3]) > 0 &&
      year >= 1990 &&
      year <= 2030
    );
  }
  const found = /^[JFC](\d{4})(\d{6})(\d{2})(\d)$/.exec(c);
  if (found === null || written.includes('/') || Number(found[1]) < 1990 || Number(found[1]) > 2030)
    return false;
  const county = Number(found[3]);
  if (!((county >= 0 && county <= 40) || county === 51 || county === 52)) return false;
  return true;
}

export function isInn(c: string): boolean {
  if (/^\d{10}$/.test(c))
    return (weightedSum(c, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === last(c);
  return (
    /^\d{12}$/.test(c) &&
    (weightedSum(c, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === Number(c.charAt(10)) &&
    (weightedSum(c, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === last(c)
  );
}

export function isOgrn(c: string): boolean {
  if (!/^(?:[125]\d{12}|[34]\d{14})$/.test(c)) return false;
  return remainderOf(c.slice(0, -1), c.length === 13 ? 11 : 13) % 10 === last(c);
}

export function isPersonnummer(written: string): boolean {
  const c = written.replace(/\+/g, '');
  if (!/^(?:\d{2})?\d{10}$/.test(c)) return false;
  const short = c.slice(-10);
  const day = Number(short.slice(4, 6)) % 60;
  const date = `${short.slice(0, 4)}${String(day).padStart(2, '0')}`;
  return isShortDate(date, 'ymd') && fitsLuhn(short);
}

export function isEmso(c: string): boolean {
  if (!/^\d{13}$/.test(c)) return false;
  const year = Number(c.slice(4, 7));
  if (!isDate(year < 800 ? 2000 + year : 1000 + year, Number(c.slice(2, 4)), Number(c.slice(0, 2))))
    return false;
  return modulo(-weightedSum(c, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]), 11) % 10 === last(c);
}

export function isMaticna(c: string): boolean {
  if (!/^\d{7}(?:[0-9A-Z]\d{2})?$/.test(c)) return false;
  const rest = weightedSum(c, [7, 6, 5, 4, 3, 2]) % 11;
  return rest !== 0 && (11 - rest) % 10 === Number(c.charAt(6));
}

export function isSlovenianVat(written: string): boolean {
  const c = written.replace(/^SI/, '');
  if (!/^[1-9]\d{7}$/.test(c)) return false;
  const check = 11 - (weightedSum(c, [8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 11 && check % 10 === last(c);
}

export function isTckn(c: string): boolean {
  if (!/^[1-9]\d{10}$/.test(c)) return false;
  const tenth = modulo(weightedSum(c, [7, -1, 7, -1, 7, -1, 7, -1, 7]), 10);
  const sum = [...c.slice(0, 10)].reduce((all, digit) => all + Number(digit), 0);
  return tenth === Number(c.charAt(9)) && sum % 10 === last(c);
}

export function isVkn(c: string): boolean {
  if (!/^\d{10}$/.test(c)) return false;
  let sum = 0;
  for (let index = 0; index < 9; index += 1) {
    const place = 9 - index;
    const digit = (Number(c.charAt(index)) + place) % 10;
    if (digit === 0) continue;
    sum += modulo(digit * 2 ** place, 9) || 9;
  }
  return (10 - (sum % 10)) % 10 === last(c);
}

export function isEdrpou(c: string): boolean {
  if (!/^\d{8}$/.test(c)) return false;
  const isOuter = c.startsWith('3') || c.startsWith('4') || c.startsWith('5');
  const weights = isOuter ? [7, 1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6, 7];
  const first = weightedSum(c, weights) % 11;
  const check =
    first < 10
      ? first
      : (weightedSum(
          c,
          weights.map((weight) => weight + 2),
        ) %
          11) %
        10;
  return check === last(c);
}
