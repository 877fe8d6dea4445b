import { cipherText } from './ciphers.js';
import {
  base32Runs,
  base64Runs,
  binaryRuns,
  decimalRuns,
  entityRuns,
  escapeRuns,
  hexRuns,
  morseRuns,
  percentRuns,
} from './decoded-runs.js';
import { leetWords } from './leet-words.js';
import { hiddenText, shownText } from './markup.js';
import { cutWords, speltWords } from './spelling.js';
import { ViewBuilder, type TextView } from './text-view.js';
import type { Transform } from './transform.js';
import { confusableCharacters, tagCharacters, visibleCharacters } from './visible-characters.js';

/** How much decoding is done; what is over is left as it is. */
export interface TextViewOptions {
  /** Encodings inside encodings. Default 4. */
  readonly maxDepth?: number;
  /** Views in all. Default 16. */
  readonly maxViews?: number;
}

/**
 * The readings of a text: as it shows (without invisible characters, marks and compatibility forms), with look-alikes read
 * as the Latin letters they pass for, with hidden tags read out, without HTML tags and what they hide, that alone, with HTML, percent, Base64, Base32, hexadecimal, binary,
 * decimal and Morse encodings and escapes decoded, with spelt, cut and leet words put together, and with shifted, mirrored
 * and backward letters set right; also inside each other.
 *
 * The original is the first view. Linear in the text times the number of views; both bounds hold for any input.
 */
export function createTextViews(text: string, options: TextViewOptions = {}): readonly TextView[] {
  const { maxDepth = 4, maxViews = 16 } = options;
  const views: TextView[] = [
    { name: 'original', text, originalSpan: (start, end) => ({ start, end }) },
  ];
  const seen = new Set([text]);
  let level: readonly TextView[] = [...views];
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth += 1) {
    const next: TextView[] = [];
    for (const view of level) {
      for (const [name, transform] of TRANSFORMS) {
        const builder = new ViewBuilder();
        if (views.length >= maxViews || !transform(view.text, builder)) continue;
        const made = builder.build(view.name === 'original' ? name : `${view.name}/${name}`, view);
        if (made.text === '' || seen.has(made.text)) continue;
        seen.add(made.text);
        views.push(made);
        next.push(made);
      }
    }
    level = next;
  }
  return views;
}

const TRANSFORMS: readonly (readonly [string, Transform])[] = [
  ['visible', visibleCharacters],
  ['confusables', confusableCharacters],
  ['tags', tagCharacters],
  ['html', entityRuns],
  ['markup', shownText],
  ['hidden', hiddenText],
  ['url', percentRuns],
  ['escapes', escapeRuns],
  ['base64', base64Runs],
  ['hex', hexRuns],
  ['base32', base32Runs],
  ['binary', binaryRuns],
  ['decimal', decimalRuns],
  ['morse', morseRuns],
  ['spelt', speltWords],
  ['cut', cutWords],
  ['leet', leetWords],
  ['cipher', cipherText],
];

/** The order in which one reading after another is taken off, each from what the one before left. */
const PEELED: readonly Transform[] = TRANSFORMS.map(([, transform]) => transform).filter(
  (transform) => transform !== hiddenText,
);

/**
 * The few readings that a classifier needs: the text as it shows, and the text with every disguise taken off in turn, up
 * to `maxDepth` times; what its tags and its markup hide stands alone. One to four views, all of them linear in the text.
 * Of a text without letters that decodes to one with letters, only what it decodes to is read.
 */
export function createReadings(text: string, options: TextViewOptions = {}): readonly TextView[] {
  const { maxDepth = 4 } = options;
  const original: TextView = {
    name: 'original',
    text,
    originalSpan: (start, end) => ({ start, end }),
  };
  const shown = peel(original, PEELED.slice(0, 2), 'visible');
  let current = shown;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    const next = peel(current, depth === 0 ? PEELED : DECODERS, 'unwrapped');
    if (next === current) break;
    current = next;
  }
  // Tags show nothing: they are read before invisible characters are left out.
  const tagged = peel(original, [tagCharacters, ...PEELED.slice(0, 2)], 'tags');
  // Signs alone, as Morse code and binary digits are, say nothing themselves; their strangeness would be taken for an attack's.
  const isCode = current !== shown && !LETTER.test(shown.text) && LETTER.test(current.text);
  const readings = isCode ? [] : [shown];
  const views = tagged.text === shown.text ? [current] : [current, tagged];
  const hidden = peel(original, [hiddenText], 'hidden');
  if (hidden !== original && (hidden.text.match(LETTERS) ?? []).length >= FEWEST_HIDDEN)
    views.push(peel(hidden, PEELED, 'hidden'));
  for (const view of views) {
    if (view.text !== '' && readings.every(({ text: known }) => known !== view.text))
      readings.push(view);
  }
  return readings;
}

const LETTER = /\p{L}/u;
const LETTERS = /\p{L}/gu;
/** Fewer letters are a label. */
const FEWEST_HIDDEN = 12;

const DECODERS: readonly Transform[] = PEELED.filter(
  (transform) => transform !== leetWords && transform !== cutWords && transform !== speltWords,
);

function peel(view: TextView, transforms: readonly Transform[], name: string): TextView {
  let current = view;
  for (const transform of transforms) {
    const builder = new ViewBuilder();
    if (transform(current.text, builder)) current = builder.build(name, current);
  }
  return current;
}
