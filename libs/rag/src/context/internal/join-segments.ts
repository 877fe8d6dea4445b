import type { Segment } from './segment.js';

/** The segment that covers two of one document; undefined where the words between them are not known. */
export function joinSegments(
  first: Segment,
  second: Segment,
  countTokens: (text: string) => number,
): Segment | undefined {
  const [left, right] = first.span.start <= second.span.start ? [first, second] : [second, first];
  const document = left.document ?? right.document;
  const span = { start: left.span.start, end: Math.max(left.span.end, right.span.end) };
  let text: string;
  if (document !== undefined) text = document.text.slice(span.start, span.end);
  else if (right.span.start <= left.span.end)
    text = left.text + right.text.slice(Math.max(0, left.span.end - right.span.start));
  else return undefined;
  const [better, other] = first.rank <= second.rank ? [first, second] : [second, first];
  return {
    ...better,
    document,
    span,
    text,
    members: [...better.members, ...other.members],
    tokens: countTokens(text),
  };
}

/** Whether two segments overlap, touch, or stand at most `bridge` characters apart in one document. */
export function areClose(first: Segment, second: Segment, bridge: number): boolean {
  return (
    first.documentKey === second.documentKey &&
    first.isExact &&
    second.isExact &&
    Math.max(first.span.start, second.span.start) - Math.min(first.span.end, second.span.end) <=
      bridge
  );
}
