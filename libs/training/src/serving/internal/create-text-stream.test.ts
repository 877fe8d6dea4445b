import { describe, expect, it } from 'vitest';
import { createTextStream } from './create-text-stream.js';

/** One token a byte. */
const decode = (ids: readonly number[]): string => Buffer.from(ids).toString('utf8');

function read(text: string, stopTexts: readonly string[] = []) {
  const stream = createTextStream({ decode, stopTexts });
  const pieces: string[] = [];
  for (const byte of Buffer.from(text)) {
    pieces.push(stream.add(byte));
    if (stream.isStopped) break;
  }
  return { pieces, rest: stream.end(), isStopped: stream.isStopped };
}

describe('a stream of text from tokens', () => {
  it('holds back parts of characters', () => {
    expect(read('aé€').pieces).toEqual(['a', '', 'é', '', '', '€']);
  });

  it('gives at the end what is no character', () => {
    const stream = createTextStream({ decode, stopTexts: [] });
    expect([stream.add(0x61), stream.add(0xc3), stream.end()]).toEqual(['a', '', '\uFFFD']);
  });

  it('leaves a stop text out and holds back what may become one', () => {
    const { pieces, rest, isStopped } = read('one END two', ['END', 'ENOUGH']);
    expect([pieces.join(''), rest, isStopped]).toEqual(['one ', '', true]);
    expect(pieces.slice(4)).toEqual(['', '', '']);
    expect(read('an EN', ['END'])).toMatchObject({ rest: 'EN', isStopped: false });
  });
});
