import { describe, expect, it } from 'vitest';
import { LONGEST_WINDOW, textWindows } from './text-windows.js';

const sentences = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `This is sentence number ${n} of a text that goes on.`,
  ).join(' ');

/** The windows of a text that arrives piece by piece. */
function grown(text: string, size: number): number[] {
  const ends: number[] = [];
  let from = 0;
  for (let length = size; ; length += size) {
    const isFinal = length >= text.length;
    for (const { end } of textWindows(text.slice(0, length), { from, isFinal })) {
      ends.push(end);
      from = end;
    }
    if (isFinal) return ends;
  }
}

describe('the windows of a text', () => {
  it('follow each other without a gap, and see what stands before them', () => {
    const text = sentences(40);
    const windows = textWindows(text);
    expect(windows[0]?.start).toBe(0);
    expect(windows.at(-1)?.end).toBe(text.length);
    windows.slice(1).forEach((window, index) => {
      expect(window.start).toBe(windows[index]?.end);
      expect(window.start - window.contextStart).toBe(80);
    });
  });

  it.each([
    ['sentences', sentences(30)],
    ['lines', 'a line\n'.repeat(300)],
    ['one long word', 'x'.repeat(10_000)],
    [
      'letters of two halves',
      sentences(30).replace(/[a-z]/g, (letter) =>
        String.fromCodePoint(0x1_d4_ee + letter.charCodeAt(0) - 97),
      ),
    ],
    ['letters with joiners and marks', [...sentences(20)].join('\u200D\u0301')],
    ['letters one by one', [...sentences(20)].join(' ')],
    ['Morse code', '.- -... / -.-. '.repeat(500)],
    ['Morse code among words', `${sentences(5)} ${'.- -... / -.-. '.repeat(50)} ${sentences(9)}`],
    ['lone halves of a pair', `${'x\uD83D'.repeat(3000)} ${sentences(10)}`],
    ['words without an end', 'word '.repeat(900)],
    ['a long word between words', `${'word '.repeat(90)}${'y'.repeat(5000)} ${'word '.repeat(90)}`],
  ])('are the same for a growing text: %s', (_, text) => {
    const whole = textWindows(text).map(({ end }) => end);
    for (const size of [1, 7, 113]) expect(grown(text, size)).toEqual(whole);
    for (const { start, end } of textWindows(text))
      expect(end - start).toBeLessThanOrEqual(LONGEST_WINDOW);
  });

  it('hold as much of a disguised text as of a plain one', () => {
    const plain = sentences(30);
    const disguised = [...plain].join('\u200D');
    const shown = textWindows(disguised).map(({ start, end }) =>
      disguised.slice(start, end).replaceAll('\u200D', ''),
    );
    expect(shown.map((window) => window.length > 200)).not.toContain(false);
    expect(shown.length).toBeLessThanOrEqual(textWindows(plain).length);
  });

  it('are none for an empty text', () => {
    expect(textWindows('')).toEqual([]);
  });
});
