import { InvalidArgumentError } from '@espalier/core';
import type { Bm25Index, Bm25Options } from './bm25-index.js';
import { englishAnalyzer } from './english-analyzer.js';
import { createTermCounter } from './internal/count-terms.js';
import { createDocumentSlots, type IndexedText } from './internal/document-slots.js';
import { readIndexBytes, writeIndexBytes } from './internal/index-bytes.js';
import { createPostings } from './internal/postings.js';
import { planQuery } from './internal/query-legs.js';
import { rankSlots } from './internal/rank-slots.js';
import { termImpacts } from './internal/term-impacts.js';
import { createVocabulary } from './internal/vocabulary.js';
import type { LexicalQuery } from './lexical-query.js';

const MIN_GIVEN_UP = 1024;

/**
 * Creates an empty index.
 *
 * score = Σ idf(t) · tf · (k1 + 1) / (tf + k1 · (1 − b + b · length / mean length)), idf = ln(1 + (N − n + .5) / (n + .5));
 * with several fields, tf = Σ over fields weight · count / (1 − b + b · length / mean length of the field) and
 * score = Σ idf(t) · tf · (k1 + 1) / (tf + k1). Words that a query holds twice count twice.
 *
 * Memory: 4 bytes for each word of the corpus, 6 to 12 for each different word of a text (with one field), and 4 more once
 * it was searched for. Scores are exact to 32-bit floats. Words of a deleted text are forgotten at once where no other text holds them.
 *
 * @see Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the idf of Lucene.
 * @throws {InvalidArgumentError} no field is named, or an option is out of range.
 */
export function createBm25Index(options: Bm25Options = {}): Bm25Index {
  return openIndex(options);
}

/**
 * Restores an index from what {@link Bm25Index.serialize} gave. `k1`, `b` and weights of fields may be others than before.
 *
 * @throws {LexicalIndexCorruptError} `ERR_RAG_LEXICAL_INDEX_CORRUPT`: the bytes are damaged, or of another analyzer or
 * other fields.
 */
export function restoreBm25Index(bytes: Uint8Array, options: Bm25Options = {}): Bm25Index {
  return openIndex(options, bytes);
}

