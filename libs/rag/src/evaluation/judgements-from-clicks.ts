import { InvalidArgumentError } from '@espalier/core';
import type { Judgements } from './collection.js';

/** A passage that was shown for a query, and whether it was opened. */
export interface PassageView {
  readonly query: string;
  readonly passage: string;
  /** Its place in what was shown, from 1. */
  readonly rank: number;
  readonly isClicked: boolean;
}

/** Judgements made of clicks, with how likely each place is looked at. */
export interface ClickJudgements {
  /** Grades from 0 to 1: how likely who looks at the passage opens it. */
  readonly judgements: Judgements;
  /** By rank, from 1; the first is 1. */
  readonly examination: ReadonlyMap<number, number>;
}

const ROUNDS = 50;
/** As many clicks and views are taken for granted for a passage, so that one lucky click is no certainty. */
const PRIOR_CLICKS = 0.5;
const PRIOR_VIEWS = 2;
const MIN_PROBABILITY = 1e-6;

/**
 * Turns clicks into judgements that do not prefer what stood at the top.
 *
 * A click needs two things: that the place is looked at, and that the passage appeals. Both are estimated together, from
 * passages that were shown at different places (expectation–maximisation of the position-based model). Where every passage
 * always stood at the same place the two cannot be told apart: vary the order a little where clicks are collected.
 *
 * @see Craswell et al., "An experimental comparison of click position-bias models" (2008); Wang et al., "Position bias
 * estimation for unbiased learning to rank in personal search" (2018).
 * @throws {InvalidArgumentError} a rank is no whole number from 1.
 */
export function judgementsFromClicks(shown: readonly PassageView[]): ClickJudgements {
  const pairs = new Map<string, Map<string, { grade: number; views: PassageView[] }>>();
  const ranks = new Map<number, { views: number; clicks: number }>();
  for (const view of shown) {
    if (!Number.isInteger(view.rank) || view.rank < 1) {
      throw new InvalidArgumentError({
        argument: 'rank',
        value: view.rank,
        expected: 'a whole number from 1',
      });
    }
    const ofQuery =
      pairs.get(view.query) ?? new Map<string, { grade: number; views: PassageView[] }>();
    pairs.set(view.query, ofQuery);
    const pair = ofQuery.get(view.passage) ?? { grade: PRIOR_CLICKS / PRIOR_VIEWS, views: [] };
    ofQuery.set(view.passage, pair);
    pair.views.push(view);
    const rank = ranks.get(view.rank) ?? { views: 0, clicks: 0 };
    ranks.set(view.rank, rank);
    rank.views += 1;
    rank.clicks += view.isClicked ? 1 : 0;
  }
  let examination = new Map([...ranks.keys()].map((rank) => [rank, 1 / rank]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const looked = new Map([...ranks.keys()].map((rank) => [rank, 0]));
    for (const pair of [...pairs.values()].flatMap((ofQuery) => [...ofQuery.values()])) {
      let appealed = PRIOR_CLICKS;
      for (const { rank, isClicked } of pair.views) {
        const seen = examination.get(rank) ?? 0;
        const missed = Math.max(MIN_PROBABILITY, 1 - seen * pair.grade);
        appealed += isClicked ? 1 : ((1 - seen) * pair.grade) / missed;
        const wasLooked = isClicked ? 1 : (seen * (1 - pair.grade)) / missed;
        looked.set(rank, (looked.get(rank) ?? 0) + wasLooked);
      }
      pair.grade = appealed / (pair.views.length + PRIOR_VIEWS);
    }
    examination = new Map(
      [...looked].map(([rank, sum]) => [rank, sum / Math.max(1, ranks.get(rank)?.views ?? 1)]),
    );
    // Only products are seen: the place looked at most is taken to be looked at always.
    const most = Math.max(MIN_PROBABILITY, ...examination.values());
    examination = new Map([...examination].map(([rank, value]) => [rank, value / most]));
  }
  return { judgements: gradesOf(pairs), examination };
}

/** Grades of what appeals more than is taken for granted. */
function gradesOf(
  pairs: ReadonlyMap<
    string,
    ReadonlyMap<string, { readonly grade: number; readonly views: readonly PassageView[] }>
  >,
): Judgements {
  return new Map(
    [...pairs].map(([query, ofQuery]) => [
      query,
      new Map(
        [...ofQuery].map(([passage, { grade, views }]) => [
          passage,
          views.some(({ isClicked }) => isClicked) ? Math.min(1, grade) : 0,
        ]),
      ),
    ]),
  );
}
