import { describe, expect, it } from 'vitest';
import { createGuardrails } from '../create-guardrails.js';
import { createPiiRail } from './create-pii-rail.js';
import { createPiiScanner } from './find-pii.js';
import { createNationalNumbers } from './national/national-numbers.js';
import { applyPiiOperator } from './pii-operators.js';

const scanner = createPiiScanner({
  categories: ['card', 'iban', 'email', 'ip', 'national-id', 'phone'],
});
const found = (text: string): string[] =>
  scanner.find(text).map(({ type, start, end }) => `${type}: ${text.slice(start, end)}`);

describe('the numbers of states', () => {
  it.each([
    ['My SSN is 536-22-1234.', 'us-ssn: 536-22-1234'],
    ['social security 536221234', 'us-ssn: 536221234'],
    ['ITIN 912-70-1234 was issued', 'us-itin: 912-70-1234'],
    ['her NHS number: 943 476 5919', 'gb-nhs: 943 476 5919'],
    ['NINO AB 12 34 56 C', 'gb-nino: AB 12 34 56 C'],
    ['DNI 12345678Z', 'es-nif: 12345678Z'],
    ['NIE X1234567L', 'es-nie: X1234567L'],
    ['codice fiscale RCCMNL83S18D969H', 'it-codice-fiscale: RCCMNL83S18D969H'],
    ['PESEL 44051401359', 'pl-pesel: 44051401359'],
    ['NRIC S1234567D', 'sg-nric: S1234567D'],
    ['ABN 51 824 753 556', 'au-abn: 51 824 753 556'],
    ['TFN 123 456 782', 'au-tfn: 123 456 782'],
    ['Medicare 2123 45670 1', 'au-medicare: 2123 45670 1'],
    ['PAN ABMPA3211G', 'in-pan: ABMPA3211G'],
    ['Aadhaar 2345 6789 0124', 'in-aadhaar: 2345 6789 0124'],
    ['hetu 131052-308T', 'fi-hetu: 131052-308T'],
    ['RRN 971013-9019902', 'kr-rrn: 971013-9019902'],
    ['citizen 1 1996 00076 67 4', 'th-pin: 1 1996 00076 67 4'],
    ['personnummer 811228-9874', 'se-personnummer: 811228-9874'],
    ['TC kimlik 10010405214', 'tr-tckimlik: 10010405214'],
    ['NIN 12345678901 of Lagos', 'ng-nin: 12345678901'],
    ['CPF 111.444.777-35', 'br-cpf: 111.444.777-35'],
    ['CURP HEGG560427MVZRRL04', 'mx-curp: HEGG560427MVZRRL04'],
    ['device d0:50:99:84:a2:a0', 'mac: d0:50:99:84:a2:a0'],
    [
      'send it to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2',
      'crypto-address: 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2',
    ],
    ['US passport number 912803456', 'us-passport: 912803456'],
    ['Reisepass C01X00T47', 'de-passport: C01X00T47'],
    ['Führerschein B072RRE2I55', 'de-driver-licence: B072RRE2I55'],
    ['BSNR 241234601', 'de-bsnr: 241234601'],
    ['Kennzeichen M-AB 1234', 'de-licence-plate: M-AB 1234'],
    ['passaporto AA1234567', 'it-passport: AA1234567'],
    ['foreigner registration 900101-5123456', 'kr-frn: 900101-5123456'],
    ['TIN 123-456-789-000 of the BIR', 'ph-tin: 123-456-789-000'],
    ['plaka 34 ABC 123', 'tr-licence-plate: 34 ABC 123'],
    ['number plate AB51 ABC', 'gb-licence-plate: AB51 ABC'],
    ['routing 021000021', 'us-aba-routing: 021000021'],
  ])('are found in: %s', (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  it.each([
    'On 2024-01-15 at 12:30:45 we sold 123456789 pieces of part 987-654-321 for 1,234,567.89.',
    'Version 10.4.2.1234, commit 0123456789, order 536221234, build 20240115.',
    'The years 1914-1918 and pages 100-200, §§ 12 34 56 78, figure 943476 5919.',
  ])('are not seen in: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('are more likely with a word near them', () => {
    const bare = scanner.find('see 536-22-1234')[0]?.score ?? 0;
    expect(scanner.find('SSN 536-22-1234')[0]?.score).toBeGreaterThan(bare);
    expect(bare).toBeGreaterThanOrEqual(0.5);
  });

  it('come from the countries that were chosen', () => {
    const british = createPiiScanner({ countries: ['GB'], categories: ['national-id'] });
    expect(british.find('SSN 536-22-1234')).toEqual([]);
    expect(british.find('NHS 943 476 5919')).toHaveLength(1);
  });

  it('have one name each, except where two forms need different proof', () => {
    const ids = createNationalNumbers().map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual(['us-ssn']);
    expect(new Set(ids).size).toBeGreaterThan(140);
  });

  it('are found in time linear in a text of digits, letters and separators', () => {
    const food = '1-2 3.4/5A6 B7-'.repeat(4000);
    expect(scanner.find(food).length).toBeLessThan(food.length);
  });
});

describe('a recogniser of one’s own', () => {
  const rail = createPiiRail({
    categories: [],
    recognisers: [
      {
        type: 'employee-number',
        pattern: /\bE-\d{5}\b/,
        maxLength: 7,
        validate: (matched) => matched !== 'E-00000',
        context: ['employee'],
        score: 0.3,
      },
    ],
  });
  const guardrails = createGuardrails({ rails: [rail] });

  it('finds what its pattern, its check and its words say, however the text is split', async () => {
    const text =
      'Employee E-12345, employee E-00000. Nothing near here that would say what it could be: E-54321';
    const expected = text.replace('E-12345', '[redacted:employee-number]');
    expect((await guardrails.check({ point: 'output', text })).text).toBe(expected);
    for (let cut = 0; cut <= text.length; cut += 1) {
      const stream = guardrails.openStream({ point: 'output' });
      const first = await stream.push(text.slice(0, cut));
      const second = await stream.push(text.slice(cut));
      expect(`${first.text}${second.text}${(await stream.end()).text}`).toBe(expected);
    }
  });
});

describe('an operator', () => {
  it.each([
    [{ type: 'redact' }, ''],
    [{ type: 'replace' }, '[redacted:card]'],
    [{ type: 'replace', with: 'CARD' }, 'CARD'],
    [{ type: 'mask', keep: 4 }, '****-****-****-1111'],
    [{ type: 'mask', sign: '#' }, '####-####-####-####'],
    [{ type: 'keep' }, '4111-1111-1111-1111'],
  ] as const)('%j gives %j', (operator, expected) => {
    expect(applyPiiOperator(operator, 'card', '4111-1111-1111-1111')).toBe(expected);
  });

  it('hash gives the beginning of HMAC-SHA-256', () => {
    // RFC 4231, test case 2.
    expect(
      applyPiiOperator({ type: 'hash', salt: 'Jefe' }, 'x', 'what do ya want for nothing?'),
    ).toBe('5bdcc146bf60754e6a042426089575c7');
  });

  it('works by category in the rail, and keeps what it shall keep', async () => {
    const guardrails = createGuardrails({
      rails: [
        createPiiRail({ operators: { email: { type: 'keep' }, '*': { type: 'mask', keep: 4 } } }),
      ],
    });
    const { text } = await guardrails.check({
      point: 'input',
      text: 'jane@example.org 4111 1111 1111 1111',
    });
    expect(text).toBe('jane@example.org **** **** **** 1111');
  });
});
