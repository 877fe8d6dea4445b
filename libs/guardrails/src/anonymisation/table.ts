/** What a cell of a table holds. */
export type Cell = string | number | boolean | null | undefined;

/** One person's record. */
export type TableRow = Readonly<Record<string, Cell>>;

/** How a column that could point to a person is made coarser. */
export type QuasiIdentifier =
  /** Numbers become ranges, `20-34`. */
  | { readonly type: 'number' }
  /** Texts become their common beginning, `101**`: post codes, dates in ISO form. */
  | { readonly type: 'prefix' }
  /** Values become sets, `{Bern, Zürich}`; or the nearest ancestor they share in `parents`. */
  | { readonly type: 'category'; readonly parents?: Readonly<Record<string, string>> };

/** What is written for a value that says nothing any more. */
export const ANY = '*';

/** A cell as it counts in comparisons. */
export function cellText(cell: Cell): string {
  return cell === null || cell === undefined ? '' : String(cell);
}

/** Rows with equal values in some columns, in the order in which they first appear. */
export function groupRows(rows: readonly TableRow[], columns: readonly string[]): TableRow[][] {
  const groups = new Map<string, TableRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(columns.map((column) => cellText(row[column])));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
