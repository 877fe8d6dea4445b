import { porterStem } from './porter-stem.js';
import { splitWords } from './split-words.js';
import { STOP_WORDS } from './stop-words.js';
import type { TextAnalyzer } from './text-analyzer.js';

/** English and source code: Porter's stems without Lucene's stop words; identifiers whole and in parts. */
export const englishAnalyzer: TextAnalyzer = {
  id: 'en-porter-1',
  words: splitWords,
  termOf: (word) => (STOP_WORDS.has(word) ? undefined : porterStem(word)),
};
