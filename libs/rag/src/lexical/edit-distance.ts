/**
 * Returns how many letters must be inserted, left out, replaced or swapped with their neighbour to make one word the
 * other; anything above `limit` is given as `limit + 1`.
 *
 * @see Damerau (1964) — optimal string alignment: no letter is changed twice.
 */
export function editDistance(first: string, second: string, limit: number): number {
  if (Math.abs(first.length - second.length) > limit) return limit + 1;
  let before = new Array<number>(second.length + 1).fill(0);
  let last = Array.from({ length: second.length + 1 }, (_, n) => n);
  let current = new Array<number>(second.length + 1).fill(0);
  for (let i = 1; i <= first.length; i += 1) {
    current[0] = i;
    let least = i;
    for (let j = 1; j <= second.length; j += 1) {
      const same = first[i - 1] === second[j - 1];
      let cost = Math.min(
        (last[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && first[i - 1] === second[j - 2] && first[i - 2] === second[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      current[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    [before, last, current] = [last, current, before];
  }
  return Math.min(limit + 1, last[second.length] ?? 0);
}
