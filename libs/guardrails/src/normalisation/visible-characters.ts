import { CONFUSABLES } from './confusables.js';
import type { ViewBuilder } from './text-view.js';
import { replaceRuns } from './transform.js';

/** What shows nothing: format characters, variation selectors and tags among them. */
const INVISIBLE =
  /\p{Cf}|\p{Variation_Selector}|\u034F|\u115F|\u1160|\u17B4|\u17B5|\u3164|\uFFA0|[\u{E0000}-\u{E0FFF}]/u;
const MARK = /\p{M}/gu;
const NOT_ASCII = /[^\0-\x7F]+/g;
/** A tag character says what the ASCII character 0xE0000 below it says. */
const TAGS = /[\u{E0020}-\u{E007E}]/gu;
/** What sets two words apart on the screen; a mark belongs to its letter. */
const WORD = /[^\s!-/:-@[-`{-~]+/g;

const shownAs = new Map<string, string>();

/** What a character shows: nothing, or its compatibility form without marks. */
function shown(character: string): string {
  const known = shownAs.get(character);
  if (known !== undefined) return known;
  const value = INVISIBLE.test(character) ? '' : character.normalize('NFKD').replace(MARK, '');
  // The cache is bounded by what texts hold; a hostile text must not fill memory.
  if (shownAs.size < 4096) shownAs.set(character, value);
  return value;
}

/** Leaves out what shows nothing, takes marks off, and puts compatibility forms in their plain ones. */
export function visibleCharacters(text: string, builder: ViewBuilder): boolean {
  let isChanged = false;
  let position = 0;
  for (const run of text.matchAll(NOT_ASCII)) {
    builder.copy(text, position, run.index);
    position = run.index;
    for (const character of run[0]) {
      const value = shown(character);
      if (value === character) builder.copy(text, position, position + character.length);
      else {
        isChanged = true;
        builder.add(value, position, position + character.length);
      }
      position += character.length;
    }
  }
  builder.copy(text, position, text.length);
  return isChanged;
}

/** Reads tag characters as the ASCII that they stand for. */
export function tagCharacters(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, TAGS, ([tag]) =>
    String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe_00_00),
  );
}

let lookAlikes: ReadonlyMap<string, string> | undefined;

/** Made when a text first needs it: most texts are ASCII. */
function lookAlikesByCharacter(): ReadonlyMap<string, string> {
  return (lookAlikes ??= new Map(
    CONFUSABLES.flatMap(([reads, characters]) =>
      [...characters].map((character) => [character, reads] as const),
    ),
  ));
}

/**
 * Reads the words that are written with look-alikes of Latin letters.
 *
 * A word that has Latin letters already is read so always; one without only where all such words of the text then are
 * ASCII, so that Greek and Cyrillic texts stay what they are.
 */
export function confusableCharacters(text: string, builder: ViewBuilder): boolean {
  if (isAscii(text)) return false;
  let isForeign = false;
  for (const [word] of text.matchAll(WORD)) {
    if (isAscii(word) || isAscii(latin(word)) || !/\p{L}/u.test(word)) continue;
    isForeign = true;
    break;
  }
  return replaceRuns(text, builder, WORD, ([word]) =>
    isAscii(word) || (isForeign && !/[A-Za-z]/.test(word)) ? undefined : latin(word),
  );
}

function latin(word: string): string {
  const reads = lookAlikesByCharacter();
  return Array.from(word, (character) => reads.get(character) ?? character).join('');
}

function isAscii(text: string): boolean {
  NOT_ASCII.lastIndex = 0;
  return !NOT_ASCII.test(text);
}
