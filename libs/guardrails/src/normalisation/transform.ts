import type { ViewBuilder } from './text-view.js';

/** Writes what a text reads as; `false` when that is the text itself. */
export type Transform = (text: string, builder: ViewBuilder) => boolean;

/** Copies a text with each match of `runs` replaced by what `decode` gives; `undefined` leaves a match as it is. */
export function replaceRuns(
  text: string,
  builder: ViewBuilder,
  runs: RegExp,
  decode: (match: RegExpExecArray) => string | undefined,
): boolean {
  let isChanged = false;
  let position = 0;
  for (const match of text.matchAll(runs)) {
    const decoded = decode(match);
    if (decoded === undefined || decoded === match[0]) continue;
    isChanged = true;
    builder.copy(text, position, match.index);
    position = match.index + match[0].length;
    builder.add(decoded, match.index, position);
  }
  if (isChanged) builder.copy(text, position, text.length);
  return isChanged;
}
