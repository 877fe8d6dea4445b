import { CipherTextError } from '../errors.js';
import type { DeterministicCipher } from '../operators/deterministic-cipher.js';
import type { FormatPreservingCipher } from '../operators/format-preserving-cipher.js';
import { generalise, type Generalisation } from '../operators/generalise.js';
import type { PseudonymVault } from '../operators/pseudonym-vault.js';
import { sha256 } from './national/sha256.js';

/** What takes the place of personal data. */
export type PiiOperator =
  /** Nothing. */
  | { readonly type: 'redact' }
  /** A text; default `[redacted:<category>]`. */
  | { readonly type: 'replace'; readonly with?: string }
  /** A sign for each letter and digit but the last `keep`; what stands between them remains. */
  | { readonly type: 'mask'; readonly sign?: string; readonly keep?: number }
  /** The beginning of a salted SHA-256: equal texts give equal hashes, for who has the salt. */
  | { readonly type: 'hash'; readonly salt: string }
  /** It stays. */
  | { readonly type: 'keep' }
  /** Characters of the same kind in the same form; what is too short for that is replaced. The key holder can restore it. */
  | { readonly type: 'encrypt-format'; readonly cipher: FormatPreservingCipher }
  /** `[<category>:<base64url>]`: equal texts give equal ones, and the key holder can restore them. */
  | { readonly type: 'encrypt'; readonly cipher: DeterministicCipher }
  /**
   * `[PERSON_1]`: the same within a vault, which can restore it. Without a vault each conversation that guardrails open has
   * one of its own; outside of any it is replaced.
   */
  | { readonly type: 'pseudonym'; readonly vault?: Pick<PseudonymVault, 'pseudonymOf'> }
  /** Something coarser: an age band, a year, a part of a post code. */
  | ({ readonly type: 'generalise' } & Generalisation);

const HASH_BYTES = 16;

/** What an operator makes of personal data of a category. */
export function applyPiiOperator(operator: PiiOperator, category: string, found: string): string {
  switch (operator.type) {
    case 'redact':
      return '';
    case 'replace':
      return operator.with ?? `[redacted:${category}]`;
    case 'mask':
      return mask(found, operator.sign ?? '*', operator.keep ?? 0);
    case 'hash':
      return hash(operator.salt, found);
    case 'keep':
      return found;
    case 'encrypt-format':
      return encryptFormat(operator.cipher, category, found);
    case 'encrypt':
      return operator.cipher.encrypt(category, found);
    case 'pseudonym':
      return operator.vault?.pseudonymOf(category, found) ?? `[redacted:${category}]`;
    case 'generalise':
      return generalise(category, found, operator);
  }
}

function encryptFormat(cipher: FormatPreservingCipher, category: string, found: string): string {
  try {
    return cipher.encrypt(found);
  } catch (error) {
    if (!CipherTextError.isInstance(error)) throw error;
    return `[redacted:${category}]`;
  }
}

function mask(found: string, sign: string, keep: number): string {
  const characters = [...found];
  let left = characters.filter((character) => /[\p{L}\p{N}]/u.test(character)).length - keep;
  return characters
    .map((character) => {
      if (!/[\p{L}\p{N}]/u.test(character) || left <= 0) return character;
      left -= 1;
      return sign;
    })
    .join('');
}

/** HMAC-SHA-256 with the salt as its key. @see RFC 2104 */
function hash(salt: string, found: string): string {
  const encoder = new TextEncoder();
  const given = encoder.encode(salt);
  const key = new Uint8Array(64);
  key.set(given.length > 64 ? sha256(given) : given);
  const inner = sha256(
    join(
      key.map((byte) => byte ^ 0x36),
      encoder.encode(found),
    ),
  );
  const outer = sha256(
    join(
      key.map((byte) => byte ^ 0x5c),
      inner,
    ),
  );
  return [...outer.subarray(0, HASH_BYTES)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
