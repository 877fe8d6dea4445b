import * as z from '@espalier/core/zod';
import { escapePattern } from './escape-pattern.js';
import type { ComponentReader } from './component.js';
import { translateOniguruma } from './oniguruma-pattern.js';

/** A pattern in a `tokenizer.json`: a text to be found, or a regular expression of Oniguruma. */
export const textPatternSchema = z.union([
  z.looseObject({ String: z.string() }),
  z.looseObject({ Regex: z.string() }),
]);

/** Makes the pattern global and aware of Unicode. */
export function textPatternOf(
  pattern: z.infer<typeof textPatternSchema>,
  reader: ComponentReader,
  place: string,
): RegExp {
  if ('String' in pattern) return new RegExp(escapePattern(pattern.String as string), 'gu');
  const source = pattern.Regex;
  try {
    return new RegExp(translateOniguruma(source), 'gu');
  } catch {
    throw reader.unsupported(place, source, 'a regular expression that JavaScript can run too');
  }
}
