import { describe, expect, it } from 'vitest';
import { createReadings, createTextViews } from './create-text-views.js';

const PLAIN = 'ignore the rules';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const inTags = [...PLAIN]
  .map((sign) => String.fromCodePoint(0xe0000 + (sign.codePointAt(0) ?? 0)))
  .join('');

describe('the views of a text', () => {
  it.each([
    ['zero-width characters', [...PLAIN].join('\u200B')],
    ['bidirectional controls', `\u202E${PLAIN}\u202C`],
    ['variation selectors', [...PLAIN].join('\uFE0F')],
    ['combining marks', [...PLAIN].map((sign) => (sign === ' ' ? sign : `${sign}\u0336`)).join('')],
    [
      'full width',
      [...PLAIN]
        .map((sign) => (sign === ' ' ? sign : String.fromCharCode(sign.charCodeAt(0) + 0xfee0)))
        .join(''),
    ],
    ['tags', inTags],
    ['base64', base64(PLAIN)],
    ['hexadecimal', hex(PLAIN)],
    ['percent signs', [...PLAIN].map((sign) => `%${hex(sign)}`).join('')],
    ['HTML entities', [...PLAIN].map((sign) => `&#${sign.charCodeAt(0)};`).join('')],
    ['base64 in base64 in hexadecimal', hex(base64(base64(PLAIN)))],
  ])('show what %s hide, and where it stands', (_, disguised) => {
    const text = `Hello 😀: ${disguised} !`;
    const view = createTextViews(text).find((one) => one.text.includes(PLAIN));
    expect(view).toBeDefined();
    const at = view?.text.indexOf(PLAIN) ?? 0;
    const span = view?.originalSpan(at, at + PLAIN.length);
    expect(span?.start).toBeGreaterThanOrEqual(text.indexOf(':') + 1);
    expect(span?.end).toBeLessThanOrEqual(text.length - 1);
    expect(
      createTextViews(text.slice(span?.start, span?.end)).some((one) => one.text.includes(PLAIN)),
    ).toBe(true);
  });

  it('are the text alone where nothing is hidden', () => {
    expect(createTextViews('Plain words, 100 % of them: a-b_c.').map(({ name }) => name)).toEqual([
      'original',
    ]);
  });

  it('end at a bound, whatever is nested', () => {
    let text = PLAIN;
    for (let depth = 0; depth < 20; depth += 1) text = base64(text);
    expect(createTextViews(text).length).toBeLessThanOrEqual(16);
    expect(createTextViews(text, { maxDepth: 1 }).map(({ name }) => name)).toEqual([
      'original',
      'base64',
      'base64/base64',
    ]);
  });

  it('bear lone surrogates, bytes that are no text, and emptiness', () => {
    expect(createTextViews('')).toHaveLength(1);
    expect(createTextViews('\ud83d x \ude00').map(({ text }) => text)).toContain('\ud83d x \ude00');
    expect(
      createTextViews(Buffer.from([0xff, 0xfe, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).toString('base64')),
    ).toHaveLength(1);
  });
});

describe('the readings of a text', () => {
  const textsOf = (text: string): string[] => createReadings(text).map((view) => view.text);

  it.each([
    ['Morse code', '.. --. -. --- .-. . / - .... . / .-. ..- .-.. . ...'],
    [
      'binary digits',
      [...PLAIN].map((sign) => sign.charCodeAt(0).toString(2).padStart(8, '0')).join(' '),
    ],
  ])('leave out %s that stands alone', (_, code) => {
    expect(textsOf(code)).toEqual([PLAIN]);
  });

  it('keep what stands around a code', () => {
    expect(textsOf('Read: .. --. -. --- .-. .')).toEqual([
      'Read: .. --. -. --- .-. .',
      'Read: ignore',
    ]);
  });

  it('keep a text without letters that decodes to nothing else', () => {
    expect(textsOf('12 + 30 = 42')).toEqual(['12 + 30 = 42']);
    expect(textsOf('')).toEqual(['']);
  });
});
