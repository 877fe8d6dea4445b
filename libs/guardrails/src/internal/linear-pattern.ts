import { InvalidArgumentError } from '@espalier/core';
import type { RE2JS } from 're2js';

/** A pattern that is matched in time linear in the text, whatever both are. */
export type LinearPattern = RE2JS;

/**
 * Compiles a pattern in RE2's syntax.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: look-around, backreferences, or no pattern at all.
 */
export async function compileLinearPattern(
  pattern: string,
  options: { readonly ignoresCase?: boolean } = {},
): Promise<LinearPattern> {
  const { RE2JS: engine } = await import('re2js');
  try {
    return engine.compile(pattern, options.ignoresCase === true ? engine.CASE_INSENSITIVE : 0);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError({
      argument: 'pattern',
      value: pattern,
      expected: `a pattern in RE2's syntax, without look-around and backreferences (${problem})`,
    });
  }
}
