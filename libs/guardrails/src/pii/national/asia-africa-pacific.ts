import {
  fitsLuhn,
  fitsVerhoeff,
  isDate,
  isShortDate,
  modulo,
  remainderOf,
  weightedSum,
} from './check-digits.js';
import { national, type NationalNumber } from './recogniser.js';

const last = (number: string): number => Number(number.at(-1));

/** Asia, Africa and the Pacific. */
export function createAsianAfricanPacificNumbers(): readonly NationalNumber[] {
  return [
    national(
      'au-abn',
      'Australian business number',
      '9{2} 9{3} 9{3} 9{3}',
      (c) => isAbn(c),
      'abn,business number',
    ),
    national(
      'au-acn',
      'Australian company number',
      '9{3} 9{3} 9{3}',
      (c) =>
        /^\d{9}$/.test(c) &&
        (10 - (weightedSum(c, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === last(c),
      'acn,company number',
    ),
    national(
      'au-tfn',
      'Australian tax file number',
      '9{3} 9{3} 9{2,3}',
      (c) => isTfn(c),
      'tfn,tax file',
    ),
    national(
      'au-medicare',
      'Australian Medicare number',
      '[2-6]9{3} 9{5} 9',
      (c) =>
        /^[2-6]\d{9,10}$/.test(c) &&
        weightedSum(c, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(c.charAt(8)),
      'medicare',
    ),
    national('az-voen', 'Azerbaijani tax number', '9{10}', (c) => isVoen(c), 'v\u00F6en,voen'),
    national(
      'cn-ric',
      'Chinese person number',
      '9{17}[0-9Xx]',
      (c) => isChinesePerson(c),
      '\u8EAB\u4EFD\u8BC1,resident identity',
      'sure',
    ),
    national(
      'cn-uscc',
      'Chinese organisation code',
      '[0-9A-HJ-NPQRTUWXY]{18}|9{2} 9{6} [0-9A-HJ-NPQRTUWXY]{10}',
      (c) => isUscc(c),
      '\u4FE1\u7528\u4EE3\u7801,uscc,credit code',
      'likely',
    ),
    national(
      'dz-nif',
      'Algerian tax number',
      '9{3} 9{3} 9{3} 9{3} 9{3}(?: 9{5})?',
      (c) => /^\d{15}(?:\d{5})?$/.test(c),
      'nif,fiscal',
    ),
    national(
      'eg-tn',
      'Egyptian tax number',
      '9{3} 9{3} 9{3}',
      (c) => /^\d{9}$/.test(arabicDigits(c)),
      'tax,\u0636\u0631\u064A\u0628\u064A',
    ),
    national(
      'gh-tin',
      'Ghanaian tax number',
      '[PCGQV]00[A-Z0-9]9{8}',
      (c) => isGhanaian(c),
      'tin',
      'likely',
    ),
    national(
      'gn-nifp',
      'Guinean tax number',
      '9{3} 9{3} 9{3}',
      (c) => /^\d{9}$/.test(c) && fitsLuhn(c),
      'nif',
    ),
    national(
      'id-npwp',
      'Indonesian tax number',
      '9{2}[.]9{3}[.]9{3}[.]9-9{3}[.]9{3}|9{15,16}',
      (c) => /^(?:0\d{15}|\d{16})$/.test(c) || (/^\d{15}$/.test(c) && fitsLuhn(c.slice(0, 9))),
      'npwp,nik',
    ),
    national(
      'il-id',
      'Israeli person number',
      '9{9}',
      (c) => /^\d{9}$/.test(c) && fitsLuhn(c),
      '\u05EA\u05E2\u05D5\u05D3\u05EA,teudat,israeli id',
    ),
    national(
      'il-hp',
      'Israeli company number',
      '5[0-9]{8}|5[0-9]-9{6}-9',
      (c) => /^5\d{8}$/.test(c) && fitsLuhn(c),
      '\u05D7.\u05E4,company',
    ),
    national(
      'in-pan',
      'Indian tax number',
      'A{5}9{4}A',
      (c) => /^[A-Z]{3}[ABCFGHJKLPT][A-Z](?!0000)\d{4}[A-Z]$/.test(c),
      'pan,permanent account',
      'likely',
    ),
    national(
      'in-aadhaar',
      'Indian person number',
      '[2-9]9{3}[ -]?9{4}[ -]?9{4}',
      (c) => /^[2-9]\d{11}$/.test(c) && !isPalindrome(c) && fitsVerhoeff(c),
      'aadhaar,aadhar,uidai,\u0906\u0927\u093E\u0930',
      'likely',
    ),
    national(
      'in-gstin',
      'Indian goods and services tax number',
      '9{2}A{5}9{4}AX[Zz]X',
      (c) => isGstin(c),
      'gst,gstin',
      'sure',
    ),
    national(
      'in-voter',
      'Indian voter number',
      'A{3}9{7}',
      (c) => /^[A-Z]{3}\d{7}$/.test(c),
      'voter,epic,election',
    ),
    national(
      'in-passport',
      'Indian passport',
      '[A-PR-WYa-pr-wy][1-9]9{6}',
      (c) => /^[A-PR-WY][1-9]\d{5}[1-9]$/.test(c),
      'passport',
    ),
    national(
      'in-vehicle',
      'Indian vehicle registration',
      'A{2} ?9{1,2} ?A{1,3} ?9{4}',
      (c) =>
        /^(?:A[NPRS]|B[HR]|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[NRSG]|U[AKPT]|WB)\d{1,2}[A-Z]{1,3}\d{4}$/.test(
          c,
        ),
      'vehicle,registration,number plate,rto',
    ),
    national(
      'jp-cn',
      'Japanese corporate number',
      '9-?9{4}-?9{4}-?9{4}',
      (c) => isJapaneseCorporate(c),
      '\u6CD5\u4EBA\u756A\u53F7,corporate',
    ),
    national(
      'jp-my-number',
      'Japanese person number',
      '9{4} 9{4} 9{4}',
      (c) => isMyNumber(c),
      '\u30DE\u30A4\u30CA\u30F3\u30D0\u30FC,my number,\u500B\u4EBA\u756A\u53F7',
    ),
    national(
      'ke-pin',
      'Kenyan tax number',
      '[AP]9{9}A',
      (c) => /^[AP]\d{9}[A-Z]$/.test(c),
      'pin,kra',
      'likely',
    ),
    national(
      'kr-rrn',
      'Korean resident number',
      '9{6}-[0-9]9{6}|9{13}',
      (c) => isKoreanResident(c),
      '\uC8FC\uBBFC\uB4F1\uB85D,rrn,resident',
      'likely',
    ),
    national(
      'kr-brn',
      'Korean business number',
      '9{3} 9{2} 9{5}',
      (c) => isKoreanBusiness(c),
      '\uC0AC\uC5C5\uC790,brn,business',
    ),
    national(
      'kr-driver-license',
      'Korean driving licence',
      '9{2}-9{2}-9{6}-9{2}',
      (c) => /^(?:1[1-9]|2[0-68])\d{10}$/.test(c),
      '\uBA74\uD5C8,licen',
      'likely',
    ),
    national(
      'kr-passport',
      'Korean passport',
      '[MSRODmsrod](?:9{8}|9{3}A9{4})',
      (c) => /^[MSROD](?:\d{8}|\d{3}[A-Z]\d{4})$/.test(c),
      'passport,\uC5EC\uAD8C',
    ),
    national(
      'ma-ice',
      'Moroccan business number',
      '9{15}|9{9} ?9{4} ?9{2}',
      (c) => /^\d{15}$/.test(arabicDigits(c)) && remainderOf(arabicDigits(c), 97) === 0,
      'ice',
    ),
    national(
      'mu-nid',
      'Mauritian person number',
      'A9{12}X',
      (c) => isMauritian(c),
      'nid,identity',
      'sure',
    ),
    national(
      'my-nric',
      'Malaysian person number',
      '9{6}-?9{2}-?9{4}',
      (c) => isMalaysian(c),
      'mykad,nric,kad pengenalan,ic',
      'likely',
    ),
    national(
      'mz-nuit',
      'Mozambican tax number',
      '9{3} 9{3} 9{3}',
      (c) =>
        /^\d{9}$/.test(c) &&
        '01234567891'.charAt(weightedSum(c, [8, 9, 4, 5, 6, 7, 8, 9]) % 11) === c.at(-1),
      'nuit',
    ),
    national(
      'ng-nin',
      'Nigerian person number',
      '9{11}',
      (c) => /^\d{11}$/.test(c),
      'nin,national identification',
    ),
    national(
      'ng-bvn',
      'Nigerian bank verification number',
      '229{9}',
      (c) => /^22\d{9}$/.test(c),
      'bvn,bank verification',
    ),
    national(
      'ng-vehicle',
      'Nigerian vehicle registration',
      'A{3}-?9{3}-?A{2}',
      (c) => /^[A-Z]{3}\d{3}[A-Z]{2}$/.test(c),
      'vehicle,plate,registration',
    ),
    national(
      'nz-ird',
      'New Zealand tax number',
      '9{2,3} 9{3} 9{3}',
      (c) => isIrd(c),
      'ird,inland revenue',
    ),
    national(
      'nz-bank-account',
      'New Zealand bank account',
      '9{2}[- ]9{3,4}[- ]9{7}[- ]9{2,3}',
      (c) => /^\d{14,16}$/.test(c),
      'account',
      'likely',
    ),
    national(
      'om-vat',
      'Omani VAT number',
      'OM ?9{9}[0-9X]',
      (c) => /^OM1\d{8}[0-9X]$/.test(c),
      'vat',
      'sure',
    ),
    national(
      'pk-cnic',
      'Pakistani person number',
      '9{5}-9{7}-9',
      (c) => /^[1-7]\d{11}[1-9]$/.test(c),
      'cnic,nadra',
      'likely',
    ),
    national(
      'ph-umid',
      'Philippine common reference number',
      '9{4}-9{7}-9',
      (c) => /^\d{12}$/.test(c),
      'crn,umid',
    ),
    national(
      'sg-nric',
      'Singaporean person number',
      '[STFGMstfgm]9{7}A',
      (c) => isNric(c),
      'nric,fin,identity',
      'sure',
    ),
    national(
      'sg-uen',
      'Singaporean business number',
      '9{8,9}[A-Z]|[RST]9{2}[A-Z]{2}9{4}[A-Z]',
      (c) => isUen(c),
      'uen',
      'likely',
    ),
    national(
      'sn-ninea',
      'Senegalese business number',
      '9{7,9}(?: ?[0-9][A-Z][0-9])?',
      (c) => isNinea(c),
      'ninea',
    ),
    national(
      'th-pin',
      'Thai person number',
      '[1-8] 9{4} 9{5} 9{2} 9',
      (c) => /^[1-8]\d{12}$/.test(c) && thaiCheck(c),
      '\u0E1A\u0E31\u0E15\u0E23\u0E1B\u0E23\u0E30\u0E0A\u0E32\u0E0A\u0E19,thai id,citizen',
      'likely',
    ),
    national(
      'th-moa',
      'Thai business number',
      '0 ?9{2} ?9 ?9{3} ?9{5} ?9',
      (c) => /^0\d{12}$/.test(c) && thaiCheck(c),
      'tax,moa',
    ),
    national(
      'tn-mf',
      'Tunisian tax number',
      '9{7} ?/?[A-Z](?: ?/? ?[ABPDN] ?/? ?[MPCNE] ?/? ?9{3})?',
      (c) => isTunisian(c),
      'matricule,fiscal',
      'likely',
    ),
    national(
      'tw-ubn',
      'Taiwanese business number',
      '9{8}',
      (c) => isUbn(c),
      '\u7D71\u4E00\u7DE8\u865F,ubn',
    ),
    national(
      'tw-id',
      'Taiwanese person number',
      'A[1289]9{8}',
      (c) => isTaiwanese(c),
      '\u8EAB\u5206\u8B49,national id',
      'likely',
    ),
    national(
      'vn-mst',
      'Vietnamese tax number',
      '9{10}(?:-?9{3})?',
      (c) => isVietnamese(c),
      'mst,m\u00E3 s\u1ED1 thu\u1EBF',
    ),
    national(
      'za-idnr',
      'South African person number',
      '9{13}',
      (c) => /^\d{10}[01]\d{2}$/.test(c) && isShortDate(c, 'ymd') && fitsLuhn(c),
      'id number,identity,rsa',
      'likely',
    ),
    national(
      'za-tin',
      'South African tax number',
      '[01239]9{9}',
      (c) => /^[01239]\d{9}$/.test(c) && fitsLuhn(c),
      'tax,sars',
    ),
  ];
}

function isPalindrome(number: string): boolean {
  return [...number].reverse().join('') === number;
}

/** Arabic-Indic digits as the usual ones. */
function arabicDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) % 16));
}

