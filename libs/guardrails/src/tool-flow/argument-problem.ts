import { truncateValue, type JsonValue } from '@espalier/core';
import type * as z from '@espalier/core/zod';
import type { LinearPattern } from '../internal/linear-pattern.js';
import type { argumentConstraintSchema } from './tool-flow-schema.js';

type Constraint = z.output<typeof argumentConstraintSchema>;

/** What is wrong with an argument, for the model and for people; `undefined` where nothing is. */
export function argumentProblem(options: {
  readonly input: JsonValue;
  readonly path: string;
  readonly constraint: Constraint;
  /** The compiled patterns of all constraints. */
  readonly patterns: ReadonlyMap<string, LinearPattern>;
}): string | undefined {
  const { input, path, constraint, patterns } = options;
  const value = valueAt(input, path);
  if (value === undefined || value === null) {
    return constraint.required === true ? `"${path}" is missing` : undefined;
  }
  const values = Array.isArray(value) ? value : [value];
  for (const each of values) {
    const problem = problemOf(each, constraint, patterns);
    if (problem !== undefined) return `"${path}" is ${truncateValue(each, 80)}, but ${problem}`;
  }
  return undefined;
}

function problemOf(
  value: JsonValue,
  constraint: Constraint,
  patterns: ReadonlyMap<string, LinearPattern>,
): string | undefined {
  const { matches, min, max } = constraint;
  const oneOf = constraint['one-of'];
  const maxLength = constraint['max-length'];
  if (oneOf !== undefined && !oneOf.includes(value as string)) {
    return `must be one of ${oneOf.map(String).join(', ')}`;
  }
  if (
    matches !== undefined &&
    !(typeof value === 'string' && patterns.get(matches)?.matcher(value).matches() === true)
  ) {
    return `must fit ${matches}`;
  }
  if (maxLength !== undefined && (typeof value !== 'string' || value.length > maxLength)) {
    return `must have at most ${maxLength} characters`;
  }
  // A number written as a text is a number to many tools.
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (min !== undefined && !(typeof number === 'number' && number >= min))
    return `must be at least ${min}`;
  if (max !== undefined && !(typeof number === 'number' && number <= max))
    return `must be at most ${max}`;
  return undefined;
}

/** The value at a path with dots between its steps. */
export function valueAt(input: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = input;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Record<string, JsonValue>)[step];
  }
  return value;
}
