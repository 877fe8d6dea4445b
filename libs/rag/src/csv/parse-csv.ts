/** One record of a CSV file. */
export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads CSV; cells in quotes may hold delimiters, line breaks and doubled quotes.
 *
 * A quote elsewhere than at the beginning of a cell is a character as any other. Blank lines give no record. Cost: linear.
 *
 * @see RFC 4180
 */
export function parseCsv(csv: string, delimiter = ','): CsvRecord[] {
  const text = csv.startsWith('\uFEFF') ? csv.slice(1) : csv;
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let line = 1;
  let startLine = 1;
  let position = 0;
  while (position < text.length) {
    const { cell, end } = readCell(text, position, delimiter);
    cells.push(cell);
    for (
      let at = text.indexOf('\n', position);
      at >= 0 && at < end;
      at = text.indexOf('\n', at + 1)
    )
      line += 1;
    position = end;
    if (text[position] === delimiter) {
      position += 1;
      if (position < text.length) continue;
      cells.push('');
    }
    if (text[position] === '\r' && text[position + 1] === '\n') position += 1;
    if (text[position] === '\n') {
      position += 1;
      line += 1;
    }
    if (cells.length > 1 || cells[0] !== '') records.push({ line: startLine, cells });
    cells = [];
    startLine = line;
  }
  return records;
}

/** Reads the cell at a position; `end` is at what ends it. */
function readCell(
  text: string,
  position: number,
  delimiter: string,
): { cell: string; end: number } {
  if (text[position] !== '"') {
    const end = endOfPlainCell(text, position, delimiter);
    return { cell: text.slice(position, end), end };
  }
  const parts: string[] = [];
  let from = position + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { cell: parts.join('') + text.slice(from), end: text.length };
    parts.push(text.slice(from, quote));
    if (text[quote + 1] !== '"') {
      const end = endOfPlainCell(text, quote + 1, delimiter);
      return { cell: parts.join('') + text.slice(quote + 1, end), end };
    }
    parts.push('"');
    from = quote + 2;
  }
}

function endOfPlainCell(text: string, position: number, delimiter: string): number {
  let end = position;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end += 1;
  return text[end] === '\n' && text[end - 1] === '\r' && end > position ? end - 1 : end;
}