function isAbn(c: string): boolean {
  if (!/^[1-9]\d{10}$/.test(c)) return false;
  return (weightedSum(c, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}

function isTfn(c: string): boolean {
  if (/^\d{9}$/.test(c)) return weightedSum(c, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
  return /^\d{8}$/.test(c) && weightedSum(c, [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0;
}

function isVoen(written: string): boolean {
  const c = written.padStart(10, '0');
  if (!/^\d{9}[12]$/.test(c)) return false;
  const check = weightedSum(c, [4, 1, 8, 6, 2, 7, 5, 3]) % 11;
  return check === Number(c.charAt(8));
}

function isChinesePerson(c: string): boolean {
  if (!/^[1-8]\d{16}[0-9X]$/.test(c)) return false;
  if (!/^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/.test(c)) return false;
  if (!isDate(Number(c.slice(6, 10)), Number(c.slice(10, 12)), Number(c.slice(12, 14))))
    return false;
  const sum = weightedSum(c, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return '10X98765432'.charAt(sum % 11) === c.at(-1);
}

const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

function isUscc(c: string): boolean {
  if (!/^\d{8}[0-9A-HJ-NP-RTUWXY]{10}$/.test(c)) return false;
  let sum = 0;
  let weight = 1;
  for (let index = 0; index < 17; index += 1) {
    sum += USCC_ALPHABET.indexOf(c.charAt(index)) * weight;
    weight = (weight * 3) % 31;
  }
  return USCC_ALPHABET.charAt((31 - (sum % 31)) % 31) === c.at(-1);
}

function isGhanaian(c: string): boolean {
  if (!/^[PCGQV]00[A-Z0-9]\d{7}$/.test(c) && !/^[PCGQV]00\d{7}[0-9X]$/.test(c)) return false;
  const sum = weightedSum(c.slice(1), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  return '0123456789X'.charAt(sum % 11) === c.charAt(10);
}

function isGstin(c: string): boolean {
  if (!/^(?:0[1-9]|[12]\d|3[0-8]|97|99)[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]$/.test(c)) return false;
  let sum = 0;
  for (let index = 0; index < 14; index += 1) {
    const product = Number.parseInt(c.charAt(index), 36) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return (36 - (sum % 36)) % 36 === Number.parseInt(c.charAt(14), 36);
}

function isJapaneseCorporate(c: string): boolean {
  if (!/^[1-9]\d{12}$/.test(c)) return false;
  return (
    9 - (weightedSum(c.slice(1), [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9) === Number(c.charAt(0))
  );
}

function isMyNumber(c: string): boolean {
  if (!/^\d{12}$/.test(c)) return false;
  const rest = weightedSum(c, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === last(c);
}

function isKoreanResident(c: string): boolean {
  if (!/^\d{13}$/.test(c)) return false;
  const century =
    [1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800][Number(c.charAt(6))] ?? 1900;
  if (!isDate(century + Number(c.slice(0, 2)), Number(c.slice(2, 4)), Number(c.slice(4, 6))))
    return false;
  if (Number(c.slice(7, 9)) > 96) return false;
  return (11 - (weightedSum(c, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === last(c);
}

function isKoreanBusiness(c: string): boolean {
  if (!/^[1-9]\d{9}$/.test(c) || Number(c.slice(0, 3)) < 101) return false;
  if (c.slice(3, 5) === '00' || c.slice(5, 9) === '0000') return false;
  const sum =
    weightedSum(c, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((Number(c.charAt(8)) * 5) / 10);
  return (10 - (sum % 10)) % 10 === last(c);
}

function isMauritian(c: string): boolean {
  if (!/^[A-Z]\d{12}[0-9A-Z]$/.test(c) || !isShortDate(c.slice(1, 7), 'dmy')) return false;
  let sum = 0;
  for (let index = 0; index < 13; index += 1)
    sum += Number.parseInt(c.charAt(index), 36) * (14 - index);
  return modulo(17 - sum, 17) === Number.parseInt(c.charAt(13), 36);
}

function isMalaysian(c: string): boolean {
  if (!/^\d{12}$/.test(c) || !isShortDate(c, 'ymd')) return false;
  return !/^(?:00|17|18|19|20|69|70|73|80|81|94|95|96|97)$/.test(c.slice(6, 8));
}

function isIrd(c: string): boolean {
  if (!/^\d{8,9}$/.test(c) || Number(c) < 10_000_000 || Number(c) > 150_000_000) return false;
  const number = c.padStart(9, '0');
  const checkOf = (weights: readonly number[]): number => modulo(-weightedSum(number, weights), 11);
  const first = checkOf([3, 2, 7, 6, 5, 4, 3, 2]);
  return (first === 10 ? checkOf([7, 4, 3, 2, 5, 2, 7, 6]) : first) === last(number);
}

function isNric(c: string): boolean {
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

function isUen(c: string): boolean {
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

function isNinea(written: string): boolean {
  const found = /^(\d{7}|\d{9})([012][A-Z]\d)?$/.exec(written);
  if (found === null || (found[2] !== undefined && !/[ABCDEFGHJKLMNPQRSTUVWZ]/.test(found[2])))
    return false;
  const number = (found[1] ?? '').padStart(9, '0');
  return weightedSum(number, [1, 2, 1, 2, 1, 2, 1, 2, 1]) % 10 === 0;
}

function thaiCheck(c: string): boolean {
  return (11 - (weightedSum(c, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === last(c);
}

function isTunisian(written: string): boolean {
  const c = written
    .replace(/[^0-9A-Z]/g, '')
    .replace(/^(\d+)/, (digits) => digits.padStart(7, '0'));
  const found = /^\d{7}[ABCDEFGHJKLMNPQRSTVWXYZ](?:([ABPDN])([MPCNE])(\d{3}))?$/.exec(c);
  if (found === null) return false;
  return found[3] === undefined || (found[3] === '000') === (found[2] !== 'E');
}

function isUbn(c: string): boolean {
  if (!/^\d{8}$/.test(c)) return false;
  let sum = 0;
  for (const [index, weight] of [1, 2, 1, 2, 1, 2, 4, 1].entries()) {
    const product = weight * Number(c.charAt(index));
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 5 === 0 || (c.charAt(6) === '7' && (sum + 1) % 5 === 0);
}

function isTaiwanese(c: string): boolean {
  if (!/^[A-Z][1289]\d{8}$/.test(c)) return false;
  const value = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(c.charAt(0)) + 10;
  const digits = `${value}${c.slice(1)}`;
  return weightedSum(digits, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0;
}

function isVietnamese(c: string): boolean {
  if (!/^\d{10}(?:\d{3})?$/.test(c) || c.slice(2, 9) === '0000000' || c.slice(10) === '000')
    return false;
  return 10 - (weightedSum(c, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) === Number(c.charAt(9));
}
