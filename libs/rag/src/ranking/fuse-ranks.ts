const DEFAULT_CONSTANT = 60;

/**
 * Returns ids with the weighted sum of 1 / (constant + rank) over the rankings, best first.
 *
 * For legs whose scores are not known. A weak leg counts as much as a strong one here: where scores are at hand,
 * {@link fuseStandardized} is better.
 *
 * @see Cormack, Clarke & Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods" (2009).
 */
export function fuseRanks(
  rankings: readonly { readonly ids: readonly string[]; readonly weight?: number }[],
  options: { readonly constant?: number } = {},
): { id: string; score: number }[] {
  const { constant = DEFAULT_CONSTANT } = options;
  const scores = new Map<string, number>();
  for (const { ids, weight = 1 } of rankings) {
    for (const [index, id] of [...new Set(ids)].entries()) {
      scores.set(id, (scores.get(id) ?? 0) + weight / (constant + index + 1));
    }
  }
  return [...scores]
    .map(([id, score]) => ({ id, score }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
