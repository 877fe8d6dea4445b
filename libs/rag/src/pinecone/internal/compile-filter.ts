import type { Filter, FilterScalar } from '@espalier/core';
import { FilterInvalidError } from '../../errors.js';
import { FIELD_KINDS, kindOf, OPPOSITE_ORDERS } from '../../stores/internal/field-kind.js';
import { fieldOf, orderFieldOf, orderOf } from './pinecone-fields.js';

/** A filter in Pinecone's language, or `true` and `false` where nothing depends on the record. */
export type PineconeFilter = boolean | Readonly<Record<string, unknown>>;

/**
 * Compiles a filter to one of Pinecone that every record fits that the filter fits.
 *
 * It fits more where texts are put in order: those that begin with the same bytes as the filter's. So what it finds is
 * looked at once more. Pinecone has no negation: it goes down to the comparisons.
 *
 * @throws {FilterInvalidError} `ERR_RAG_FILTER_INVALID`: an unknown operator.
 */
export function compileFilter(filter: Filter, isNegated = false): PineconeFilter {
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((inner) => compileFilter(inner, isNegated));
      return (filter.op === 'and') === isNegated ? anyOf(parts) : allOf(parts);
    }
    case 'not':
      return compileFilter(filter.filter, !isNegated);
    case 'eq':
      return isOneOf(filter.field, [filter.value], isNegated);
    case 'ne':
      return isOneOf(filter.field, [filter.value], !isNegated);
    case 'in':
      return isOneOf(filter.field, filter.values, isNegated);
    case 'nin':
      return isOneOf(filter.field, filter.values, !isNegated);
    case 'exists': {
      const isWanted = filter.value !== isNegated;
      const parts = FIELD_KINDS.map((kind) => exists(fieldOf(filter.field, kind), isWanted));
      return isWanted ? anyOf(parts) : allOf(parts);
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      const { field, value } = filter;
      const op = isNegated ? OPPOSITE_ORDERS[filter.op] : filter.op;
      const isText = typeof value === 'string';
      const name = isText ? orderFieldOf(field) : fieldOf(field, 'number');
      // Of texts only the first bytes are compared: equal ones may be on either side.
      const operator = isText ? (op.startsWith('l') ? '$lte' : '$gte') : `$${op}`;
      const compared = { [name]: { [operator]: isText ? orderOf(value) : value } };
      return isNegated ? anyOf([exists(name, false), compared]) : compared;
    }
    default:
      throw new FilterInvalidError({
        problem: `the operator "${String((filter as { op: unknown }).op)}" is unknown`,
      });
  }
}

function isOneOf(
  field: string,
  values: readonly FilterScalar[],
  isNegated: boolean,
): PineconeFilter {
  const parts = FIELD_KINDS.flatMap((kind) => {
    const own = [...new Set(values.filter((value) => kindOf(value) === kind))];
    const name = fieldOf(field, kind);
    // Pinecone's `$in` takes no booleans.
    const groups = kind === 'boolean' ? own.map((value) => [value]) : [own];
    return groups.flatMap((group): PineconeFilter[] => {
      if (group.length === 0) return [];
      const isOne = group.length === 1;
      if (!isNegated) return [{ [name]: isOne ? { $eq: group[0] } : { $in: group } }];
      const differs = { [name]: isOne ? { $ne: group[0] } : { $nin: group } };
      return [anyOf([exists(name, false), differs])];
    });
  });
  return isNegated ? allOf(parts) : anyOf(parts);
}

function exists(name: string, isWanted: boolean): PineconeFilter {
  return { [name]: { $exists: isWanted } };
}

function allOf(parts: readonly PineconeFilter[]): PineconeFilter {
  if (parts.includes(false)) return false;
  return joined('$and', parts, true);
}

function anyOf(parts: readonly PineconeFilter[]): PineconeFilter {
  if (parts.includes(true)) return true;
  return joined('$or', parts, false);
}

function joined(
  operator: '$and' | '$or',
  parts: readonly PineconeFilter[],
  ofNothing: boolean,
): PineconeFilter {
  const open = parts.filter((part) => typeof part !== 'boolean');
  const [only] = open;
  if (only === undefined) return ofNothing;
  return open.length === 1 ? only : { [operator]: open };
}
