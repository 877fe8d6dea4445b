import {
  fitsLuhn,
  fitsMod11And10,
  fitsMod97,
  isDate,
  isShortDate,
  mod97Of,
  modulo,
  remainderOf,
  weightedSum,
} from './check-digits.js';
import { national, type NationalNumber } from './recogniser.js';

const last = (number: string): number => Number(number.at(-1));

/** Andorra to France. */
export function createWesternEuropeanNumbers(): readonly NationalNumber[] {
  return [
    national(
      'ad-nrt',
      'Andorran tax number',
      'A 999 999 A|A 999999 A',
      (c) => isNrt(c),
      'nrt,andorr',
      'likely',
    ),
    national(
      'at-tin',
      'Austrian tax number',
      '99 999 9999',
      (c) => /^\d{9}$/.test(c) && isAustrianTin(c),
      'steuernummer,abgabenkonto,tin',
    ),
    national(
      'at-uid',
      'Austrian VAT number',
      '(?:AT)?U 9{8}',
      (c) => isAustrianUid(c),
      'uid,ust',
      'sure',
    ),
    national(
      'at-svnr',
      'Austrian social insurance number',
      '9999 999999',
      (c) =>
        /^[1-9]\d{9}$/.test(c) &&
        weightedSum(c, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(c.charAt(3)),
      'svnr,sozialversicherung,versicherungsnummer',
    ),
    national(
      'be-nn',
      'Belgian national number',
      '99 99 99 999 99',
      (c) => isBelgianNational(c),
      'rijksregister,national,niss,insz,bis',
      'likely',
    ),
    national(
      'be-vat',
      'Belgian enterprise number',
      '(?:BE ?)?[01] ?9{3} 9{3} 9{3}|(?:BE ?)?9{3} 9{3} 9{3}',
      (c) => isBelgianVat(c),
      'btw,tva,vat,kbo,bce,ondernemingsnummer,entreprise',
    ),
    national(
      'ch-ssn',
      'Swiss social insurance number',
      '756 9999 9999 99',
      (c) => /^756\d{10}$/.test(c) && isEan(c),
      'ahv,avs,social',
      'sure',
    ),
    national(
      'ch-uid',
      'Swiss business number',
      'CHE 999 999 999',
      (c) => isSwissUid(c.replace(/[.]+$/, '')),
      'uid',
      'sure',
    ),
    national(
      'ch-vat',
      'Swiss VAT number',
      'CHE 999 999 999 ?(?:MWST|TVA|IVA|TPV)',
      (c) => /(?:MWST|TVA|IVA|TPV)$/.test(c) && isSwissUid(c.replace(/[A-Z]+$/, '')),
      'mwst,tva,iva',
      'sure',
    ),
    national(
      'ch-esr',
      'Swiss payment reference',
      '9{2} 9{5} 9{5} 9{5} 9{5} 9{5}',
      (c) => /^\d{6,27}$/.test(c) && fitsRecursiveMod10(c),
      'esr,referenz,reference,einzahlung',
      'likely',
    ),
    national(
      'de-idnr',
      'German tax identification number',
      '99 999 999 999',
      (c) => isGermanIdnr(c),
      'steuer,idnr,steuerid,steuer-id,tax,identifikationsnummer',
    ),
    national(
      'de-stnr',
      'German tax number',
      '9{2,3} 9{3,4} 9{4,5}',
      (c) => /^(?:\d{10}|\d{11}|\d{13})$/.test(c),
      'steuernummer,stnr,st.-nr',
    ),
    national(
      'de-vat',
      'German VAT number',
      'DE ?999 ?999 ?999',
      (c) => /^DE[1-9]\d{8}$/.test(c) && fitsMod11And10(c.slice(2)),
      'ust,umsatzsteuer,vat',
      'sure',
    ),
    national(
      'de-svnr',
      'German social insurance number',
      '99 999999 A 999',
      (c) => isGermanSvnr(c),
      'sozialversicherung,rentenversicherung,svnr',
      'sure',
    ),
    national(
      'de-kvnr',
      'German health insurance number',
      'A9{9}',
      (c) => /^[A-Z]\d{9}$/.test(c) && fitsLuhnWeights(c),
      'kranken,versichert,kvnr',
    ),
    national(
      'de-id-card',
      'German identity card',
      '[CFGHJKLMNPRTVWXYZcfghjklmnprtvwxyz][CFGHJKLMNPRTVWXYZcfghjklmnprtvwxyz0-9]{8}9',
      (c) => isMachineReadable(c),
      'personalausweis,ausweis,reisepass,passport,identity',
      'weak',
    ),
    national(
      'de-leitweg',
      'German routing id for invoices',
      '9{2,12} X{1,30} 9{2}',
      (c, written) =>
        /^(?:0[1-9]|1[0-6]|99)\d{0,10}-(?:[A-Za-z0-9]{1,30}-)?\d{2}$/.test(written.trim()) &&
        fitsMod97(c),
      'leitweg,buyer',
      'weak',
    ),
    national(
      'de-handelsregister',
      'German commercial register number',
      '(?:HRA|HRB|PR|GnR|VR|GsR) ?9{1,6}(?: ?[A-Z]{1,3}(?![A-Za-z]))?',
      (_, written) =>
        /(?:^|[\s)])(?:HRA|HRB|PR|GNR|VR|GSR)\s*\d+(?:\s*[A-Z]{1,3})?\s*(?:$|,)/i.test(
          written.trim(),
        ),
      'handelsregister,amtsgericht,registergericht',
    ),
    national(
      'dk-cpr',
      'Danish person number',
      '999999 9999',
      (c) =>
        /^\d{10}$/.test(c) &&
        isShortDate(c, 'dmy') &&
        weightedSum(c, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
      'cpr,personnummer',
      'weak',
    ),
    national(
      'dk-cvr',
      'Danish business number',
      '(?:DK ?)?99 99 99 99',
      (c) =>
        /^(?:DK)?[1-9]\d{7}$/.test(c) &&
        weightedSum(c.replace('DK', ''), [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
      'cvr,moms,vat',
    ),
    national(
      'es-nif',
      'Spanish tax number',
      '[A-Za-z0-9] 9{2} 9{2} 9{3} [A-Za-z0-9]|9{2} 9{3} 9{3} A|[A-Za-z] 9{7} X',
      (c) => isSpanishNif(c),
      'nif,dni,cif,documento',
      'likely',
    ),
    national(
      'es-nie',
      'Spanish foreigner number',
      '[XYZxyz] 9{7} A',
      (c) => /^[XYZ]\d{7}[A-Z]$/.test(c) && isSpanishNif(c),
      'nie,extranjero',
      'sure',
    ),
    national(
      'es-cups',
      'Spanish supply point',
      'ES 9{4} 9{12} A{2}(?: 9[FPRCXYZ])?',
      (c) => isCups(c),
      'cups,suministro',
      'sure',
    ),
    national(
      'es-catastral',
      'Spanish property reference',
      '[0-9]{7} ?[A-Za-z\u00D1]{2}[0-9]{4}[A-Za-z] ?[0-9]{4} ?[A-Za-z]{2}',
      (c) => isCatastral(c),
      'catastral',
      'sure',
    ),
    national(
      'es-cae',
      'Spanish activity code',
      'ES000[0-9]{2}[A-Z0-9]{2}[0-9]{3}A',
      (c) => /^ES000(?:0[1-9]|[1-4]\d|5[0-6])[A-Z][A-Z0-9]\d{3}[A-Z]$/.test(c),
      'cae',
      'likely',
    ),
    national(
      'es-passport',
      'Spanish passport',
      'A{3}9{6}',
      (c) => /^[A-Z]{3}\d{6}$/.test(c),
      'pasaporte,passport',
    ),
    national(
      'fi-hetu',
      'Finnish identity code',
      '9{6}[-+A-FU-Ya-fu-y]9{3}X',
      (_, written) => isHetu(written),
      'hetu,henkil\u00F6tunnus,personbeteckning',
      'sure',
    ),
    national(
      'fi-alv',
      'Finnish VAT number',
      '(?:FI ?)?9{7} 9',
      (c) =>
        /^(?:FI)?\d{8}$/.test(c) &&
        weightedSum(c.replace('FI', ''), [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0,
      'y-tunnus,alv,vat,business',
    ),
    national(
      'fr-siren',
      'French business number',
      '9{3} 9{3} 9{3}',
      (c) => /^\d{9}$/.test(c) && fitsLuhn(c),
      'siren',
    ),
    national(
      'fr-siret',
      'French establishment number',
      '9{3} 9{3} 9{3} 9{5}',
      (c) => isSiret(c),
      'siret',
    ),
    national(
      'fr-tva',
      'French VAT number',
      '(?:FR|fr|Fr) ?X{2} 9{3} 9{3} 9{3}',
      (c) => isFrenchTva(c),
      'tva,vat',
      'sure',
    ),
    national(
      'fr-nir',
      'French social security number',
      '[12378] 9{2} 9{2} (?:9{2}|2[ABab]) 9{3} 9{3} 9{2}',
      (c) => isNir(c),
      's\u00E9curit\u00E9,sociale,nir,insee,carte vitale',
      'sure',
    ),
    national(
      'fr-nif',
      'French tax number',
      '[0-3]9 9{2} 9{3} 9{3} 9{3}',
      (c) => /^[0-3]\d{12}$/.test(c) && remainderOf(c.slice(0, 10), 511) === Number(c.slice(10)),
      'fiscal,spi,imp\u00F4t',
    ),
    national(
      'fr-rcs',
      'French commercial register',
      '(?:RCS|rcs) [A-Za-z\u00C0-\u017F-]{2,30} [AB] 9{3} ?9{3} ?9{3}',
      (c, written) =>
        /^RCS\s+\S.*\s+[AB]\s*[\d ]+$/i.test(written) && /\d{9}$/.test(c) && fitsLuhn(c.slice(-9)),
      'rcs',
      'sure',
    ),
    national(
      'fr-accise',
      'French excise number',
      'FR0 9{2} 9{3} [ENCSRBAencsrba] 9{4}',
      (c) => /^FR0\d{5}[ENCSRB]\d{4}$/.test(c),
      'accise',
      'likely',
    ),
    national(
      'ie-pps',
      'Irish personal number',
      '9{7}A{1,2}',
      (c) => isPps(c),
      'pps,ppsn,personal public',
      'likely',
    ),
    national(
      'ie-vat',
      'Irish VAT number',
      'IE9[A-Z0-9+*]9{5}[A-Z]{1,2}',
      (c) => isIrishVat(c),
      'vat',
      'sure',
    ),
    national(
      'gb-nhs',
      'British NHS number',
      '9{3} 9{3} 9{4}',
      (c) => isNhs(c),
      'nhs,health,patient',
      'weak',
    ),
    national(
      'gb-nino',
      'British national insurance number',
      'A{2} 9{2} 9{2} 9{2} [A-Da-d]',
      (c) => /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(c),
      'national insurance,nino,ni number',
      'likely',
    ),
    national(
      'gb-utr',
      'British taxpayer reference',
      '9{5} 9{5}',
      (c) =>
        /^\d{10}K?$/.test(c) &&
        '21987654321'.charAt(weightedSum(c.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11) ===
          c.charAt(0),
      'utr,taxpayer,self assessment',
    ),
    national(
      'gb-vat',
      'British VAT number',
      'GB 9{3} 9{4} 9{2}(?: 9{3})?|GB(?:GD|HA)9{3}',
      (c) => isBritishVat(c),
      'vat',
      'sure',
    ),
    national(
      'gb-passport',
      'British passport',
      '9{9}|A{2}9{7}',
      (c) => /^(?:\d{9}|[A-Z]{2}\d{7})$/.test(c),
      'passport',
    ),
    national(
      'gb-driving-licence',
      'British driving licence',
      '[A-Z9]{5}[0-9][0156][0-9]{4}[A-Z9]{2}[0-9][A-Z]{2}',
      (c) => /^[A-Z][A-Z9]{4}\d[0156]\d(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}\d[A-Z]{2}$/.test(c),
      'licence,driving,dvla',
      'sure',
    ),
    national(
      'gb-sedol',
      'Security number of the London exchange',
      '[0-9B-DF-HJ-NP-TV-Z]{6}9',
      (c) => isSedol(c),
      'sedol',
    ),
    national(
      'nl-bsn',
      'Dutch citizen number',
      '9{4} ?9{2} ?9{3}',
      (c) =>
        /^\d{9}$/.test(c) &&
        c !== '000000000' &&
        weightedSum(c, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
      'bsn,burgerservicenummer,sofi',
    ),
    national(
      'nl-btw',
      'Dutch VAT number',
      'NL ?9{3} ?9{3} ?9{3} ?B9{2}',
      (c) => isDutchVat(c),
      'btw,vat',
      'sure',
    ),
    national(
      'lu-tva',
      'Luxembourgish VAT number',
      'LU ?9{8}',
      (c) =>
        /^(?:LU)?\d{8}$/.test(c) &&
        remainderOf(c.replace('LU', '').slice(0, 6), 89) === Number(c.slice(-2)),
      'tva,vat',
      'sure',
    ),
    national(
      'li-peid',
      'Liechtenstein person number',
      '9{7,12}',
      (_, written) =>
        /^0*[1-9]\d{3,11}$/.test(written.trim().replaceAll('.', '')) && written.trim().length <= 12,
      'peid',
    ),
    national(
      'pt-nif',
      'Portuguese tax number',
      '(?:PT ?)?9{3} 9{3} 9{3}',
      (c) =>
        /^(?:PT)?[1-9]\d{8}$/.test(c) &&
        modulo(11 - weightedSum(c.replace('PT', ''), [9, 8, 7, 6, 5, 4, 3, 2]), 11) % 10 ===
          last(c),
      'nif,contribuinte,nipc',
    ),
    national(
      'pt-cc',
      'Portuguese citizen card',
      '9{8} 9 X{2} ?9',
      (c) => isCitizenCard(c),
      'cart\u00E3o,cidad\u00E3o,citizen',
      'likely',
    ),
    national(
      'gr-amka',
      'Greek social insurance number',
      '9{6} 9{5}',
      (c) => /^\d{11}$/.test(c) && isShortDate(c, 'dmy') && fitsLuhn(c),
      'amka,\u03B1\u03BC\u03BA\u03B1',
    ),
    national(
      'gr-vat',
      'Greek VAT number',
      '(?:EL|GR) ?9{9}',
      (c) => isGreekVat(c),
      'afm,\u03B1\u03C6\u03BC,vat',
      'sure',
    ),
    national(
      'it-codice-fiscale',
      'Italian tax code',
      'A{6} [0-9LMNP-V]{2} A[0-9LMNP-V]{2} A[0-9LMNP-V]{3} A',
      (c) => isCodiceFiscale(c),
      'codice fiscale',
      'sure',
    ),
    national(
      'it-iva',
      'Italian VAT number',
      '(?:IT ?)?9{11}',
      (c) => /^(?:IT)?\d{11}$/.test(c) && !/^(?:IT)?0{7}/.test(c) && fitsLuhn(c.replace('IT', '')),
      'iva,vat,p.iva',
    ),
    national(
      'it-identity-card',
      'Italian identity card',
      'C[A-Z]9{5}[A-Z]{2}|A{2} ?9{7}|9{7}A{2}',
      (c) => /^(?:[A-Z]{2}\d{5}[A-Z]{2}|[A-Z]{2}\d{7}|\d{7}[A-Z]{2})$/.test(c),
      "carta d'identit\u00E0,identit\u00E0,passaporto,passport",
    ),
    national(
      'it-driver-licence',
      'Italian driving licence',
      'A{2}9{7}A|U1[A-Z0-9]{7}A',
      (c) => /^(?:[A-Z]{2}\d{7}[A-Z]|U1[A-Z0-9]{7}[A-Z])$/.test(c),
      'patente,licen',
    ),
    national(
      'mt-vat',
      'Maltese VAT number',
      'MT ?9{4} ?9{4}',
      (c) =>
        /^(?:MT)?[1-9]\d{7}$/.test(c) &&
        weightedSum(c.replace('MT', ''), [3, 4, 6, 7, 8, 9, 10, 1]) % 37 === 0,
      'vat',
      'sure',
    ),
    national(
      'cy-vat',
      'Cypriot VAT number',
      'CY ?9{8}[A-Z]',
      (c) => isCypriotVat(c),
      'vat',
      'sure',
    ),
  ];
}

function isNrt(c: string): boolean {
  const found = /^([ACDEFGLOPU])(\d{6})[A-Z]$/.exec(c);
  if (found === null) return false;
  const digits = Number(found[2]);
  if (found[1] === 'F') return digits <= 699_999;
  return !['A', 'L'].includes(found[1] ?? '') || (digits > 699_999 && digits < 800_000);
}

function doubled(digit: number): number {
  return digit > 4 ? digit * 2 - 9 : digit * 2;
}

function isAustrianTin(c: string): boolean {
  let sum = 0;
  for (let index = 0; index < 8; index += 1) {
    const digit = Number(c.charAt(index));
    sum += index % 2 === 0 ? digit : doubled(digit);
  }
  return (10 - (sum % 10)) % 10 === last(c);
}

function isAustrianUid(c: string): boolean {
  const number = c.replace(/^AT/, '');
  if (!/^U\d{8}$/.test(number)) return false;
  let sum = 4;
  for (let index = 0; index < 7; index += 1) {
    const digit = Number(number.charAt(index + 1));
    sum += index % 2 === 0 ? digit : doubled(digit);
  }
  return (10 - (sum % 10)) % 10 === last(number);
}

function isBelgianNational(c: string): boolean {
  if (!/^\d{11}$/.test(c)) return false;
  const [base, check] = [c.slice(0, 9), Number(c.slice(9))];
  // Months of 20 to 32 and 40 to 52 are those of the register for foreigners.
  const month = Number(c.slice(2, 4)) % 20;
  if (month > 12 || c.slice(2, 4) === '00' || Number(c.slice(4, 6)) > 31 || c.startsWith('0000000'))
    return false;
  return 97 - remainderOf(base, 97) === check || 97 - remainderOf(`2${base}`, 97) === check;
}

function isBelgianVat(c: string): boolean {
  const number = c.replace(/^BE/, '').padStart(10, '0');
  if (!/^[01]\d{9}$/.test(number) || Number(number) === 0) return false;
  return (Number(number.slice(0, 8)) + Number(number.slice(8))) % 97 === 0;
}

function isEan(c: string): boolean {
  let sum = 0;
  for (let index = 0; index < c.length; index += 1)
    sum += Number(c.charAt(index)) * (index % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}

function isSwissUid(c: string): boolean {
  return (
    /^CHE\d{9}$/.test(c) &&
    modulo(11 - weightedSum(c.slice(3), [5, 4, 3, 2, 7, 6, 5, 4]), 11) === last(c)
  );
}

const RECURSIVE = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];

function fitsRecursiveMod10(c: string): boolean {
  let carry = 0;
  for (const digit of c.slice(0, -1)) carry = RECURSIVE[(carry + Number(digit)) % 10] ?? 0;
  return (10 - carry) % 10 === last(c);
}

function isGermanIdnr(c: string): boolean {
  if (!/^[1-9]\d{10}$/.test(c) || !fitsMod11And10(c)) return false;
  const counts = new Map<string, number>();
  for (const digit of c.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) < 4;
}

function isGermanSvnr(c: string): boolean {
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

function fitsLuhnWeights(c: string): boolean {
  const digits = `${String(c.charCodeAt(0) - 64).padStart(2, '0')}${c.slice(1, 9)}`;
  let sum = 0;
  for (let index = 0; index < 10; index += 1) {
    const product = Number(digits.charAt(index)) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 10 === last(c);
}

function isMachineReadable(c: string): boolean {
  if (!/^[A-Z0-9]{9}\d$/.test(c) || !/\d/.test(c.slice(0, 9))) return false;
  let sum = 0;
  for (let index = 0; index < 9; index += 1)
    sum += Number.parseInt(c.charAt(index), 36) * ([7, 3, 1][index % 3] ?? 0);
  return sum % 10 === last(c);
}

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

function isSpanishNif(written: string): boolean {
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

function isCups(c: string): boolean {
  if (!/^ES\d{16}[A-Z]{2}(?:\d[FPRCXYZ])?$/.test(c)) return false;
  const rest = remainderOf(c.slice(2, 18), 529);
  return (
    c.slice(18, 20) ===
    `${NIF_LETTERS.charAt(Math.floor(rest / 23))}${NIF_LETTERS.charAt(rest % 23)}`
  );
}

function isCatastral(c: string): boolean {
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

function isHetu(written: string): boolean {
  const c = written.trim().toUpperCase();
  const found = /^(\d{6})([+\-ABCDEFUVWXY])(\d{3})([0-9A-Z])$/.exec(c);
  if (found === null || !isShortDate(c, 'dmy') || Number(found[3]) < 2 || Number(found[3]) > 899)
    return false;
  const rest = Number(`${found[1] ?? ''}${found[3] ?? ''}`) % 31;
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(rest) === found[4];
}

function isSiret(c: string): boolean {
  if (!/^\d{14}$/.test(c)) return false;
  if (fitsLuhn(c)) return true;
  // The French post gives its establishments numbers of another kind.
  return (
    c.startsWith('356000000') && [...c].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0
  );
}

const TVA_ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function isFrenchTva(written: string): boolean {
  const c = written.replace(/^FR/, '');
  if (!/^[A-HJ-NP-Z0-9]{2}\d{9}$/.test(c)) return false;
  const siren = c.slice(2);
  if (!siren.startsWith('000') && !fitsLuhn(siren)) return false;
  if (/^\d{2}/.test(c)) return Number(c.slice(0, 2)) === remainderOf(`${siren}12`, 97);
  const [first, second] = [TVA_ALPHABET.indexOf(c.charAt(0)), TVA_ALPHABET.indexOf(c.charAt(1))];
  const check = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
  return (Number(siren) + 1 + Math.floor(check / 11)) % 11 === check % 11;
}

function isNir(c: string): boolean {
  if (!/^[12378]\d{4}(?:\d{2}|2[AB])\d{8}$/.test(c)) return false;
  const number = c.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - remainderOf(number, 97) === Number(c.slice(13));
}

const PPS_LETTERS = 'WABCDEFGHIJKLMNOPQRSTUV';

function isPps(c: string): boolean {
  const found = /^(\d{7})([A-W])([A-IWTX]?)$/.exec(c);
  if (found === null) return false;
  const second =
    found[3] === undefined || 'WTX'.includes(found[3]) ? 0 : found[3].charCodeAt(0) - 64;
  // The letters A and B count; W, T and X of earlier times do not.
  const sum = weightedSum(c, [8, 7, 6, 5, 4, 3, 2]) + 9 * second;
  return PPS_LETTERS.charAt(sum % 23) === found[2];
}

function isIrishVat(written: string): boolean {
  const c = written.replace(/^IE/, '');
  if (/^\d{7}[A-Z]{1,2}$/.test(c)) return isPps(c);
  if (!/^\d[A-Z+*]\d{5}[A-Z]$/.test(c)) return false;
  return isPps(`0${c.slice(2, 7)}${c.charAt(0)}${c.charAt(7)}`);
}

function isNhs(c: string): boolean {
  if (!/^\d{10}$/.test(c)) return false;
  const check = 11 - (weightedSum(c, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check % 11 === last(c) && check !== 10;
}

function isBritishVat(written: string): boolean {
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

function isSedol(c: string): boolean {
  if (!/^(?:\d{7}|[B-DF-HJ-NP-TV-Z][0-9B-DF-HJ-NP-TV-Z]{5}\d)$/.test(c)) return false;
  let sum = 0;
  for (const [index, weight] of [1, 3, 1, 7, 3, 9].entries())
    sum += weight * Number.parseInt(c.charAt(index), 36);
  return (10 - (sum % 10)) % 10 === last(c);
}

function isDutchVat(written: string): boolean {
  const c = written.startsWith('NL') ? written : `NL${written}`;
  if (!/^NL\d{9}B\d{2}$/.test(c)) return false;
  return weightedSum(c.slice(2), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 || mod97Of(c) === 1;
}

function isCitizenCard(c: string): boolean {
  if (!/^\d{9}[A-Z0-9]{2}\d$/.test(c)) return false;
  let sum = 0;
  for (let index = 0; index < 12; index += 1) {
    const value = Number.parseInt(c.charAt(index), 36);
    sum += index % 2 === 1 ? value : value * 2 > 9 ? value * 2 - 9 : value * 2;
  }
  return sum % 10 === 0;
}

function isGreekVat(written: string): boolean {
  const c = written.replace(/^(?:EL|GR)/, '').padStart(9, '0');
  if (!/^\d{9}$/.test(c)) return false;
  return (weightedSum(c, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === last(c);
}

const ODD_VALUES = 'BAKPLCQDREVOSFTGUHMINJWZYX';
const OMOCODIA = 'LMNPQRSTUV';

function isCodiceFiscale(c: string): boolean {
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

function isCypriotVat(written: string): boolean {
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
