import { truncateValue, type Filter } from '@espalier/core';
import { FilterInvalidError } from '../errors.js';
import { FilterFieldUndeclaredError } from '../stores/errors.js';

const MAX_DEPTH = 64;
const ORDERS = new Set<unknown>(['lt', 'lte', 'gt', 'gte']);

/**
 * Throws unless every part of the filter is of the language and names a field that may be filtered on.
 *
 * @throws {FilterInvalidError} `ERR_RAG_FILTER_INVALID`: an unknown operator, a value of another type, a number that is
 * not finite, a text that is not well-formed, or more than 64 levels.
 * @throws {FilterFieldUndeclaredError} `ERR_RAG_FILTER_FIELD_UNDECLARED`
 */
export function assertFilter(options: {
  index: string;
  filter: Filter;
  /** The fields that may be named; absent means any. */
  fields: ReadonlySet<string> | undefined;
}): void {
  const { index, fields } = options;
  const check = (part: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) refuse(`it is nested more than ${MAX_DEPTH} levels deep`);
    if (!isObject(part)) return refuse(`${truncateValue(part)} is no condition`);
    const { op, field } = part;
    if (op === 'and' || op === 'or') {
      if (!Array.isArray(part['filters'])) return refuse(`"${op}" needs a list of filters`);
      for (const inner of part['filters']) check(inner, depth + 1);
      return;
    }
    if (op === 'not') return check(part['filter'], depth + 1);
    if (typeof field !== 'string' || field === '' || !field.isWellFormed())
      return refuse(`${truncateValue(field)} is no name of a field`);
    checkValue(op, part);
    if (fields !== undefined && !fields.has(field))
      throw new FilterFieldUndeclaredError({ index, field, known: [...fields] });
  };
  check(options.filter, 1);
}

function checkValue(op: unknown, part: Readonly<Record<string, unknown>>): void {
  if (op === 'exists') {
    if (typeof part['value'] !== 'boolean') refuse('"exists" needs true or false');
  } else if (op === 'in' || op === 'nin') {
    if (!Array.isArray(part['values'])) return refuse(`"${op}" needs a list of values`);
    for (const value of part['values']) checkScalar(value);
  } else if (op === 'eq' || op === 'ne') {
    checkScalar(part['value']);
  } else if (ORDERS.has(op)) {
    if (typeof part['value'] === 'boolean') refuse('booleans have no order');
    checkScalar(part['value']);
  } else {
    refuse(`the operator ${truncateValue(op)} is unknown`);
  }
}

function checkScalar(value: unknown): void {
  if (typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value === 'string' && value.isWellFormed()) return;
  if (typeof value === 'number') refuse(`${value} is not a finite number`);
  refuse(`${truncateValue(value)} is no text, number or boolean`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(problem: string): void {
  throw new FilterInvalidError({ problem });
}
