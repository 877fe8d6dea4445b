const ASKS = /\?["'”’)\]]{0,3}$/u;
/** The last sentence of a text. */
const LAST = /(?:^|[.!?]\s|\n)\s*(?:question:\s*|q:\s*)?([^.!?\n]{8,400}\?)\s*$/iu;

/** The claims of an answer, the question that stands before them, and the passages without it. */
export interface SeparatedQuestion<Claim> {
  readonly question: string | undefined;
  readonly claims: readonly Claim[];
  readonly passages: readonly string[];
}

/**
 * Takes the question out that an answer is given with: before the answer, or at the end of the evidence.
 *
 * A question claims nothing, so that none of the claims is one; and it supports nothing.
 */
export function separateQuestion<Claim extends { readonly text: string }>(
  claims: readonly Claim[],
  passages: readonly string[],
): SeparatedQuestion<Claim> {
  const said = claims.filter(({ text }) => !isQuestion(text));
  const [answer] = said;
  const asked = answer === undefined ? [] : claims.slice(0, claims.indexOf(answer));
  if (asked.length > 0)
    return { question: asked.map(({ text }) => text).join(' '), claims: said, passages };
  const last = passages.at(-1) ?? '';
  const found = LAST.exec(last.slice(-600))?.[1];
  if (found === undefined) return { question: undefined, claims: said, passages };
  const rest = last.slice(0, last.lastIndexOf(found));
  // A passage that only asks is a title; there the question is all there is.
  if (rest.trim() === '' && passages.length === 1)
    return { question: undefined, claims: said, passages };
  return { question: found, claims: said, passages: [...passages.slice(0, -1), rest] };
}

/** Whether a sentence asks. */
export function isQuestion(sentence: string): boolean {
  return ASKS.test(sentence);
}

/** The text of an answer without the mark that says it is one. */
export function unmarked(claim: string): string {
  return claim.replace(/^(?:answer|a):\s+/iu, '');
}
