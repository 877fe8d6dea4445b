import {
  isContent,
  isNegated,
  namesOf,
  numbersOf,
  oppositesOf,
  spellingLikeness,
  stem,
  wordsOf,
} from './claim-words.js';

/** The evidence of an answer, prepared once for all its claims. */
export interface Evidence {
  readonly sentences: readonly SentenceTerms[];
  readonly terms: ReadonlySet<string>;
  readonly weightOf: (term: string) => number;
  /** A term of the evidence that is spelt alike, as a word of the same family is. */
  readonly isKin: (term: string) => boolean;
  readonly bigrams: ReadonlySet<string>;
  /** Pairs of terms that stand near each other in a sentence. */
  readonly neighbours: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  readonly text: string;
}

interface SentenceTerms {
  readonly terms: ReadonlySet<string>;
  /** Stemmed, in order, with what holds the sentence together left out. */
  readonly ordered: readonly string[];
  readonly words: readonly string[];
  readonly isNegated: boolean;
}

/**
 * What the features of a claim are, in order. None tells how long the claim is: in sets where answers made up are the longer
 * ones that would be learned instead of the support.
 */
export const CLAIM_FEATURES = [
  'coverage',
  'best-sentence-coverage',
  'bigram-coverage',
  'unknown-names',
  'known-names-share',
  'unknown-numbers',
  'has-numbers',
  'negation-differs',
  'longest-run',
  'rarest-missing',
  'verbatim',
  'second-sentence-gain',
  'order',
  'kin-coverage',
  'near-pairs',
  'pairs-in-a-sentence',
  'opposite',
  'number-elsewhere',
  'name-elsewhere',
  'best-half-coverage',
  'worst-run-missing',
] as const;

/** Terms this far apart, or nearer, belong together. */
const NEAR = 3;
const KIN = 0.62;
const MAX_KIN_TERMS = 4_000;

