const SKIP = 0;
const SPACE = 1;
const ALONE = 2;
const JOIN = 3;

/** What one character becomes: some characters, each with the way it joins its neighbours. */
interface Piece {
  readonly kind: typeof SKIP | typeof SPACE | typeof ALONE | typeof JOIN;
  readonly text: string;
}

/** How the words are cut; the settings of a `BertNormalizer`. */
export interface BertWordOptions {
  readonly cleanText: boolean;
  readonly separateIdeographs: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

const IDEOGRAPH_RANGES: readonly (readonly [number, number])[] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

/** Whether a character is one that BERT puts spaces around. */
export const isIdeograph = (codePoint: number): boolean =>
  codePoint >= 0x3400 &&
  IDEOGRAPH_RANGES.some(([first, last]) => codePoint >= first && codePoint <= last);

const NONSPACING = /\p{Mn}/u;
const PUNCTUATION = /[\p{P}$+<=>^`|~]/u;
const WHITESPACE = /\p{White_Space}/u;
const CONTROL = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;

/**
 * Returns a function that calls back with each word of a text as the BERT normaliser and pre-tokeniser leave it:
 * cleaned, lower-cased, without accents, cut at white space, with every punctuation mark and ideograph alone.
 *
 * The callback ends the scan by returning `false`. Costs one table look-up a character.
 */
export function createBertWordScanner(
  options: BertWordOptions,
): (text: string, onWord: (word: string) => boolean) => boolean {
  const known = new Map<number, readonly Piece[]>();
  const ascii = new Uint8Array(128);
  const asciiText: string[] = [];
  const isLowered = new Uint8Array(128);

  const expand = (codePoint: number): readonly Piece[] => {
    const character = String.fromCodePoint(codePoint);
    if (options.cleanText && isDroppedByBert(codePoint, character)) return [];
    if (WHITESPACE.test(character)) return [{ kind: SPACE, text: ' ' }];
    const isAlone = options.separateIdeographs && isIdeograph(codePoint);
    const decomposed = options.stripAccents ? character.normalize('NFD') : character;
    const pieces: Piece[] = [];
    for (const part of decomposed) {
      if (options.stripAccents && NONSPACING.test(part)) continue;
      for (const lowered of options.lowercase ? part.toLowerCase() : part) {
        const kind = PUNCTUATION.test(lowered) ? ALONE : WHITESPACE.test(lowered) ? SPACE : JOIN;
        pieces.push({ kind, text: lowered });
      }
    }
    if (!isAlone) return pieces;
    const space: Piece = { kind: SPACE, text: ' ' };
    return [space, ...pieces, space];
  };

  for (let code = 0; code < 128; code += 1) {
    const [piece] = expand(code);
    ascii[code] = piece?.kind ?? SKIP;
    asciiText.push(piece?.text ?? '');
    isLowered[code] = piece?.text === String.fromCharCode(code) ? 0 : 1;
  }

  const piecesOf = (codePoint: number): readonly Piece[] => {
    let pieces = known.get(codePoint);
    if (pieces === undefined) {
      pieces = expand(codePoint);
      known.set(codePoint, pieces);
    }
    return pieces;
  };

  return (text, onWord) => {
    let word = '';
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < 128) {
        const kind = ascii[code];
        if (kind === JOIN) {
          // A run is taken at once: joining its characters one by one costs more than all the rest.
          const start = index;
          let changes = isLowered[code] ?? 0;
          for (; index + 1 < text.length; index += 1) {
            const next = text.charCodeAt(index + 1);
            if (next > 127 || ascii[next] !== JOIN) break;
            changes |= isLowered[next] ?? 0;
          }
          const run = text.slice(start, index + 1);
          word += changes === 0 ? run : run.toLowerCase();
        } else if (kind !== SKIP) {
          if (word !== '' && !onWord(word)) return false;
          word = '';
          if (kind === ALONE && !onWord(asciiText[code] ?? '')) return false;
        }
        continue;
      }
      const codePoint = text.codePointAt(index) ?? code;
      if (codePoint > 0xffff) index += 1;
      for (const piece of piecesOf(codePoint)) {
        if (piece.kind === JOIN) {
          word += piece.text;
          continue;
        }
        if (word !== '' && !onWord(word)) return false;
        word = '';
        if (piece.kind === ALONE && !onWord(piece.text)) return false;
      }
    }
    return word === '' || onWord(word);
  };
}

/** Whether `clean_text` drops a character. */
export function isDroppedByBert(codePoint: number, character: string): boolean {
  if (codePoint === 0 || codePoint === 0xfffd) return true;
  if (codePoint === 9 || codePoint === 10 || codePoint === 13) return false;
  return CONTROL.test(character);
}
