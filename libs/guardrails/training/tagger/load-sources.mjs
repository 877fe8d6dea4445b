import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNer } from './read-ner.mjs';

const here = import.meta.dirname;

/** The library's own code, bundled as it is, so that training and use cannot differ. */
export async function loadTaggerCode() {
  const { outputFiles } = await build({
    stdin: {
      contents: [
        "export * from './src/tagger/create-pii-tagger.js';",
        "export * from './src/tagger/emissions.js';",
        "export * from './src/tagger/hash.js';",
        "export * from './src/tagger/label-path.js';",
        "export * from './src/tagger/read-tokens.js';",
        "export * from './src/tagger/tagger-labels.js';",
        "export * from './src/tagger/tagger-lexicon.js';",
        "export * from './src/tagger/tagger-session.js';",
        "export * from './src/tagger/tagger-weights.js';",
        "export * from './src/tagger/token-features.js';",
        "export * from './src/tagger/token-traits.js';",
        "export * from './src/pii/find-pii.js';",
      ].join('\n'),
      resolveDir: join(here, '../..'),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@espalier/source'],
    logLevel: 'error',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

const lines = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** Word lists, and the names of places and organisations in the WikiANN training part. */
export function loadLists(data) {
  const wiki = readNer(join(data, 'ner/wikiann_en_train'));
  const spans = (type) =>
    [
      ...new Set(
        wiki.flatMap(({ text, entities }) =>
          entities
            .filter((entity) => entity.type === type)
            .map(({ start, end }) => text.slice(start, end)),
        ),
      ),
    ].filter((span) => /^[\p{Lu}\d][\p{L}\p{N} .&'-]{2,40}$/u.test(span));
  return {
    surnames: lines(join(here, 'lists/us-surnames.txt')),
    femaleNames: lines(join(here, 'lists/us-female-names.txt')),
    maleNames: lines(join(here, 'lists/us-male-names.txt')),
    cities: lines(join(here, 'lists/cities.txt')),
    wikiPlaces: spans('location'),
    wikiOrganisations: spans('organization'),
  };
}

/** Which of two parts a value belongs to; the same every time. */
export function isHeldOut(value, share) {
  let hash = 2166136261;
  for (const character of value) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 0;
  return hash / 2 ** 32 < share;
}

/** The part of each list that a measured model may see, or the part that it is measured on. */
export function splitLists(lists, part) {
  return Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [
      name,
      values.filter((value) => isHeldOut(value, 0.25) === (part === 'test')),
    ]),
  );
}
