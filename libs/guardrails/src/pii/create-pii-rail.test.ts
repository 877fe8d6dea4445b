import { createSeededRandom } from '@espalier/core';
import { describeRailConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { randomText } from '../__fixtures__/make-secrets.js';
import { createGuardrails } from '../create-guardrails.js';
import { createPiiRail } from './create-pii-rail.js';
import { isIbanChecksumRight } from './iban-finder.js';
import { isIpv6 } from './ipv6-finder.js';
import { hasLuhnCheckDigit } from './luhn.js';

const guardrails = createGuardrails({ rails: [createPiiRail()] });
const redact = async (text: string): Promise<string> =>
  (await guardrails.check({ point: 'output', text })).text;

describeRailConformance('createPiiRail', {
  create: () => createPiiRail(),
  samples: [
    { text: 'Nothing personal in version 1.2.3.4 of 2024-01-15.', action: 'allow' },
    { text: 'Write to jane@example.org or call +49 30 901820, now.', action: 'redact' },
    {
      text: 'Card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00 and 203.0.113.9',
      action: 'redact',
    },
  ],
});

describe('the PII rail finds', () => {
  // Test numbers that the card brands and their processors publish.
  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4012-8888-8888-1881',
    '4222222222222',
    '5555555555554444',
    '5105 1051 0510 5100',
    '2223003122003222',
    '378282246310005',
    '3782 822463 10005',
    '6011111111111117',
    '30569309025904',
    '3056 930902 5904',
    '3530111333300000',
    '6200000000000005',
  ])('the card %s', async (card) => {
    expect(await redact(`My card (${card}), thanks.`)).toBe('My card ([redacted:card]), thanks.');
  });

  // Examples of the SWIFT IBAN registry.
  it.each([
    'AD1200012030200359100100',
    'AT61 1904 3002 3457 3201',
    'BE68 5390 0754 7034',
    'CH93 0076 2011 6238 5295 7',
    'DE89 3704 0044 0532 0130 00',
    'ES91 2100 0418 4502 0005 1332',
    'FR14 2004 1010 0505 0001 3M02 606',
    'GB29 NWBK 6016 1331 9268 19',
    'gb29nwbk60161331926819',
    'IT60 X054 2811 1010 0000 0123 456',
    'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
    'NL91 ABNA 0417 1643 00',
    'NO93 8601 1117 947',
    'SA03 8000 0000 6080 1016 7519',
  ])('the IBAN %s', async (iban) => {
    expect(await redact(`Pay to ${iban}.`)).toBe('Pay to [redacted:iban].');
  });

  it.each([
    ['jane@example.org', 'email'],
    ['first.last+tag@sub.example.co.uk', 'email'],
    ['x_y-z%1@xn--bcher-kva.example', 'email'],
    ['jürgen@müller-bücher.de', 'email'],
    ['+44 20 7946 0958', 'phone'],
    ['+44 (0)20 7946 0958', 'phone'],
    ['(+49) 30 901820', 'phone'],
    ['+14155552671', 'phone'],
    ['+1-415-555-2671', 'phone'],
    ['(415) 555-2671', 'phone'],
    ['415-555-2671', 'phone'],
    ['001-415-555-2671', 'phone'],
    ['(415)555-2671 ext. 204', 'phone'],
    ['415-555-2671x31044', 'phone'],
    ['01 23 45 67 89', 'phone'],
    ['(020) 7946 0958', 'phone'],
    ['030 / 901820', 'phone'],
    ['203.0.113.9', 'ip'],
    ['255.1.0.254', 'ip'],
    ['2001:db8:85a3::8a2e:370:7334', 'ip'],
    ['2001:0db8:85a3:0000:0000:8a2e:0370:7334', 'ip'],
    ['fe80::1ff:fe23:4567:890a', 'ip'],
    ['::ffff:192.0.2.128', 'ip'],
  ])('%s', async (value, category) => {
    expect(await redact(`It is ${value}.`)).toBe(`It is [redacted:${category}].`);
    expect(await redact(`<${value}>`)).toBe(`<[redacted:${category}]>`);
    expect(await redact(value)).toBe(`[redacted:${category}]`);
  });

  it('national numbers where a word says what they are', async () => {
    expect(await redact('Tel.: 030 901820')).toBe('Tel.: [redacted:phone]');
    expect(await redact('call me on 07700 900123 today')).toBe('call me on [redacted:phone] today');
    expect(await redact('order 07700 900123 today')).toBe('order 07700 900123 today');
  });

  it('the card and not what follows it', async () => {
    expect(await redact('4111 1111 1111 1111 2027')).toBe('[redacted:card] 2027');
  });
});

