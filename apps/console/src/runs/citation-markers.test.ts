import { describe, expect, it } from 'vitest';
import { ANSWER, CITATIONS } from '../__fixtures__/sample-run.js';
import { citationAt, markAnswer, markerOf, markerUrl, type Marker } from './citation-markers.js';

function markersOf(markdown: string): Marker[] {
  return [...markdown.matchAll(/\[(\d+)\]/gu)].map((match) => ({
    index: Number(match[1]),
    offset: match.index,
  }));
}

describe('the markers of an answer', () => {
  it('lead to the citation whose statement they follow, also when a number is cited twice', () => {
    const answer = markAnswer(ANSWER, CITATIONS);
    expect(answer.markdown).toBe(ANSWER);
    const found = markersOf(ANSWER).map((marker) => citationAt(answer, marker));
    expect(found).toEqual(CITATIONS);
  });

  it('are put where statements end when the model wrote none', () => {
    const [first, second] = CITATIONS;
    const text = 'One thing. Another.';
    const answer = markAnswer(text, [
      { ...second!, index: 2, answerSpan: { start: 11, end: 19 } },
      { ...first!, index: 1, answerSpan: { start: 0, end: 10 } },
    ]);
    expect(answer.markdown).toBe('One thing. [1] Another. [2]');
    expect(markersOf(answer.markdown).map((marker) => citationAt(answer, marker)?.index)).toEqual([
      1, 2,
    ]);
  });

  it('lead nowhere when nothing has that number', () => {
    expect(citationAt(markAnswer('See [9].', CITATIONS), { index: 9, offset: 4 })).toBeUndefined();
  });

  it('survive the way through an address, and no other address is taken for one', () => {
    expect(markerOf(markerUrl({ index: 12, offset: 345 }))).toEqual({ index: 12, offset: 345 });
    for (const url of ['#citation-1', '#top', 'https://example.com/#citation-1-2', undefined]) {
      expect(markerOf(url)).toBeUndefined();
    }
  });
});
