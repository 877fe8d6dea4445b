import type { Span } from '@espalier/core';
import { QUESTION_WORDS, STOP_WORDS } from '../../lexical/stop-words.js';

/** A phrase of a document, at one of its places. */
export interface FoundConcept extends Span {
  readonly name: string;
  readonly type: 'concept';
}

/** The phrases that a document keeps repeating. */
export interface Concepts {
  /** Where they stand in a sentence, outside of what is taken already. */
  in(text: string, sentence: Span, taken: readonly Span[]): FoundConcept[];
}

const WORDS = /\p{Ll}[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu;
const MAX_WORDS = 3;
const MIN_WORD = 3;
const MIN_COUNT = 2;

/**
 * Finds the most telling phrases of two or three lower-case words without stop words that stand at least twice in some
 * texts: frequent ones, longer ones before the shorter ones inside of them (C-value).
 *
 * @see Frantzi, Ananiadou & Mima, "Automatic Recognition of Multi-Word Terms: the C-value/NC-value Method" (2000).
 */
export function findConcepts(texts: readonly string[], max: number): Concepts {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const { phrase } of phrasesOf(text)) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  const inside = new Map<string, number>();
  for (const [phrase, count] of counts) {
    const words = phrase.split(' ');
    if (words.length < MAX_WORDS || count < MIN_COUNT) continue;
    for (const part of [words.slice(0, 2).join(' '), words.slice(1).join(' ')])
      inside.set(part, (inside.get(part) ?? 0) + count);
  }
  const valued = [...counts]
    .filter(([, count]) => count >= MIN_COUNT)
    .map(([phrase, count]) => ({
      phrase,
      value: Math.log2(phrase.split(' ').length + 1) * (count - (inside.get(phrase) ?? 0)),
    }))
    .filter(({ value }) => value > 1)
    .sort((a, b) => b.value - a.value || (a.phrase < b.phrase ? -1 : 1))
    .slice(0, max);
  const chosen = new Set(valued.map(({ phrase }) => phrase));
  return {
    in(text, sentence, taken) {
      const found: FoundConcept[] = [];
      const isFree = (span: Span): boolean =>
        [...taken, ...found].every(({ start, end }) => span.end <= start || span.start >= end);
      const inSentence = [...phrasesOf(text.slice(sentence.start, sentence.end))]
        .filter(({ phrase }) => chosen.has(phrase))
        .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
      for (const { phrase, start, end } of inSentence) {
        const span = { start: sentence.start + start, end: sentence.start + end };
        if (isFree(span)) found.push({ name: phrase, type: 'concept', ...span });
      }
      return found;
    },
  };
}

function* phrasesOf(text: string): Generator<Span & { phrase: string }> {
  const run: (Span & { word: string })[] = [];
  for (const { index, 0: word } of text.matchAll(WORDS)) {
    const last = run.at(-1);
    const gap = last === undefined ? '' : text.slice(last.end, index);
    const isContent = word.length >= MIN_WORD && !STOP_WORDS.has(word) && !QUESTION_WORDS.has(word);
    if (!isContent || (gap !== ' ' && gap !== '\n')) run.length = 0;
    // A word that begins within another is its tail ("iPhone").
    if (!isContent || /[\p{L}\p{N}_]/u.test(text[index - 1] ?? '')) {
      run.length = 0;
      continue;
    }
    run.push({ start: index, end: index + word.length, word });
    for (let size = 2; size <= Math.min(MAX_WORDS, run.length); size += 1) {
      const words = run.slice(-size);
      yield {
        start: words[0]?.start ?? 0,
        end: index + word.length,
        phrase: words.map((one) => one.word).join(' '),
      };
    }
    if (run.length >= MAX_WORDS) run.shift();
  }
}
