import type { Explanation, Found } from '../routes/search/found.js';
import { PASSAGES } from './sample-run.js';

const LEGS = [
  { name: 'bm25', weight: 0.4, mean: 1.2, deviation: 2.1 },
  { name: 'vector', weight: 0.6, mean: 0.21, deviation: 0.18 },
];

type Scores = Explanation['passages'][number]['legs'];

function explained(
  place: number,
  legs: Scores,
  matched: readonly string[],
): Explanation['passages'][number] {
  const { id = '', source = '', lines = { start: 1, end: 1 }, text = '' } = PASSAGES[place] ?? {};
  return {
    id,
    rank: place + 1,
    source,
    lines,
    score: legs.reduce((sum, { contribution }) => sum + contribution, 0),
    legs,
    words: matched.map((word) => ({ word, frequency: 1, contribution: 5.9 })),
    matches: matched.map((word) => {
      const start = text.indexOf(word);
      return { start, end: start + word.length };
    }),
  };
}

/** A search for the guide, with its explanation. */
export const SAMPLE_SEARCH: Found = {
  passages: PASSAGES.slice(0, 2),
  hasEvidence: true,
  warnings: [],
  explanation: {
    query: 'How do I write a plug-in?',
    legs: LEGS,
    words: [
      { word: 'How', terms: [], documentFrequency: 0, idf: 0 },
      { word: 'write', terms: ['write'], documentFrequency: 3, idf: 1.31 },
      { word: 'plug', terms: ['plug'], documentFrequency: 5, idf: 0.86 },
    ],
    passages: [
      explained(
        0,
        [
          { leg: 'bm25', rank: 1, score: 11.8, standardized: 5.05, contribution: 2.02 },
          { leg: 'vector', rank: 1, score: 0.743, standardized: 2.9, contribution: 1.74 },
        ],
        ['definePlugin', 'setup'],
      ),
      explained(
        1,
        [
          { leg: 'bm25', rank: 2, score: 7.1, standardized: -0.4, contribution: -0.16 },
          { leg: 'vector', rank: 2, score: 0.691, standardized: 2.67, contribution: 1.6 },
        ],
        [],
      ),
    ],
    candidates: 2,
    leftOut: 0,
    corpus: { documents: 1, chunks: 12 },
    durationMs: 3.4,
  },
};
