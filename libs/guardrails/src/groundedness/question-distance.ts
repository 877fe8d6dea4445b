import type { Evidence } from './claim-features.js';
import { isContent, stem, wordsOf } from './claim-words.js';

/** A longer answer tells more than was asked, and need not stand where the question points. */
const MOST_TERMS = 6;
/** What the log-odds grow by; chosen on the questions of every second paragraph of XQuAD. */
const ELSEWHERE = 12;
const REPEATS_QUESTION = 6;
const APART = 4;
/** Where the answer stands as near to the words of the question as it usually does. */
const USUALLY_APART = 0.7;
/** At this distance in terms a word counts half. */
const HALF_AT = 5;

/**
 * What is to be added to the log-odds that a short answer is not supported, for the question that it answers.
 *
 * The passages may say the words of an answer, but of something else: then the sentences that hold them have little of what is
 * asked, and another sentence has more. 0 where the answer is long, or no sentence holds all of it.
 */
export function questionDistance(question: string, answer: string, evidence: Evidence): number {
  const asked = new Set(termsOf(question));
  const said = termsOf(answer);
  if (![...asked].some((term) => evidence.terms.has(term)) || said.length === 0) return 0;
  const own = said.filter((term) => !asked.has(term));
  if (own.length === 0) return REPEATS_QUESTION;
  if (own.length > MOST_TERMS) return 0;
  let [nearest, most, mostWithAnswer] = [0, 0, -1];
  for (const { ordered, terms } of evidence.sentences) {
    const places = ordered.flatMap((term, at) => (own.includes(term) ? [at] : []));
    const isHolder = own.every((term) => terms.has(term));
    let [weight, near] = [0, 0];
    const counted = new Set<string>();
    for (const [at, term] of ordered.entries()) {
      if (!asked.has(term)) continue;
      if (!counted.has(term)) weight += evidence.weightOf(term);
      counted.add(term);
      if (isHolder) {
        const distance = Math.min(...places.map((place) => Math.abs(at - place)));
        near += evidence.weightOf(term) / (1 + distance / HALF_AT);
      }
    }
    most = Math.max(most, weight);
    if (!isHolder) continue;
    mostWithAnswer = Math.max(mostWithAnswer, weight);
    nearest = Math.max(nearest, near);
  }
  if (mostWithAnswer < 0 || most === 0) return 0;
  const whole = [...asked].reduce((sum, term) => sum + evidence.weightOf(term), 0);
  return (
    (ELSEWHERE * (most - mostWithAnswer)) / whole +
    APART * (USUALLY_APART - Math.min(1, nearest / most))
  );
}

function termsOf(text: string): string[] {
  return wordsOf(text).filter(isContent).map(stem);
}
