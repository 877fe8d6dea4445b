import { parseCsv } from '../../csv/parse-csv.js';

/** How records are written. */
export type RecordFormat = 'csv' | 'tsv' | 'json' | 'jsonl';

/** A field of a record, `address.city` where records nest, and what it holds. */
export interface RecordField {
  readonly field: string;
  readonly value: string;
}

/** Reads records as lists of fields; what is blank is left out. */
export function parseRecords(
  text: string,
  format: RecordFormat,
  fail: (problem: string, cause?: unknown) => never,
): RecordField[][] {
  if (format === 'csv' || format === 'tsv')
    return tableRecords(text, format === 'csv' ? ',' : '\t');
  if (format === 'jsonl') {
    return text.split('\n').flatMap((line, index) => {
      const json = line.trim();
      return json === ''
        ? []
        : [flatten(parseJson(json, (cause) => fail(`its line ${index + 1} is not JSON`, cause)))];
    });
  }
  const value = parseJson(text, (cause) => fail('it is not JSON', cause));
  if (Array.isArray(value)) return value.map((one) => flatten(one));
  if (typeof value !== 'object' || value === null) return [flatten(value)];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isList = Array.isArray(inner) && inner.some((one) => typeof one === 'object');
    return isList ? inner.map((one) => flatten(one, key)) : [flatten(inner, key)];
  });
}

function tableRecords(text: string, delimiter: string): RecordField[][] {
  const [head, ...rows] = parseCsv(text, delimiter);
  return rows.map(({ cells }) =>
    cells.flatMap((cell, column) => {
      const value = oneLine(cell);
      const field = oneLine(head?.cells[column] ?? '');
      return value === '' ? [] : [{ field: field === '' ? `column ${column + 1}` : field, value }];
    }),
  );
}

function parseJson(text: string, onInvalid: (cause: unknown) => never): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    return onInvalid(cause);
  }
}

/** The scalars of a value in order, each under the path of its keys. */
function flatten(value: unknown, name = ''): RecordField[] {
  const fields: RecordField[] = [];
  // A stack of its own: JSON can nest deeper than calls may.
  const pending: { path: string; inner: unknown }[] = [{ path: name, inner: value }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, inner } = next;
    if (Array.isArray(inner) && inner.every((one) => typeof one !== 'object')) {
      push(fields, path, inner.map(String).join(', '));
    } else if (typeof inner === 'object' && inner !== null) {
      const entries = Object.entries(inner).reverse();
      for (const [key, one] of entries)
        pending.push({ path: Array.isArray(inner) ? path : joinPath(path, key), inner: one });
    } else if (inner !== null)
      push(fields, path, typeof inner === 'string' ? inner : JSON.stringify(inner));
  }
  return fields;
}

const MAX_PATH = 200;

/** Keys that nest without end give a path that ends. */
function joinPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`.slice(-MAX_PATH);
}

function push(fields: RecordField[], path: string, words: string): void {
  const value = oneLine(words);
  if (value !== '') fields.push({ field: path === '' ? 'value' : path, value });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}
