import type { Passage, Span } from '@espalier/core';
import type { ContextDocument } from '../context.js';

/** A stretch of one document that will be one passage of the context. */
export interface Segment {
  readonly documentKey: string;
  readonly document: ContextDocument | undefined;
  /** Whether its text is its document's own at its span; only then may it grow or be joined. */
  readonly isExact: boolean;
  readonly span: Span;
  readonly text: string;
  /** Best first. */
  readonly members: readonly Passage[];
  /** The rank of its best member. */
  readonly rank: number;
  readonly tokens: number;
}

/** The segment that a found passage begins as. */
export function segmentOf(options: {
  passage: Passage;
  rank: number;
  document: ContextDocument | undefined;
  countTokens: (text: string) => number;
}): Segment {
  const { passage, rank, document } = options;
  const { span, text } = passage;
  // A passage that was redacted on the way is no longer what stands at its span.
  const isExact =
    document === undefined
      ? text.length === span.end - span.start && passage.metadata?.['redacted'] !== true
      : document.text.slice(span.start, span.end) === text;
  return {
    documentKey: JSON.stringify([passage.knowledgeBase ?? null, passage.documentId]),
    document,
    isExact,
    span,
    text,
    members: [passage],
    rank,
    tokens: options.countTokens(text),
  };
}

/** The passage that stands for a segment: its best member, with the segment's place and words. */
export function passageOf(segment: Segment): Passage {
  const { members, span, text, document } = segment;
  const best = members[0] as Passage;
  if (best.span.start === span.start && best.span.end === span.end) return best;
  return {
    ...best,
    text,
    span: { ...span },
    lines: document === undefined ? linesOfMembers(members) : linesOf(document.text, span),
    ...(best.headingPath === undefined ? {} : { headingPath: commonPath(members) }),
  };
}

function linesOfMembers(members: readonly Passage[]): Passage['lines'] {
  return {
    start: Math.min(...members.map(({ lines }) => lines.start)),
    end: Math.max(...members.map(({ lines }) => lines.end)),
  };
}

function linesOf(text: string, span: Span): Passage['lines'] {
  const start = 1 + breaksIn(text, 0, span.start);
  return { start, end: start + breaksIn(text, span.start, span.end - 1) };
}

function breaksIn(text: string, from: number, until: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < until; at = text.indexOf('\n', at + 1))
    count += 1;
  return count;
}

function commonPath(members: readonly Passage[]): string[] {
  const [first = [], ...others] = members.map(({ headingPath }) => headingPath ?? []);
  const differs = (name: string, depth: number): boolean =>
    others.some((path) => path[depth] !== name);
  const end = first.findIndex(differs);
  return end < 0 ? [...first] : first.slice(0, end);
}
