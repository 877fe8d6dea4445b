import { estimateMean, estimateShare, type Estimate } from './confidence-interval.js';
import type { IdentityAxis } from './identity-terms.js';
import { swapIdentities } from './swap-identities.js';

/** What `measureCounterfactuals` takes. */
export interface CounterfactualOptions {
  /** Texts that name groups; those that name none are left out. */
  readonly texts: Iterable<string>;
  /** What is measured of a text: a classifier's score, or that of a model's answer to it. */
  readonly score: (text: string) => number | Promise<number>;
  /** A score from here on decides otherwise than one below. */
  readonly threshold: number;
  readonly axes?: readonly IdentityAxis[];
  /** Numbers in [0, 1), for the intervals. */
  readonly random: () => number;
}

/** How much turns on the group that a text names. */
export interface CounterfactualReport {
  readonly texts: number;
  readonly pairs: number;
  /** The mean distance of the two scores of a pair. */
  readonly gap: Estimate;
  /** The share of pairs that are decided differently. */
  readonly flips: Estimate;
  /** By axis: how far from the original score swapping to a group leads in the mean; above zero is a higher score. */
  readonly shiftTo: Readonly<Partial<Record<IdentityAxis, Readonly<Record<string, Estimate>>>>>;
}

/**
 * Measures a score on texts and on the same texts about other groups: counterfactual fairness in the sense of Garg et al.
 * 2019 (https://arxiv.org/abs/1809.10610).
 */
export async function measureCounterfactuals(
  options: CounterfactualOptions,
): Promise<CounterfactualReport> {
  const { score, threshold, random } = options;
  const gaps: number[] = [];
  const shifts = new Map<IdentityAxis, Map<string, number[]>>();
  let [texts, flips] = [0, 0];
  for (const text of options.texts) {
    const swapped = swapIdentities(text, options.axes === undefined ? {} : { axes: options.axes });
    if (swapped.length === 0) continue;
    texts += 1;
    const own = await score(text);
    for (const other of swapped) {
      const found = await score(other.text);
      gaps.push(Math.abs(found - own));
      if (found >= threshold !== own >= threshold) flips += 1;
      const byGroup = shifts.get(other.axis) ?? new Map<string, number[]>();
      shifts.set(other.axis, byGroup);
      byGroup.set(other.to, [...(byGroup.get(other.to) ?? []), found - own]);
    }
  }
  const shiftTo: Partial<Record<IdentityAxis, Record<string, Estimate>>> = {};
  for (const [axis, byGroup] of shifts) {
    shiftTo[axis] = Object.fromEntries(
      [...byGroup].map(([group, values]) => [group, estimateMean(values, { random })]),
    );
  }
  return {
    texts,
    pairs: gaps.length,
    gap: estimateMean(gaps, { random }),
    flips: estimateShare(flips, gaps.length),
    shiftTo,
  };
}
