/** One query: the score of each candidate, and how right it is (0: not). */
export interface RankedList {
  readonly scores: readonly number[];
  readonly gains: readonly number[];
}

/** Means over queries that have a right candidate. */
export interface RankingMetrics {
  readonly recall_at_1: number;
  readonly recall_at_10: number;
  readonly mrr_at_10: number;
  readonly ndcg_at_10: number;
}

const DEPTH = 10;

/**
 * How well lists are ranked. Of candidates with the same score the least right comes first, so that a model which tells
 * nothing apart gains nothing by the order of the file.
 */
export function rankingMetrics(lists: readonly RankedList[]): RankingMetrics | undefined {
  const judged = lists.filter(({ gains }) => gains.some((gain) => gain > 0));
  if (judged.length === 0) return undefined;
  const ranked = judged.map(rankedGains);
  const average = (of: (gains: readonly number[]) => number): number =>
    ranked.reduce((total, gains) => total + of(gains), 0) / ranked.length;
  return {
    recall_at_1: average((gains) => recall(gains, 1)),
    recall_at_10: average((gains) => recall(gains, DEPTH)),
    mrr_at_10: average((gains) => {
      const first = gains.findIndex((gain) => gain > 0);
      return first >= 0 && first < DEPTH ? 1 / (first + 1) : 0;
    }),
    ndcg_at_10: average((gains) => discounted(gains) / discounted(gains.toSorted((a, b) => b - a))),
  };
}

/** The gains in the order of the scores; of equal scores the least right comes first. */
function rankedGains({ scores, gains }: RankedList): number[] {
  return Array.from(scores.keys())
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (gains[a] ?? 0) - (gains[b] ?? 0))
    .map((place) => gains[place] ?? 0);
}

function recall(gains: readonly number[], depth: number): number {
  const right = (list: readonly number[]): number => list.filter((gain) => gain > 0).length;
  return right(gains.slice(0, depth)) / right(gains);
}

function discounted(gains: readonly number[]): number {
  return gains
    .slice(0, DEPTH)
    .reduce((total, gain, place) => total + gain / Math.log2(place + 2), 0);
}
