import { InvalidArgumentError } from '@espalier/core';
import { englishAnalyzer } from './english-analyzer.js';
import { splitWords } from './split-words.js';
import type { TextAnalyzer } from './text-analyzer.js';

type Stemmer = { readonly stemmer: (word: string) => string };
type StopWords = { readonly stopwords: readonly string[] };

/** Stemmer and stop words of each language beside English, loaded when they are asked for. */
const LANGUAGES = {
  ar: () => load(import('@orama/stemmers/arabic'), import('@orama/stopwords/arabic')),
  bg: () => load(import('@orama/stemmers/bulgarian'), import('@orama/stopwords/bulgarian')),
  da: () => load(import('@orama/stemmers/danish'), import('@orama/stopwords/danish')),
  de: () => load(import('@orama/stemmers/german'), import('@orama/stopwords/german')),
  el: () => load(import('@orama/stemmers/greek'), import('@orama/stopwords/greek')),
  es: () => load(import('@orama/stemmers/spanish'), import('@orama/stopwords/spanish')),
  fi: () => load(import('@orama/stemmers/finnish'), import('@orama/stopwords/finnish')),
  fr: () => load(import('@orama/stemmers/french'), import('@orama/stopwords/french')),
  hu: () => load(import('@orama/stemmers/hungarian'), import('@orama/stopwords/hungarian')),
  it: () => load(import('@orama/stemmers/italian'), import('@orama/stopwords/italian')),
  nl: () => load(import('@orama/stemmers/dutch'), import('@orama/stopwords/dutch')),
  no: () => load(import('@orama/stemmers/norwegian'), import('@orama/stopwords/norwegian')),
  pt: () => load(import('@orama/stemmers/portuguese'), import('@orama/stopwords/portuguese')),
  ro: () => load(import('@orama/stemmers/romanian'), import('@orama/stopwords/romanian')),
  ru: () => load(import('@orama/stemmers/russian'), import('@orama/stopwords/russian')),
  sv: () => load(import('@orama/stemmers/swedish'), import('@orama/stopwords/swedish')),
  tr: () => load(import('@orama/stemmers/turkish'), import('@orama/stopwords/turkish')),
};

/** ISO 639-1 code of a language that has its own analysis; `und` where nothing is known: no stems, no stop words. */
export type AnalyzedLanguage = keyof typeof LANGUAGES | 'en' | 'und';

/** The languages that {@link loadAnalyzer} knows. */
export const ANALYZED_LANGUAGES: readonly AnalyzedLanguage[] = [
  'en',
  ...(Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[]),
  'und',
];

/**
 * Resolves to the analysis of a language: Snowball's stems without stop words. In every one of them identifiers are
 * split, and scripts without spaces give pairs of characters.
 *
 * @throws {InvalidArgumentError} the language has no analysis.
 */
export async function loadAnalyzer(language: AnalyzedLanguage): Promise<TextAnalyzer> {
  if (language === 'en') return englishAnalyzer;
  if (language === 'und') return { id: 'und-1', words: splitWords, termOf: (word) => word };
  if (!Object.hasOwn(LANGUAGES, language)) {
    throw new InvalidArgumentError({
      argument: 'language',
      value: language,
      expected: `one of ${ANALYZED_LANGUAGES.join(', ')}`,
    });
  }
  const { stem, stopWords } = await LANGUAGES[language]();
  return {
    id: `${language}-snowball-1`,
    words: splitWords,
    termOf: (word) => (stopWords.has(word) ? undefined : stem(word)),
  };
}

async function load(stemming: Promise<Stemmer>, stopping: Promise<StopWords>) {
  const [{ stemmer }, { stopwords }] = await Promise.all([stemming, stopping]);
  return { stem: stemmer, stopWords: new Set(stopwords.map((word) => word.toLowerCase())) };
}
