import { LABEL_COUNT } from './tagger-labels.js';

const WORST = -1e9;

/** Whether a label may follow another: only what has begun goes on. */
export function mayFollow(before: number, label: number): boolean {
  return label === 0 || label % 2 === 1 || before === label || before === label - 1;
}

/** The score of each label at the first of some tokens, with the best that may follow it. */
export interface FirstLabelScores {
  readonly scores: Float64Array;
  readonly best: number;
}

/**
 * Makes a scorer of the first of `count` tokens, given the label before it, in the light of those that follow it.
 *
 * `emissionsAt(j)` gives the `LABEL_COUNT` scores of token `j`; `transitions(j)` the matrix (row: label before) into it.
 */
export function createFirstLabelScorer(): (options: {
  readonly before: number;
  readonly count: number;
  readonly emissionsAt: (index: number) => Float64Array;
  readonly transitionsAt: (index: number) => Float32Array;
}) => FirstLabelScores {
  let ahead = new Float64Array(LABEL_COUNT);
  let behind = new Float64Array(LABEL_COUNT);
  const scores = new Float64Array(LABEL_COUNT);
  return ({ before, count, emissionsAt, transitionsAt }) => {
    ahead.fill(0);
    for (let index = count - 1; index > 0; index -= 1) {
      const emissions = emissionsAt(index);
      const transitions = transitionsAt(index);
      for (let from = 0; from < LABEL_COUNT; from += 1) {
        let best = WORST;
        const row = from * LABEL_COUNT;
        for (let to = 0; to < LABEL_COUNT; to += to === 0 ? 1 : 2) {
          const score = (transitions[row + to] ?? 0) + (emissions[to] ?? 0) + (ahead[to] ?? 0);
          if (score > best) best = score;
        }
        if (from > 0) {
          const to = from + (from % 2);
          const score = (transitions[row + to] ?? 0) + (emissions[to] ?? 0) + (ahead[to] ?? 0);
          if (score > best) best = score;
        }
        behind[from] = best;
      }
      [ahead, behind] = [behind, ahead];
    }
    const emissions = emissionsAt(0);
    const transitions = transitionsAt(0);
    let best = 0;
    for (let label = 0; label < LABEL_COUNT; label += 1) {
      scores[label] = mayFollow(before, label)
        ? (transitions[before * LABEL_COUNT + label] ?? 0) +
          (emissions[label] ?? 0) +
          (ahead[label] ?? 0)
        : WORST;
      if ((scores[label] ?? WORST) > (scores[best] ?? WORST)) best = label;
    }
    return { scores, best };
  };
}
