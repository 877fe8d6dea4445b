import type { AnswerUnit } from './answer-unit.js';
import type { Question } from './question.js';
import { termsOf } from './terms.js';

/** A unit with how well it answers. */
export interface ScoredUnit {
  readonly unit: AnswerUnit;
  readonly terms: ReadonlySet<string>;
  /** Comparable within one question. */
  readonly score: number;
  /** The share of the question, weighted by rarity, that the unit, its headings and its neighbours speak of; in [0, 1]. */
  readonly coverage: number;
}

const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.6;
/** How much a question's neighbouring words count when they are neighbours in a unit too. */
const PAIR_WEIGHT = 0.25;
/** How much less it proves when the words of a question are spread over a passage. */
const PASSAGE_COVERAGE = 0.75;

interface Statistics {
  idf(term: string): number;
  readonly meanLength: number;
}

/**
 * Scores every unit against a question, by BM25 over the units with what stands around them taken into account.
 *
 * `similarity`, where given, is the cosine of question and unit; it is added to the words' score.
 */
export function scoreUnits(
  units: readonly AnswerUnit[],
  question: Question,
  similarity?: (unit: AnswerUnit) => number,
): ScoredUnit[] {
  // Where a link leads says nothing about what its sentence says.
  const unitTerms = units.map((unit) => termsOf(unit.text.replace(/\]\([^)\s]*\)/gu, ']')));
  const statistics = statisticsOf(unitTerms);
  const headingTerms = units.map((unit) => new Set(termsOf(headingOf(unit))));
  const total =
    [...question.terms].reduce((sum, [term, weight]) => sum + weight * statistics.idf(term), 0) ||
    1;
  const passageScores = scorePassages(units, unitTerms, headingTerms, question, statistics, total);

  const proof =
    [...question.terms].reduce(
      (sum, [term, weight]) => sum + weight * Math.sqrt(statistics.idf(term)),
      0,
    ) || 1;
  const covers = (has: (term: string) => boolean): number => {
    let sum = 0;
    for (const [term, weight] of question.terms)
      if (has(term)) sum += weight * Math.sqrt(statistics.idf(term));
    return sum / proof;
  };
  const questionPairs = pairsOf([...question.terms.keys()]);

  return units.map((unit, index) => {
    const terms = new Set(unitTerms[index]);
    const headings = headingTerms[index] ?? new Set<string>();
    const own = bm25(unitTerms[index] ?? [], question, statistics) / total;
    const inHeading = share(question, statistics, total, (term) => headings.has(term));
    const around = share(
      question,
      statistics,
      total,
      (term) => neighbourHas(unitTerms, units, index, term) && !terms.has(term),
    );
    const near = covers(
      (term) =>
        terms.has(term) || headings.has(term) || neighbourHas(unitTerms, units, index, term),
    );
    const passage = passageScores.get(unit.part.index)?.score ?? 0;
    const coverage = Math.max(
      near,
      PASSAGE_COVERAGE *
        covers((term) => passageScores.get(unit.part.index)?.terms.has(term) === true),
    );
    const base =
      own +
      PAIR_WEIGHT * pairShare(unitTerms[index] ?? [], questionPairs) +
      0.35 * inHeading +
      0.12 * around +
      0.35 * passage +
      (similarity === undefined ? 0 : 0.9 * similarity(unit));
    return { unit, terms, coverage, score: base * formFactor(unit, question) };
  });
}

/** The headings that a unit stands under, outermost first. */
export function headingOf(unit: AnswerUnit): string {
  const { passage } = unit.part;
  return [passage.title ?? '', ...(passage.headingPath ?? []), unit.heading].join(' ');
}

function statisticsOf(documents: readonly (readonly string[])[]): Statistics {
  const frequency = new Map<string, number>();
  let length = 0;
  for (const terms of documents) {
    length += terms.length;
    for (const term of new Set(terms)) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  return {
    idf: (term) => Math.log(1 + (documents.length + 0.5) / ((frequency.get(term) ?? 0) + 0.5)),
    meanLength: length / Math.max(1, documents.length) || 1,
  };
}

function bm25(terms: readonly string[], question: Question, statistics: Statistics): number {
  const counts = new Map<string, number>();
  for (const term of terms)
    if (question.terms.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const norm =
    SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * terms.length) / statistics.meanLength);
  let score = 0;
  for (const [term, count] of counts) {
    score +=
      (question.terms.get(term) ?? 0) *
      statistics.idf(term) *
      ((count * (SATURATION + 1)) / (count + norm));
  }
  return score;
}

