import type { Message, PassagePart } from '@espalier/core';
import { messageText } from '@espalier/core';
import { termsOf } from './terms.js';

/** What kind of answer a question wants. */
export type QuestionKind =
  'procedure' | 'list' | 'definition' | 'quantity' | 'time' | 'person' | 'place' | 'fact';

/** A question, made ready for scoring. */
export interface Question {
  readonly text: string;
  readonly kind: QuestionKind;
  /** Each term once, with how much it counts in (0, 1]. */
  readonly terms: ReadonlyMap<string, number>;
}

/** What a conversation asks, and the evidence it holds. */
export interface QuestionAndEvidence {
  readonly question: Question | undefined;
  readonly passages: readonly PassagePart[];
}

const KINDS: readonly (readonly [QuestionKind, RegExp])[] = [
  [
    'quantity',
    /\b(?:how (?:many|much|long|far|fast|large|big|high|old|tall|often)|what (?:percentage|percent|number|size|amount)|wie ?viele?|cuánt[oa]s?)\b/iu,
  ],
  [
    'time',
    /\b(?:when|what (?:year|date|day|time|century|decade)|in which year|which year|wann|cuándo|quand)\b/iu,
  ],
  ['person', /\b(?:who|whom|whose|wer|wem|wen|quién|qui)\b/iu],
  ['place', /\b(?:where|wo|woher|dónde|où)\b/iu],
  [
    'procedure',
    /\b(?:how (?:do|can|to|would|should|does one|might)|steps? to|way to|show me|set ?up|wie (?:kann|schreibe|mache|erstelle)|cómo)\b/iu,
  ],
  ['list', /\b(?:which|what are|list|what kinds?|what types?|name (?:the|all)|welche|cuáles)\b/iu],
  ['definition', /^\W*(?:what(?:'s| is| does)|define|explain|was ist|qué es)\b/iu],
];

/** Reads the last question of a conversation and all passages in it. */
export function readQuestion(messages: readonly Message[]): QuestionAndEvidence {
  const texts: string[] = [];
  const passages = new Map<number, PassagePart>();
  for (const message of messages) {
    if (message.role !== 'user') continue;
    const text = messageText(message).trim();
    if (text !== '') texts.push(text);
    for (const part of message.content) if (part.type === 'passage') passages.set(part.index, part);
  }
  const text = texts.at(-1);
  return {
    question: text === undefined ? undefined : analyse(text, texts.at(-2)),
    passages: [...passages.values()],
  };
}

function analyse(text: string, before: string | undefined): Question {
  const terms = new Map<string, number>();
  for (const term of termsOf(text)) terms.set(term, 1);
  // "And how do I remove it?" is about what was asked before.
  if (
    terms.size < 3 &&
    before !== undefined &&
    /\b(?:it|its|they|them|that|this|those|these|one|and|es|sie|das)\b/iu.test(text)
  ) {
    for (const term of termsOf(before)) if (!terms.has(term)) terms.set(term, 0.4);
  }
  return { text, kind: KINDS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'fact', terms };
}
