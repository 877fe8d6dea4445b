import { InvalidArgumentError } from '@espalier/core';

/** Throws unless all legs score the same passages. */
export function assertSameLength(legs: readonly { readonly length: number }[]): void {
  const lengths = legs.map(({ length }) => length);
  if (lengths.every((length) => length === lengths[0])) return;
  throw new InvalidArgumentError({
    argument: 'legs',
    value: lengths,
    expected: 'one score for each passage in every leg',
  });
}
