import type { Passage, Span } from '@espalier/core';
import { cutAtBlankLines, cutAtSentences, trimSpan } from '../chunking/internal/cut-places.js';
import { entityKey } from './entity-key.js';
import type { GraphExtractor, GraphMention, GraphRelationMention } from './graph-document.js';
import { findConcepts } from './internal/find-concepts.js';
import { findNames } from './internal/find-names.js';

const DEFAULT_MAX_CONCEPTS = 24;
const MAX_NAMES_PER_SENTENCE = 12;
const MAX_SENTENCE = 1000;
const MAX_LABEL_WORDS = 6;

/** What {@link createStatisticalExtractor} takes. */
export interface StatisticalExtractorOptions {
  /** The most phrases of a document, beside names, that are entities. Default 24. */
  readonly maxConcepts?: number;
}

/**
 * Creates an extractor that needs no model: entities are what is written as a name, an acronym or an identifier, and the
 * phrases that a document keeps repeating; two in one sentence are related.
 *
 * A relation's label is the words between the two where they are few. Deterministic. Cost: linear in the text, and in the
 * pairs of a sentence. It knows neither kinds of things nor facts: with a language model the graph says more.
 */
export function createStatisticalExtractor(
  options: StatisticalExtractorOptions = {},
): GraphExtractor {
  const maxConcepts = options.maxConcepts ?? DEFAULT_MAX_CONCEPTS;
  return {
    name: 'statistical',
    fingerprint: `statistical-1:${maxConcepts}`,
    async doExtract({ passages, abortSignal }) {
      abortSignal?.throwIfAborted();
      const lower = new Set(
        passages.flatMap(({ text }) => text.match(/(?<![\p{L}\p{N}])\p{Ll}[\p{L}\p{M}]*/gu) ?? []),
      );
      const concepts = findConcepts(
        passages.map(({ text }) => text),
        maxConcepts,
      );
      const mentions: GraphMention[] = [];
      const relations: GraphRelationMention[] = [];
      for (const [index, passage] of passages.entries()) {
        for (const sentence of sentencesOf(passage.text)) {
          const names = findNames(passage.text, sentence, (word) => lower.has(word));
          const found = [...names, ...concepts.in(passage.text, sentence, names)]
            .sort((a, b) => a.start - b.start)
            .slice(0, MAX_NAMES_PER_SENTENCE)
            .map(({ name, type, start, end }) => ({
              name,
              type,
              passage: index,
              span: shift({ start, end }, passage),
            }));
          mentions.push(...found);
          relations.push(...pairsOf(found, passage, sentence, index));
        }
      }
      return { mentions, relations, usage: {}, warnings: [] };
    },
  };
}

function* sentencesOf(text: string): Generator<Span> {
  for (const block of cutAtBlankLines(text, { start: 0, end: text.length })) {
    for (const part of cutAtSentences(text, block)) {
      const span = trimSpan(text, part);
      if (span !== undefined)
        yield { start: span.start, end: Math.min(span.end, span.start + MAX_SENTENCE) };
    }
  }
}

function pairsOf(
  found: readonly GraphMention[],
  passage: Passage,
  sentence: Span,
  index: number,
): GraphRelationMention[] {
  const pairs: GraphRelationMention[] = [];
  const seen = new Set<string>();
  for (const [at, first] of found.entries()) {
    for (const second of found.slice(at + 1)) {
      const [a, b] = [entityKey(first.name), entityKey(second.name)];
      const key = a < b ? `${a}\n${b}` : `${b}\n${a}`;
      if (a === b || seen.has(key)) continue;
      seen.add(key);
      const between = passage.text
        .slice(first.span.end - passage.span.start, second.span.start - passage.span.start)
        .replaceAll(/\s+/gu, ' ')
        .trim();
      const words = between === '' ? 0 : between.split(' ').length;
      const isLabel = words > 0 && words <= MAX_LABEL_WORDS && /^[\p{L}\p{N} '’-]+$/u.test(between);
      pairs.push({
        source: first.name,
        target: second.name,
        label: isLabel ? between : 'is mentioned with',
        passage: index,
        span: shift(sentence, passage),
        // What stands near each other is more likely to be related.
        weight: 1 / Math.max(1, Math.log2(2 + words)),
      });
    }
  }
  return pairs;
}

function shift(span: Span, passage: Passage): Span {
  return { start: span.start + passage.span.start, end: span.end + passage.span.start };
}
