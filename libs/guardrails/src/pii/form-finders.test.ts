import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { cutAtRandom, guardInPieces } from '../__fixtures__/guard-in-pieces.js';
import { createGuardrails } from '../create-guardrails.js';
import { createPiiRail } from './create-pii-rail.js';
import { createPiiScanner } from './find-pii.js';
import type { PiiCategory } from './pii-finders.js';

const FORMS: readonly PiiCategory[] = [
  'url',
  'date-of-birth',
  'date-time',
  'age',
  'postcode',
  'username',
];
const scanner = createPiiScanner({ categories: FORMS });
const found = (text: string): string[] =>
  scanner.find(text).map(({ type, start, end }) => `${type}: ${text.slice(start, end)}`);

describe('the finders of forms find', () => {
  it.each([
    ['See https://www.example.org/a/b?c=d#e.', 'url: https://www.example.org/a/b?c=d#e'],
    ['(http://example.org:8080/)', 'url: http://example.org:8080/'],
    ['at www.example.museum, or', 'url: www.example.museum'],
    ['visit example.co.uk today', 'url: example.co.uk'],
    ['on 2024-01-15.', 'date-time: 2024-01-15'],
    ['at 2024-01-15T12:30:45Z exactly', 'date-time: 2024-01-15T12:30:45Z'],
    ['due 31/12/2025', 'date-time: 31/12/2025'],
    ['due 2/29/24,', 'date-time: 2/29/24'],
    ['am 3. Oktober 1990 in', 'date-time: 3. Oktober 1990'],
    ['le 14 juillet 1789', 'date-time: 14 juillet 1789'],
    ['on March 3rd, 2021 at', 'date-time: March 3rd, 2021'],
    ['in Sept. 2021', 'date-time: Sept. 2021'],
    ['the 4th of July', 'date-time: 4th of July'],
    ['07-Feb-1999', 'date-time: 07-Feb-1999'],
    ['at 4:15 p.m. sharp', 'date-time: 4:15 p.m.'],
    ['born on 12 March 1984', 'date-of-birth: 12 March 1984'],
    ['DOB: 03/12/1984', 'date-of-birth: 03/12/1984'],
    ['a 34-year-old man', 'age: 34'],
    ['she is 7 years old', 'age: 7'],
    ['aged 81,', 'age: 81'],
    ['"age": 42', 'age: 42'],
    ['Age on last birthday: 63', 'age: 63'],
    ['a 55 y/o patient', 'age: 55'],
    ['London SW1A 1AA', 'postcode: SW1A 1AA'],
    ['Ottawa K1A 0B1', 'postcode: K1A 0B1'],
    ['Austin, TX 78701', 'postcode: 78701'],
    ['zip code is 10001', 'postcode: 10001'],
    ['PLZ 10115', 'postcode: 10115'],
    ['username: jane_roe', 'username: jane_roe'],
    ['thanks @janeroe!', 'username: janeroe'],
    ['her handle is jane99', 'username: jane99'],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });
});

it.each([
  'We may march on in summer; august company, please decide.',
  'Version 1.2.34 of node.js and main.ts at 16:9 costs 100.50.',
  'Pages 12-14, chapter 3, room 602, 50 % of 12345 people.',
  'The user said that usernames are long.',
  'index.html, e.g. this; see etc.and',
  'npm install @scope/package',
])('the finders of forms see nothing in: %s', (text) => {
  expect(found(text)).toEqual([]);
});

it('the finders of forms give the same for every split, and hold back little', async () => {
  const text =
    'See https://example.org/a?b=c, or example.com. Born 12 March 1984, aged 34, at 4:15 p.m. on 2024-01-15T12:30:45Z, ' +
    'London SW1A 1AA, TX 78701, username: jane_roe, thanks @janeroe. May 5, 2020';
  const guard = createGuardrails({ rails: [createPiiRail({ categories: FORMS })] });
  const expected = (await guard.check({ point: 'output', text })).text;
  for (let at = 0; at <= text.length; at += 1)
    expect((await guardInPieces(guard, [text.slice(0, at), text.slice(at)])).text).toBe(expected);
  const random = createSeededRandom(8);
  for (let round = 0; round < 20; round += 1)
    expect((await guardInPieces(guard, cutAtRandom(text, random, 9))).text).toBe(expected);
});

it('gives a telephone number its extension, however the text is split', async () => {
  const text = 'Dial 415-555-2671 ext. 204, (415) 555-2671x31044 or (415) 555-2671 extra';
  const guard = createGuardrails({ rails: [createPiiRail({ categories: ['phone'] })] });
  const expected = 'Dial [redacted:phone], [redacted:phone] or [redacted:phone] extra';
  for (let at = 0; at <= text.length; at += 1)
    expect((await guardInPieces(guard, [text.slice(0, at), text.slice(at)])).text).toBe(expected);
  expect((await guardInPieces(guard, text.split(''))).text).toBe(expected);
});
