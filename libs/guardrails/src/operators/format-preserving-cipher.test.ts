import { FF1 } from '@noble/ciphers/ff1.js';
import { describe, expect, it } from 'vitest';
import { readVectors } from './__fixtures__/read-vectors.js';
import { createFormatPreservingCipher } from './format-preserving-cipher.js';

const vectors = readVectors();
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const key = bytes('2b7e151628aed2a6abf7158809cf4f3c');
const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';

describe('the format-preserving cipher', () => {
  // Samples 1 to 3 of NIST's FF1 examples.
  it.each([
    ['', '0123456789', '2433477484', undefined],
    ['39383736353433323130', '0123456789', '6124200773', undefined],
    ['3737373770717273373737', '0123456789abcdefghi', 'a9tv40mll9kdu509eum', BASE36],
  ])('gives what NIST has for the tweak "%s"', (tweak, text, enciphered, alphabet) => {
    const cipher = createFormatPreservingCipher({
      key,
      tweak: bytes(tweak),
      ...(alphabet === undefined ? {} : { alphabet }),
    });
    expect(cipher.encrypt(text)).toBe(enciphered);
    expect(cipher.decrypt(enciphered)).toBe(text);
  });

  it('agrees with the vectors of Wycheproof', () => {
    const listOf = (message: string | readonly number[]): number[] =>
      typeof message === 'string'
        ? [...message].map((digit) => BASE36.indexOf(digit))
        : [...message];
    for (const vector of vectors.ff1) {
      const run = (): number[] =>
        FF1(vector.radix, bytes(vector.key), bytes(vector.tweak)).encrypt(listOf(vector.message));
      if (vector.result === 'valid')
        expect(run(), String(vector.id)).toEqual(listOf(vector.enciphered));
      else expect(run, String(vector.id)).toThrow();
    }
  });

  it('keeps all that is not of the alphabet where it is, and comes back', () => {
    const cipher = createFormatPreservingCipher({ key });
    const enciphered = cipher.encrypt('4111-1111 1111/1111 😀');
    expect(enciphered).toMatch(/^\d{4}-\d{4} \d{4}\/\d{4} 😀$/);
    expect(enciphered).not.toContain('1111');
    expect(cipher.decrypt(enciphered)).toBe('4111-1111 1111/1111 😀');
  });

  it('gives another text under another tweak', () => {
    const [first, second] = ['a', 'b'].map((tweak) =>
      createFormatPreservingCipher({ key, tweak: new TextEncoder().encode(tweak) }).encrypt(
        '0123456789',
      ),
    );
    expect(first).not.toBe(second);
  });

  it('refuses keys of another length, alphabets with doubles, and texts that could be tried', () => {
    expect(() => createFormatPreservingCipher({ key: key.slice(1) })).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_CIPHER_KEY' }),
    );
    expect(() => createFormatPreservingCipher({ key, alphabet: 'aba' })).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_CIPHER_TEXT' }),
    );
    expect(() => createFormatPreservingCipher({ key }).encrypt('12-345')).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_CIPHER_TEXT' }),
    );
  });
});
