import { fitsLuhn, isShortDate, modulo, weightedSum } from './check-digits.js';
import { isCitizenCard, isCodiceFiscale, isCypriotVat, isGreekVat } from './europe-checks.js';
import { national, type NationalNumber } from './recogniser.js';

const last = (number: string): number => Number(number.at(-1));

/** Portugal to Cyprus. */
export function createSouthernEuropeanNumbers(): readonly NationalNumber[] {
  return [
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
