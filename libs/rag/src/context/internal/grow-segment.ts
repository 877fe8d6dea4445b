import type { Span } from '@espalier/core';
import type { Segment } from './segment.js';

/** The spans that a segment may grow to, each a step of its own, the nearest first. */
export function growthSteps(
  segment: Segment,
  options: { neighbors: number; growToParent: boolean },
): Span[] {
  const { document, span, isExact } = segment;
  if (document === undefined || !isExact) return [];
  const steps: Span[] = [];
  const chunks = document.chunks ?? [];
  const next = firstFrom(chunks, span.end);
  const previous = lastUntil(chunks, span.start);
  for (let distance = 0; distance < options.neighbors; distance += 1) {
    // What follows explains more often than what came before.
    const after = chunks[next + distance];
    if (after !== undefined) steps.push({ start: span.start, end: after.end });
    const before = chunks[previous - distance];
    if (before !== undefined) steps.push({ start: before.start, end: span.end });
  }
  const own = chunks[firstFrom(chunks, span.start)];
  const isOwn = own?.start === span.start && own.end >= span.end;
  if (options.growToParent && isOwn && own.parent !== undefined) steps.push(own.parent);
  return steps;
}

/** The segment over its own span and another. */
export function grownTo(
  segment: Segment,
  to: Span,
  countTokens: (text: string) => number,
): Segment | undefined {
  const { document } = segment;
  if (document === undefined) return undefined;
  const span = {
    start: Math.min(segment.span.start, to.start),
    end: Math.max(segment.span.end, to.end),
  };
  if (span.start === segment.span.start && span.end === segment.span.end) return undefined;
  const text = document.text.slice(span.start, span.end);
  return { ...segment, span, text, tokens: countTokens(text) };
}

/** The index of the first span that starts at or after an offset. */
function firstFrom(spans: readonly Span[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the last span that ends at or before an offset; -1 where there is none. */
function lastUntil(spans: readonly Span[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
