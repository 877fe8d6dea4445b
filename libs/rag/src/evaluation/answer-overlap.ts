/** How alike an answer and a reference answer are; each from 0 to 1. */
export interface AnswerOverlap {
  /** Of the words that both hold, as SQuAD counts them. */
  readonly f1: number;
  /** 1 where the two are the same but for case, punctuation and articles. */
  readonly exactMatch: number;
  /** F-measure of the longest common subsequence of words. */
  readonly rougeL: number;
  /** 1 where the answer holds the reference, word for word. */
  readonly holdsReference: number;
}

const NOTHING: AnswerOverlap = { f1: 0, exactMatch: 0, rougeL: 0, holdsReference: 0 };
const ARTICLES = new Set(['a', 'an', 'the']);

/**
 * Compares an answer with the references that would do, each figure that of the best of them.
 *
 * Words are runs of letters and digits in lower case; articles count for ROUGE-L only. Nothing is stemmed.
 *
 * @see Rajpurkar et al., "SQuAD" (2016), section 6.1 — F1 and exact match, here with punctuation of every script; Lin,
 * "ROUGE" (2004), section 3 — ROUGE-L with β = 1.
 */
export function answerOverlap(answer: string, references: readonly string[]): AnswerOverlap {
  const given = wordsOf(answer);
  const all = references.map((reference) => compare(given, wordsOf(reference)));
  const best = (name: keyof AnswerOverlap): number => Math.max(0, ...all.map((one) => one[name]));
  return all.length === 0
    ? NOTHING
    : {
        f1: best('f1'),
        exactMatch: best('exactMatch'),
        rougeL: best('rougeL'),
        holdsReference: best('holdsReference'),
      };
}

function compare(given: readonly string[], wanted: readonly string[]): AnswerOverlap {
  const answer = given.filter((word) => !ARTICLES.has(word));
  const reference = wanted.filter((word) => !ARTICLES.has(word));
  const isSame = answer.join(' ') === reference.join(' ');
  return {
    f1: isSame ? 1 : fMeasure(commonWords(answer, reference), answer.length, reference.length),
    exactMatch: isSame ? 1 : 0,
    rougeL: fMeasure(longestCommon(given, wanted), given.length, wanted.length),
    holdsReference:
      reference.length > 0 && ` ${answer.join(' ')} `.includes(` ${reference.join(' ')} `) ? 1 : 0,
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

function commonWords(first: readonly string[], second: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of second) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of first) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    common += 1;
  }
  return common;
}

function longestCommon(first: readonly string[], second: readonly string[]): number {
  let before = new Uint32Array(second.length + 1);
  let row = new Uint32Array(second.length + 1);
  for (const word of first) {
    for (const [n, other] of second.entries()) {
      row[n + 1] =
        word === other ? (before[n] ?? 0) + 1 : Math.max(row[n] ?? 0, before[n + 1] ?? 0);
    }
    [before, row] = [row, before];
  }
  return before[second.length] ?? 0;
}

function fMeasure(common: number, given: number, wanted: number): number {
  return common === 0 ? 0 : (2 * common) / (given + wanted);
}
