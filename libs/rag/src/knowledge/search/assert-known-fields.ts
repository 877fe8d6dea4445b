import type { Filter } from '@espalier/core';
import { FilterFieldUnknownError } from '../../errors.js';
import { mayRead } from '../internal/access.js';
import { storedField, type Corpus } from '../internal/corpus.js';

const METADATA = 'metadata.';

/**
 * Throws where a filter compares a field that no document has which may be read.
 *
 * What only others may read stays unknown, its field names included. `exists` may ask for anything.
 *
 * @throws {FilterFieldUnknownError} `ERR_RAG_FILTER_FIELD_INVALID`
 */
export function assertKnownFields(
  corpus: Corpus,
  filter: Filter,
  principals: readonly string[] | undefined,
): void {
  const fields = comparedFields(filter);
  if (fields.size === 0) return;
  const readers = corpus.accessKeys();
  const known = new Set(['source', 'documentId', 'mediaType', 'title']);
  for (const [access, own] of corpus.fieldsByAccess()) {
    if (!mayRead(readers.get(access), principals)) continue;
    for (const field of own) {
      known.add(field.startsWith(METADATA) ? field.slice(METADATA.length) : field);
    }
  }
  for (const field of fields) {
    if (known.has(field) || known.has(storedField(field))) continue;
    throw new FilterFieldUnknownError({ field, known: [...known].sort() });
  }
}

function comparedFields(filter: Filter, into = new Set<string>()): Set<string> {
  if (filter.op === 'and' || filter.op === 'or') {
    for (const inner of filter.filters) comparedFields(inner, into);
  } else if (filter.op === 'not') comparedFields(filter.filter, into);
  else if (filter.op !== 'exists') into.add((filter as { field: string }).field);
  return into;
}
