const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu;
const NUMBER = /\d+(?:[.,:]\d+)*/gu;
const NEGATION =
  /\b(?:not|no|never|none|nor|neither|nobody|nothing|without|cannot|fail(?:s|ed)?|unable|false|den(?:y|ies|ied)|refus(?:e|es|ed))\b|n['’]t\b/iu;
const STOP = new Set(
  'a an the of to in on at by for with from as is are was were be been being and or but that this these those it its he she they them his her their i you we our your which who whom whose what when where how do does did has have had will would can could may might shall should also then than so such there here into over about after before during between both each more most other some any only same very just not no according text says said'.split(
    ' ',
  ),
);
const NUMBER_WORDS: ReadonlyMap<string, string> = new Map(
  'one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, at): [string, string] => [word, String(at + 1)])
    .concat([
      ['twenty', '20'],
      ['thirty', '30'],
      ['fifty', '50'],
      ['hundred', '100'],
      ['thousand', '1000'],
      ['million', '1000000'],
      ['first', '1st'],
      ['second', '2nd'],
      ['third', '3rd'],
    ]),
);
/** Words that exclude each other where all else is the same. */
const OPPOSITES: ReadonlyMap<string, ReadonlySet<string>> = opposites(
  'more/less more/fewer most/least increase/decrease increase/reduce rise/fall rose/fell grow/shrink high/low higher/lower highest/lowest large/small larger/smaller largest/smallest big/small long/short longer/shorter early/late earlier/later before/after first/last old/new older/younger oldest/youngest north/south east/west northern/southern eastern/western left/right up/down upper/lower above/below inside/outside begin/end start/stop open/close win/lose won/lost victory/defeat accept/reject allow/forbid allow/prohibit include/exclude always/never all/none every/no male/female men/women man/woman father/mother son/daughter brother/sister husband/wife boy/girl king/queen born/died alive/dead true/false success/failure buy/sell bought/sold public/private legal/illegal possible/impossible required/optional strong/weak hot/cold warm/cool wet/dry light/dark fast/slow faster/slower rich/poor good/bad better/worse best/worst easy/hard enable/disable add/remove import/export major/minor majority/minority positive/negative support/oppose ancient/modern rural/urban import/export single/multiple local/global',
);

/** The words of a text in lower case, numbers as digits, without the genitive's s. */
export function wordsOf(text: string): string[] {
  return (text.normalize('NFKC').toLowerCase().match(WORD) ?? []).map(
    (word) => NUMBER_WORDS.get(word) ?? word.replace(/['’]s$/u, ''),
  );
}

/** Whether a word stands for something; the others hold a sentence together. */
export function isContent(word: string): boolean {
  return !STOP.has(word);
}

/** Whether a sentence denies something. */
export function isNegated(text: string): boolean {
  return NEGATION.test(text);
}

/** Cuts what inflects an English word; both sides are cut alike, so that it need not be right. */
export function stem(word: string): string {
  const plain = word.toLowerCase();
  if (plain.length < 5 || /\d/u.test(plain)) return plain;
  return plain.replace(/(?:ations?|ings?|edly|ed|ies|es|s|ly|e|y|ion|ions|ment|ments)$/u, '');
}

/** The numbers of a text, written in figures or words. */
export function numbersOf(text: string): ReadonlySet<string> {
  const found = new Set(
    (text.match(NUMBER) ?? []).map((number) =>
      number
        .replaceAll(/,(?=\d{3}\b)/gu, '')
        .replace(/[.,:]$/u, '')
        .replace(/^0+(?=\d)/u, ''),
    ),
  );
  for (const word of text.toLowerCase().match(WORD) ?? []) {
    const number = NUMBER_WORDS.get(word);
    if (number !== undefined) found.add(number);
  }
  return found;
}

/** Words that begin with a capital, but for the first of a sentence; in lower case. */
export function namesOf(text: string): readonly string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/\p{Lu}[\p{L}\p{N}]+/gu)) {
    const before = text.slice(0, match.index).trimEnd();
    const isFirst = before === '' || /[.!?:"“]$/u.test(before);
    if (!isFirst && isContent(match[0].toLowerCase())) found.push(match[0].toLowerCase());
  }
  return found;
}

/** The words that exclude this one; none for most. */
export function oppositesOf(word: string): ReadonlySet<string> {
  return OPPOSITES.get(word) ?? NONE;
}

const NONE: ReadonlySet<string> = new Set();

function opposites(pairs: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const pair of pairs.split(' ')) {
    const [one = '', other = ''] = pair.split('/').map(stem);
    found.set(one, (found.get(one) ?? new Set()).add(other));
    found.set(other, (found.get(other) ?? new Set()).add(one));
  }
  return found;
}

/** How alike two words are written: twice their common letter pairs over all of theirs, in [0, 1]. */
export function spellingLikeness(one: string, other: string): number {
  const pairs = letterPairs(one);
  const others = letterPairs(other);
  let common = 0;
  for (const pair of pairs) if (others.has(pair)) common += 1;
  return (2 * common) / Math.max(1, pairs.size + others.size);
}

function letterPairs(word: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at = 1; at < word.length; at++) found.add(word.slice(at - 1, at + 1));
  return found;
}
