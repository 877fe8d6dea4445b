import type { TextAnalyzer } from '../text-analyzer.js';
import type { Postings } from './postings.js';

/** A term of the index and where it stands. */
export interface Term {
  readonly text: string;
  postings: Postings;
  /** How many texts hold it. */
  documents: number;
}

/** A word as it is written, and the term it is an instance of. */
export interface Word {
  readonly text: string;
  readonly term: Term;
  /** How often it stands in the corpus. */
  count: number;
}

/** All words of a corpus by number. */
export interface Vocabulary {
  readonly terms: ReadonlyMap<string, Term>;
  readonly words: Iterable<Word>;
  /** The number of each word of a text that is not left out; new ones are taken in. */
  intern(text: string): Int32Array;
  /** The numbers of given words, of an analysis made earlier. */
  internWords(words: readonly string[]): Int32Array;
  word(id: number): Word;
  find(word: string): Word | undefined;
  /** Forgets one instance of each; what no text holds any more is gone. */
  release(ids: Int32Array): void;
  dropTerm(term: Term): void;
}

/** Creates an empty vocabulary. */
export function createVocabulary(
  analyzer: TextAnalyzer,
  createPostings: () => Postings,
): Vocabulary {
  const ids = new Map<string, number>();
  const table: (Word | undefined)[] = [];
  const free: number[] = [];
  const terms = new Map<string, Term>();
  /** Words that are left out, so that they are looked up once. */
  const skipped = new Set<string>();

  const add = (text: string): number => {
    const known = ids.get(text);
    if (known !== undefined) {
      const word = table[known];
      if (word !== undefined) word.count += 1;
      return known;
    }
    if (skipped.has(text)) return -1;
    const stem = analyzer.termOf(text);
    if (stem === undefined || stem === '') {
      skipped.add(text);
      return -1;
    }
    let term = terms.get(stem);
    if (term === undefined) {
      term = { text: stem, postings: createPostings(), documents: 0 };
      terms.set(stem, term);
    }
    const id = free.pop() ?? table.length;
    table[id] = { text, term, count: 1 };
    ids.set(text, id);
    return id;
  };
  const internWords = (words: readonly string[]): Int32Array => {
    const result = new Int32Array(words.length);
    let length = 0;
    for (const word of words) {
      const id = add(word);
      if (id >= 0) result[length++] = id;
    }
    return result.slice(0, length);
  };

  return {
    terms,
    words: {
      *[Symbol.iterator]() {
        for (const word of table) if (word !== undefined) yield word;
      },
    },
    intern: (text) => internWords(analyzer.words(text)),
    internWords,
    word(id) {
      const word = table[id];
      if (word === undefined) throw new RangeError(`The vocabulary has no word ${id}.`);
      return word;
    },
    find: (text) => table[ids.get(text) ?? -1],
    release(released) {
      for (const id of released) {
        const word = table[id];
        if (word === undefined) continue;
        word.count -= 1;
        if (word.count > 0) continue;
        ids.delete(word.text);
        table[id] = undefined;
        free.push(id);
      }
    },
    dropTerm: (term) => void terms.delete(term.text),
  };
}
