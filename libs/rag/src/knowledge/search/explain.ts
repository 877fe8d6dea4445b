import type { RetrieveOptions, Span } from '@espalier/core';
import { analyzeText } from '../../lexical/analyze-text.js';
import type { KnowledgeBaseParts } from '../internal/knowledge-base-parts.js';
import type {
  ExplainedPassage,
  ExplainedScore,
  ExplainedWord,
  SearchExplanation,
} from './explanation.js';
import type { LegName, RankedCandidate, ScoredLeg } from './rank-candidates.js';
import { search, type SearchContext } from './search.js';

const WORD = /[\p{L}\p{N}\p{M}_]+(?:['’][\p{L}]+)?/gu;
const MAX_WORDS = 64;

/** Searches, and says how each passage of the result came to its place. */
export async function explain(
  parts: KnowledgeBaseParts,
  context: SearchContext,
  options: RetrieveOptions,
): Promise<SearchExplanation> {
  const { corpus, clock } = parts;
  const startedAt = clock.monotonic();
  const { result, query, ranking, weights, leftOut } = await search(parts, context, options);
  const { ranked, scales } = ranking;
  const words = wordsOf(query).map((word) => explainWord(parts, word));
  // The parts of a sum of BM25 terms: what the corpus gives for each word alone.
  const scores = words.map(({ word }) => corpus.lexical.score(word).scores);
  const ranks = ranksByLeg(ranked);
  const asked = new Set(words.flatMap(({ terms }) => terms));

  const passages = ranked.slice(0, result.passages.length).map((candidate, place) => {
    const counts = countOf(corpus.lexical.termsOf(candidate.id));
    const explained: ExplainedPassage = {
      id: candidate.id,
      rank: place + 1,
      source: candidate.document.source,
      lines: candidate.chunk.lines,
      score: candidate.score,
      legs: Object.entries(candidate.legs).map(
        ([name, { score, standardized, contribution }]): ExplainedScore => ({
          leg: name as ScoredLeg,
          rank: ranks.get(name)?.get(candidate.id) ?? 0,
          score,
          standardized,
          contribution,
        }),
      ),
      words: words
        .map(({ word, terms }, index) => ({
          word,
          frequency: terms.reduce((sum, term) => sum + (counts.get(term) ?? 0), 0),
          contribution: scores[index]?.get(candidate.id) ?? 0,
        }))
        .filter(({ contribution }) => contribution > 0)
        .sort((a, b) => b.contribution - a.contribution),
      matches: matchesOf(result.passages[place]?.text ?? '', asked),
    };
    return explained;
  });
  return {
    query,
    result,
    legs: Object.entries(scales).map(([name, { mean, deviation }]) => ({
      name: name as ScoredLeg,
      weight: name === 'learned' ? (ranking.learnedWeight ?? 0) : weights[name as LegName],
      mean,
      deviation,
    })),
    words,
    passages,
    candidates: ranked.length,
    leftOut,
    corpus: { documents: corpus.documents.size, chunks: corpus.chunkCount },
    durationMs: clock.monotonic() - startedAt,
  };
}

function wordsOf(query: string): string[] {
  return [...new Set(query.match(WORD) ?? [])].slice(0, MAX_WORDS);
}

function explainWord({ corpus }: KnowledgeBaseParts, word: string): ExplainedWord {
  const terms = [...new Set(analyzeText(word))];
  const documentFrequency = terms[0] === undefined ? 0 : corpus.lexical.documentFrequency(terms[0]);
  const others = corpus.lexical.size - documentFrequency;
  return {
    word,
    terms,
    documentFrequency,
    idf: terms.length === 0 ? 0 : Math.log(1 + (others + 0.5) / (documentFrequency + 0.5)),
  };
}

/** Where a text has words that are looked up as one of the terms. */
function matchesOf(text: string, terms: ReadonlySet<string>): Span[] {
  const matches: Span[] = [];
  for (const { index, 0: word } of text.matchAll(WORD)) {
    if (analyzeText(word).some((term) => terms.has(term)))
      matches.push({ start: index, end: index + word.length });
  }
  return matches;
}

function countOf(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function ranksByLeg(ranked: readonly RankedCandidate[]): Map<string, Map<string, number>> {
  const byLeg = new Map<string, { id: string; score: number }[]>();
  for (const { id, legs } of ranked) {
    for (const [name, { score }] of Object.entries(legs)) {
      const list = byLeg.get(name) ?? [];
      list.push({ id, score });
      byLeg.set(name, list);
    }
  }
  return new Map(
    [...byLeg].map(([name, list]) => {
      list.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
      return [name, new Map(list.map(({ id }, place) => [id, place + 1]))];
    }),
  );
}
