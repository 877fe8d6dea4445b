import { createHash } from 'node:crypto';

/** The key of documents that everybody may read. */
export const EVERYBODY = 'all';
const KEY_CHARACTERS = 24;

/** Returns the principals sorted and without doubles; undefined stays undefined. */
export function normalizePrincipals(
  principals: readonly string[] | undefined,
): readonly string[] | undefined {
  return principals === undefined
    ? undefined
    : [...new Set(principals.map((name) => name.toWellFormed()))].sort();
}

/**
 * Returns a short name of a set of readers, equal for equal sets.
 *
 * Stores filter by it: one equality check whatever the number of principals.
 */
export function accessKey(principals: readonly string[] | undefined): string {
  if (principals === undefined) return EVERYBODY;
  return createHash('sha256')
    .update(JSON.stringify(principals))
    .digest('hex')
    .slice(0, KEY_CHARACTERS);
}

/** Whether somebody with these principals may read it; no `asking` means no restriction. */
export function mayRead(
  allowed: readonly string[] | undefined,
  asking: readonly string[] | undefined,
): boolean {
  return (
    asking === undefined || allowed === undefined || allowed.some((name) => asking.includes(name))
  );
}
