import type { Span } from '@espalier/core';

/** Those of some spans (in order, none inside of another) that lie wholly within a span; cost: log of their number. */
export function spansWithin(spans: readonly Span[], within: Span): Span[] {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.start ?? 0) < within.start) low = middle + 1;
    else high = middle;
  }
  const found: Span[] = [];
  for (let at = low; at < spans.length; at += 1) {
    const span = spans[at];
    if (span === undefined || span.start >= within.end) break;
    if (span.end <= within.end) found.push(span);
  }
  return found;
}
