import type { StereotypePair } from '@espalier/guardrails/bias';
import type { LineSource, ParsedRows, RowProblem } from '@espalier/rag/evaluation';

/** Reads pairs of sentences: the CSV of CrowS-Pairs, or one JSON object a line with `more`, `less` and `kind`. */
export async function readStereotypePairs({
  file,
  lines,
}: LineSource): Promise<ParsedRows<readonly StereotypePair[]>> {
  const rows: StereotypePair[] = [];
  const problems: RowProblem[] = [];
  let columns: readonly string[] | undefined;
  let line = 0;
  for await (const given of lines) {
    line += 1;
    const text = given.replace(/\r$/, '');
    if (text.trim() === '') continue;
    if (line === 1 && !text.startsWith('{')) {
      columns = csvCells(text);
      continue;
    }
    const row = columns === undefined ? fromJson(text) : fromCells(columns, csvCells(text));
    if (typeof row === 'string') problems.push({ file, line, problem: row });
    else rows.push(row);
  }
  return { rows, problems };
}

function fromCells(columns: readonly string[], cells: readonly string[]): StereotypePair | string {
  const cell = (name: string): string | undefined => cells[columns.indexOf(name)];
  const [more, less, kind] = [cell('sent_more'), cell('sent_less'), cell('bias_type')];
  return more === undefined || less === undefined || kind === undefined
    ? 'no columns "sent_more", "sent_less" and "bias_type"'
    : { more, less, kind };
}

function fromJson(text: string): StereotypePair | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not valid JSON';
  }
  const { more, less, kind = 'all' } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof more === 'string' && typeof less === 'string' && typeof kind === 'string'
    ? { more, less, kind }
    : 'no strings "more" and "less"';
}

/** The cells of one line. RFC 4180, without line breaks inside of cells. */
function csvCells(line: string): readonly string[] {
  const cells = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^",]*)(?=,|$)/g) ?? [];
  return cells.map((cell) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  );
}
