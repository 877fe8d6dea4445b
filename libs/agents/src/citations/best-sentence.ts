import type { Span } from '@espalier/core';

const WORD = /[\p{L}\p{N}]+/gu;

/**
 * The sentence of a passage that supports a statement best: the one that shares most of its telling words.
 *
 * A word tells the more the fewer sentences have it. The first of equals is taken; a passage without sentences is
 * taken whole. The span counts from the passage's start and has no white space at its ends.
 */
export function bestSentence(passageText: string, statement: string): Span {
  const sentences = sentencesOf(passageText);
  const wordsBySentence = sentences.map(({ start, end }) => wordsOf(passageText.slice(start, end)));
  const frequency = new Map<string, number>();
  for (const words of wordsBySentence) {
    for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  const asked = wordsOf(statement);
  let best: Span | undefined;
  let bestScore = -1;
  for (const [index, words] of wordsBySentence.entries()) {
    let score = 0;
    for (const word of words) {
      if (asked.has(word)) score += Math.log(1 + sentences.length / (frequency.get(word) ?? 1));
    }
    // Long sentences share words by chance.
    score /= Math.sqrt(Math.max(4, words.size));
    if (score > bestScore) {
      best = sentences[index];
      bestScore = score;
    }
  }
  return best ?? { start: 0, end: passageText.length };
}

function wordsOf(text: string): Set<string> {
  return new Set(Array.from(text.toLowerCase().matchAll(WORD), ([word]) => word));
}

function sentencesOf(text: string): Span[] {
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  const spans: Span[] = [];
  // A paragraph ends a sentence, with a full stop or without; a line break inside one does not.
  for (const block of text.matchAll(/(?:(?!\n[ \t]*\n)[^])+/gu)) {
    for (const { index, segment } of segmenter.segment(
      block[0].replace(/\n(?![ \t]*(?:[-*+#>|]|\d+[.)]))/gu, ' '),
    )) {
      const body = segment.trim();
      if (!/[\p{L}\p{N}]/u.test(body)) continue;
      const start = block.index + index + segment.indexOf(body);
      spans.push({ start, end: start + body.length });
    }
  }
  return spans;
}
