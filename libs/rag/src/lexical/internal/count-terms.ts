import type { IndexedText } from './document-slots.js';
import type { Vocabulary } from './vocabulary.js';

/** How often each term of a text stands in each field. */
export interface TermCounts {
  /** How many different terms the text has. */
  readonly size: number;
  /** The numbers of the terms, in the order in which they are met. */
  readonly terms: Int32Array;
  /** Shape: [size × fields]. */
  readonly counts: Int32Array;
}

/** Creates a function that counts the terms of a text; what it returns holds until the next call. */
export function createTermCounter(
  vocabulary: Vocabulary,
  fields: number,
): (text: IndexedText) => TermCounts {
  /** By term: its place among those of the text, counted from 1. All 0 between calls. */
  let places = new Int32Array(0);
  let terms = new Int32Array(0);
  let counts = new Int32Array(0);
  return ({ words, lengths }) => {
    if (places.length < vocabulary.termNumbers) places = new Int32Array(vocabulary.termNumbers * 2);
    if (terms.length < words.length) {
      terms = new Int32Array(words.length * 2);
      counts = new Int32Array(words.length * 2 * fields);
    }
    let size = 0;
    let at = 0;
    for (let field = 0; field < fields; field += 1) {
      for (const end = at + (lengths[field] ?? 0); at < end; at += 1) {
        const term = vocabulary.termNumberOf(words[at] ?? 0);
        let place = places[term] ?? 0;
        if (place === 0) {
          terms[size] = term;
          counts.fill(0, size * fields, (size + 1) * fields);
          size += 1;
          place = size;
          places[term] = place;
        }
        const cell = (place - 1) * fields + field;
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
    }
    for (let n = 0; n < size; n += 1) places[terms[n] ?? 0] = 0;
    return { size, terms, counts };
  };
}
