import type { Filter, FilterScalar } from '@espalier/core';
import type { Collection, FilterValue } from 'weaviate-client';
import { FilterInvalidError } from '../../errors.js';
import { FIELD_KINDS, kindOf, OPPOSITE_ORDERS } from '../../stores/internal/field-kind.js';
import { indexedText, propertyOf } from './weaviate-fields.js';

/** A filter in Weaviate's language, or `true` and `false` where nothing depends on the record. */
export type WeaviateFilter = boolean | FilterValue;

const ORDER_OPERATORS = {
  lt: 'LessThan',
  lte: 'LessThanEqual',
  gt: 'GreaterThan',
  gte: 'GreaterThanEqual',
} as const;

/**
 * Compiles a filter to one of Weaviate, of which negations have gone down to the comparisons: older servers have none.
 *
 * `properties` are those that the collection has: Weaviate refuses a filter over any other.
 *
 * @throws {FilterInvalidError} `ERR_RAG_FILTER_INVALID`: an unknown operator.
 */
export function compileFilter(
  collection: Collection,
  properties: ReadonlySet<string>,
  filter: Filter,
): WeaviateFilter {
  const property = (name: string): ReturnType<typeof collection.filter.byProperty> =>
    collection.filter.byProperty(name);
  const isAbsent = (name: string, isWanted: boolean): WeaviateFilter =>
    properties.has(name) ? property(name).isNull(isWanted) : isWanted;
  const isOneOf = (
    field: string,
    values: readonly FilterScalar[],
    isNegated: boolean,
  ): WeaviateFilter => {
    const parts = values.map((value): WeaviateFilter => {
      const name = propertyOf(field, kindOf(value) ?? 'text');
      if (!properties.has(name)) return isNegated;
      const stored = typeof value === 'string' ? indexedText(value) : value;
      return isNegated
        ? joined('Or', [isAbsent(name, true), property(name).notEqual(stored)])
        : property(name).equal(stored);
    });
    return joined(isNegated ? 'And' : 'Or', parts);
  };
  const compile = (part: Filter, isNegated: boolean): WeaviateFilter => {
    switch (part.op) {
      case 'and':
      case 'or':
        return joined(
          (part.op === 'and') === isNegated ? 'Or' : 'And',
          part.filters.map((inner) => compile(inner, isNegated)),
        );
      case 'not':
        return compile(part.filter, !isNegated);
      case 'eq':
        return isOneOf(part.field, [part.value], isNegated);
      case 'ne':
        return isOneOf(part.field, [part.value], !isNegated);
      case 'in':
        return isOneOf(part.field, part.values, isNegated);
      case 'nin':
        return isOneOf(part.field, part.values, !isNegated);
      case 'exists': {
        const isWanted = part.value !== isNegated;
        return joined(
          isWanted ? 'Or' : 'And',
          FIELD_KINDS.map((kind) => isAbsent(propertyOf(part.field, kind), !isWanted)),
        );
      }
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte': {
        const { field, value } = part;
        const name = propertyOf(field, kindOf(value) ?? 'text');
        if (!properties.has(name)) return isNegated;
        const stored = typeof value === 'string' ? indexedText(value) : value;
        const compared = ordered(name, isNegated ? OPPOSITE_ORDERS[part.op] : part.op, stored);
        return isNegated ? joined('Or', [isAbsent(name, true), compared]) : compared;
      }
      default:
        throw new FilterInvalidError({
          problem: `the operator "${String((part as { op: unknown }).op)}" is unknown`,
        });
    }
  };
  return compile(filter, false);
}

/** A comparison by order, which Weaviate has for texts as well, though its client's types have not. */
export function ordered(
  property: string,
  op: 'lt' | 'lte' | 'gt' | 'gte',
  value: string | number,
): FilterValue {
  return {
    operator: ORDER_OPERATORS[op],
    target: { property, singleTarget: undefined, multiTarget: undefined, count: undefined },
    value,
  };
}

/** All of the parts, or any of them, without those that decide nothing. */
function joined(operator: 'And' | 'Or', parts: readonly WeaviateFilter[]): WeaviateFilter {
  const decides = operator === 'Or';
  if (parts.includes(decides)) return decides;
  const open = parts.filter((part) => typeof part !== 'boolean');
  const [only] = open;
  if (only === undefined) return !decides;
  return open.length === 1 ? only : { operator, filters: open, value: null };
}
