import type { AnswerUnit } from './answer-unit.js';
import type { Question, QuestionKind } from './question.js';
import type { ScoredUnit } from './score-units.js';

interface Budget {
  readonly units: number;
  readonly characters: number;
  /** The least score that counts, as a share of the best one. */
  readonly floor: number;
}

const LONG: Budget = { units: 6, characters: 1600, floor: 0.6 };
const SHORT: Budget = { units: 3, characters: 700, floor: 0.72 };
const BUDGETS: Readonly<Record<QuestionKind, Budget>> = {
  procedure: LONG,
  list: LONG,
  definition: SHORT,
  quantity: SHORT,
  time: SHORT,
  person: SHORT,
  place: SHORT,
  fact: SHORT,
};

const MAX_LIST_ITEMS = 15;
const MAX_BLOCK_CHARACTERS = 2400;

/**
 * Picks the units of an answer, best first, without saying the same twice (maximal marginal relevance), and adds what
 * belongs to them: the code or the list after its lead-in, the lead-in before it.
 *
 * Gives groups of units that stand together in one passage, in the order in which to show them.
 */
export function selectUnits(scored: readonly ScoredUnit[], question: Question): AnswerUnit[][] {
  const best = scored.reduce((top, { score }) => Math.max(top, score), 0);
  const budget = BUDGETS[question.kind];
  const chosen: ScoredUnit[] = [];
  const pool = scored.filter(({ score }) => score > 0 && score >= best * budget.floor);
  let characters = 0;
  while (chosen.length < budget.units && pool.length > 0) {
    const next = takeBest(pool, chosen);
    if (next === undefined) break;
    if (chosen.length > 0 && characters + next.unit.text.length > budget.characters) continue;
    if (chosen.some((other) => overlaps(other.unit, next.unit))) continue;
    chosen.push(next);
    characters += next.unit.text.length;
  }
  return arrange(complete(chosen, scored, question));
}

/** Takes the unit with the best score less its likeness to what is chosen already. */
function takeBest(pool: ScoredUnit[], chosen: readonly ScoredUnit[]): ScoredUnit | undefined {
  let bestAt = -1;
  let bestValue = 0;
  pool.forEach((candidate, index) => {
    const likeness = chosen.reduce(
      (most, other) => Math.max(most, jaccard(candidate.terms, other.terms)),
      0,
    );
    if (likeness > 0.8) return;
    const value = candidate.score * (1 - 0.5 * likeness);
    if (value > bestValue) [bestAt, bestValue] = [index, value];
  });
  return bestAt === -1 ? undefined : pool.splice(bestAt, 1)[0];
}

function jaccard(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of first) if (second.has(term)) shared += 1;
  const union = first.size + second.size - shared;
  return union === 0 ? 0 : shared / union;
}

/** Whether two units show the same place of a document: passages may overlap. */
function overlaps(first: AnswerUnit, second: AnswerUnit): boolean {
  if (first.part.passage.documentId !== second.part.passage.documentId) return false;
  const a = absolute(first);
  const b = absolute(second);
  return a.start < b.end && b.start < a.end;
}

function absolute(unit: AnswerUnit): { start: number; end: number } {
  const base = unit.part.passage.span.start;
  return { start: base + unit.span.start, end: base + unit.span.end };
}

function complete(
  chosen: readonly ScoredUnit[],
  scored: readonly ScoredUnit[],
  question: Question,
): AnswerUnit[] {
  const result = new Map<string, AnswerUnit>();
  const all = scored.map(({ unit }) => unit);
  const add = (unit: AnswerUnit | undefined): void => {
    if (unit === undefined || unit.kind === 'heading') return;
    const key = `${unit.part.index} ${unit.position}`;
    if (!result.has(key) && ![...result.values()].some((other) => overlaps(other, unit)))
      result.set(key, unit);
  };
  for (const { unit } of chosen) {
    const mates = all.filter((other) => other.part === unit.part);
    if (unit.kind !== 'sentence') add(leadInOf(unit, mates));
    else add(antecedentOf(unit, mates));
    add(unit);
    const wantsBlock =
      question.kind === 'procedure' || question.kind === 'list' || unit.text.endsWith(':');
    if (unit.kind === 'sentence' && wantsBlock)
      for (const follower of blockAfter(unit, mates, question)) add(follower);
    if (unit.kind === 'item' && wantsBlock) for (const item of listOf(unit, mates)) add(item);
  }
  return [...result.values()];
}

/** The last sentence before a block, which says what the block shows. */
function leadInOf(unit: AnswerUnit, mates: readonly AnswerUnit[]): AnswerUnit | undefined {
  const first = mates.find((other) => other.block === unit.block) ?? unit;
  const before = mates[first.position - 1];
  if (before?.kind !== 'sentence') return undefined;
  return unit.kind === 'code' || before.text.endsWith(':') ? before : undefined;
}

const POINTS_BACK =
  /^(?:he|she|it|they|this|these|those|that|his|her|its|their|such|here|there|then|both|however|thus|therefore|er|sie|es|dies\p{L}*)\b/iu;

/** The sentence before one that begins with a word that points back to it. */
function antecedentOf(unit: AnswerUnit, mates: readonly AnswerUnit[]): AnswerUnit | undefined {
  const before = mates[unit.position - 1];
  return before?.kind === 'sentence' &&
    before.block === unit.block &&
    !before.isCut &&
    POINTS_BACK.test(unit.text)
    ? before
    : undefined;
}

/** The code, list or table that follows a sentence at once, or at the end of its paragraph. */
function blockAfter(
  unit: AnswerUnit,
  mates: readonly AnswerUnit[],
  question: Question,
): AnswerUnit[] {
  let next = mates[unit.position + 1];
  if (question.kind === 'procedure' && !unit.text.endsWith(':')) {
    while (next?.kind === 'sentence' && next.block === unit.block) next = mates[next.position + 1];
  }
  if (next === undefined || next.text.length > MAX_BLOCK_CHARACTERS) return [];
  if (next.kind === 'code') return [next];
  if (next.kind !== 'item' && next.kind !== 'row') return [];
  return unit.text.endsWith(':') || question.kind === 'procedure' ? listOf(next, mates) : [];
}

function listOf(unit: AnswerUnit, mates: readonly AnswerUnit[]): AnswerUnit[] {
  const items = mates.filter((other) => other.kind === unit.kind && other.block === unit.block);
  const length = items.reduce((sum, item) => sum + item.text.length, 0);
  return items.length <= MAX_LIST_ITEMS && length <= MAX_BLOCK_CHARACTERS ? items : [unit];
}

/** Groups units by passage, best passage first, and puts each group into reading order. */
function arrange(units: readonly AnswerUnit[]): AnswerUnit[][] {
  const groups = new Map<number, AnswerUnit[]>();
  for (const unit of units) {
    const group = groups.get(unit.part.index) ?? [];
    group.push(unit);
    groups.set(unit.part.index, group);
  }
  return [...groups.values()].map((group) => group.sort((a, b) => a.position - b.position));
}
