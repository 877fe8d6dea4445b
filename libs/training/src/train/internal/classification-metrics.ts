/** How well labels are told. */
export interface ClassificationMetrics {
  /** Texts whose labels are all right. */
  readonly accuracy: number;
  /** The mean over labels of the harmonic mean of precision and recall. */
  readonly macro_f1: number;
  /** The mean over labels of the average precision; labels that no text has are left out. */
  readonly macro_auprc: number;
}

/**
 * Compares scores with labels, one row a text and one column a label.
 *
 * With `isMulti` each score above 0 is a label; else the largest is the one.
 */
export function classificationMetrics(options: {
  readonly scores: readonly ArrayLike<number>[];
  readonly labels: readonly (readonly number[])[];
  readonly count: number;
  readonly isMulti: boolean;
}): ClassificationMetrics {
  const { scores, labels, count, isMulti } = options;
  const found = scores.map((row) => (isMulti ? positive(row) : [largest(row)]));
  const columns = Array.from({ length: count }, (_, label) => label);
  const isSame = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((label) => b.includes(label));
  const precisions = columns.flatMap(
    (label) =>
      averagePrecision(
        scores.map((row) => row[label] ?? 0),
        labels.map((own) => own.includes(label)),
      ) ?? [],
  );
  return {
    accuracy: mean(found.map((own, n) => Number(isSame(own, labels[n] ?? [])))),
    macro_f1: mean(
      columns.map((label) =>
        harmonicMean(
          found.map((own) => own.includes(label)),
          labels.map((own) => own.includes(label)),
        ),
      ),
    ),
    macro_auprc: mean(precisions),
  };
}

/**
 * The area under the curve of precision over recall, by its steps, as scikit-learn's `average_precision_score`; undefined
 * where nothing is right.
 */
export function averagePrecision(
  scores: readonly number[],
  isRight: readonly boolean[],
): number | undefined {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const total = isRight.filter(Boolean).length;
  if (total === 0) return undefined;
  let area = 0;
  let right = 0;
  let counted = 0;
  for (const [place, index] of order.entries()) {
    if (isRight[index] === true) right++;
    const next = order[place + 1];
    // Equal scores cannot be told apart: they are one step.
    if (next !== undefined && scores[next] === scores[index]) continue;
    area += ((right - counted) / total) * (right / (place + 1));
    counted = right;
  }
  return area;
}

/** 2 · both / (found + wanted), or 0 where there is neither. */
export function harmonicMean(found: readonly boolean[], wanted: readonly boolean[]): number {
  const both = found.filter((is, n) => is && wanted[n] === true).length;
  const all = found.filter(Boolean).length + wanted.filter(Boolean).length;
  return all === 0 ? 0 : (2 * both) / all;
}

function positive(row: ArrayLike<number>): number[] {
  return Array.from(row).flatMap((score, label) => (score > 0 ? [label] : []));
}

function largest(row: ArrayLike<number>): number {
  const values = Array.from(row);
  return values.indexOf(Math.max(...values));
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
