import type { LexicalClause, LexicalQuery } from '../lexical-query.js';
import type { TextAnalyzer } from '../text-analyzer.js';
import { countPhrase } from './count-phrase.js';
import type { DocumentSlots } from './document-slots.js';
import { expandFuzzy, expandPrefix, type Expansion } from './expand-words.js';
import type { Postings } from './postings.js';
import { impactsOfValues, type Impacts } from './term-impacts.js';
import type { Term, Vocabulary } from './vocabulary.js';

/** What one term or clause gives the texts that hold it. */
export interface QueryLeg {
  readonly length: number;
  /** Ascending. */
  readonly slots: Int32Array;
  readonly values: Float32Array;
  readonly largest: number;
  /** Σ values and Σ values². */
  readonly sum: number;
  readonly squares: number;
  readonly weight: number;
}

/** A query taken apart. */
export interface QueryPlan {
  readonly legs: readonly QueryLeg[];
  /** A text must be in one leg of each of these. */
  readonly musts: readonly (readonly QueryLeg[])[];
  /** A text must be in none of these. */
  readonly nots: readonly QueryLeg[];
}

/** What a plan is made from. */
export interface PlanContext {
  readonly analyzer: TextAnalyzer;
  readonly vocabulary: Vocabulary;
  readonly documents: DocumentSlots;
  readonly postings: Postings;
  readonly k1: number;
  readonly rarityOf: (term: Term) => number;
  readonly impactsOf: (term: Term) => Impacts;
}

/** Looks up all that a query asks for. */
export function planQuery(query: LexicalQuery, context: PlanContext): QueryPlan {
  const clauses: readonly LexicalClause[] =
    typeof query === 'string' ? [{ kind: 'words', text: query }] : query;
  const legs: QueryLeg[] = [];
  const musts: (readonly QueryLeg[])[] = [];
  const nots: QueryLeg[] = [];
  for (const clause of clauses) {
    const found = legsOf(clause, context);
    if (clause.occurs === 'not') nots.push(...found.flat());
    else legs.push(...found.flat());
    if (clause.occurs === 'must') musts.push(...found);
  }
  return { legs, musts, nots };
}

/** The legs of a clause, one group for each of its words. */
function legsOf(clause: LexicalClause, context: PlanContext): (readonly QueryLeg[])[] {
  const { boost = 1, text } = clause;
  if (clause.kind === 'term') return [termLegs(context.vocabulary.terms.get(text), boost, context)];
  if (clause.kind === 'phrase') return phraseLegs(text, clause.slop ?? 0, boost, context);
  const words = context.analyzer.words(text);
  if (clause.kind === 'words') {
    return words
      .map((word) => context.analyzer.termOf(word))
      .filter((term) => term !== undefined)
      .map((term) => termLegs(context.vocabulary.terms.get(term), boost, context));
  }
  return words.map((word) => {
    const expansions =
      clause.kind === 'prefix'
        ? expandPrefix(context.vocabulary, word)
        : expandFuzzy(context.vocabulary, word, clause.distance);
    return expandedLegs(expansions, boost, context);
  });
}

function termLegs(term: Term | undefined, boost: number, context: PlanContext): QueryLeg[] {
  if (term === undefined) return [];
  const impacts = context.impactsOf(term);
  const slots = context.postings.slotsOf(term.list);
  const weight = boost * context.rarityOf(term);
  return [{ ...impacts, length: slots.length, slots, weight }];
}

/** One leg of several terms: a text has the best of theirs. */
function expandedLegs(
  expansions: readonly Expansion[],
  boost: number,
  context: PlanContext,
): QueryLeg[] {
  const best = new Map<number, number>();
  for (const { term, nearness } of expansions) {
    for (const { length, slots, values, weight } of termLegs(term, nearness, context)) {
      for (let n = 0; n < length; n += 1) {
        const slot = slots[n] ?? 0;
        const value = weight * (values[n] ?? 0);
        if (value > (best.get(slot) ?? 0)) best.set(slot, value);
      }
    }
  }
  return best.size === 0 ? [] : [legOf(best, boost)];
}

function phraseLegs(
  text: string,
  slop: number,
  boost: number,
  context: PlanContext,
): (readonly QueryLeg[])[] {
  const { vocabulary, documents, postings, k1 } = context;
  const names = context.analyzer
    .words(text)
    .map((word) => context.analyzer.termOf(word))
    .filter((term) => term !== undefined);
  if (names.length === 0) return [];
  const terms = names.map((name) => vocabulary.terms.get(name));
  const known = terms.filter((term) => term !== undefined);
  const [rarest] = known.toSorted((a, b) => postings.lengthOf(a.list) - postings.lengthOf(b.list));
  if (rarest === undefined || known.length < names.length) return [[]];
  const others = known.filter((term) => term !== rarest);
  const found = new Map<number, number>();
  for (const slot of postings.slotsOf(rarest.list)) {
    const indexed = documents.texts[slot];
    if (indexed === undefined || others.some(({ list }) => postings.find(list, slot) < 0)) continue;
    const count = countPhrase({ text: indexed, terms: known, slop, vocabulary });
    if (count > 0) found.set(slot, (count * (k1 + 1)) / (count + k1));
  }
  // A phrase is worth what its words are worth together.
  const weight = known.reduce((sum, term) => sum + context.rarityOf(term), 0);
  return [found.size === 0 ? [] : [legOf(found, boost * weight)]];
}

function legOf(values: ReadonlyMap<number, number>, weight: number): QueryLeg {
  const slots = Int32Array.from(values.keys()).sort();
  const ordered = Float32Array.from(slots, (slot) => values.get(slot) ?? 0);
  return { ...impactsOfValues(ordered), length: slots.length, slots, weight };
}
