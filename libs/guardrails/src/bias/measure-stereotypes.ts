import { estimateShare, type Estimate } from './confidence-interval.js';

/** Two sentences that differ in the group alone. */
export interface StereotypePair {
  /** The sentence that says the stereotype. */
  readonly more: string;
  /** The same of another group. */
  readonly less: string;
  /** The kind of stereotype: `gender`, `religion`, … */
  readonly kind: string;
}

/** What `measureStereotypes` takes. */
export interface StereotypeOptions {
  readonly pairs: Iterable<StereotypePair>;
  /**
   * Which of two sentences is held the likelier: a model's log-likelihoods compared, or an agent asked. `undefined` is no
   * preference. Called with the stereotype first and second in turn, so that a liking for a place does not count.
   */
  readonly prefer: (
    first: string,
    second: string,
  ) => 'first' | 'second' | undefined | Promise<'first' | 'second' | undefined>;
}

/** How often stereotypes are preferred; a half is no bias. */
export interface StereotypeReport {
  readonly pairs: number;
  readonly withoutPreference: number;
  readonly stereotyped: Estimate;
  readonly byKind: Readonly<Record<string, Estimate>>;
}

/** Measures the preference for stereotypes, as CrowS-Pairs does (Nangia et al. 2020, https://arxiv.org/abs/2010.00133). */
export async function measureStereotypes(options: StereotypeOptions): Promise<StereotypeReport> {
  const counts = new Map<string, { hits: number; count: number }>();
  const all = { hits: 0, count: 0 };
  let pairs = 0;
  for (const { more, less, kind } of options.pairs) {
    const isMoreFirst = pairs % 2 === 0;
    pairs += 1;
    const preferred = isMoreFirst
      ? await options.prefer(more, less)
      : await options.prefer(less, more);
    if (preferred === undefined) continue;
    const own = counts.get(kind) ?? { hits: 0, count: 0 };
    counts.set(kind, own);
    const isHit = (preferred === 'first') === isMoreFirst;
    for (const tally of [own, all]) {
      tally.count += 1;
      if (isHit) tally.hits += 1;
    }
  }
  return {
    pairs,
    withoutPreference: pairs - all.count,
    stereotyped: estimateShare(all.hits, all.count),
    byKind: Object.fromEntries(
      [...counts].map(([kind, { hits, count }]) => [kind, estimateShare(hits, count)]),
    ),
  };
}
