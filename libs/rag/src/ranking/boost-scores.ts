import { InvalidArgumentError, type JsonValue } from '@espalier/core';

const DAY_MS = 86_400_000;

/** A reason for a result to count more, beside what it says. */
export type ScoreBoost =
  /** Results whose field has the value; a field that is a list has each of its entries. */
  | {
      readonly kind: 'field';
      readonly field: string;
      readonly value: string | number | boolean;
      /** Added to the score; negative holds back. */
      readonly weight: number;
    }
  /** Newer results: `weight` for one of this moment, half of it after `halfLifeDays`, and so on. */
  | {
      readonly kind: 'recency';
      /** A date as ISO 8601, or milliseconds since 1970. */
      readonly field: string;
      readonly halfLifeDays: number;
      readonly weight: number;
    };

/**
 * Returns the scores with what each result's metadata adds, for scores on the scale of {@link standardizeScores}: a weight
 * of 1 is one standard deviation. A result without the field, or with a date that cannot be read, gets nothing; a date yet to
 * come counts as now.
 */
export function boostScores(options: {
  readonly scores: readonly number[];
  readonly metadata: readonly Readonly<Record<string, JsonValue | undefined>>[];
  readonly boosts: readonly ScoreBoost[];
  /** Milliseconds since 1970. */
  readonly now: number;
}): number[] {
  const { metadata, boosts, now } = options;
  for (const boost of boosts) {
    if (boost.kind === 'recency' && !(boost.halfLifeDays > 0)) {
      throw new InvalidArgumentError({
        argument: 'halfLifeDays',
        value: boost.halfLifeDays,
        expected: 'a number above 0',
      });
    }
  }
  return options.scores.map((score, index) =>
    boosts.reduce((sum, boost) => sum + added(boost, metadata[index]?.[boost.field], now), score),
  );
}

function added(boost: ScoreBoost, found: JsonValue | undefined, now: number): number {
  if (boost.kind === 'field') {
    const values = Array.isArray(found) ? found : [found];
    return values.includes(boost.value) ? boost.weight : 0;
  }
  const time = typeof found === 'string' ? Date.parse(found) : found;
  if (typeof time !== 'number' || !Number.isFinite(time)) return 0;
  const ageDays = Math.max(0, now - time) / DAY_MS;
  return boost.weight * 2 ** (-ageDays / boost.halfLifeDays);
}
