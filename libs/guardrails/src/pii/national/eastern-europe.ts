import {
  fitsLuhn,
  fitsMod11And10,
  isDate,
  isShortDate,
  modulo,
  remainderOf,
  weightedSum,
} from './check-digits.js';
import { national, type NationalNumber } from './recogniser.js';

const last = (number: string): number => Number(number.at(-1));

/** Albania to Ukraine, with the north and Turkey. */
export function createEasternEuropeanNumbers(): readonly NationalNumber[] {
  return [
    national(
      'al-nipt',
      'Albanian tax number',
      '(?:AL ?)?[A-Ma-m] ?9{8} ?A',
      (c) => /^(?:AL)?[A-M]\d{8}[A-Z]$/.test(c),
      'nipt,nuis',
      'likely',
    ),
    national(
      'bg-egn',
      'Bulgarian civil number',
      '9{10}',
      (c) => isEgn(c),
      'egn,\u0435\u0433\u043D',
    ),
    national(
      'bg-vat',
      'Bulgarian VAT number',
      '(?:BG ?)?9{9,10}',
      (c) => isBulgarianVat(c),
      'vat,\u0434\u0434\u0441,bulstat,\u0431\u0443\u043B\u0441\u0442\u0430\u0442',
    ),
    national(
      'by-unp',
      'Belarusian taxpayer number',
      '9{9}|[A-Z\u0410-\u042F]{2}9{7}',
      (c) => isUnp(c),
      'unp,\u0443\u043D\u043F',
    ),
    national(
      'cz-rc',
      'Czech and Slovak birth number',
      '9{6} 9{3,4}',
      (c) => isBirthNumber(c),
      'rodn\u00E9 \u010D\u00EDslo,rodne cislo,r.\u010D.,birth number',
      'weak',
    ),
    national('cz-ico', 'Czech business number', '9{3} 9{2} 9{3}', (c) => isIco(c), 'i\u010Do,ico'),
    national(
      'cz-dic',
      'Czech VAT number',
      'CZ ?9{8,10}',
      (c) => isIco(c.slice(2)) || isBirthNumber(c.slice(2)) || isCzechSpecial(c.slice(2)),
      'di\u010D,dic,vat',
      'sure',
    ),
    national(
      'cz-bank-account',
      'Czech bank account',
      '(?:9{1,6}-)?9{2,10}/9{4}',
      (_, written) => isCzechAccount(written),
      '\u00FA\u010Det,ucet,account',
      'likely',
    ),
    national(
      'ee-ik',
      'Estonian person number',
      '[1-8]9{10}',
      (c) => isBalticPerson(c),
      'isikukood,ik',
      'likely',
    ),
    national(
      'ee-registrikood',
      'Estonian business number',
      '[1789]9{7}',
      (c) => /^[1789]\d{7}$/.test(c) && balticCheck(c.slice(0, 7)) === last(c),
      'registrikood',
    ),
    national(
      'ee-kmkr',
      'Estonian VAT number',
      'EE ?9{9}',
      (c) =>
        /^(?:EE)?\d{9}$/.test(c) &&
        weightedSum(c.replace('EE', ''), [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
      'kmkr,vat',
      'sure',
    ),
    national(
      'fo-vn',
      'Faroese VAT number',
      '(?:FO ?)?9{3} ?9{3}',
      (c) => /^(?:FO)?\d{6}$/.test(c),
      'v-tal,vtal,vn',
    ),
    national(
      'hr-oib',
      'Croatian person number',
      '(?:HR ?)?9{11}',
      (c) => /^(?:HR)?\d{11}$/.test(c) && fitsMod11And10(c.replace('HR', '')),
      'oib',
    ),
    national(
      'hu-anum',
      'Hungarian VAT number',
      '(?:HU ?)?9{8}',
      (c) =>
        /^(?:HU)?\d{8}$/.test(c) &&
        weightedSum(c.replace('HU', ''), [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0,
      'ad\u00F3sz\u00E1m,vat',
    ),
    national(
      'is-kennitala',
      'Icelandic person number',
      '9{6} 9{4}',
      (c) =>
        /^[0-7]\d{9}$/.test(c) &&
        isDate(2000, Number(c.slice(2, 4)), Number(c.slice(0, 2)) % 40) &&
        modulo(-weightedSum(c, [3, 2, 7, 6, 5, 4, 3, 2]), 11) === Number(c.charAt(8)),
      'kennitala,kt',
      'likely',
    ),
    national(
      'is-vsk',
      'Icelandic VAT number',
      'IS ?9{5,6}',
      (c) => /^(?:IS)?\d{5,6}$/.test(c),
      'vsk,vat',
      'likely',
    ),
    national(
      'lt-asmens',
      'Lithuanian person number',
      '[1-9]9{10}',
      (c) => isBalticPerson(c),
      'asmens,kodas',
      'likely',
    ),
    national(
      'lt-pvm',
      'Lithuanian VAT number',
      'LT ?(?:9{9}|9{12})',
      (c) => isLithuanianVat(c),
      'pvm,vat',
      'sure',
    ),
    national(
      'lv-pvn',
      'Latvian person or VAT number',
      'LV ?9{11}|9{6}-9{5}',
      (c) => isLatvian(c),
      'personas kods,pvn,vat',
      'likely',
    ),
    national(
      'md-idno',
      'Moldovan business number',
      '9{13}',
      (c) =>
        /^\d{13}$/.test(c) && weightedSum(c, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 === last(c),
      'idno',
    ),
    national(
      'me-pib',
      'Montenegrin tax number',
      '9{8}',
      (c) =>
        /^\d{8}$/.test(c) && modulo(-weightedSum(c, [8, 7, 6, 5, 4, 3, 2]), 11) % 10 === last(c),
      'pib',
    ),
    national(
      'mk-edb',
      'Macedonian tax number',
      '(?:MK ?|\u041C\u041A ?)?9{13}',
      (c) =>
        /^(?:MK|\u041C\u041A)?\d{13}$/.test(c) &&
        modulo(-weightedSum(c.slice(-13), [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]), 11) % 10 ===
          last(c),
      'edb,\u0435\u0434\u0431',
    ),
    national(
      'no-fodselsnummer',
      'Norwegian person number',
      '9{6} 9{5}',
      (c) => isFodselsnummer(c),
      'f\u00F8dselsnummer,fodselsnummer,personnummer',
      'likely',
    ),
    national(
      'no-orgnr',
      'Norwegian business number',
      '(?:NO ?)?9{3} 9{3} 9{3}(?: ?MVA)?',
      (c) => isOrgnr(c),
      'org,mva',
    ),
    national('pl-pesel', 'Polish person number', '9{11}', (c) => isPesel(c), 'pesel', 'likely'),
    national(
      'pl-nip',
      'Polish tax number',
      '(?:PL ?)?9{3} 9{3} 9{2} 9{2}|(?:PL ?)?9{10}',
      (c) =>
        /^(?:PL)?\d{10}$/.test(c) &&
        weightedSum(c.replace('PL', ''), [6, 5, 7, 2, 3, 4, 5, 6, 7, -1]) % 11 === 0,
      'nip,vat',
    ),
    national('pl-regon', 'Polish business number', '9{9}(?:9{5})?', (c) => isRegon(c), 'regon'),
    national(
      'pl-id-card',
      'Polish identity card',
      'A{3} ?9{6}',
      (c) => isPolishCard(c),
      'dow\u00F3d,dowod,identity',
    ),
    national(
      'ro-cnp',
      'Romanian person number',
      '[1-9]9{12}',
      (c) => isCnp(c),
      'cnp,cod numeric',
      'likely',
    ),
    national(
      'ro-cui',
      'Romanian tax number',
      '(?:RO ?)?9{2,10}',
      (c) => isCui(c),
      'cui,cif,cod fiscal',
    ),
    national(
      'ro-onrc',
      'Romanian register number',
      '[JFCjfc] ?/?[0-9]{1,2} ?/ ?[0-9]{1,5} ?/ ?(?:[0-9.]{6})?[0-9]{4}',
      (c, written) => isOnrc(c, written),
      'onrc,registrul',
      'likely',
    ),
    national(
      'rs-pib',
      'Serbian tax number',
      '9{9}',
      (c) => /^\d{9}$/.test(c) && fitsMod11And10(c),
      'pib,\u043F\u0438\u0431',
    ),
    national(
      'ru-inn',
      'Russian taxpayer number',
      '9{10}|9{12}',
      (c) => isInn(c),
      'inn,\u0438\u043D\u043D',
    ),
    national(
      'ru-ogrn',
      'Russian register number',
      '[1-9]9{12}(?:9{2})?',
      (c) => isOgrn(c),
      'ogrn,\u043E\u0433\u0440\u043D',
    ),
    national(
      'ru-snils',
      'Russian pension number',
      '9{3}-9{3}-9{3}[ -]9{2}|9{11}',
      (c) =>
        /^\d{11}$/.test(c) &&
        (weightedSum(c, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === Number(c.slice(9)),
      'snils,\u0441\u043D\u0438\u043B\u0441',
    ),
    national(
      'se-personnummer',
      'Swedish person number',
      '(?:19|20)?9{6}[-+ ]?9{4}|9{2}-9{2}-9{4}',
      (c) => isPersonnummer(c),
      'personnummer,samordningsnummer',
      'likely',
    ),
    national(
      'se-orgnr',
      'Swedish business number',
      '(?:SE ?)?9{6}-?9{4}(?:01)?',
      (c) => /^(?:SE)?\d{10}(?:01)?$/.test(c) && fitsLuhn(c.replace('SE', '').slice(0, 10)),
      'organisationsnummer,org',
    ),
    national(
      'se-postnummer',
      'Swedish postal code',
      '(?:SE-)?[1-9]9{2} ?9{2}',
      (c) => /^(?:SE)?[1-9]\d{4}$/.test(c),
      'postnummer,postadress',
    ),
    national(
      'si-emso',
      'Slovenian person number',
      '9{13}',
      (c) => isEmso(c),
      'em\u0161o,emso,jmbg',
      'likely',
    ),
    national(
      'si-maticna',
      'Slovenian business number',
      '9{7}(?: ?[0-9A-Z][0-9]{2})?',
      (c) => isMaticna(c),
      'mati\u010Dna,maticna',
    ),
    national(
      'si-ddv',
      'Slovenian VAT number',
      '(?:SI ?)?[1-9]9{7}',
      (c) => isSlovenianVat(c),
      'ddv,vat,dav\u010Dna',
    ),
    national('sk-ico', 'Slovak business number', '9{2} 9{3} 9{3}', (c) => isIco(c), 'i\u010Do,ico'),
    national(
      'sk-dph',
      'Slovak VAT number',
      '(?:SK ?)?9{10}',
      (c) => /^(?:SK)?[1-9]\d[2-47-9]\d{7}$/.test(c) && remainderOf(c.replace('SK', ''), 11) === 0,
      'dph,vat',
    ),
    national(
      'tr-tckimlik',
      'Turkish person number',
      '[1-9]9{10}',
      (c) => isTckn(c),
      'kimlik,tckn,tc,t.c.',
      'likely',
    ),
    national('tr-vkn', 'Turkish tax number', '9{10}', (c) => isVkn(c), 'vergi,vkn'),
    national(
      'ua-edrpou',
      'Ukrainian business number',
      '9{8}',
      (c) => isEdrpou(c),
      '\u0454\u0434\u0440\u043F\u043E\u0443,edrpou',
    ),
    national(
      'ua-rntrc',
      'Ukrainian taxpayer number',
      '9{10}',
      (c) =>
        /^\d{10}$/.test(c) &&
        modulo(weightedSum(c, [-1, 5, 7, 9, 4, 6, 10, 5, 7]), 11) % 10 === last(c),
      '\u0440\u043D\u043E\u043A\u043F\u043F,rntrc,\u0456\u043F\u043D',
    ),
  ];
}

function isEgn(c: string): boolean {
  if (!/^\d{10}$/.test(c)) return false;
  const month = Number(c.slice(2, 4)) % 20;
  const day = Number(c.slice(4, 6));
  if (![1800, 1900, 2000].some((century) => isDate(century + Number(c.slice(0, 2)), month, day)))
    return false;
  return (weightedSum(c, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === last(c);
}

function isBulgarianVat(written: string): boolean {
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

function isUnp(written: string): boolean {
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

function isBirthNumber(c: string): boolean {
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

function isIco(c: string): boolean {
  if (!/^\d{8}$/.test(c)) return false;
  const check = modulo(11 - weightedSum(c, [8, 7, 6, 5, 4, 3, 2]), 11);
  return (check || 1) % 10 === last(c);
}

function isCzechSpecial(c: string): boolean {
  if (!/^6\d{8}$/.test(c)) return false;
  const check = weightedSum(c.slice(1), [8, 7, 6, 5, 4, 3, 2]) % 11;
  return modulo(8 - modulo(10 - check, 11), 10) === last(c);
}

function isCzechAccount(written: string): boolean {
  const found = /^(?:(\d{1,6})-)?(\d{2,10})\/(\d{4})$/.exec(written.trim());
  if (found === null) return false;
  const weights = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
  return [found[1] ?? '', found[2] ?? ''].every(
    (part) => weightedSum(part.padStart(10, '0'), weights) % 11 === 0,
  );
}

/** The check digit of Estonian and Lithuanian numbers: weights 1 to 9 and again, and a second round for 10. */
function balticCheck(number: string): number {
  const round = (offset: number): number => {
    let sum = 0;
    for (let index = 0; index < number.length; index += 1)
      sum += (((index + offset) % 9) + 1) * Number(number.charAt(index));
    return sum % 11;
  };
  const first = round(0);
  return first < 10 ? first : round(2) % 10;
}

function isBalticPerson(c: string): boolean {
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

function isLithuanianVat(written: string): boolean {
  const c = written.replace(/^LT/, '');
  if (!/^(?:\d{7}1\d|\d{10}1\d)$/.test(c)) return false;
  return balticCheck(c.slice(0, -1)) === last(c);
}

function isLatvian(written: string): boolean {
  const c = written.replace(/^LV/, '');
  if (!/^\d{11}$/.test(c)) return false;
  if (Number(c.charAt(0)) > 3) return weightedSum(c, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3;
  if (c.startsWith('32')) return true;
  const check = 1 + weightedSum(c, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
  return isShortDate(c, 'dmy') && (check % 11) % 10 === last(c);
}

function isFodselsnummer(c: string): boolean {
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

function isOrgnr(written: string): boolean {
  const c = written.replace(/^NO/, '').replace(/MVA$/, '');
  return /^\d{9}$/.test(c) && modulo(11 - weightedSum(c, [3, 2, 7, 6, 5, 4, 3, 2]), 11) === last(c);
}

function isPesel(c: string): boolean {
  if (!/^\d{11}$/.test(c)) return false;
  const month = Number(c.slice(2, 4));
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)] ?? 1900;
  if (!isDate(century + Number(c.slice(0, 2)), month % 20, Number(c.slice(4, 6)))) return false;
  return modulo(-weightedSum(c, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]), 10) === last(c);
}

function isRegon(c: string): boolean {
  const short = (weightedSum(c, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === Number(c.charAt(8));
  if (/^\d{9}$/.test(c)) return short;
  return (
    /^\d{14}$/.test(c) &&
    short &&
    (weightedSum(c, [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11) % 10 === last(c)
  );
}

function isPolishCard(c: string): boolean {
  if (!/^[A-Z]{3}\d{6}$/.test(c)) return false;
  let sum = 0;
  for (const [index, weight] of [7, 3, 1, 9, 7, 3, 1, 7, 3].entries())
    sum += weight * Number.parseInt(c.charAt(index), 36);
  return sum % 10 === 0;
}

function isCnp(c: string): boolean {
  if (!/^[1-9]\d{12}$/.test(c)) return false;
  const [year, month, day] = [Number(c.slice(1, 3)), Number(c.slice(3, 5)), Number(c.slice(5, 7))];
  if (![1800, 1900, 2000].some((century) => isDate(century + year, month, day))) return false;
  const check = weightedSum(c, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (check === 10 ? 1 : check) === last(c);
}

function isCui(written: string): boolean {
  const c = written.replace(/^RO/, '');
  if (!/^[1-9]\d{1,9}$/.test(c)) return false;
  const base = c.slice(0, -1).padStart(9, '0');
  return ((10 * weightedSum(base, [7, 5, 3, 2, 1, 7, 5, 3, 2])) % 11) % 10 === last(c);
}

function isOnrc(c: string, written: string): boolean {
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

function isInn(c: string): boolean {
  if (/^\d{10}$/.test(c))
    return (weightedSum(c, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === last(c);
  return (
    /^\d{12}$/.test(c) &&
    (weightedSum(c, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === Number(c.charAt(10)) &&
    (weightedSum(c, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === last(c)
  );
}

function isOgrn(c: string): boolean {
  if (!/^(?:[125]\d{12}|[34]\d{14})$/.test(c)) return false;
  return remainderOf(c.slice(0, -1), c.length === 13 ? 11 : 13) % 10 === last(c);
}

function isPersonnummer(written: string): boolean {
  const c = written.replace(/\+/g, '');
  if (!/^(?:\d{2})?\d{10}$/.test(c)) return false;
  const short = c.slice(-10);
  const day = Number(short.slice(4, 6)) % 60;
  const date = `${short.slice(0, 4)}${String(day).padStart(2, '0')}`;
  return isShortDate(date, 'ymd') && fitsLuhn(short);
}

function isEmso(c: string): boolean {
  if (!/^\d{13}$/.test(c)) return false;
  const year = Number(c.slice(4, 7));
  if (!isDate(year < 800 ? 2000 + year : 1000 + year, Number(c.slice(2, 4)), Number(c.slice(0, 2))))
    return false;
  return modulo(-weightedSum(c, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]), 11) % 10 === last(c);
}

function isMaticna(c: string): boolean {
  if (!/^\d{7}(?:[0-9A-Z]\d{2})?$/.test(c)) return false;
  const rest = weightedSum(c, [7, 6, 5, 4, 3, 2]) % 11;
  return rest !== 0 && (11 - rest) % 10 === Number(c.charAt(6));
}

function isSlovenianVat(written: string): boolean {
  const c = written.replace(/^SI/, '');
  if (!/^[1-9]\d{7}$/.test(c)) return false;
  const check = 11 - (weightedSum(c, [8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 11 && check % 10 === last(c);
}

function isTckn(c: string): boolean {
  if (!/^[1-9]\d{10}$/.test(c)) return false;
  const tenth = modulo(weightedSum(c, [7, -1, 7, -1, 7, -1, 7, -1, 7]), 10);
  const sum = [...c.slice(0, 10)].reduce((all, digit) => all + Number(digit), 0);
  return tenth === Number(c.charAt(9)) && sum % 10 === last(c);
}

function isVkn(c: string): boolean {
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

function isEdrpou(c: string): boolean {
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
