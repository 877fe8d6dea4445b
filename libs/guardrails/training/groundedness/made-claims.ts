/** Claims that a passage supports, and claims that it does not, made by rules from prose whose licence allows it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitClaims } from '../../src/groundedness/split-claims.js';

/** Gives numbers in [0, 1), the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Documents as lists of sentences: wikigold (CC BY 4.0) and the answers of GPTeacher's role play (MIT). */
export function readDocuments(data: string): string[][] {
  const wiki = readFileSync(join(data, 'ner/wikigold.conll.txt'), 'utf8')
    .split(/-DOCSTART-[^\n]*\n/u)
    .map((doc) =>
      doc
        .split(/\n\s*\n/u)
        .map((sentence) =>
          sentence
            .split('\n')
            .map((line) => line.split(' ')[0])
            .join(' ')
            .replace(/ ([,.;:!?%)'])/gu, '$1')
            .replace(/([(]) /gu, '$1')
            .trim(),
        )
        .filter((sentence) => sentence.split(' ').length > 4),
    );
  const rows = JSON.parse(
    readFileSync(join(data, 'benign-prompts/gpteacher_roleplay.json'), 'utf8'),
  ) as { response: string }[];
  const answers = rows
    .filter(({ response }) => response.length > 500)
    .slice(0, 1_500)
    .map(({ response }) => splitClaims(response).map(({ text }) => text));
  return [...wiki, ...answers].filter((doc) => doc.length >= 5);
}

const NAME = /(?<=\S )\p{Lu}[\p{L}]+(?: \p{Lu}[\p{L}]+)*/gu;
/** Words that are neither names nor short. */
const PLAIN = /(?<![\p{L}\p{N}'’])\p{Ll}{4,}(?![\p{L}\p{N}'’])/gu;
/** The largest share of plain words that a rendering exchanges. */
const FREEDOM = 0.15;
const CLAUSE = /, | (?:and|but|which|because|while) /u;

/** What is done to a sentence so that the passage supports it no longer. */
export const CORRUPTIONS = [
  'another document',
  'another part',
  'foreign phrase',
  'name of elsewhere',
  'name of the passage',
  'number',
  'negation',
  'opposite',
  'addition',
  'exchange',
] as const;
export type Corruption = (typeof CORRUPTIONS)[number];

/** Other words for the same; the passage supports the claim still. */
const SAME: readonly (readonly [RegExp, string])[] =
  'however/but large/big began/started many/numerous important/significant is/was use/employ help/assist show/demonstrate create/make also/additionally often/frequently about/approximately people/individuals become/turn_into famous/well-known several/multiple get/obtain buy/purchase need/require try/attempt end/finish near/close_to because/since built/constructed wrote/authored located/situated died/passed_away moved/relocated children/kids car/automobile film/movie company/firm main/primary during/throughout after/following before/prior_to received/was_given said/stated allow/permit ensure/make_sure provide/offer information/details beautiful/lovely difficult/hard begin/start including/such_as'
    .split(' ')
    .map((pair) => pair.replaceAll('_', ' ').split('/') as [string, string])
    .map(([from, to]) => [new RegExp(`\\b${from}\\b`, 'giu'), to]);
const EXCHANGES =
  'more/less first/last increase/decrease before/after high/low large/small early/late north/south east/west old/new always/never best/worst higher/lower older/younger win/lose won/lost public/private male/female left/right open/close major/minor all/none above/below strong/weak hot/cold'
    .split(' ')
    .map((pair) => pair.split('/') as [string, string]);
const DIGITS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
];

/** Makes claims about passages of the documents. */
export interface ClaimMaker {
  /** A claim that the passage supports, in other words or not. */
  supported(passage: readonly string[]): string;
  /** A claim that it does not; none where the sentence has nothing to corrupt so. */
  unsupported(
    passage: readonly string[],
    doc: readonly string[],
    kind: Corruption,
  ): string | undefined;
  /** The text with one thing in it changed. */
  corrupt(text: string, evidence: string, kind: Corruption): string | undefined;
}

/** Creates a maker of claims over documents. */
export function createClaimMaker(
  docs: readonly (readonly string[])[],
  random: () => number,
): ClaimMaker {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const namesIn = (text: string): string[] => text.match(NAME) ?? [];
  const allNames = [...new Set(docs.flatMap((doc) => doc.flatMap(namesIn)))];
  const phrases = (sentence: string): string[] => [
    ...namesIn(sentence),
    ...(sentence.match(/\b\d[\d,.]*\d\b(?: \p{Ll}+)?/gu) ?? []),
    ...(sentence.match(/(?<=\b(?:the|a|an|of|in) )\p{Ll}{4,}(?: \p{Ll}{4,})?/gu) ?? []),
  ];
  const clausesOf = (sentence: string): string[] =>
    sentence.split(CLAUSE).filter((clause) => clause.split(' ').length > 3);

  const reword = (sentence: string, loss: number): string => {
    let said = sentence;
    for (const [from, to] of SAME) if (random() < 0.7) said = said.replace(from, to);
    if (random() < 0.5) said = said.replaceAll(/(?<=\d),(?=\d{3})/gu, '');
    if (random() < 0.5)
      said = said.replaceAll(
        /\b(?:\d|10)\b(?![.,]\d)/gu,
        (digit) => DIGITS[Number(digit)] ?? digit,
      );
    return said
      .split(' ')
      .filter((word) => random() > loss || /^(?:not|no|never)$|n['’]t$/u.test(word))
      .join(' ');
  };

  const vocabulary = [
    ...new Set(docs.flatMap((doc) => doc.flatMap((sentence) => sentence.match(PLAIN) ?? []))),
  ];
  // A free rendering has words that the passage has not. Which ones a table of words cannot tell, so any will do: what is to
  // be learned is that a plain word more or less proves nothing, while names, numbers and whole clauses do.
  const freely = (text: string): string => {
    const loss = random() * FREEDOM;
    return text.replaceAll(PLAIN, (word) => (random() < loss ? pick(vocabulary) : word));
  };

  const supported = (passage: readonly string[]): string => {
    const sentence = pick(passage);
    const kind = random();
    if (kind < 0.15) return sentence;
    if (kind < 0.28) return pick(phrases(sentence)) ?? sentence;
    if (kind < 0.4) return pick(clausesOf(sentence)) ?? sentence;
    if (kind < 0.55)
      return freely(reword(`${pick(clausesOf(sentence)) ?? sentence}, and ${pick(passage)}`, 0.1));
    if (kind < 0.63) return [...clausesOf(sentence)].reverse().join(', ') || sentence;
    const intro = pick(['', '', 'According to the text, ', 'The answer is that ', 'It says that ']);
    return intro + freely(reword(sentence, kind < 0.82 ? 0.1 : 0.22));
  };

  const addition = (sentence: string, other: string): string =>
    `${sentence.replace(/[.!?]$/u, '')}, ${pick(['and', 'because', 'where', 'while', 'which is why'])} ${pick(clausesOf(other)) ?? other}`;

  const corrupt = (text: string, evidence: string, kind: Corruption): string | undefined => {
    const names = namesIn(text);
    const differs = (changed: string): string | undefined =>
      changed === text ? undefined : changed;
    switch (kind) {
      case 'name of elsewhere':
      case 'name of the passage': {
        const name = pick(names);
        const others = kind === 'name of elsewhere' ? allNames : namesIn(evidence);
        const swap = pick(
          others.filter((each) => each !== name && !text.includes(each)).slice(0, 4_000),
        );
        return name === undefined || swap === undefined
          ? undefined
          : differs(text.replace(name, swap));
      }
      case 'number': {
        const changed = text.replace(/\d+/u, (digits) =>
          String(
            Math.max(
              0,
              Number(digits) + (random() < 0.3 ? -1 : 1) * (1 + Math.floor(random() * 40)),
            ),
          ),
        );
        return changed === text || evidence.includes(changed.match(/\d+/u)?.[0] ?? ' ')
          ? undefined
          : changed;
      }
      case 'negation':
        return differs(
          random() < 0.7
            ? text.replace(/\b(is|are|was|were|can|will|has|have|must|should)\b/u, '$1 not')
            : text.replace(/ not\b|n't\b/u, ''),
        );
      case 'opposite': {
        const found = EXCHANGES.flatMap(
          ([one, other]) =>
            [
              [one, other],
              [other, one],
            ] as const,
        ).filter(([from]) => new RegExp(`\\b${from}\\b`, 'u').test(text));
        const [from, to] = pick(found) ?? [];
        return from === undefined || to === undefined
          ? undefined
          : text.replace(new RegExp(`\\b${from}\\b`, 'u'), to);
      }
      case 'exchange': {
        const [one, other] = [...new Set(names)];
        if (one === undefined || other === undefined || one.includes(other) || other.includes(one))
          return undefined;
        return text.replace(one, '\u0000').replace(other, one).replace('\u0000', other);
      }
      case 'addition':
        return addition(text, pick(pick(docs)));
      default:
        return undefined;
    }
  };

  return {
    supported,
    corrupt,
    unsupported(passage, doc, kind) {
      const other = pick(pick(docs));
      if (kind === 'another document') return other;
      if (kind === 'another part') return pick(doc.filter((each) => !passage.includes(each)));
      const evidence = passage.join(' ');
      if (kind === 'foreign phrase') {
        const phrase = pick(phrases(other)) ?? '';
        return phrase === '' || evidence.toLowerCase().includes(phrase.toLowerCase())
          ? undefined
          : phrase;
      }
      const changed = corrupt(pick(passage), evidence, kind);
      return changed === undefined || random() < 0.4 ? changed : freely(reword(changed, 0.08));
    },
  };
}
