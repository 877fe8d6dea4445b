import { analyzeText } from '../../lexical/analyze-text.js';
import type { Bm25Index } from '../../lexical/bm25-index.js';
import { QUESTION_WORDS } from '../../lexical/stop-words.js';

/** Cosine from which a passage counts as being about the query, whatever its words. */
const SIMILAR = 0.5;
/** Cosine that shared words need beside them. */
const RELATED = 0.3;
/** Share of the query's words, weighted by rarity, that one passage must hold. */
const COVERED = 0.5;
const PASSAGES_JUDGED = 3;

/**
 * Whether the best passages are likely to answer the query at all.
 *
 * Yes when a passage is very near in meaning, or fairly near and holds half of the query's content words (weighted by
 * how rare they are). A query whose words the corpus does not know and whose meaning is far from it has no evidence.
 */
export function hasEvidence(options: {
  query: string;
  lexical: Bm25Index;
  best: readonly { id: string; vectorScore: number | undefined }[];
}): boolean {
  const { lexical } = options;
  const terms = contentTerms(options.query);
  const weights = new Map(terms.map((term) => [term, rarity(lexical, term)]));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return options.best.slice(0, PASSAGES_JUDGED).some(({ id, vectorScore }) => {
    if (vectorScore !== undefined && vectorScore >= SIMILAR) return true;
    if (total === 0) return false;
    const held = terms.reduce(
      (sum, term) => sum + (lexical.holds(id, term) ? (weights.get(term) ?? 0) : 0),
      0,
    );
    const isCovered = held / total >= COVERED;
    return isCovered && (vectorScore === undefined || vectorScore >= RELATED);
  });
}

function contentTerms(query: string): string[] {
  const words = query.replace(/[\p{L}\p{M}]+/gu, (word) =>
    QUESTION_WORDS.has(word.toLowerCase()) ? ' ' : word,
  );
  return [...new Set(analyzeText(words))];
}

function rarity(lexical: Bm25Index, term: string): number {
  return Math.log(1 + (lexical.size + 1) / (lexical.documentFrequency(term) + 0.5));
}
