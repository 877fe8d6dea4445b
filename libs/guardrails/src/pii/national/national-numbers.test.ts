import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isIbanChecksumRight } from '../iban-finder.js';
import { fitsLuhn, fitsMod11And10, fitsVerhoeff } from './check-digits.js';
import { createNationalNumbers } from './national-numbers.js';
import { compactNumber } from './recogniser.js';
import { sha256 } from './sha256.js';

const vectors = JSON.parse(
  readFileSync(new URL('./__fixtures__/number-vectors.json', import.meta.url), 'utf8'),
) as Record<string, { valid: readonly string[]; invalid: readonly string[] }>;
const numbers = new Map(createNationalNumbers().map((number) => [number.id, number]));
const isRight = (id: string, written: string): boolean =>
  numbers.get(id)?.isValid(compactNumber(written), written) ?? false;

/** Vectors of a checksum, or of a number that has another name here. */
const OTHER_CHECKS: Readonly<Record<string, (written: string) => boolean>> = {
  bitcoin: (written) => isRight('crypto-address', written),
  luhn: (written) => fitsLuhn(written),
  verhoeff: (written) => /^\d+$/.test(written) && fitsVerhoeff(written),
  'iso7064-mod_11_10': (written) => fitsMod11And10(written),
  'th-tin': (written) => isRight('th-pin', written) || isRight('th-moa', written),
};

/** Numbers of goods, texts and places: nobody's. */
const NOBODYS = [
  'casrn',
  'cfi',
  'damm',
  'de-wkn',
  'ean',
  'eu-ecnumber',
  'eu-eic',
  'eu-excise',
  'eu-nace',
  'gs1_128',
  'isan',
  'isbn',
  'isil',
  'ismn',
  'iso7064-mod_11_2',
  'isrc',
  'it-aic',
  'upi',
];
/** Collections of the numbers above. */
const COLLECTIONS = ['eu-oss', 'eu-vat', 'vatin', 'iban'];

/** What is decided otherwise here, and why it does no harm: registers' exceptions and lists of offices are not kept. */
const DECIDED_OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  'at-tin': ['621199017'],
  'be-nn': ['00400100184'],
  'de-handelsregister': ['KXln HRB 49263'],
  'es-cae': ['ES00008XX567A'],
  'ec-ruc': ['1793221293001'],
  'kr-brn': ['206-18-12345', '306-82-00417', '728-86-00316'],
  mac: ['fd:ff:ff:84:a2:a0'],
  'no-fodselsnummer': ['18103970861'],
  'ro-onrc': ['J2016012984007', 'J2025012984401'],
};
/** Issued with wrong check digits by their register, so that only a list could tell. */
const ISSUED_WRONG = new Set(['do-cedula', 'do-rnc']);

describe('the validator of', () => {
  it.each(Object.entries(vectors).filter(([id]) => numbers.has(id) || id in OTHER_CHECKS))(
    '%s accepts what is right and nothing wrong',
    (id, { valid, invalid }) => {
      const accepts = OTHER_CHECKS[id] ?? ((written: string) => isRight(id, written));
      const known = DECIDED_OTHERWISE[id] ?? [];
      const refused = valid.filter((one) => !accepts(one) && !known.includes(one));
      expect(ISSUED_WRONG.has(id) ? [] : refused).toEqual([]);
      expect(invalid.filter((one) => accepts(one) && !known.includes(one))).toEqual([]);
      expect(valid.length + invalid.length).toBeGreaterThan(0);
    },
  );

  it('each published kind exists, or is nobody’s number', () => {
    const missing = Object.keys(vectors).filter(
      (id) =>
        !numbers.has(id) &&
        !(id in OTHER_CHECKS) &&
        !NOBODYS.includes(id) &&
        !COLLECTIONS.includes(id),
    );
    expect(missing).toEqual([]);
  });

  it('VAT numbers of the Union by their countries', () => {
    const byPrefix: Readonly<Record<string, readonly string[]>> = {
      AT: ['at-uid'],
      BE: ['be-vat'],
      BG: ['bg-vat'],
      CY: ['cy-vat'],
      CZ: ['cz-dic'],
      DE: ['de-vat'],
      DK: ['dk-cvr'],
      EE: ['ee-kmkr'],
      EL: ['gr-vat'],
      ES: ['es-nif'],
      FI: ['fi-alv'],
      FR: ['fr-tva'],
      HR: ['hr-oib'],
      HU: ['hu-anum'],
      IE: ['ie-vat'],
      IT: ['it-iva'],
      LT: ['lt-pvm'],
      LU: ['lu-tva'],
      LV: ['lv-pvn'],
      MT: ['mt-vat'],
      NL: ['nl-btw'],
      PL: ['pl-nip'],
      PT: ['pt-nif'],
      RO: ['ro-cui', 'ro-cnp'],
      SE: ['se-orgnr'],
      SI: ['si-ddv'],
      SK: ['sk-dph'],
    };
    const wrong = (vectors['eu-vat']?.valid ?? []).filter(
      (one) => !(byPrefix[compactNumber(one).slice(0, 2)] ?? []).some((id) => isRight(id, one)),
    );
    expect(wrong).toEqual([]);
  });

  it('IBANs by their checksum', () => {
    const { valid = [] } = vectors.iban ?? {};
    expect(valid.filter((one) => !isIbanChecksumRight(compactNumber(one)))).toEqual([]);
  });
});

describe('SHA-256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of %j is the published one', (text, expected) => {
    expect(Buffer.from(sha256(new TextEncoder().encode(text))).toString('hex')).toBe(expected);
  });
});
