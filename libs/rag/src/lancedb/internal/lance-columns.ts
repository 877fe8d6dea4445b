import type { Filter, FilterScalar, JsonObject } from '@espalier/core';
import { FilterInvalidError } from '../../errors.js';

/** The type of a scalar as a column name says it. */
export type ColumnKind = 'text' | 'number' | 'boolean';

/** A column that holds one metadata field where its value is of one type. */
export interface FieldColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

const PREFIXES: Readonly<Record<ColumnKind, string>> = {
  text: 'ft_',
  number: 'fn_',
  boolean: 'fb_',
};
/** So many ids are named in one statement. */
export const IDS_PER_STATEMENT = 500;

const KINDS: readonly ColumnKind[] = ['text', 'number', 'boolean'];

/** The column of a field for values of a type. The field's name goes in as hexadecimal, so that any name is safe. */
export function fieldColumn(field: string, kind: ColumnKind): FieldColumn {
  return { name: PREFIXES[kind] + Buffer.from(field, 'utf8').toString('hex'), kind };
}

/** The column that a column name stands for; undefined for those that hold no field. */
export function parseFieldColumn(name: string): FieldColumn | undefined {
  const kind = KINDS.find((candidate) => name.startsWith(PREFIXES[candidate]));
  return kind === undefined ? undefined : { name, kind };
}

/** The names of the columns of a table that hold fields. */
export function fieldColumnsOf(names: readonly string[]): Set<string> {
  return new Set(names.filter((name) => parseFieldColumn(name) !== undefined));
}

/** The columns that metadata needs, with its values. */
export function fieldValues(
  metadata: JsonObject,
): Map<string, { column: FieldColumn; value: FilterScalar }> {
  const values = new Map<string, { column: FieldColumn; value: FilterScalar }>();
  for (const [field, value] of Object.entries(metadata)) {
    const kind = kindOf(value);
    if (kind === undefined) continue;
    const column = fieldColumn(field, kind);
    values.set(column.name, { column, value: value as FilterScalar });
  }
  return values;
}

/**
 * Compiles a filter to a predicate of LanceDB's SQL that is true or false for every row, never null.
 *
 * @throws {FilterInvalidError} `ERR_RAG_FILTER_INVALID`: a number that is not finite, or an unknown operator.
 */
export function compileFilter(filter: Filter, columns: ReadonlySet<string>): string {
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((inner) => compileFilter(inner, columns));
      if (parts.length === 0) return filter.op === 'and' ? 'true' : 'false';
      return `(${parts.join(filter.op === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `(NOT ${compileFilter(filter.filter, columns)})`;
    default: {
      const { field } = filter;
      switch (filter.op) {
        case 'eq':
          return compare(field, '=', filter.value, columns);
        case 'ne':
          return `(NOT ${compare(field, '=', filter.value, columns)})`;
        case 'lt':
          return compare(field, '<', filter.value, columns);
        case 'lte':
          return compare(field, '<=', filter.value, columns);
        case 'gt':
          return compare(field, '>', filter.value, columns);
        case 'gte':
          return compare(field, '>=', filter.value, columns);
        case 'in':
          return isOneOf(field, filter.values, columns);
        case 'nin':
          return `(NOT ${isOneOf(field, filter.values, columns)})`;
        case 'exists': {
          const present = KINDS.map((kind) => fieldColumn(field, kind).name).filter((name) =>
            columns.has(name),
          );
          const exists =
            present.length === 0
              ? 'false'
              : `(${present.map((name) => `${name} IS NOT NULL`).join(' OR ')})`;
          return filter.value ? exists : `(NOT ${exists})`;
        }
        default:
          throw new FilterInvalidError({
            problem: `the operator "${String((filter as { op: unknown }).op)}" is unknown`,
          });
      }
    }
  }
}

/** A predicate that holds for the rows with these ids. */
export function idPredicate(ids: readonly string[]): string {
  return `id IN (${ids.map(sqlText).join(', ')})`;
}

/** A text as a literal of SQL. */
function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function compare(
  field: string,
  operator: string,
  value: FilterScalar,
  columns: ReadonlySet<string>,
): string {
  const { name } = fieldColumn(field, kindOf(value) ?? 'text');
  return columns.has(name) ? `coalesce(${name} ${operator} ${sqlValue(value)}, false)` : 'false';
}

function isOneOf(
  field: string,
  values: readonly FilterScalar[],
  columns: ReadonlySet<string>,
): string {
  const groups = KINDS.flatMap((kind) => {
    const { name } = fieldColumn(field, kind);
    const own = values.filter((value) => kindOf(value) === kind);
    if (own.length === 0 || !columns.has(name)) return [];
    return [`coalesce(${name} IN (${own.map(sqlValue).join(', ')}), false)`];
  });
  return groups.length === 0 ? 'false' : `(${groups.join(' OR ')})`;
}

function sqlValue(value: FilterScalar): string {
  if (typeof value === 'string') return sqlText(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (!Number.isFinite(value))
    throw new FilterInvalidError({ problem: `${value} is not a finite number` });
  return `CAST(${sqlText(String(value))} AS DOUBLE)`;
}

function kindOf(value: unknown): ColumnKind | undefined {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : undefined;
}
