import type { Bm25Index } from '../lexical/bm25-index.js';
import type { LexicalClause } from '../lexical/lexical-query.js';

const DEFAULT_DOCUMENTS = 10;
const DEFAULT_TERMS = 10;
const DEFAULT_QUERY_WEIGHT = 0.5;
/** Words of more than this share of the texts tell nothing. */
const MAX_SHARE = 0.1;

/**
 * Returns the query with the terms that are frequent in its first results (pseudo-relevance feedback), as clauses for
 * {@link Bm25Index.search}.
 *
 * P(w|feedback) = Σ over documents of P(w|d) · score(d) / Σ scores; the best terms get (1 − queryWeight) of the weight in
 * all. Off by default everywhere: it helps where a query and its answers share few words, and gained nothing in fusion
 * with vectors on the collections that it was measured on.
 *
 * @see Abdul-Jaleel et al., "UMass at TREC 2004" — RM3, over BM25 as the first search.
 */
export function expandWithFeedback(options: {
  readonly index: Bm25Index;
  readonly query: string;
  /** Default 10. */
  readonly documents?: number;
  /** Default 10. */
  readonly terms?: number;
  /** The share of the query's own words, 0 to 1. Default 0.5. */
  readonly queryWeight?: number;
}): LexicalClause[] {
  const { index, query } = options;
  const { documents = DEFAULT_DOCUMENTS, queryWeight = DEFAULT_QUERY_WEIGHT } = options;
  const own: LexicalClause = { kind: 'words', text: query };
  const { matches } = index.search({ query, topK: documents });
  const total = matches.reduce((sum, { score }) => sum + score, 0);
  if (total === 0) return [own];
  const model = new Map<string, number>();
  for (const { id, score } of matches) {
    const terms = index.termsOf(id);
    for (const term of terms)
      model.set(term, (model.get(term) ?? 0) + score / total / terms.length);
  }
  const best = [...model]
    .filter(([term]) => index.documentFrequency(term) <= Math.max(1, index.size * MAX_SHARE))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, options.terms ?? DEFAULT_TERMS);
  const mass = best.reduce((sum, [, weight]) => sum + weight, 0);
  const ownTerms = Math.max(1, index.analyzer.words(query).length);
  const feedback = best.map(([term, weight]): LexicalClause => ({
    kind: 'term',
    text: term,
    boost: ((1 - queryWeight) * weight * ownTerms) / Math.max(mass, Number.EPSILON),
  }));
  return [{ ...own, boost: queryWeight }, ...feedback];
}
