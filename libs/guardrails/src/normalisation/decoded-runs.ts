import type { ViewBuilder } from './text-view.js';
import { replaceRuns } from './transform.js';

const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}/g;
const BASE32 = /(?<![A-Za-z0-9])[A-Z2-7]{16,}={0,6}(?![A-Za-z0-9])/g;
const HEX = /(?<![A-Za-z0-9])(?:0x)?(?:[0-9A-Fa-f]{2}){8,}(?![A-Za-z0-9])/g;
const SPACED_HEX = /(?<![A-Za-z0-9])[0-9A-Fa-f]{2}(?:[ :,-][0-9A-Fa-f]{2}){7,}(?![A-Za-z0-9])/g;
const PERCENT = /(?:%[0-9A-Fa-f]{2})+/g;
const ENTITY = /&(?:#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|apos|nbsp);/g;
const ESCAPE = /\\(?:u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})/g;
const BINARY = /(?<![0-9A-Za-z])[01]{8}(?:[ ,]?[01]{8}){2,}(?![0-9A-Za-z])/g;
const DECIMAL = /(?<![0-9A-Za-z.])[0-9]{2,3}(?:[ ,]{1,2}[0-9]{2,3}){5,}(?![0-9A-Za-z])/g;
const MORSE = /(?<![^\s])[.\-·•–−]{1,6}(?: {1,3}(?:[/|] {1,3})?[.\-·•–−]{1,6}){3,}(?![^\s])/g;

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

const MORSE_LETTERS = new Map(
  (
    '.- a -... b -.-. c -.. d . e ..-. f --. g .... h .. i .--- j -.- k .-.. l -- m -. n --- o .--. p --.- q .-. r ' +
    '... s - t ..- u ...- v .-- w -..- x -.-- y --.. z .---- 1 ..--- 2 ...-- 3 ....- 4 ..... 5 -.... 6 --... 7 ---.. 8 ' +
    "----. 9 ----- 0 .-.-.- . --..-- , ..--.. ? -.-.-- ! .----. ' -....- - ---... :"
  )
    .split(' ')
    .reduce<[string, string][]>((pairs, item, index, all) => {
      if (index % 2 === 0) pairs.push([item, all[index + 1] ?? '']);
      return pairs;
    }, []),
);

/** Decodes Base64 runs, of either alphabet. */
export function base64Runs(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, BASE64, ([run]) => {
    const standard = run
      .replaceAll('-', '+')
      .replaceAll('_', '/')
      .replace(/={1,6}$/, '');
    if (standard.length % 4 === 1) return undefined;
    return textOf(Uint8Array.from(atob(standard), (character) => character.charCodeAt(0)));
  });
}

/** Decodes Base32 runs. */
export function base32Runs(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, BASE32, ([run]) => {
    const bytes: number[] = [];
    let [value, bits] = [0, 0];
    for (const character of run.replace(/={1,6}$/, '')) {
      value = ((value << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character)) & 0xfff;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.push((value >> bits) & 0xff);
      }
    }
    return textOf(Uint8Array.from(bytes));
  });
}

/** Decodes hexadecimal runs, with or without separators. */
export function hexRuns(text: string, builder: ViewBuilder): boolean {
  const expression = HEX.test(text) ? HEX : SPACED_HEX;
  HEX.lastIndex = 0;
  return replaceRuns(text, builder, expression, ([run]) =>
    textOf(bytesOf(run.replace(/^0x/, '').replace(/[ :,-]/g, ''))),
  );
}

/** Decodes percent encoding. */
export function percentRuns(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, PERCENT, ([run]) => textOf(bytesOf(run.replaceAll('%', ''))));
}

/** Decodes HTML character references. */
export function entityRuns(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, ENTITY, ([entity]) => {
    const name = entity.slice(1, -1);
    if (!name.startsWith('#')) return NAMED[name];
    return characterOf(
      /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)),
    );
  });
}

/** Decodes the escapes of programming languages: `\\u0068`, `\\x68`. */
export function escapeRuns(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, ESCAPE, ([escape]) =>
    characterOf(Number.parseInt(escape.slice(2).replace(/[{}]/g, ''), 16)),
  );
}

/** Decodes bytes written as eight binary digits each. */
export function binaryRuns(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, BINARY, ([run]) => {
    const digits = run.replace(/[ ,]/g, '');
    return textOf(
      Uint8Array.from({ length: digits.length / 8 }, (_, index) =>
        Number.parseInt(digits.slice(index * 8, index * 8 + 8), 2),
      ),
    );
  });
}

/** Decodes characters written as decimal codes. */
export function decimalRuns(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, DECIMAL, ([run]) => {
    const codes = run.split(/[ ,]+/).map(Number);
    if (codes.some((code) => code < 32 || code > 126)) return undefined;
    const decoded = String.fromCharCode(...codes.slice(0, 10_000));
    // Tables of numbers fit the form too; what they spell is not made of letters.
    return /^[A-Za-z ,.!?']+$/.test(decoded) ? decoded : undefined;
  });
}

/** Reads Morse code; a slash or three spaces stand between words. */
export function morseRuns(text: string, builder: ViewBuilder): boolean {
  return replaceRuns(text, builder, MORSE, ([run]) => {
    const plain = run.replace(/[·•]/g, '.').replace(/[–−]/g, '-');
    let isMorse = true;
    const words = plain.split(/ {1,3}[/|] {1,3}| {3}/).map((word) =>
      word
        .split(/ +/)
        .map((sign) => {
          const letter = MORSE_LETTERS.get(sign);
          if (letter === undefined) isMorse = false;
          return letter ?? '';
        })
        .join(''),
    );
    return isMorse ? words.join(' ') : undefined;
  });
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length >> 1 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
}

/** The text that bytes are in UTF-8; `undefined` when they are none, or hold what no text does. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[^\P{Cc}\t\n\r]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function characterOf(code: number): string | undefined {
  return code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff)
    ? String.fromCodePoint(code)
    : undefined;
}