describe('the PII rail lets through', () => {
  it.each([
    ['a card with a wrong check digit', '4111 1111 1111 1112'],
    ['a number that passes Luhn but belongs to no brand', '1234567890123452'],
    ['a brand with a wrong length', '411111111111111'],
    ['an order number', 'order 100200300400500'],
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ['a git hash', 'commit 4111111111111111aaaabbbbccccddddeeeeffff'],
    ['a SHA-256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['a time stamp in ms', '1700000000000'],
    ['a date and time', '2024-01-15T12:30:45.123Z and 15.01.2024, 12:30:45'],
    ['a date after a word for calls', 'call on 2024-01-15 10:30'],
    ['a version with four parts', 'v1.2.3.4, version 10.0.19041.1, release 2.0.0.1, 1.2.3.4-beta'],
    ['a decimal number', '3.4111111111111111'],
    ['an IBAN with a wrong check digit', 'DE88 3704 0044 0532 0130 00'],
    ['an IBAN of a wrong length', 'DE89 3704 0044 0532 0130'],
    ['an IBAN of no country', 'XX82 WEST 1234 5698 7654 32'],
    ['a name of a program', 'std::vector, a::b, core::mem::swap'],
    ['addresses of nobody', '127.0.0.1:8787, 0.0.0.0, ::1, http://[::1]:80'],
    ['numbers that are no address', '256.1.1.1 and 1.2.3 and 1.2.3.4.5 and 01.2.3.4'],
    [
      'an at sign in code',
      'npm i @scope/pkg@1.2.3 icon@2x.png git@github.com:a/b.git user@localhost a@b',
    ],
    ['a sum', '12 + 345678901 = 2000, +5, 1,234,567.89 EUR'],
    ['a product number', 'ISBN 978-3-16-148410-0, RFC 5321, ISO 8601'],
  ])('%s', async (_, text) => {
    expect(await redact(text)).toBe(text);
  });
});

describe('the PII rail', () => {
  it('looks for the categories asked for only', async () => {
    const onlyMail = createGuardrails({ rails: [createPiiRail({ categories: ['email'] })] });
    expect(
      (await onlyMail.check({ point: 'input', text: 'a@b.example 4111111111111111' })).text,
    ).toBe('[redacted:email] 4111111111111111');
  });

  it('takes an action and a replacement by category', async () => {
    const rail = createPiiRail({
      actions: { card: 'block' },
      replacement: (category) => `<${category}>`,
    });
    const strict = createGuardrails({ rails: [rail] });
    expect((await strict.check({ point: 'input', text: 'a@b.example' })).text).toBe('<email>');
    const blocked = await strict.check({ point: 'input', text: 'a@b.example 4111111111111111' });
    expect(blocked).toMatchObject({
      isBlocked: true,
      text: '',
      reason: 'The text holds personal data: card.',
    });
  });

  it('reports categories and places, and no text', async () => {
    const { reports } = await guardrails.check({ point: 'output', text: 'Mail jane@example.org' });
    expect(reports).toMatchObject([
      {
        rail: 'pii',
        point: 'output',
        verdict: {
          action: 'redact',
          findings: [{ span: { start: 5, end: 21 }, category: 'email' }],
        },
      },
    ]);
    expect(JSON.stringify(reports)).not.toContain('jane');
  });
});

describe('checksums', () => {
  it('accept exactly one last digit, by Luhn (ISO/IEC 7812-1)', () => {
    for (const number of ['49927398716', '1428572', '3984382462386423786482364872364827347']) {
      for (let digit = 0; digit <= 9; digit += 1) {
        const changed = `${number.slice(0, -1)}${digit}`;
        expect(hasLuhnCheckDigit(changed)).toBe(changed === number);
      }
    }
  });

  it('see every single wrong character and every swap of neighbours in an IBAN', () => {
    const iban = 'GB29NWBK60161331926819';
    expect(isIbanChecksumRight(iban)).toBe(true);
    for (let at = 2; at < iban.length; at += 1) {
      const character = iban.charAt(at);
      const other = /\d/.test(character)
        ? String((Number(character) + 1) % 10)
        : character === 'A'
          ? 'B'
          : 'A';
      expect(
        isIbanChecksumRight(iban.slice(0, at) + other + iban.slice(at + 1)),
        `changed at ${at}`,
      ).toBe(false);
    }
    for (let at = 4; at + 1 < iban.length; at += 1) {
      if (iban.charAt(at) === iban.charAt(at + 1)) continue;
      const swapped =
        iban.slice(0, at) + iban.charAt(at + 1) + iban.charAt(at) + iban.slice(at + 2);
      expect(isIbanChecksumRight(swapped), `swapped at ${at}`).toBe(false);
    }
  });

  it('tell the text forms of IPv6 from what only looks like it (RFC 4291 §2.2)', () => {
    for (const right of [
      '::',
      '::1',
      '1::',
      'ABCD:EF01:2345:6789:ABCD:EF01:2345:6789',
      '2001:DB8:0:0:8:800:200C:417A',
      '::13.1.68.3',
      '1:2:3:4:5:6:7::',
    ]) {
      expect(isIpv6(right), right).toBe(true);
    }
    for (const wrong of [
      '',
      ':',
      '1:2:3',
      '1:2:3:4:5:6:7:8:9',
      '1::2::3',
      '12345::',
      'g::',
      '1:2:3:4:5:6:7:1.2.3.4',
      '::1.2.3',
      '1.2.3.4',
      '1.2.3.4::',
    ]) {
      expect(isIpv6(wrong), wrong).toBe(false);
    }
  });
});

describe('random digits', () => {
  it('are taken for cards only where brand, length and check digit fit', async () => {
    const random = createSeededRandom(17);
    for (let round = 0; round < 300; round += 1) {
      const number = randomText(random, '0123456789', 16);
      const isCard = (await redact(number)) === '[redacted:card]';
      expect(isCard && !hasLuhnCheckDigit(number)).toBe(false);
    }
  });
});
