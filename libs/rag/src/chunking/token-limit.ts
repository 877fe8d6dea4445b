import { InvalidArgumentError } from '@espalier/core';

/** How large a chunk may be, in the tokens of the model that will embed it. */
export interface TokenLimit {
  /** The embedding model's own count, special tokens left out. */
  readonly countTokens: (text: string) => number;
  /** Names what `countTokens` counts; part of the fingerprint. */
  readonly tokenizerId: string;
  /** The most tokens of one chunk. */
  readonly maxTokens?: number;
}

/**
 * Returns a limit of tokens that is a whole number from 1.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: it is not.
 */
export function tokenLimitOf(argument: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError({ argument, value, expected: 'a whole number from 1' });
}
