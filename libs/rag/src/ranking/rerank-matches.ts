import { InvalidArgumentError, type Reranker } from '@espalier/core';
import { fuseStandardized } from './fuse-scores.js';

/** Lifts what was not reranked to just below what was. */
const GAP = 1e-3;

/**
 * Resolves to matches whose best `depth` are ordered anew by a reranker; the others follow in their order.
 *
 * `weight` is the say of the reranker: 1 leaves the order to it alone, below that its scores and those of before are
 * standardised over the matches reranked and summed.
 *
 * @throws {InvalidArgumentError} `depth` is no whole number from 1, or `weight` lies outside 0 to 1.
 */
export async function rerankMatches<Match extends { readonly score: number }>(options: {
  readonly query: string;
  /** Best first. */
  readonly matches: readonly Match[];
  readonly textOf: (match: Match) => string;
  readonly reranker: Reranker;
  /** Default 50. */
  readonly depth?: number;
  /** Default 1. */
  readonly weight?: number;
  readonly abortSignal?: AbortSignal;
}): Promise<Match[]> {
  const { query, matches, textOf, reranker, depth = 50, weight = 1, abortSignal } = options;
  if (!Number.isInteger(depth) || depth < 1) refuse('depth', depth, 'a whole number from 1');
  if (!(weight >= 0 && weight <= 1)) refuse('weight', weight, 'a number from 0 to 1');
  const first = matches.slice(0, depth);
  if (first.length === 0) return [];
  const given = new Float32Array(first.length);
  const size = Math.max(1, reranker.limits.maxTextsPerCall);
  for (let start = 0; start < first.length; start += size) {
    const { ranking } = await reranker.doRerank({
      query,
      texts: first.slice(start, start + size).map(textOf),
      ...(abortSignal === undefined ? {} : { abortSignal }),
    });
    for (const { index, score } of ranking) given[start + index] = score;
  }
  const before = Float32Array.from(first, ({ score }) => score);
  const fused = fuseStandardized([
    { scores: before, weight: 1 - weight },
    { scores: given, weight },
  ]);
  const reranked = first
    .map((match, n) => ({ match, score: fused[n] ?? 0, place: n }))
    .sort((a, b) => b.score - a.score || a.place - b.place);
  const rest = matches.slice(depth);
  const shift = (rest[0]?.score ?? 0) - (reranked.at(-1)?.score ?? 0) + GAP;
  return [
    ...reranked.map(({ match, score }) => ({ ...match, score })),
    ...rest.map((match) => ({ ...match, score: match.score - shift })),
  ];
}

function refuse(argument: string, value: number, expected: string): never {
  throw new InvalidArgumentError({ argument, value, expected });
}
