/** One thing that is searched for. */
export type LexicalClause = (
  | { readonly kind: 'words'; readonly text: string }
  /** One term as the analyzer gives it, e.g. from `Bm25Index.termsOf`. */
  | { readonly kind: 'term'; readonly text: string }
  /** The words one after another; `slop` words may stand between them. */
  | { readonly kind: 'phrase'; readonly text: string; readonly slop?: number }
  /** Words that begin so. */
  | { readonly kind: 'prefix'; readonly text: string }
  /** Words that differ by at most `distance` letters (inserted, left out, replaced or swapped). Default 1 to 7 letters, 2 above. */
  | { readonly kind: 'fuzzy'; readonly text: string; readonly distance?: number }
) & {
  /** `must`: only texts that hold it; `not`: only texts that do not. Default `should`. */
  readonly occurs?: 'should' | 'must' | 'not';
  /** Default 1. */
  readonly boost?: number;
};

/** Words, or clauses. */
export type LexicalQuery = string | readonly LexicalClause[];

const PART = /([+-]?)(?:"([^"]*)"(?:~(\d))?|(\S+))/gu;

/**
 * Reads a query as people type it: `"a phrase"`, `"a phrase"~2`, `prefix*`, `wrod~`, `+must`, `-not`; all else are words.
 *
 * Never fails: what is none of these is words.
 */
export function parseLexicalQuery(text: string): LexicalClause[] {
  const clauses: LexicalClause[] = [];
  const words: string[] = [];
  for (const [whole, sign, phrase, slop, word] of text.matchAll(PART)) {
    const occurs = sign === '+' ? 'must' : sign === '-' ? 'not' : 'should';
    if (phrase !== undefined) {
      clauses.push({ kind: 'phrase', text: phrase, slop: Number(slop ?? 0), occurs });
    } else if (word !== undefined && /^[\p{L}\p{N}_]{2,}\*$/u.test(word)) {
      clauses.push({ kind: 'prefix', text: word.slice(0, -1), occurs });
    } else if (word !== undefined && /^[\p{L}\p{N}_]{3,}~[12]?$/u.test(word)) {
      const [stem, distance] = word.split('~');
      clauses.push({
        kind: 'fuzzy',
        text: stem ?? '',
        occurs,
        ...(distance ? { distance: Number(distance) } : {}),
      });
    } else if (word !== undefined && sign !== '' && /^[\p{L}\p{N}]/u.test(word)) {
      clauses.push({ kind: 'words', text: word, occurs });
    } else words.push(whole);
  }
  return words.length === 0 ? clauses : [{ kind: 'words', text: words.join(' ') }, ...clauses];
}
