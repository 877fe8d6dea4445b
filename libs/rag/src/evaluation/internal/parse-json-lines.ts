import { truncateValue } from '@espalier/core';
import type * as z from '@espalier/core/zod';
import type { ParsedRows, RowProblem } from '../collection.js';
import type { LineSource } from '../line-source.js';

/** Reads rows of one JSON object a line, each with an id of its own; what is malformed becomes a problem. */
export async function parseJsonLines<Row, T extends { readonly id: string }>(
  source: LineSource,
  schema: z.ZodType<Row>,
  toRow: (row: Row, line: number) => T,
): Promise<ParsedRows<T[]>> {
  const rows: T[] = [];
  const problems: RowProblem[] = [];
  const firstLines = new Map<string, number>();
  for await (const { line, text } of numberedLines(source)) {
    const report = (problem: string): void =>
      void problems.push({ file: source.file, line, problem });
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      report(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      report(`${issue?.path.join('.') || 'the row'}: ${issue?.message ?? 'is not valid'}`);
      continue;
    }
    const row = toRow(parsed.data, line);
    const first = firstLines.get(row.id);
    if (first !== undefined) {
      report(`the id ${truncateValue(row.id)} is that of line ${first}`);
      continue;
    }
    firstLines.set(row.id, line);
    rows.push(row);
  }
  return { rows, problems };
}

/** The lines that are not blank, with their numbers from 1. */
export async function* numberedLines(
  source: LineSource,
): AsyncGenerator<{ line: number; text: string }> {
  let line = 0;
  for await (const raw of source.lines) {
    line += 1;
    const text = (line === 1 ? raw.replace(/^\uFEFF/u, '') : raw).replace(/\r$/u, '');
    if (text.trim() !== '') yield { line, text };
  }
}
