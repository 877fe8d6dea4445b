/**
 * Calls back with the ids of each word or added token of a text, in order, until the callback returns `false`.
 *
 * Returns whether it came to the end.
 */
export type Scan = (text: string, onPieces: (ids: readonly number[]) => boolean) => boolean;