function share(
  question: Question,
  statistics: Statistics,
  total: number,
  has: (term: string) => boolean,
): number {
  let sum = 0;
  for (const [term, weight] of question.terms) if (has(term)) sum += weight * statistics.idf(term);
  return sum / total;
}

function neighbourHas(
  unitTerms: readonly (readonly string[])[],
  units: readonly AnswerUnit[],
  index: number,
  term: string,
): boolean {
  return [index - 1, index + 1].some(
    (other) =>
      units[other]?.part === units[index]?.part && unitTerms[other]?.includes(term) === true,
  );
}

function scorePassages(
  units: readonly AnswerUnit[],
  unitTerms: readonly (readonly string[])[],
  headingTerms: readonly ReadonlySet<string>[],
  question: Question,
  statistics: Statistics,
  total: number,
): Map<number, { score: number; terms: ReadonlySet<string> }> {
  const terms = new Map<number, Set<string>>();
  units.forEach((unit, index) => {
    const all = terms.get(unit.part.index) ?? new Set<string>();
    for (const term of unitTerms[index] ?? []) all.add(term);
    for (const term of headingTerms[index] ?? []) all.add(term);
    terms.set(unit.part.index, all);
  });
  // The retriever's order counts too: it knows more of the documents than stands here. Its scores tell it where the
  // passages were put into another one.
  const scores = new Map(units.map(({ part }) => [part.index, part.passage.score ?? 0]));
  const order = [...terms.keys()].sort(
    (a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a - b,
  );
  return new Map(
    [...terms].map(([index, all]) => {
      const covered = share(question, statistics, total, (term) => all.has(term));
      return [index, { terms: all, score: covered + 0.4 / (1 + order.indexOf(index)) }];
    }),
  );
}

function pairsOf(terms: readonly string[]): Set<string> {
  return new Set(terms.slice(1).map((term, index) => `${terms[index] ?? ''} ${term}`));
}

function pairShare(terms: readonly string[], wanted: ReadonlySet<string>): number {
  if (wanted.size === 0) return 0;
  const found = pairsOf(terms);
  let shared = 0;
  for (const pair of wanted) if (found.has(pair)) shared += 1;
  return shared / wanted.size;
}

/** How well a unit's form fits what the question wants. */
function formFactor(unit: AnswerUnit, question: Question): number {
  if (unit.kind === 'heading') return 0;
  // A row says little without the others.
  let factor = unit.kind === 'row' ? 0.8 : 1;
  if (unit.isCut) factor *= 0.6;
  const text = unit.text;
  // A question in a document is rarely the answer to one.
  if (unit.kind === 'sentence' && text.endsWith('?')) factor *= 0.4;
  if (unit.kind === 'sentence' && text.length < 20) factor *= 0.6;
  const isProcedure = question.kind === 'procedure';
  if (unit.kind === 'code') factor *= isProcedure ? 1 : 0.7;
  switch (question.kind) {
    case 'quantity':
      return (
        factor *
        (/\p{N}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand|million|half|third)\b/iu.test(
          text,
        )
          ? 1.35
          : 1)
      );
    case 'time':
      return (
        factor *
        (/\b\d{3,4}\b|\b(?:century|January|February|March|April|May|June|July|August|September|October|November|December|Januar|enero|day|morning)\b/u.test(
          text,
        )
          ? 1.35
          : 1)
      );
    case 'person':
      return factor * (/(?<=\S\s)\p{Lu}\p{Ll}+/u.test(text) ? 1.15 : 1);
    case 'place':
      return (
        factor *
        (/\b(?:in|at|on|near|from|to|under|en|im)\s+(?:the\s+)?[\p{Lu}`/.]/u.test(text) ? 1.15 : 1)
      );
    case 'definition':
      // What is defined mostly comes first: "A rail checks …".
      if (unit.kind === 'sentence' && question.terms.has(termsOf(text)[0] ?? '')) factor *= 1.5;
      return (
        factor *
        (/\b(?:is|are|means|refers to|ist|es)\b\s+(?:an?|the|any|one|what|ein|un)\b/u.test(text)
          ? 1.25
          : 1)
      );
    case 'procedure':
      return (
        factor *
        (/^(?:\s*(?:[-*+]|\d+[.)])\s+)?(?:\*\*)?(?:use|call|run|write|create|add|install|set|pass|export|import|define|register|open|start|put|make|give|type|configure)\b/iu.test(
          text,
        )
          ? 1.2
          : 1)
      );
    case 'list':
    case 'fact':
      return factor;
  }
}
