import { rankAuc } from './rank-auc.js';

/** A scored text that is known to be harmful or not. */
export interface LabelledText {
  readonly text: string;
  readonly label: 0 | 1;
  readonly score: number;
}

/** How well the texts that name one identity are told apart. `undefined` where a kind of text is missing. */
export interface IdentityAuc {
  readonly identity: string;
  readonly rows: number;
  /** Within the texts that name it. */
  readonly subgroupAuc: number | undefined;
  /** Harmless texts that name it against harmful texts that do not: low where the name alone raises scores. */
  readonly bpsnAuc: number | undefined;
  /** Harmful texts that name it against harmless texts that do not: low where the name alone lowers scores. */
  readonly bnspAuc: number | undefined;
}

/** The figures of a classifier by identity. */
export interface IdentityAucReport {
  readonly rows: number;
  readonly auc: number | undefined;
  /** The lowest background-positive-subgroup-negative AUC first. */
  readonly identities: readonly IdentityAuc[];
}

const WORD = /[\p{L}\p{M}]+/gu;

/** Identities with fewer rows than this of a kind say too little. */
const FEWEST = 20;

/**
 * Measures unintended bias by identity: the AUCs of Borkan et al. 2019 (https://arxiv.org/abs/1903.04561).
 *
 * A text names an identity when all its words stand in it in a row, whatever their case.
 */
export function measureIdentityAuc(
  rows: readonly LabelledText[],
  options: { readonly identities: readonly string[]; readonly fewest?: number },
): IdentityAucReport {
  const fewest = options.fewest ?? FEWEST;
  const worded = rows.map((row) => ({
    ...row,
    words: ` ${(row.text.toLowerCase().match(WORD) ?? []).join(' ')} `,
  }));
  const scoresOf = (label: 0 | 1, isNamed: (words: string) => boolean): number[] =>
    worded.filter((row) => row.label === label && isNamed(row.words)).map(({ score }) => score);
  const all = (): boolean => true;
  const identities = options.identities.map((identity): IdentityAuc => {
    const name = ` ${identity.toLowerCase()} `;
    const named = (words: string): boolean => words.includes(name);
    const unnamed = (words: string): boolean => !words.includes(name);
    const auc = (positives: number[], negatives: number[]): number | undefined =>
      Math.min(positives.length, negatives.length) < fewest
        ? undefined
        : rankAuc(positives, negatives);
    return {
      identity,
      rows: worded.filter((row) => named(row.words)).length,
      subgroupAuc: auc(scoresOf(1, named), scoresOf(0, named)),
      bpsnAuc: auc(scoresOf(1, unnamed), scoresOf(0, named)),
      bnspAuc: auc(scoresOf(1, named), scoresOf(0, unnamed)),
    };
  });
  identities.sort((first, second) => (first.bpsnAuc ?? 2) - (second.bpsnAuc ?? 2));
  return { rows: rows.length, auc: rankAuc(scoresOf(1, all), scoresOf(0, all)), identities };
}
