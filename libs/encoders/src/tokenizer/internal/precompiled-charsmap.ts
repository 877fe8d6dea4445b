/**
 * Returns the normaliser that SentencePiece compiles into its models: a trie of byte sequences and what they become.
 *
 * A grapheme of at most five bytes is looked up as a whole, and else character by character.
 *
 * @throws {RangeError} The table is cut.
 * @see SentencePiece `Normalizer::DecodePrecompiledCharsMap`; the trie is a double array of Darts-clone
 */
export function createPrecompiledNormalizer(base64: string): (text: string) => string {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 4) throw new RangeError('the table of characters is cut');
  const trieBytes = bytes.readUInt32LE(0);
  if (4 + trieBytes > bytes.length) throw new RangeError('the table of characters is cut');
  const units = new Uint32Array(trieBytes / 4);
  for (let index = 0; index < units.length; index += 1)
    units[index] = bytes.readUInt32LE(4 + index * 4);
  const replacements = bytes.subarray(4 + trieBytes);
  const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
  const encoder = new TextEncoder();

  /** The place of the first replacement along the trie. */
  const lookUp = (key: Uint8Array): number | undefined => {
    let position = offsetOf(units[0] ?? 0);
    for (const byte of key) {
      if (byte === 0) return undefined;
      position ^= byte;
      const unit = units[position] ?? 0;
      if ((unit & 0x8000_00ff) !== byte) return undefined;
      position ^= offsetOf(unit);
      if (((unit >>> 8) & 1) === 1) return (units[position] ?? 0) & 0x7fff_ffff;
    }
    return undefined;
  };
  const replace = (text: string): string | undefined => {
    const start = lookUp(encoder.encode(text));
    if (start === undefined) return undefined;
    const end = replacements.indexOf(0, start);
    return replacements.toString('utf8', start, end < 0 ? replacements.length : end);
  };

  // Most tables leave printable ASCII alone; text of nothing else then needs no look.
  const leavesAscii = Array.from({ length: 95 }, (_, index) =>
    String.fromCharCode(32 + index),
  ).every((character) => replace(character) === undefined);

  return (text) => {
    if (leavesAscii && /^[ -~]*$/.test(text)) return text;
    let out = '';
    for (const { segment } of graphemes.segment(text)) {
      const whole = Buffer.byteLength(segment) < 6 ? replace(segment) : undefined;
      if (whole === undefined)
        for (const character of segment) out += replace(character) ?? character;
      else out += whole;
    }
    return out;
  };
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
