import * as z from '@espalier/core/zod';
import { escapePattern } from './escape-pattern.js';

/** How a token that was added to a model's vocabulary is found in a text. */
export const addedTokenSchema = z.looseObject({
  id: z.int().min(0),
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(true),
  special: z.boolean().default(false),
});

/** A token that was added to a model's vocabulary. */
export type AddedToken = z.infer<typeof addedTokenSchema>;

/** A stretch of text, or the id of an added token that stood there. */
export type Segment = { readonly text: string; readonly start: number } | { readonly id: number };

const WORD_END = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u;
const WORD_START = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;

/** Returns a function that finds added tokens in a text, the leftmost first and of those the longest. */
export function createAddedTokenFinder(
  tokens: readonly AddedToken[],
  contentOf: (token: AddedToken) => string = ({ content }) => content,
): (text: string) => readonly Segment[] {
  const byContent = new Map(tokens.map((token) => [contentOf(token), token]));
  byContent.delete('');
  if (byContent.size === 0) return (text) => (text === '' ? [] : [{ text, start: 0 }]);
  const contents = [...byContent.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(contents.map((content) => escapePattern(content)).join('|'), 'gu');

  return (text) => {
    const segments: Segment[] = [];
    let from = 0;
    const keep = (end: number): void => {
      if (end > from) segments.push({ text: text.slice(from, end), start: from });
    };
    for (const match of text.matchAll(pattern)) {
      const token = byContent.get(match[0]) as AddedToken;
      let start = match.index;
      let end = start + match[0].length;
      if (
        token.single_word &&
        (WORD_END.test(text.slice(0, start)) || WORD_START.test(text.slice(end)))
      )
        continue;
      if (token.lstrip) start = Math.max(from, spacesBefore(text, start));
      if (token.rstrip) end = spacesAfter(text, end);
      keep(start);
      segments.push({ id: token.id });
      from = end;
    }
    keep(text.length);
    return segments;
  };
}

const SPACE = /\p{White_Space}/u;

function spacesBefore(text: string, end: number): number {
  let start = end;
  while (start > 0 && SPACE.test(text.charAt(start - 1))) start -= 1;
  return start;
}

function spacesAfter(text: string, start: number): number {
  let end = start;
  while (end < text.length && SPACE.test(text.charAt(end))) end += 1;
  return end;
}
