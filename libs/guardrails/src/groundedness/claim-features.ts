/** The evidence of an answer, prepared once for all its claims. */
export interface Evidence {
  readonly sentences: readonly SentenceTerms[];
  readonly terms: ReadonlySet<string>;
  readonly weightOf: (term: string) => number;
  readonly bigrams: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  readonly text: string;
}

interface SentenceTerms {
  readonly terms: ReadonlySet<string>;
  readonly words: readonly string[];
  readonly isNegated: boolean;
}

/** What the features of a claim are, in order. */
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
  'missing-terms',
  'is-short',
  'verbatim',
  'second-sentence-gain',
  'length',
  'order',
] as const;

const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu;
const NUMBER = /\d+(?:[.,:]\d+)*/gu;
const NEGATION =
  /\b(?:not|no|never|none|nor|neither|nobody|nothing|without|cannot|fail(?:s|ed)?|unable|false|den(?:y|ies|ied)|refus(?:e|es|ed))\b|n['’]t\b/iu;
const STOP = new Set(
  'a an the of to in on at by for with from as is are was were be been being and or but that this these those it its he she they them his her their i you we our your which who whom whose what when where how do does did has have had will would can could may might shall should also then than so such there here into over about after before during between both each more most other some any only same very just not no'.split(
    ' ',
  ),
);
const NUMBER_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    one: '1',
    two: '2',
    three: '3',
    four: '4',
    five: '5',
    six: '6',
    seven: '7',
    eight: '8',
    nine: '9',
    ten: '10',
    eleven: '11',
    twelve: '12',
    hundred: '100',
    thousand: '1000',
    million: '1000000',
  }),
);

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
  for (const { words } of sentences) {
    for (let at = 1; at < words.length; at++) bigrams.add(`${words[at - 1]} ${words[at]}`);
  }
  return {
    text: words(text).join(' '),
    sentences,
    terms: new Set(counts.keys()),
    bigrams,
    numbers: numbersOf(text),
    weightOf: (term) => Math.log(1 + (total + 1) / ((counts.get(term) ?? 0) + 0.5)),
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
  const rarest = Math.max(0, ...missing.map((term) => weights.get(term) ?? 0));
  return [
    1 - sum(missing) / whole,
    bestCoverage,
    pairs.length === 0
      ? 0
      : pairs.filter((pair) => evidence.bigrams.has(pair)).length / pairs.length,
    Math.min(1, unknownNames.length / 2),
    names.length === 0 ? 0.5 : 1 - unknownNames.length / names.length,
    Math.min(1, unknownNumbers.length / 2),
    numbers.length > 0 ? 1 : 0,
    best !== undefined && bestCoverage > 0.3 && best.isNegated !== own.isNegated ? 1 : 0,
    longestRun(own.words, evidence.bigrams) / Math.max(1, own.words.length),
    rarest / Math.log(2 + 2 * (evidence.sentences.length + 1)),
    Math.min(1, missing.length / 6),
    terms.length <= 3 ? 1 : 0,
    own.words.length > 0 && evidence.text.includes(own.words.join(' ')) ? 1 : 0,
    gain,
    Math.min(1, own.words.length / 40),
    best === undefined ? 0 : orderKept(own.words, best.words),
  ];
}

function sentenceOf(text: string): SentenceTerms {
  const all = words(text);
  return {
    words: all,
    terms: new Set(all.filter((word) => !STOP.has(word)).map(stem)),
    isNegated: NEGATION.test(text),
  };
}

function words(text: string): string[] {
  return (text.normalize('NFKC').toLowerCase().match(WORD) ?? []).map(
    (word) => NUMBER_WORDS.get(word) ?? word.replace(/['’]s$/u, ''),
  );
}

/** Cuts what inflects an English word; both sides are cut alike, so that it need not be right. */
export function stem(word: string): string {
  const plain = word.toLowerCase();
  if (plain.length < 5 || /\d/u.test(plain)) return plain;
  return plain.replace(/(?:ations?|ings?|edly|ed|ies|es|s|ly|e|y|ion|ions|ment|ments)$/u, '');
}

function numbersOf(text: string): ReadonlySet<string> {
  const found = new Set(
    (text.match(NUMBER) ?? []).map((number) => number.replaceAll(',', '').replace(/[.:]$/u, '')),
  );
  for (const word of text.toLowerCase().match(WORD) ?? []) {
    const number = NUMBER_WORDS.get(word);
    if (number !== undefined) found.add(number);
  }
  return found;
}

/** Words that begin with a capital, but for the first of a sentence. */
function namesOf(claim: string): readonly string[] {
  const found: string[] = [];
  for (const match of claim.matchAll(/\p{Lu}[\p{L}\p{N}]+/gu)) {
    const before = claim.slice(0, match.index).trimEnd();
    const isFirst = before === '' || /[.!?:"“]$/u.test(before);
    if (!isFirst && !STOP.has(match[0].toLowerCase())) found.push(match[0].toLowerCase());
  }
  return found;
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
    .filter((word) => !STOP.has(word) && places.has(word))
    .map((word) => places.get(word) ?? 0);
  if (shared.length < 2) return 0.5;
  let kept = 0;
  for (let at = 1; at < shared.length; at++)
    if ((shared[at] ?? 0) > (shared[at - 1] ?? 0)) kept += 1;
  return kept / (shared.length - 1);
}
