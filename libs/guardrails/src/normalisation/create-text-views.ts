import { ViewBuilder, type TextView } from './text-view.js';

/** How much decoding is done; what is over is left as it is. */
export interface TextViewOptions {
  /** Encodings inside encodings. Default 4. */
  readonly maxDepth?: number;
  /** Views in all. Default 16. */
  readonly maxViews?: number;
}

/** What shows nothing: format characters, variation selectors and tags among them. */
const INVISIBLE =
  /\p{Cf}|\p{Variation_Selector}|\u034F|\u115F|\u1160|\u17B4|\u17B5|\u3164|\uFFA0|[\u{E0000}-\u{E0FFF}]/u;
const MARK = /\p{M}/gu;
/** A tag character says what the ASCII character 0xE0000 below it says. */
const TAG = /[\u{E0020}-\u{E007E}]/u;
const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}/g;
const HEX = /(?<![A-Za-z0-9])(?:[0-9A-Fa-f]{2}){8,}(?![A-Za-z0-9])/g;
const PERCENT = /(?:%[0-9A-Fa-f]{2})+/g;
const ENTITY = /&(?:#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|apos|nbsp);/g;
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/**
 * The readings of a text: as it shows (without invisible characters, marks and compatibility forms), with hidden tags
 * read out, and with base64, hexadecimal, percent and HTML encodings decoded, also inside each other.
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

/** Writes what a text reads as; `false` when that is the text itself. */
type Transform = (text: string, builder: ViewBuilder) => boolean;

const TRANSFORMS: readonly (readonly [string, Transform])[] = [
  ['visible', visible],
  ['tags', tags],
  ['base64', (text, builder) => decodeRuns(text, builder, BASE64, decodeBase64)],
  ['hex', (text, builder) => decodeRuns(text, builder, HEX, (run) => decodeBytes(bytesOf(run)))],
  [
    'url',
    (text, builder) =>
      decodeRuns(text, builder, PERCENT, (run) => decodeBytes(bytesOf(run.replaceAll('%', '')))),
  ],
  ['html', (text, builder) => decodeRuns(text, builder, ENTITY, decodeEntity)],
];

function visible(text: string, builder: ViewBuilder): boolean {
  let isChanged = false;
  let position = 0;
  for (const character of text) {
    const end = position + character.length;
    const shown = INVISIBLE.test(character) ? '' : character.normalize('NFKD').replace(MARK, '');
    if (shown !== character) isChanged = true;
    builder.add(shown, position, end);
    position = end;
  }
  return isChanged;
}

function tags(text: string, builder: ViewBuilder): boolean {
  let isChanged = false;
  let position = 0;
  for (const character of text) {
    const end = position + character.length;
    const isTag = TAG.test(character);
    if (isTag) isChanged = true;
    builder.add(
      isTag ? String.fromCodePoint((character.codePointAt(0) ?? 0) - 0xe_00_00) : character,
      position,
      end,
    );
    position = end;
  }
  return isChanged;
}

function decodeRuns(
  text: string,
  builder: ViewBuilder,
  runs: RegExp,
  decode: (run: string) => string | undefined,
): boolean {
  let isChanged = false;
  let position = 0;
  const copyTo = (end: number): void => {
    for (; position < end; position += 1)
      builder.add(text.charAt(position), position, position + 1);
  };
  for (const match of text.matchAll(runs)) {
    const decoded = decode(match[0]);
    if (decoded === undefined) continue;
    isChanged = true;
    copyTo(match.index);
    position = match.index + match[0].length;
    builder.add(decoded, match.index, position);
  }
  if (isChanged) copyTo(text.length);
  return isChanged;
}

function decodeBase64(run: string): string | undefined {
  const standard = run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (standard.length % 4 === 1) return undefined;
  return decodeBytes(Uint8Array.from(atob(standard), (character) => character.charCodeAt(0)));
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
}

/** The text that bytes are in UTF-8; `undefined` when they are none, or hold what no text does. */
function decodeBytes(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[^\P{Cc}\t\n\r]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function decodeEntity(entity: string): string | undefined {
  const name = entity.slice(1, -1);
  if (!name.startsWith('#')) return NAMED[name];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff)
    ? String.fromCodePoint(code)
    : undefined;
}
