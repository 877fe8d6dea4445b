import type { ContextOrder } from '../context.js';
import type { Segment } from './segment.js';

/**
 * Puts segments, given best first, into the order asked for.
 *
 * @see Liu et al., "Lost in the Middle: How Language Models Use Long Contexts" (TACL 2024), for `edges`.
 */
export function orderSegments(segments: readonly Segment[], order: ContextOrder): Segment[] {
  if (order === 'relevance') return [...segments];
  if (order === 'edges') {
    const front = segments.filter((_, rank) => rank % 2 === 0);
    const back = segments.filter((_, rank) => rank % 2 === 1);
    return [...front, ...back.reverse()];
  }
  const firstOf = new Map<string, number>();
  for (const [rank, { documentKey }] of segments.entries())
    if (!firstOf.has(documentKey)) firstOf.set(documentKey, rank);
  const rankOf = (segment: Segment): number => firstOf.get(segment.documentKey) ?? 0;
  return [...segments].sort((a, b) => rankOf(a) - rankOf(b) || a.span.start - b.span.start);
}
