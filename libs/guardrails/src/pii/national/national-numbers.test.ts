import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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

describe('the validator of', () => {
  it.each(Object.entries(vectors))(
    '%s accepts what is right and nothing wrong',
    (id, { valid, invalid }) => {
      expect(valid.filter((written) => !isRight(id, written))).toEqual([]);
      expect(invalid.filter((written) => isRight(id, written))).toEqual([]);
    },
  );

  it('each kind has vectors', () => {
    expect([...numbers.keys()].filter((id) => vectors[id] === undefined)).toEqual([]);
  });
});

describe('check digits', () => {
  it('by Luhn, Verhoeff and ISO 7064', () => {
    expect(['79927398713', '79927398710'].map((one) => fitsLuhn(one))).toEqual([true, false]);
    expect(['2363', '2364'].map((one) => fitsVerhoeff(one))).toEqual([true, false]);
    expect(['794623', '794624'].map((one) => fitsMod11And10(one))).toEqual([true, false]);
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
