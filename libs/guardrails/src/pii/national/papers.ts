import { isKoreanResident } from './asia-africa-pacific-checks.js';
import { national, type NationalNumber } from './recogniser.js';

const LANR_WEIGHTS = [4, 9, 4, 9, 4, 9];

/** German lifelong physician number: a check digit over six, then two digits for the specialty. */
function isLanr(compact: string): boolean {
  if (!/^\d{9}$/.test(compact)) return false;
  const sum = LANR_WEIGHTS.reduce(
    (total, weight, index) => total + weight * Number(compact.charAt(index)),
    0,
  );
  return (10 - (sum % 10)) % 10 === Number(compact.charAt(6));
}

/** Passports, licences and physicians' numbers, most of which have no check digit. */
export function createPapers(): readonly NationalNumber[] {
  return [
    national(
      'de-passport',
      'German passport',
      '[CFGHJKLMNPRTVWXYZcfghjklmnprtvwxyz][CFGHJKLMNPRTVWXYZcfghjklmnprtvwxyz0-9]{7}9',
      (c) => /\d.*\d/.test(c),
      'reisepass,pass-nr,passnummer,dokumentennummer',
    ),
    national(
      'de-driver-licence',
      'German driving licence',
      'A9{2}X{6}9X|A{2}9{8}X',
      (c) => /\d.*\d/.test(c),
      'f\u00FChrerschein,fahrerlaubnis,driv',
    ),
    national(
      'de-bsnr',
      'German medical practice number',
      '9{9}',
      (c) => /^\d{9}$/.test(c),
      'bsnr,betriebsst\u00E4ttennummer,betriebsst\u00E4tten-nummer',
    ),
    national(
      'de-lanr',
      'German physician number',
      '9{9}',
      isLanr,
      'lanr,arztnummer,arzt-nr,arzt nr',
    ),
    national(
      'it-passport',
      'Italian passport',
      'A{2}9{7}',
      (c) => /^[A-Z]{2}\d{7}$/.test(c),
      'passaporto,passport',
    ),
    national(
      'kr-frn',
      'Korean foreigner number',
      '9{6}-[5-8]9{6}|9{6}[5-8]9{6}',
      (c) => /^\d{6}[5-8]\d{6}$/.test(c) && !isKoreanResident(c) && isMonthAndDay(c.slice(2, 6)),
      'foreigner,frn,\uC678\uAD6D\uC778\uB4F1\uB85D',
    ),
    national(
      'ph-tin',
      'Philippine tax number',
      '9{3}-9{3}-9{3}(?:-9{3,5})?|9{9}(?:9{3})?',
      (c) => /^\d{9}(?:\d{3,5})?$/.test(c),
      'tin,taxpayer,bir',
    ),
  ];
}

function isMonthAndDay(digits: string): boolean {
  const [month, day] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
