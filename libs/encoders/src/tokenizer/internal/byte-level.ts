const CHARACTERS: string[] = [];
const BYTES = new Map<string, number>();
{
  const isPrintable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 256;
  for (let byte = 0; byte < 256; byte += 1) {
    const character = String.fromCharCode(isPrintable(byte) ? byte : next++);
    CHARACTERS.push(character);
    BYTES.set(character, byte);
  }
}

const encoder = new TextEncoder();

/** The pattern by which byte-level tokenisers split words (GPT-2). */
export const BYTE_LEVEL_WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/**
 * Writes each byte of a text's UTF-8 as one printable character.
 *
 * @see Radford et al. 2019, `bytes_to_unicode` of GPT-2
 */
export function toByteCharacters(text: string): string {
  let out = '';
  for (const byte of encoder.encode(text)) out += CHARACTERS[byte];
  return out;
}

/** The characters of all bytes. */
export function byteCharacters(): readonly string[] {
  return CHARACTERS;
}

/** The bytes that a token's characters stand for; of its UTF-8 where one of them stands for none. */
export function fromByteCharacters(token: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = BYTES.get(character);
    if (byte === undefined) return [...encoder.encode(token)];
    bytes.push(byte);
  }
  return bytes;
}
