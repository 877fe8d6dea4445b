import { fitsLuhn, fitsLuhnOfAlphanumerics, fitsMod97 } from './check-digits.js';
import { isBitcoinAddress } from './bitcoin-address.js';
import { national, type NationalNumber } from './recogniser.js';

/** What is given out for the whole world: banks, securities, devices, wallets. */
export function createInternationalNumbers(): readonly NationalNumber[] {
  return [
    {
      ...national(
        'crypto-address',
        'Bitcoin address',
        '',
        (_, written) => isBitcoinAddress(written.trim()),
        'bitcoin,btc,wallet',
        'sure',
      ),
      pattern: '[13][1-9A-HJ-NP-Za-km-z]{25,34}|[bB][cC]1[0-9A-Za-z]{11,71}',
    },
    national(
      'bic',
      'Bank identifier (SWIFT)',
      '[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?',
      (c) => /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(c) && COUNTRIES.has(c.slice(4, 6)),
      'bic,swift',
    ),
    national(
      'lei',
      'Legal entity identifier',
      'X{18}9{2}',
      (c) => /^[0-9A-Z]{18}\d{2}$/.test(c) && fitsMod97(c),
      'lei',
      'sure',
    ),
    national(
      'isin',
      'Security number',
      '[A-Z]{2}[A-Z0-9]{9}9',
      (c) =>
        /^[A-Z]{2}[A-Z0-9]{9}\d$/.test(c) &&
        (COUNTRIES.has(c.slice(0, 2)) ||
          /^(?:XS|EU|XA|XB|XC|XD|XF|XK|QZ|QS|QT|QW|AN|ZZ)/.test(c)) &&
        !c.startsWith('ZZ') &&
        fitsLuhnOfAlphanumerics(c),
      'isin',
      'likely',
    ),
    national(
      'cusip',
      'North American security number',
      '[0-9A-Z*@#]{8}9',
      (_, written) => isCusip(written.replace(/\s+/g, '').toUpperCase()),
      'cusip',
    ),
    national(
      'figi',
      'Financial instrument identifier',
      '[A-Z]{2}G[A-Z0-9]{8}9',
      (c) => isFigi(c),
      'figi',
      'sure',
    ),
    national(
      'rf-reference',
      'Creditor reference',
      'RF9{2} ?[A-Z0-9]{1,21}',
      (c) => /^RF\d{2}[A-Z0-9]{1,21}$/.test(c) && fitsMod97(`${c.slice(4)}${c.slice(0, 4)}`),
      'reference',
      'likely',
    ),
    national(
      'imei',
      'Device number',
      '9{2}-9{6}-9{6}-9{1,2}|9{6}-9{2}-9{6}-9|9{14,16}',
      (c) => /^\d{14}$|^\d{16}$/.test(c) || (/^\d{15}$/.test(c) && fitsLuhn(c)),
      'imei',
    ),
    national(
      'meid',
      'Device number of CDMA networks',
      '[0-9A-Fa-f]{14}',
      (c) => isMeid(c),
      'meid,esn',
    ),
    national(
      'imsi',
      'Mobile subscriber number',
      '[2-79]9{13,14}|[2-79]9{2} 9{2} 9{10}',
      (c) => /^[2-79]\d{13,14}$/.test(c),
      'imsi',
    ),
    national(
      'mac',
      'Device address',
      '[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}',
      (_, written) =>
        /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i.test(written.trim()),
      'mac',
      'sure',
    ),
    national(
      'ethereum',
      'Ethereum address',
      '0x[0-9A-Fa-f]{40}',
      (_, written) => /^0x[0-9a-f]{40}$/i.test(written),
      'ethereum,wallet',
      'sure',
    ),
    national(
      'eu-banknote',
      'Serial number of a euro note',
      'A{1,2}9{10,11}',
      (c) => isBanknote(c),
      'banknote',
    ),
    national(
      'iso6346',
      'Freight container',
      '[A-Z]{3}[UJZ] ?9{6} ?9',
      (c) => isContainer(c),
      'container',
      'likely',
    ),
  ];
}

function isCusip(c: string): boolean {
  if (!/^[0-9A-Z*@#]{8}\d$/.test(c)) return false;
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#';
  let sum = 0;
  for (let index = 0; index < 8; index += 1) {
    const value = alphabet.indexOf(c.charAt(index)) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return (10 - (sum % 10)) % 10 === Number(c.charAt(8));
}

function isFigi(c: string): boolean {
  if (
    !/^[B-DF-HJ-NP-TV-Z]{2}G[0-9B-DF-HJ-NP-TV-Z]{8}\d$/.test(c) ||
    /^(?:BS|BM|GG|GB|GH|KY|VG)/.test(c)
  )
    return false;
  let sum = 0;
  for (let index = 0; index < 11; index += 1) {
    const value = Number.parseInt(c.charAt(index), 36) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return (10 - (sum % 10)) % 10 === Number(c.charAt(11));
}

function isMeid(c: string): boolean {
  if (/^\d{14,15}$/.test(c)) return c.length === 14 || fitsLuhn(c);
  if (/^\d{18,19}$/.test(c))
    return (
      Number(c.slice(0, 10)) <= 0xff_ff_ff_ff &&
      Number(c.slice(10, 18)) <= 0xff_ff_ff &&
      (c.length === 18 || fitsLuhn(c))
    );
  if (!/^[0-9A-F]{14}[0-9A-F]?$/.test(c)) return false;
  if (c.length === 14) return true;
  let sum = 0;
  for (let index = 0; index < 14; index += 1) {
    const value = Number.parseInt(c.charAt(index), 16) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(value / 16) + (value % 16);
  }
  return (16 - (sum % 16)) % 16 === Number.parseInt(c.charAt(14), 16);
}

function isBanknote(c: string): boolean {
  if (!/^(?:[D-HJ-NPR-Z]\d{11}|[A-Z]{2}\d{10})$/.test(c)) return false;
  const sum = [...c].reduce(
    (all, sign) => all + (/\d/.test(sign) ? Number(sign) : sign.charCodeAt(0)),
    0,
  );
  return sum % 9 === 0;
}

function isContainer(c: string): boolean {
  if (!/^[A-Z]{3}[UJZ]\d{7}$/.test(c)) return false;
  const values = '0123456789A_BCDEFGHIJK_LMNOPQRSTU_VWXYZ';
  let sum = 0;
  for (let index = 0; index < 10; index += 1) sum += values.indexOf(c.charAt(index)) * 2 ** index;
  return (sum % 11) % 10 === Number(c.charAt(10));
}

/** ISO 3166-1 alpha-2 codes, with Kosovo's. */
export const COUNTRIES = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA ' +
    'CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA ' +
    'GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
    'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS ' +
    'MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS ' +
    'RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW ' +
    'TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
  ).split(' '),
);
