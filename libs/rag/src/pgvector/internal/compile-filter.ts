import type { Filter, FilterScalar, JsonObject } from '@espalier/core';
import { FilterInvalidError } from '../../errors.js';
import { toPgText } from './pg-text.js';

const OPERATORS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** The scalar fields of metadata as the JSON text of the column that filters look at. */
export function scalarFields(metadata: JsonObject): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(metadata).flatMap(([field, value]) =>
        typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
          ? [[toPgText(field), asJson(value)]]
          : [],
      ),
    ),
  );
}

/**
 * Compiles a filter to a condition of SQL over the column `fields` that is true or false for every row, never null.
 *
 * All names and values go into `values`; the condition holds their numbers only.
 *
 * @throws {FilterInvalidError} `ERR_RAG_FILTER_INVALID`: an unknown operator.
 */
export function compileFilter(filter: Filter, values: unknown[]): string {
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((inner) => compileFilter(inner, values));
      if (parts.length === 0) return filter.op === 'and' ? 'true' : 'false';
      return `(${parts.join(filter.op === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `(NOT ${compileFilter(filter.filter, values)})`;
    default: {
      const field = toPgText(filter.field);
      const isOneOf = (wanted: readonly FilterScalar[]): string => {
        const objects = wanted.map((value) => JSON.stringify({ [field]: asJson(value) }));
        // Containment is what the GIN index over the column answers.
        const [only] = objects;
        return objects.length === 1
          ? `(fields @> ${parameter(only)}::text::jsonb)`
          : `(fields @> ANY(${parameter(objects)}::text[]::jsonb[]))`;
      };
      switch (filter.op) {
        case 'eq':
          return isOneOf([filter.value]);
        case 'ne':
          return `(NOT ${isOneOf([filter.value])})`;
        case 'in':
          return filter.values.length === 0 ? 'false' : isOneOf(filter.values);
        case 'nin':
          return filter.values.length === 0 ? 'true' : `(NOT ${isOneOf(filter.values)})`;
        case 'exists': {
          const exists = `(fields ? ${parameter(field)}::text)`;
          return filter.value ? exists : `(NOT ${exists})`;
        }
        case 'lt':
        case 'lte':
        case 'gt':
        case 'gte': {
          const name = `${parameter(field)}::text`;
          const operator = OPERATORS[filter.op];
          // CASE, because AND does not promise to look at the type first.
          return typeof filter.value === 'string'
            ? `(CASE WHEN jsonb_typeof(fields -> ${name}) = 'string' THEN (fields ->> ${name}) COLLATE "C" ${operator} ${parameter(toPgText(filter.value))}::text ELSE false END)`
            : `(CASE WHEN jsonb_typeof(fields -> ${name}) = 'number' THEN (fields ->> ${name})::float8 ${operator} ${parameter(String(filter.value))}::text::float8 ELSE false END)`;
        }
        default:
          throw new FilterInvalidError({
            problem: `the operator "${String((filter as { op: unknown }).op)}" is unknown`,
          });
      }
    }
  }
}

/** Numbers as JSON has them: it does not tell −0 from 0. */
function asJson(value: FilterScalar): FilterScalar {
  return typeof value === 'string' ? toPgText(value) : value;
}
