import type { JsonObject, JsonValue } from '../json/json-value.js';
import type { Filter, FilterScalar } from './filter.js';

/**
 * Whether a record with this metadata fits the filter: the reference for what each store compiles filters to.
 *
 * A field that is absent, null or not a scalar fits `ne`, `nin` and `exists: false` only. Values of different types
 * are never equal and have no order. Texts are ordered by code point.
 */
export function matchesFilter(metadata: JsonObject, filter: Filter): boolean {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((inner) => matchesFilter(metadata, inner));
    case 'or':
      return filter.filters.some((inner) => matchesFilter(metadata, inner));
    case 'not':
      return !matchesFilter(metadata, filter.filter);
    default: {
      const found = scalarOf(
        Object.hasOwn(metadata, filter.field) ? metadata[filter.field] : undefined,
      );
      switch (filter.op) {
        case 'eq':
          return found === filter.value;
        case 'ne':
          return found !== filter.value;
        case 'in':
          return found !== undefined && filter.values.includes(found);
        case 'nin':
          return found === undefined || !filter.values.includes(found);
        case 'exists':
          return (found !== undefined) === filter.value;
        default:
          return isOrdered(filter.op, found, filter.value);
      }
    }
  }
}

function scalarOf(value: JsonValue | undefined): FilterScalar | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}

function isOrdered(
  op: 'lt' | 'lte' | 'gt' | 'gte',
  found: FilterScalar | undefined,
  value: string | number,
): boolean {
  if (typeof found !== typeof value || found === undefined) return false;
  const order =
    typeof found === 'number' && typeof value === 'number'
      ? found - value
      : compareCodePoints(String(found), String(value));
  if (op === 'lt') return order < 0;
  if (op === 'lte') return order <= 0;
  return op === 'gt' ? order > 0 : order >= 0;
}

/** Orders texts as UTF-8 bytes do, which is how stores compare them. */
function compareCodePoints(first: string, second: string): number {
  const length = Math.min(first.length, second.length);
  for (let index = 0; index < length; index += 1) {
    if (first.charCodeAt(index) !== second.charCodeAt(index)) {
      return (first.codePointAt(index) ?? 0) - (second.codePointAt(index) ?? 0);
    }
  }
  return first.length - second.length;
}
