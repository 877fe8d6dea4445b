import { escapeHtml } from './escape-html.js';

/** A cell with how it is to be seen. */
export interface ReportCell {
  readonly text: string;
  readonly tone?: 'good' | 'bad' | 'soft';
}

const NUMBER = /^[+−<>≤≥~]?\s?[\d.,]+(?:\s?(?:%|ms|s|MB|KB|B))?$/u;

/** Lays rows out in a table; columns that hold numbers only stand to the right. */
export function reportTable(
  head: readonly string[],
  rows: readonly (readonly (string | ReportCell)[])[],
): string {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)),
  );
  const isNumber = head.map(
    (_, column) => cells.length > 0 && cells.every((row) => NUMBER.test(row[column]?.text ?? '')),
  );
  const classOf = (column: number, tone?: string): string => {
    const names = [isNumber[column] === true ? 'number' : '', tone ?? ''].filter(Boolean);
    return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
  };
  const top = head.map((name, n) => `<th${classOf(n)}>${escapeHtml(name)}</th>`).join('');
  const body = cells.map(
    (row) =>
      `<tr>${row.map(({ text, tone }, n) => `<td${classOf(n, tone)}>${escapeHtml(text)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${top}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
