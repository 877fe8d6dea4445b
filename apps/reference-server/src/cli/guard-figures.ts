/** A score with what the row is. */
export interface LabelledScore {
  readonly score: number;
  readonly label: 0 | 1;
  readonly flagged: boolean;
}

/** How well scores tell two kinds of rows apart. `undefined` where one kind is missing. */
export interface GuardFigures {
  readonly rows: number;
  readonly positives: number;
  /** Area under the precision-recall curve, as average precision. */
  readonly auprc?: number;
  readonly auroc?: number;
  /** At the threshold of the default policy. */
  readonly precision?: number;
  readonly recall?: number;
  readonly f1?: number;
  readonly falsePositiveRate?: number;
  /** The share of positives above the score that one negative in a hundred exceeds. */
  readonly recallAt1PercentFpr?: number;
}

/** A point of the precision-recall curve. */
export interface CurvePoint {
  readonly recall: number;
  readonly precision: number;
}

/** Measures scores against labels; rows with equal scores count as one step of a curve. */
export function measureScores(rows: readonly LabelledScore[]): GuardFigures {
  const positives = rows.filter(({ label }) => label === 1).length;
  const negatives = rows.length - positives;
  const flagged = rows.filter((row) => row.flagged);
  const hits = flagged.filter(({ label }) => label === 1).length;
  const counts = { rows: rows.length, positives };
  const atPolicy = {
    ...(flagged.length === 0 ? {} : { precision: round(hits / flagged.length) }),
    ...(positives === 0 ? {} : { recall: round(hits / positives) }),
    ...(positives + flagged.length === 0
      ? {}
      : { f1: round((2 * hits) / (positives + flagged.length)) }),
    ...(negatives === 0 ? {} : { falsePositiveRate: round((flagged.length - hits) / negatives) }),
  };
  if (positives === 0 || negatives === 0) return { ...counts, ...atPolicy };
  let [truePositives, falsePositives, auprc, auroc, recallAt] = [0, 0, 0, 0, 0];
  for (const step of stepsOf(rows)) {
    auroc += step.negatives * (truePositives + step.positives / 2);
    truePositives += step.positives;
    falsePositives += step.negatives;
    auprc += (step.positives / positives) * (truePositives / (truePositives + falsePositives));
    if (falsePositives / negatives <= 0.01) recallAt = truePositives / positives;
  }
  return {
    ...counts,
    auprc: round(auprc),
    auroc: round(auroc / positives / negatives),
    ...atPolicy,
    recallAt1PercentFpr: round(recallAt),
  };
}

/** The precision-recall curve, from the highest score down. */
export function precisionRecallCurve(rows: readonly LabelledScore[]): readonly CurvePoint[] {
  const positives = rows.filter(({ label }) => label === 1).length;
  let [hits, seen] = [0, 0];
  return stepsOf(rows).map((step) => {
    hits += step.positives;
    seen += step.positives + step.negatives;
    return { recall: positives === 0 ? 0 : hits / positives, precision: hits / seen };
  });
}

function stepsOf(rows: readonly LabelledScore[]): { positives: number; negatives: number }[] {
  const steps: { score: number; positives: number; negatives: number }[] = [];
  for (const { score, label } of rows.toSorted((a, b) => b.score - a.score)) {
    let last = steps.at(-1);
    if (last?.score !== score) steps.push((last = { score, positives: 0, negatives: 0 }));
    if (label === 1) last.positives += 1;
    else last.negatives += 1;
  }
  return steps;
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
