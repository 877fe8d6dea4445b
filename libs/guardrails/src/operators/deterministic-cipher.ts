import { aessiv } from '@noble/ciphers/aes.js';
import { CipherKeyError, CipherTextError } from '../errors.js';
import { fromBase64Url, toBase64Url } from './base64url.js';

const KEY_BYTES = [32, 48, 64];
/** 16 bytes of a synthetic vector give 22 signs; with one byte of text at least 23. */
const TOKEN = /\[([a-z][a-z0-9-]{0,63}):([A-Za-z0-9_-]{23,})\]/g;

/** Enciphers texts so that equal ones stay equal and can be joined, counted and restored. */
export interface DeterministicCipher {
  /** `[<category>:<base64url>]`; the category is authenticated with it. */
  encrypt(category: string, text: string): string;
  /**
   * The text of what `encrypt` gave.
   *
   * @throws {CipherTextError} `ERR_GUARDRAILS_CIPHER_TEXT`: it is none, of another key, or changed.
   */
  decrypt(token: string): string;
  /** A text with all that this key enciphered restored; what only looks like it stays. */
  restore(text: string): string;
}

/**
 * Makes a deterministic authenticated cipher.
 *
 * @param key 32, 48 or 64 random bytes: two AES keys.
 * @throws {CipherKeyError} `ERR_GUARDRAILS_CIPHER_KEY`: the key has another length.
 * @see RFC 5297 (AES-SIV)
 */
export function createDeterministicCipher(key: Uint8Array): DeterministicCipher {
  if (!KEY_BYTES.includes(key.length))
    throw new CipherKeyError({ cipher: 'AES-SIV', bytes: key.length, allowed: KEY_BYTES });
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const open = (category: string, token: string): string => {
    const bytes = fromBase64Url(token);
    if (bytes === undefined) throw new CipherTextError({ problem: 'it is no base64url.' });
    try {
      return decoder.decode(aessiv(key, encoder.encode(category)).decrypt(bytes));
    } catch (cause) {
      throw new CipherTextError({
        problem: 'it was enciphered with another key or category, or changed.',
        cause,
      });
    }
  };
  return {
    encrypt(category, text) {
      const sealed = aessiv(key, encoder.encode(category)).encrypt(encoder.encode(text));
      return `[${category}:${toBase64Url(sealed)}]`;
    },
    decrypt(token) {
      const [match] = token.matchAll(TOKEN);
      if (match?.[0] !== token)
        throw new CipherTextError({ problem: 'it has not the form [category:base64url].' });
      return open(match[1] ?? '', match[2] ?? '');
    },
    restore: (text) =>
      text.replace(TOKEN, (whole, category: string, token: string) => {
        try {
          return open(category, token);
        } catch {
          return whole;
        }
      }),
  };
}
