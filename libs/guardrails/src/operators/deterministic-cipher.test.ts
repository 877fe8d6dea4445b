import { aessiv } from '@noble/ciphers/aes.js';
import { describe, expect, it } from 'vitest';
import { readVectors } from './__fixtures__/read-vectors.js';
import { createDeterministicCipher } from './deterministic-cipher.js';

const vectors = readVectors();
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const key = Uint8Array.from({ length: 64 }, (_, index) => index);
const cipher = createDeterministicCipher(key);

describe('the deterministic cipher', () => {
  it('agrees with RFC 5297 and the vectors of Wycheproof', () => {
    for (const vector of vectors.aesSiv) {
      const siv = (): ReturnType<typeof aessiv> => aessiv(bytes(vector.key), bytes(vector.aad));
      const open = (): string =>
        Buffer.from(siv().decrypt(bytes(vector.enciphered))).toString('hex');
      if (vector.result !== 'valid') {
        expect(open, String(vector.id)).toThrow();
        continue;
      }
      expect(open(), String(vector.id)).toBe(vector.message);
      expect(Buffer.from(siv().encrypt(bytes(vector.message))).toString('hex')).toBe(
        vector.enciphered,
      );
    }
  });

  it('gives equal tokens for equal texts of a category only, and restores them', () => {
    const token = cipher.encrypt('email', 'jäne@example.org');
    expect(token).toMatch(/^\[email:[\w-]+\]$/);
    expect(cipher.encrypt('email', 'jäne@example.org')).toBe(token);
    expect(cipher.encrypt('phone', 'jäne@example.org').slice(7)).not.toBe(token.slice(7));
    expect(cipher.decrypt(token)).toBe('jäne@example.org');
  });

  it('restores all tokens of its key in a text, and leaves the others', () => {
    const token = cipher.encrypt('person', 'Jane Roe');
    const foreign = createDeterministicCipher(key.slice(32)).encrypt('person', 'John Doe');
    expect(cipher.restore(`${token} and ${foreign} and [person:none]`)).toBe(
      `Jane Roe and ${foreign} and [person:none]`,
    );
  });

  it.each(['', '[email:]', 'x', `[email:${'A'.repeat(25)}]`, `[email:${'A'.repeat(24)}]`])(
    'refuses the token "%s"',
    (token) => {
      expect(() => cipher.decrypt(token)).toThrow(
        expect.objectContaining({ code: 'ERR_GUARDRAILS_CIPHER_TEXT' }),
      );
    },
  );

  it('refuses a token whose category was changed', () => {
    const token = cipher.encrypt('email', 'jane@example.org').replace('email', 'phone');
    expect(() => cipher.decrypt(token)).toThrow(/another key or category/);
  });

  it('refuses keys of another length', () => {
    expect(() => createDeterministicCipher(key.slice(1))).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_CIPHER_KEY' }),
    );
  });
});
