import type { TextAnalyzer } from '../text-analyzer.js';
import type { Postings } from './postings.js';
import type { Impacts } from './term-impacts.js';

/** A term of the index and where it stands. */
export interface Term {
  readonly text: string;
  /** The number of the term, and of its list of postings. */
  readonly list: number;
  /** What is computed of its postings, and the version of the index that it holds for. */
  impacts: { readonly version: number; readonly of: Impacts } | undefined;
}

/** A word as it is written, and the term it is an instance of. */
export interface Word {
  readonly text: string;
  readonly term: Term;
}

/** All words of a corpus by number. */
export interface Vocabulary {
  readonly terms: ReadonlyMap<string, Term>;
  /** Each word, and how often it stands in the corpus. */
  readonly words: Iterable<Word & { readonly count: number }>;
  /** How many numbers of terms are in use or were. */
  readonly termNumbers: number;
  /** The number of each word of a text that is not left out; new ones are taken in. */
  intern(text: string): Int32Array;
  /** The numbers of given words, of an analysis made earlier. */
  internWords(words: readonly string[]): Int32Array;
  word(id: number): Word;
  /** The number of the term of a word. */
  termNumberOf(id: number): number;
  term(number: number): Term;
  /** Forgets one instance of each; what no text holds any more is gone. */
  release(ids: Int32Array): void;
  dropTerm(term: Term): void;
}

const FIRST_WORDS = 1024;

/** Creates an empty vocabulary. */
export function createVocabulary(analyzer: TextAnalyzer, postings: Postings): Vocabulary {
  const ids = new Map<string, number>();
  const table: (Word | undefined)[] = [];
  /** By word: how often it stands in the corpus, and the number of its term. Apart, as all of a text's words need them. */
  let counts = new Int32Array(FIRST_WORDS);
  let termNumbers = new Int32Array(FIRST_WORDS);
  const free: number[] = [];
  const terms = new Map<string, Term>();
  const termTable: (Term | undefined)[] = [];
  /** Words that are left out, so that they are looked up once. */
  const skipped = new Set<string>();

  const addTerm = (text: string): Term => {
    const list = postings.open();
    const term: Term = { text, list, impacts: undefined };
    terms.set(text, term);
    termTable[list] = term;
    return term;
  };
  const addWord = (text: string): number => {
    if (skipped.has(text)) return -1;
    const stem = analyzer.termOf(text);
    if (stem === undefined || stem === '') {
      skipped.add(text);
      return -1;
    }
    const term = terms.get(stem) ?? addTerm(stem);
    const id = free.pop() ?? table.length;
    table[id] = { text, term };
    if (id >= counts.length) {
      counts = doubled(counts);
      termNumbers = doubled(termNumbers);
    }
    termNumbers[id] = term.list;
    counts[id] = 1;
    ids.set(text, id);
    return id;
  };
  const internWords = (words: readonly string[]): Int32Array => {
    const result = new Int32Array(words.length);
    let length = 0;
    for (const word of words) {
      let id = ids.get(word);
      if (id === undefined) id = addWord(word);
      else counts[id] = (counts[id] ?? 0) + 1;
      if (id >= 0) result[length++] = id;
    }
    return length === words.length ? result : result.slice(0, length);
  };

  return {
    terms,
    words: {
      *[Symbol.iterator]() {
        for (const [id, word] of table.entries())
          if (word !== undefined) yield { ...word, count: counts[id] ?? 0 };
      },
    },
    get termNumbers() {
      return termTable.length;
    },
    intern: (text) => internWords(analyzer.words(text)),
    internWords,
    word(id) {
      const word = table[id];
      if (word === undefined) throw new RangeError(`The vocabulary has no word ${id}.`);
      return word;
    },
    termNumberOf: (id) => termNumbers[id] ?? -1,
    term(number) {
      const term = termTable[number];
      if (term === undefined) throw new RangeError(`The vocabulary has no term ${number}.`);
      return term;
    },
    release(released) {
      for (const id of released) {
        const word = table[id];
        if (word === undefined) continue;
        const left = (counts[id] ?? 0) - 1;
        counts[id] = left;
        if (left > 0) continue;
        ids.delete(word.text);
        table[id] = undefined;
        free.push(id);
      }
    },
    dropTerm(term) {
      terms.delete(term.text);
      termTable[term.list] = undefined;
      postings.close(term.list);
    },
  };
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
