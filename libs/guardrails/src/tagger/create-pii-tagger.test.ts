import { readFileSync } from 'node:fs';
import { createSeededRandom } from '@espalier/core';
import { weightsFile } from '@espalier/model-pii-tagger';
import { describe, expect, it } from 'vitest';
import { cutAtRandom } from '../__fixtures__/guard-in-pieces.js';
import { createPiiTagger, type TaggedSpan } from './create-pii-tagger.js';

const bytes = new Uint8Array(readFileSync(weightsFile));
const tagger = createPiiTagger(bytes);
const whole = (text: string): readonly TaggedSpan[] => tagger.tag({ text, isFinal: true }).spans;
const shown = (text: string): string[] =>
  whole(text).map(({ type, start, end }) => `${type}: ${text.slice(start, end)}`);

/** Reads a growing text as a stream does: cleared text is forgotten but for what the tagger looks back at. */
function inPieces(pieces: readonly string[]): { spans: TaggedSpan[]; mostHeld: number } {
  const spans: TaggedSpan[] = [];
  let [text, base, cleared, mostHeld] = ['', 0, 0, 0];
  for (const [index, piece] of [...pieces, ''].entries()) {
    text += piece;
    const windowStart = Math.max(base, cleared - tagger.lookBehind);
    text = text.slice(windowStart - base);
    base = windowStart;
    const tagged = tagger.tag({ text, from: cleared - base, isFinal: index === pieces.length });
    for (const { start, end, ...span } of tagged.spans)
      spans.push({ ...span, start: start + base, end: end + base });
    cleared = tagged.clearedUntil + base;
    mostHeld = Math.max(mostHeld, base + text.length - cleared);
  }
  return { spans, mostHeld };
}

const TEXT =
  'Dear Mr. Miller,\n\nmy name is Anna Kowalska and I live at 12 Oak Street, Apt 4, Springfield, IL 62701. ' +
  'I moved from Paris, France and worked for Siemens AG. Call John Smith, 34, on Friday.\n\nBest regards,\nAnna';

describe('the tagger', () => {
  it('finds people, places, organisations, addresses and titles', () => {
    expect(shown(TEXT)).toEqual(
      expect.arrayContaining([
        'title: Mr.',
        'person: Miller',
        'person: Anna Kowalska',
        'location: Paris',
        'location: France',
        'person: John Smith',
        'person: Anna',
      ]),
    );
    expect(shown(TEXT).join('\n')).toMatch(/address: 12 Oak Street.*62701/);
    expect(shown(TEXT).join('\n')).toMatch(/organization: Siemens/);
  });

  it('finds nothing where nobody is', () => {
    expect(shown('Please restart the application after installing the update.')).toEqual([]);
    expect(shown('')).toEqual([]);
  });

  it('gives the same for every split into two, and character by character', () => {
    const expected = whole(TEXT);
    for (let at = 0; at <= TEXT.length; at += 1)
      expect(inPieces([TEXT.slice(0, at), TEXT.slice(at)]).spans).toEqual(expected);
    expect(inPieces(TEXT.split('')).spans).toEqual(expected);
  });

  it('gives the same for random splits of odd texts, and holds back no more than it says', () => {
    const random = createSeededRandom(11);
    const odd = [
      'x'.repeat(700) + ' Anna Miller ' + 'y1'.repeat(90) + '-Anna',
      'Anna' + ' '.repeat(300) + 'Miller\n\n\nJohn Smith\t\tParis',
      'John Smith '.repeat(120),
      'Müller Straße 5, 10115 Berlin 北京市海淀区 Иван Петров \ud83d\ude00\ud800 \udc00 Ann\u0301a',
      Array.from({ length: 900 }, () =>
        String.fromCharCode(32 + Math.floor(random.next() * (random.next() < 0.9 ? 95 : 2000))),
      ).join(''),
    ];
    for (const text of odd) {
      const expected = whole(text);
      for (let round = 0; round < 6; round += 1) {
        const { spans, mostHeld } = inPieces(cutAtRandom(text, random, 40));
        expect(spans).toEqual(expected);
        expect(mostHeld).toBeLessThanOrEqual(tagger.maxHoldBack + 40);
      }
    }
  });

  it('goes on from each place that it names as a restart', () => {
    const { spans, restarts } = tagger.tag({ text: TEXT, isFinal: true });
    for (const from of restarts) {
      expect(tagger.tag({ text: TEXT, from, isFinal: true }).spans).toEqual(
        spans.filter(({ start }) => start >= from),
      );
    }
  });

  it('scores in [0, 1]', () => {
    for (const { score } of whole(TEXT)) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });
});

describe('the weights of a tagger', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['another file', new Uint8Array(1000)],
    ['a part', bytes.slice(0, 5000)],
    ['a changed byte', bytes.map((byte, index) => (index === 90_000 ? byte ^ 1 : byte))],
    ['another count of labels', bytes.map((byte, index) => (index === 8 ? byte + 2 : byte))],
  ])('are refused when they are %s', (_, damaged) => {
    expect(() => createPiiTagger(damaged)).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_TAGGER_WEIGHTS' }),
    );
  });

  it('may stand anywhere in a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    const moved = createPiiTagger(larger.subarray(3));
    expect(moved.tag({ text: TEXT, isFinal: true }).spans).toEqual(whole(TEXT));
  });
});