/** Prepares the evidence; linear in its length. */
export function prepareEvidence(passages: readonly string[]): Evidence {
  const text = passages.join('\n');
  const sentences = text
    .split(/(?<=[.!?])\s+|\n+/u)
    .map(sentenceOf)
    .filter(({ words }) => words.length > 0);
  const counts = new Map<string, number>();
  for (const { terms } of sentences) {
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  const total = sentences.length;
  const bigrams = new Set<string>();
  const neighbours = new Set<string>();
  for (const { words, ordered } of sentences) {
    for (let at = 1; at < words.length; at++) bigrams.add(`${words[at - 1]} ${words[at]}`);
    for (const pair of nearPairs(ordered)) neighbours.add(pair);
  }
  const byStart = new Map<string, string[]>();
  for (const term of [...counts.keys()].slice(0, MAX_KIN_TERMS)) {
    const start = term.slice(0, 3);
    const group = byStart.get(start);
    if (group === undefined) byStart.set(start, [term]);
    else group.push(term);
  }
  return {
    text: wordsOf(text).join(' '),
    sentences,
    terms: new Set(counts.keys()),
    bigrams,
    neighbours,
    numbers: numbersOf(text),
    weightOf: (term) => Math.log(1 + (total + 1) / ((counts.get(term) ?? 0) + 0.5)),
    isKin: (term) =>
      term.length > 3 &&
      !/\d/u.test(term) &&
      (byStart.get(term.slice(0, 3)) ?? []).some((other) => spellingLikeness(term, other) >= KIN),
  };
}

/** The features of a claim in the light of its evidence, each in about [0, 1], in the order of {@link CLAIM_FEATURES}. */
export function claimFeatures(claim: string, evidence: Evidence): readonly number[] {
  const own = sentenceOf(claim);
  const terms = [...own.terms];
  const weights = new Map(terms.map((term) => [term, evidence.weightOf(term)]));
  const sum = (chosen: Iterable<string>): number => {
    let total = 0;
    for (const term of chosen) total += weights.get(term) ?? 0;
    return total;
  };
  const whole = sum(terms) || 1;
  const missing = terms.filter((term) => !evidence.terms.has(term));
  const foreign = missing.filter((term) => !evidence.isKin(term));
  let best: SentenceTerms | undefined;
  let bestCoverage = 0;
  for (const sentence of evidence.sentences) {
    const coverage = sum(terms.filter((term) => sentence.terms.has(term))) / whole;
    if (coverage > bestCoverage) [best, bestCoverage] = [sentence, coverage];
  }
  const left = terms.filter((term) => best?.terms.has(term) !== true);
  let gain = 0;
  for (const sentence of evidence.sentences) {
    if (sentence !== best)
      gain = Math.max(gain, sum(left.filter((term) => sentence.terms.has(term))) / whole);
  }
  const pairs = own.words.slice(1).map((word, at) => `${own.words[at]} ${word}`);
  const names = namesOf(claim);
  const unknownNames = names.filter((name) => !evidence.terms.has(stem(name)));
  const numbers = [...numbersOf(claim)];
  const unknownNumbers = numbers.filter((number) => !evidence.numbers.has(number));
  const near = nearPairs(own.ordered);
  const knownNear = near.filter((pair) =>
    pair.split(' ').every((term) => evidence.terms.has(term)),
  );
  const rarest = Math.max(0, ...foreign.map((term) => weights.get(term) ?? 0));
  return [
    1 - sum(missing) / whole,
    bestCoverage,
    share(pairs, (pair) => evidence.bigrams.has(pair), 0),
    Math.min(1, unknownNames.length / 2),
    names.length === 0 ? 0.5 : 1 - unknownNames.length / names.length,
    Math.min(1, unknownNumbers.length / 2),
    numbers.length > 0 ? 1 : 0,
    best !== undefined && bestCoverage > 0.3 && best.isNegated !== own.isNegated ? 1 : 0,
    longestRun(own.words, evidence.bigrams) / Math.max(1, own.words.length),
    rarest / Math.log(2 + 2 * (evidence.sentences.length + 1)),
    own.words.length > 0 && evidence.text.includes(own.words.join(' ')) ? 1 : 0,
    gain,
    best === undefined ? 0 : orderKept(own.words, best.words),
    1 - sum(foreign) / whole,
    // Of words that the evidence knows, whether it brings them together: made-up relations do not show in single words.
    share(knownNear, (pair) => evidence.neighbours.has(pair), 0.5),
    share(
      knownNear,
      (pair) =>
        evidence.sentences.some((each) => pair.split(' ').every((term) => each.terms.has(term))),
      0.5,
    ),
    best !== undefined && saysOpposite(own, best) ? 1 : 0,
    isElsewhere(numbers, own, best, evidence) ? 1 : 0,
    isElsewhere(names.map(stem), own, best, evidence) ? 1 : 0,
    worstHalf(own.ordered, evidence, weights),
    longestMissing(own.ordered, evidence) / Math.max(1, own.ordered.length),
  ];
}

function share(
  items: readonly string[],
  isHeld: (item: string) => boolean,
  without: number,
): number {
  return items.length === 0 ? without : items.filter(isHeld).length / items.length;
}

function sentenceOf(text: string): SentenceTerms {
  const words = wordsOf(text);
  const ordered = words.filter(isContent).map(stem);
  return { words, ordered, terms: new Set(ordered), isNegated: isNegated(text) };
}

/** Pairs of terms that stand near each other, in the order of the alphabet. */
function nearPairs(ordered: readonly string[]): string[] {
  const found: string[] = [];
  for (const [at, one] of ordered.entries()) {
    for (const other of ordered.slice(at + 1, at + 1 + NEAR)) {
      if (one !== other) found.push(one < other ? `${one} ${other}` : `${other} ${one}`);
    }
  }
  return found;
}

/** Whether the claim puts a word where the sentence has one that excludes it. */
function saysOpposite(claim: SentenceTerms, sentence: SentenceTerms): boolean {
  return claim.ordered.some(
    (term) =>
      !sentence.terms.has(term) &&
      [...oppositesOf(term)].some((other) => sentence.terms.has(other) && !claim.terms.has(other)),
  );
}

/** Whether a number or name is in the evidence, but not where the rest of the claim is: exchanged ones are such. */
function isElsewhere(
  items: readonly string[],
  claim: SentenceTerms,
  best: SentenceTerms | undefined,
  evidence: Evidence,
): boolean {
  return items.some((item) => {
    if (best?.terms.has(item) === true || !evidence.terms.has(item)) return false;
    const at = claim.ordered.indexOf(item);
    const around = claim.ordered
      .slice(Math.max(0, at - NEAR), at + NEAR + 1)
      .filter((term) => term !== item && evidence.terms.has(term));
    return (
      around.length > 0 &&
      !evidence.sentences.some(
        (each) => each.terms.has(item) && around.some((term) => each.terms.has(term)),
      )
    );
  });
}

/** The smaller coverage of the two halves of a claim: something added hides behind what is right. */
function worstHalf(
  ordered: readonly string[],
  evidence: Evidence,
  weights: ReadonlyMap<string, number>,
): number {
  const middle = Math.ceil(ordered.length / 2);
  const coverage = (part: readonly string[]): number => {
    let known = 0;
    let all = 0;
    for (const term of part) {
      const weight = weights.get(term) ?? 0;
      all += weight;
      if (evidence.terms.has(term) || evidence.isKin(term)) known += weight;
    }
    return all === 0 ? 1 : known / all;
  };
  return Math.min(coverage(ordered.slice(0, middle)), coverage(ordered.slice(middle)));
}

function longestMissing(ordered: readonly string[], evidence: Evidence): number {
  let longest = 0;
  let run = 0;
  for (const term of ordered) {
    run = evidence.terms.has(term) || evidence.isKin(term) ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function longestRun(all: readonly string[], bigrams: ReadonlySet<string>): number {
  let longest = 0;
  let run = 0;
  for (let at = 1; at < all.length; at++) {
    run = bigrams.has(`${all[at - 1]} ${all[at]}`) ? Math.max(2, run + 1) : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** The share of neighbouring shared words that stand in the same order in both. */
function orderKept(claim: readonly string[], sentence: readonly string[]): number {
  const places = new Map(sentence.map((word, at) => [word, at]));
  const shared = claim
    .filter((word) => isContent(word) && places.has(word))
    .map((word) => places.get(word) ?? 0);
  if (shared.length < 2) return 0.5;
  let kept = 0;
  for (let at = 1; at < shared.length; at++)
    if ((shared[at] ?? 0) > (shared[at - 1] ?? 0)) kept += 1;
  return kept / (shared.length - 1);
}
