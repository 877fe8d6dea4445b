import { allFakers } from '@faker-js/faker';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPANY_NOUNS, GROUPS, KIND_WORDS as OWN_WORDS, LEGAL_FORMS } from './word-lists.mjs';

const GIVEN = 1;
const SURNAME = 2;
const PLACE = 4;
const PLACE_FIRST = 8;
const PLACE_MORE = 16;
const COUNTRY = 32;
const WORD_KINDS = {
  titles: 64,
  streets: 128,
  companies: 256,
  groups: 512,
  calendar: 1024,
  roles: 2048,
};

const KIND_WORDS = {
  ...OWN_WORDS,
  companies: [
    ...OWN_WORDS.companies,
    ...COMPANY_NOUNS,
    ...LEGAL_FORMS.filter((form) => form.length > 2),
  ],
  groups: GROUPS,
};

/** Rows (hash, lists, clusters) for the tagger's lexicon, sorted by hash. */
export function buildLexicon({ lists, locales, embeddings, hashText, random }) {
  const rows = new Map();
  const keyOf = (word) => {
    const lower = word.toLowerCase();
    return hashText(lower, 0, lower.length) >>> 0;
  };
  const mark = (word, bit) => {
    if (word.length < 2) return;
    const key = keyOf(word);
    const row = rows.get(key) ?? [0, 0];
    row[0] |= bit;
    rows.set(key, row);
  };
  const words = (text) => text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const markPlace = (name) => {
    const parts = words(name);
    if (parts.length === 1) mark(parts[0], PLACE);
    else
      for (const [index, part] of parts.entries())
        mark(part, index === 0 ? PLACE_FIRST : PLACE_MORE);
  };
  const markAll = (names, bit) => {
    for (const name of names ?? [])
      if (name !== null) for (const word of words(name)) mark(word, bit);
  };
  markAll(lists.surnames, SURNAME);
  markAll(lists.femaleNames, GIVEN);
  markAll(lists.maleNames, GIVEN);
  lists.cities.forEach(markPlace);
  for (const locale of locales) {
    const { person, location } = allFakers[locale].rawDefinitions;
    for (const kind of ['generic', 'female', 'male']) {
      markAll(person?.first_name?.[kind], GIVEN);
      markAll(person?.last_name?.[kind], SURNAME);
    }
    (location?.city_name ?? []).forEach(markPlace);
    markAll(Array.isArray(location?.state) ? location.state : [], COUNTRY);
  }
  for (const [kind, bit] of Object.entries(WORD_KINDS)) markAll(KIND_WORDS[kind], bit);
  const { country, state_abbr: abbreviations } = allFakers.en_US.rawDefinitions.location ?? {};
  markAll(country ?? allFakers.en.rawDefinitions.location.country, COUNTRY);
  markAll(allFakers.en.rawDefinitions.location.country, COUNTRY);
  markAll(Array.isArray(abbreviations) ? abbreviations : [], COUNTRY);
  const clusters = clusterWords({ ...embeddings, random });
  for (const [word, coarse, fine] of clusters) {
    const key = keyOf(word);
    const row = rows.get(key) ?? [0, 0];
    row[1] = coarse * 65536 + fine;
    rows.set(key, row);
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return Uint32Array.from(sorted.flatMap(([key, [bits, packed]]) => [key, bits, packed]));
}

/** Reads the whole words of a static embedding with their unit vectors. */
export function readEmbeddings(folder) {
  const file = readFileSync(join(folder, 'model.safetensors'));
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + headerLength).toString());
  const tensor = (name) => {
    const [start, end] = header[name].data_offsets;
    return file.subarray(8 + headerLength + start, 8 + headerLength + end);
  };
  const values = new Int8Array(tensor('embeddings'));
  const dimension = header.embeddings.shape[1];
  const { vocab } = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')).model;
  const words = Object.keys(vocab).filter((word) => /^\p{L}[\p{L}\p{N}]*$/u.test(word));
  const vectors = new Float32Array(words.length * dimension);
  for (const [index, word] of words.entries()) {
    const row = vocab[word] * dimension;
    let norm = 0;
    for (let at = 0; at < dimension; at += 1) norm += values[row + at] ** 2;
    norm = Math.sqrt(norm) || 1;
    for (let at = 0; at < dimension; at += 1)
      vectors[index * dimension + at] = values[row + at] / norm;
  }
  return { words, vectors, dimension };
}

/** Spherical k-means, of 64 and of 512 clusters. */
function clusterWords({ words, vectors, dimension, random }) {
  const coarse = kMeans(vectors, words.length, dimension, 64, 6, random);
  const fine = kMeans(vectors, words.length, dimension, 512, 6, random);
  return words.map((word, index) => [word, coarse[index] + 1, fine[index] + 1]);
}

function kMeans(vectors, count, dimension, clusters, rounds, random) {
  const centres = new Float32Array(clusters * dimension);
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const from = Math.floor(random() * count) * dimension;
    centres.set(vectors.subarray(from, from + dimension), cluster * dimension);
  }
  const assigned = new Int32Array(count);
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < count; index += 1) {
      let best = -Infinity;
      for (let cluster = 0; cluster < clusters; cluster += 1) {
        let dot = 0;
        const a = index * dimension;
        const b = cluster * dimension;
        for (let at = 0; at < dimension; at += 1) dot += vectors[a + at] * centres[b + at];
        if (dot > best) {
          best = dot;
          assigned[index] = cluster;
        }
      }
    }
    centres.fill(0);
    for (let index = 0; index < count; index += 1)
      for (let at = 0; at < dimension; at += 1)
        centres[assigned[index] * dimension + at] += vectors[index * dimension + at];
    for (let cluster = 0; cluster < clusters; cluster += 1) {
      let norm = 0;
      for (let at = 0; at < dimension; at += 1) norm += centres[cluster * dimension + at] ** 2;
      norm = Math.sqrt(norm) || 1;
      for (let at = 0; at < dimension; at += 1) centres[cluster * dimension + at] /= norm;
    }
  }
  return assigned;
}
