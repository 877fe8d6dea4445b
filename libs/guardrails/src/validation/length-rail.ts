import { InvalidArgumentError, type Rail } from '@espalier/core';
import { createValidationRail, type ValidationRailOptions } from './create-validation-rail.js';

/** What `createLengthRail` takes. */
export interface LengthRailOptions extends ValidationRailOptions {
  /** Units: characters (code points). */
  readonly min?: number;
  /** Units: characters (code points). */
  readonly max?: number;
}

/**
 * Makes a rail for texts that are too short or too long; `fix` cuts what is too long.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `min` is more than `max`.
 */
export function createLengthRail(options: LengthRailOptions): Rail {
  const { min = 0, max = Number.POSITIVE_INFINITY } = options;
  if (min > max || min < 0) {
    throw new InvalidArgumentError({
      argument: 'min',
      value: min,
      expected: `from 0 to max, which is ${max}`,
    });
  }
  return createValidationRail({
    name: options.name ?? 'length',
    points: options.points ?? ['input'],
    onFailure: options.onFailure ?? 'refrain',
    validate({ text }) {
      const length = text.length > 4 * max ? text.length : Array.from(text).length;
      if (length > max) {
        return {
          category: 'length',
          rule: 'max',
          reason: `The text has ${length} characters; ${max} are allowed.`,
          fixed: Array.from(text.slice(0, 2 * max))
            .slice(0, max)
            .join(''),
        };
      }
      if (length >= min) return undefined;
      return {
        category: 'length',
        rule: 'min',
        reason: `The text has ${length} characters; at least ${min} are asked for.`,
      };
    },
  });
}
