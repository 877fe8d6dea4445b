import { InvalidArgumentError } from '@espalier/core';
import type { AssembleContextOptions, AssembledContext, ContextOmission } from './context.js';
import { cutToFit } from './internal/cut-to-fit.js';
import { findDuplicates } from './internal/find-duplicates.js';
import { growthSteps, grownTo } from './internal/grow-segment.js';
import { areClose, joinSegments } from './internal/join-segments.js';
import { orderSegments } from './internal/order-passages.js';
import { passageOf, segmentOf, type Segment } from './internal/segment.js';

const DEFAULT_OVERHEAD_TOKENS = 24;
const DEFAULT_NEIGHBORS = 1;
const DEFAULT_BRIDGE = 120;
const DEFAULT_DUPLICATE_SHARE = 0.85;

/**
 * Returns what of a search's passages a model is given within a budget of tokens.
 *
 * Repetitions are left out; then passages are taken best first while they fit, those of one document that overlap, touch
 * or nearly touch as one; what is left of the budget goes to neighbours and parents, a step for each passage in turn,
 * best first. Where not even the best passage fits, its beginning is taken. Nothing is reworded: each passage of the
 * result is its document's text at its span.
 *
 * Pure: the same input gives the same context. Cost: a token count for each passage and each step of growth.
 *
 * Units: `maxTokens` tokens of `countTokens`.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `maxTokens` or `neighbors` is not a whole number from 0.
 */
export function assembleContext(options: AssembleContextOptions): AssembledContext {
  assertWhole('maxTokens', options.maxTokens);
  assertWhole('neighbors', options.neighbors ?? DEFAULT_NEIGHBORS);
  const { passages, countTokens, maxTokens } = options;
  const overhead = options.overheadTokens ?? DEFAULT_OVERHEAD_TOKENS;
  const maxPassages = options.maxPassages ?? Infinity;
  const bridge = options.bridge ?? DEFAULT_BRIDGE;
  const omitted: { passageId: string; reason: ContextOmission }[] = [];
  const duplicates = findDuplicates(
    passages.map(({ text }) => text),
    options.duplicateShare ?? DEFAULT_DUPLICATE_SHARE,
  );

  let segments: Segment[] = [];
  for (const [rank, passage] of passages.entries()) {
    if (duplicates.has(rank)) {
      omitted.push({ passageId: passage.id, reason: 'duplicate' });
      continue;
    }
    const found = segmentOf({
      passage,
      rank,
      document: options.documentOf?.(passage),
      countTokens,
    });
    const candidates = [found];
    // Only the best is worth having in part.
    if (segments.length === 0)
      candidates.push(beginningOf(found, maxTokens - overhead, countTokens));
    const taken = candidates
      .filter(({ text }) => text !== '')
      .map((segment) => withSegment(segments, segment, { bridge, countTokens }))
      .find((candidate) => tokensOf(candidate, overhead) <= maxTokens);
    if (taken === undefined) omitted.push({ passageId: passage.id, reason: 'budget' });
    else if (taken.length > maxPassages) omitted.push({ passageId: passage.id, reason: 'limit' });
    else segments = taken;
  }
  segments = grow(segments, options, { bridge, overhead });
  segments.sort((a, b) => a.rank - b.rank);

  const chosen = orderSegments(segments, options.order ?? 'edges').map((segment) => ({
    passage: passageOf(segment),
    passageIds: segment.members.map(({ id }) => id),
    tokens: segment.tokens + overhead,
  }));
  return {
    passages: chosen,
    tokens: tokensOf(segments, overhead),
    omitted,
    hasEvidence: (options.hasEvidence ?? true) && chosen.length > 0,
  };
}

function grow(
  segments: readonly Segment[],
  options: AssembleContextOptions,
  limits: { bridge: number; overhead: number },
): Segment[] {
  const { countTokens, maxTokens } = options;
  const growth = {
    neighbors: options.neighbors ?? DEFAULT_NEIGHBORS,
    growToParent: options.growToParent ?? true,
  };
  let current = [...segments];
  const plans = segments.map((segment) => ({
    member: segment.members[0],
    steps: growthSteps(segment, growth),
  }));
  const rounds = Math.max(0, ...plans.map(({ steps }) => steps.length));
  for (let round = 0; round < rounds; round += 1) {
    for (const { member, steps } of plans) {
      const step = steps[round];
      const own = current.find((segment) => segment.members.includes(member as never));
      if (step === undefined || own === undefined) continue;
      const grown = grownTo(own, step, countTokens);
      if (grown === undefined) continue;
      const others = current.filter((segment) => segment !== own);
      const next = withSegment(others, grown, { bridge: limits.bridge, countTokens });
      if (tokensOf(next, limits.overhead) <= maxTokens) current = next;
    }
  }
  return current;
}

/** The segments with one more, joined with those that it is close to. */
function withSegment(
  segments: readonly Segment[],
  added: Segment,
  options: { bridge: number; countTokens: (text: string) => number },
): Segment[] {
  let joined = added;
  let rest = [...segments];
  for (;;) {
    const close = rest.find((segment) => areClose(segment, joined, options.bridge));
    const union = close && joinSegments(close, joined, options.countTokens);
    if (union === undefined) return [...rest, joined];
    joined = union;
    rest = rest.filter((segment) => segment !== close);
  }
}

function beginningOf(
  segment: Segment,
  maxTokens: number,
  countTokens: (text: string) => number,
): Segment {
  const text = cutToFit({ text: segment.text, maxTokens, countTokens });
  const { start } = segment.span;
  return {
    ...segment,
    text,
    span: { start, end: start + text.length },
    tokens: countTokens(text),
  };
}

function tokensOf(segments: readonly Segment[], overhead: number): number {
  return segments.reduce((sum, { tokens }) => sum + tokens + overhead, 0);
}

function assertWhole(argument: string, value: number): void {
  if (Number.isInteger(value) && value >= 0) return;
  throw new InvalidArgumentError({ argument, value, expected: 'a whole number from 0' });
}
