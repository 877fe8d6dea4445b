/** One record of a CSV file. */
export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/uy;

/**
 * Reads CSV with commas; cells in quotes may hold commas, line breaks and doubled quotes.
 *
 * @see RFC 4180
 */
export function parseCsv(csv: string): CsvRecord[] {
  const text = csv.replace(/^\uFEFF/u, '');
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let line = 1;
  let startLine = 1;
  let position = 0;
  while (position < text.length) {
    CELL.lastIndex = position;
    const match = CELL.exec(text);
    if (match === null) {
      // A quote in the wrong place: what is left of the line is one cell.
      const end = text.indexOf('\n', position);
      cells.push(text.slice(position, end < 0 ? text.length : end));
      position = end < 0 ? text.length : end + 1;
      records.push({ line: startLine, cells });
      cells = [];
      line += 1;
      startLine = line;
      continue;
    }
    const [whole, quoted, plain, end] = match;
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    position = CELL.lastIndex;
    if (end === ',' && position < text.length) continue;
    if (end === ',') cells.push('');
    if (cells.length > 1 || cells[0] !== '') records.push({ line: startLine, cells });
    cells = [];
    startLine = line;
  }
  return records;
}