function openIndex(options: Bm25Options, stored?: Uint8Array): Bm25Index {
  const { k1 = 1.2, b = 0.75, analyzer = englishAnalyzer } = options;
  const names = Object.keys(options.fields ?? { text: {} });
  const fields = Object.values(options.fields ?? { text: {} }).map((field) => ({
    weight: field.weight ?? 1,
    b: field.b ?? b,
  }));
  assertOptions({ k1, fields });
  const postings = createPostings(fields.length);
  const vocabulary = createVocabulary(analyzer, postings);
  const documents = createDocumentSlots(fields.length);
  const countTerms = createTermCounter(vocabulary, fields.length);
  let version = 0;
  let scratch = new Float32Array(0);

  const add = (text: IndexedText): void => {
    const slot = documents.add(text);
    const { size, terms, counts } = countTerms(text);
    for (let n = 0; n < size; n += 1) postings.push(terms[n] ?? 0, slot, counts, n * fields.length);
  };
  /** Gives slots of deleted texts back by counting the others anew. */
  const compact = (): void => {
    const givenUp = documents.end - documents.size;
    if (givenUp < MIN_GIVEN_UP || givenUp * 3 < documents.end) return;
    const texts = documents.texts.filter((text) => text !== undefined);
    documents.clear();
    postings.clear();
    texts.forEach(add);
  };
  const remove = (id: string): void => {
    const text = documents.remove(id);
    if (text === undefined) return;
    version += 1;
    const { size, terms } = countTerms(text);
    for (let n = 0; n < size; n += 1) {
      const list = terms[n] ?? 0;
      if (postings.forget(list) === 0) vocabulary.dropTerm(vocabulary.term(list));
    }
    vocabulary.release(text.words);
    compact();
  };
  const rarity = (count: number): number =>
    Math.log(1 + (documents.size - count + 0.5) / (count + 0.5));
  const documentFrequency = (term: string): number => {
    const found = vocabulary.terms.get(term);
    return found === undefined ? 0 : postings.documentsOf(found.list);
  };
  const plan = (query: LexicalQuery) =>
    planQuery(query, {
      analyzer,
      vocabulary,
      documents,
      postings,
      k1,
      rarityOf: (term) => rarity(postings.documentsOf(term.list)),
      impactsOf: (term) => termImpacts({ term, postings, documents, fields, k1, version }),
    });
  const scores = (): Float32Array => {
    if (scratch.length < documents.end) scratch = new Float32Array(documents.end * 2);
    return scratch.subarray(0, documents.end);
  };

  if (stored !== undefined) {
    for (const { id, words, lengths } of readIndexBytes(stored, {
      analyzer: analyzer.id,
      fields: names,
    }))
      add({ id, lengths, words: vocabulary.internWords(words) });
  }

  return {
    analyzer,
    get size() {
      return documents.size;
    },
    has: (id) => documents.slotOf(id) !== undefined,
    set(id, text) {
      remove(id);
      version += 1;
      const parts = typeof text === 'string' ? [text] : names.map((name) => text[name] ?? '');
      const words = names.map((_, field) => vocabulary.intern(parts[field] ?? ''));
      add({ id, lengths: words.map(({ length }) => length), words: concatenate(words) });
    },
    delete: remove,
    score(query) {
      const values = scores();
      const { mean, deviation } = rankSlots({
        plan: plan(query),
        scores: values,
        size: documents.size,
        topK: 0,
        accept: () => false,
      });
      const found = new Map<string, number>();
      for (const [slot, text] of documents.texts.entries()) {
        const score = values[slot] ?? 0;
        if (score !== 0 && text !== undefined) found.set(text.id, score);
      }
      return { scores: found, mean, deviation };
    },
    search({ query, topK, accept }) {
      const { best, mean, deviation } = rankSlots({
        plan: plan(query),
        scores: scores(),
        size: documents.size,
        topK: Math.min(topK, documents.size),
        accept:
          accept === undefined
            ? undefined
            : (slot) => {
                const text = documents.texts[slot];
                return text !== undefined && accept(text.id);
              },
      });
      const matches = best.map(({ slot, score }) => ({
        id: documents.texts[slot]?.id ?? '',
        score,
      }));
      return { matches, mean, deviation };
    },
    documentFrequency,
    rarity: (term) => rarity(documentFrequency(term)),
    holds(id, term) {
      const slot = documents.slotOf(id);
      const list = vocabulary.terms.get(term)?.list;
      return slot !== undefined && list !== undefined && postings.find(list, slot) >= 0;
    },
    termsOf(id) {
      const text = documents.texts[documents.slotOf(id) ?? -1];
      return Array.from(text?.words ?? [], (word) => vocabulary.word(word).term.text);
    },
    *words() {
      for (const { text, count } of vocabulary.words) yield { word: text, count };
    },
    serialize: () =>
      writeIndexBytes({
        analyzer: analyzer.id,
        fields: names,
        texts: documents.texts.filter((text) => text !== undefined),
        wordOf: (id) => vocabulary.word(id).text,
      }),
  };
}

function assertOptions({
  k1,
  fields,
}: {
  k1: number;
  fields: readonly { b: number; weight: number }[];
}): void {
  const refuse = (argument: string, value: unknown, expected: string): never => {
    throw new InvalidArgumentError({ argument, value, expected });
  };
  if (!(k1 >= 0)) refuse('k1', k1, 'a number from 0');
  if (fields.length === 0) refuse('fields', '{}', 'at least one field');
  for (const { b, weight } of fields) {
    if (!(b >= 0 && b <= 1)) refuse('b', b, 'a number from 0 to 1');
    if (!(weight >= 0)) refuse('weight', weight, 'a number from 0');
  }
}

function concatenate(parts: readonly Int32Array[]): Int32Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
