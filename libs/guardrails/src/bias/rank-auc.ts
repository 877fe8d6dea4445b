/**
 * The chance that a positive stands above a negative: the area under the ROC curve, ties counted half.
 * `undefined` where one kind is missing.
 */
export function rankAuc(
  positives: readonly number[],
  negatives: readonly number[],
): number | undefined {
  if (positives.length === 0 || negatives.length === 0) return undefined;
  const rows = [
    ...positives.map((score) => ({ score, isPositive: true })),
    ...negatives.map((score) => ({ score, isPositive: false })),
  ].sort((first, second) => first.score - second.score);
  let sumOfRanks = 0;
  for (let start = 0; start < rows.length;) {
    let end = start;
    let tied = 0;
    while (rows[end] !== undefined && rows[end]?.score === rows[start]?.score) {
      if (rows[end]?.isPositive === true) tied += 1;
      end += 1;
    }
    sumOfRanks += tied * ((start + end + 1) / 2);
    start = end;
  }
  const count = positives.length;
  return (sumOfRanks - (count * (count + 1)) / 2) / (count * negatives.length);
}
