import { englishAnalyzer } from './english-analyzer.js';
import { termsOf } from './text-analyzer.js';

/** Returns the terms of an English text for lexical search, in order: lower-cased, stemmed words without stop words. */
export function analyzeText(text: string): string[] {
  return termsOf(englishAnalyzer, text);
}
