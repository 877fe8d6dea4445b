import { FF1 } from '@noble/ciphers/ff1.js';
import { CipherKeyError, CipherTextError } from '../errors.js';

const DIGITS = '0123456789';
const KEY_BYTES = [16, 24, 32];
/** The fewest texts that there must be, so that nobody can try them all. @see SP 800-38G Rev. 1 §5.1 */
const SMALLEST_DOMAIN = 1_000_000;

/** What `createFormatPreservingCipher` takes. */
export interface FormatPreservingCipherOptions {
  /** 16, 24 or 32 random bytes. */
  readonly key: Uint8Array;
  /** What sets apart uses of one key, a tenant or a column; not secret. Default: none. */
  readonly tweak?: Uint8Array;
  /** The characters that are enciphered, each once; all others stay where they are. Default: the digits. */
  readonly alphabet?: string;
}

/** Enciphers a text into one of the same length and form. */
export interface FormatPreservingCipher {
  /**
   * The text with each character of the alphabet replaced by another of it.
   *
   * @throws {CipherTextError} `ERR_GUARDRAILS_CIPHER_TEXT`: it has so few of them that all could be tried.
   */
  encrypt(text: string): string;
  /** The text that `encrypt` was given. */
  decrypt(text: string): string;
}

/**
 * Makes a cipher that keeps the form: `4111-1111-1111-1111` becomes sixteen other digits with the same dashes.
 *
 * Equal texts give equal ones, and check digits do not hold afterwards. A text needs at least 1,000,000 possible values
 * (six digits).
 *
 * @throws {CipherKeyError} `ERR_GUARDRAILS_CIPHER_KEY`: the key has another length.
 * @see NIST SP 800-38G Rev. 1, FF1
 */
export function createFormatPreservingCipher(
  options: FormatPreservingCipherOptions,
): FormatPreservingCipher {
  const { key, tweak, alphabet = DIGITS } = options;
  if (!KEY_BYTES.includes(key.length))
    throw new CipherKeyError({ cipher: 'FF1', bytes: key.length, allowed: KEY_BYTES });
  const signs = [...alphabet];
  const indexOf = new Map(signs.map((sign, index) => [sign, index]));
  if (signs.length < 2 || indexOf.size !== signs.length)
    throw new CipherTextError({
      problem: `the alphabet has ${indexOf.size} different characters of ${signs.length}. Give at least two, each once.`,
    });
  const cipher = FF1(signs.length, key, tweak);
  const convert = (text: string, by: (numbers: number[]) => number[]): string => {
    const characters = [...text];
    const numbers = characters.flatMap((character) => indexOf.get(character) ?? []);
    if (signs.length ** numbers.length < SMALLEST_DOMAIN)
      throw new CipherTextError({
        problem: `it has ${numbers.length} characters of the alphabet, too few of ${signs.length} kinds. Use a longer text, a larger alphabet or another operator.`,
      });
    const converted = by(numbers);
    let next = 0;
    return characters
      .map((character) =>
        indexOf.has(character) ? (signs[converted[next++] ?? 0] ?? character) : character,
      )
      .join('');
  };
  return {
    encrypt: (text) => convert(text, (numbers) => cipher.encrypt(numbers)),
    decrypt: (text) => convert(text, (numbers) => cipher.decrypt(numbers)),
  };
}
