import type { IdGenerator } from '@espalier/core';

/** Returns unique ids of requests that cost no randomness each: one random id of this process, and a count. */
export function createRequestIds(ids: IdGenerator): () => string {
  const base = ids('req');
  let count = 0;
  return () => `${base}-${(count++).toString(36)}`;
}
