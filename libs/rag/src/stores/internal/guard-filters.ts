import type { Filter, VectorIndex } from '@espalier/core';
import { assertFilter } from '../../filter/assert-filter.js';

/** The index with every filter checked before the store sees it. */
export function guardFilters<Index extends VectorIndex>(
  index: Index,
  filterableFields: readonly string[] | undefined,
): Index {
  const fields = filterableFields === undefined ? undefined : new Set(filterableFields);
  const check = (filter: Filter | undefined): void => {
    if (filter !== undefined) assertFilter({ index: index.name, filter, fields });
  };
  const guarded: Pick<VectorIndex, 'delete' | 'query' | 'scroll' | 'count'> = {
    async delete(options) {
      if ('filter' in options) check(options.filter);
      return index.delete(options);
    },
    async query(options) {
      check(options.filter);
      return index.query(options);
    },
    async *scroll(options) {
      check(options.filter);
      yield* index.scroll(options);
    },
    async count(options) {
      check(options?.filter);
      return index.count(options);
    },
  };
  return { ...index, ...guarded };
}
