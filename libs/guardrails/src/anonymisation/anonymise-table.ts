import { AnonymisationError } from '../errors.js';
import { generaliseCells } from './generalise-cells.js';
import { countValues, createDistance, entropyOf } from './measure-anonymity.js';
import { cellText, type Cell, type QuasiIdentifier, type TableRow } from './table.js';

/** What `anonymiseTable` takes. */
export interface AnonymiseTableOptions {
  /** The columns that together could point to a person, with how each is made coarser. */
  readonly quasiIdentifiers: Readonly<Record<string, QuasiIdentifier>>;
  /** The fewest rows that look alike. At least 2. */
  readonly k: number;
  /** Columns that nobody may learn about a person; for `l` and `t`. */
  readonly sensitive?: readonly string[];
  /** The fewest values of each sensitive column in a group. Default 1. */
  readonly l?: number;
  /** Whether `l` counts values or e to their entropy, which is stricter. Default `distinct`. */
  readonly diversity?: 'distinct' | 'entropy';
  /** The largest distance of a group's sensitive values from those of the table. Default 1. */
  readonly t?: number;
  /** Columns that point to a person by themselves: they are left out. */
  readonly identifiers?: readonly string[];
}

/** A table in which nobody stands out. */
export interface AnonymisedTable {
  /** In the order given. */
  readonly rows: readonly TableRow[];
  readonly groups: number;
  /** How much was lost: 0 for nothing, 1 for all of the quasi-identifiers. */
  readonly informationLoss: number;
}

/**
 * Makes rows look alike in their quasi-identifiers until each group fulfils k-anonymity, l-diversity and t-closeness.
 *
 * Groups are parted at the median of the widest column as long as both parts fulfil all three, so that the result is the
 * same for the same table. Cost: O(n log² n) for n rows.
 *
 * @throws {AnonymisationError} `ERR_GUARDRAILS_ANONYMISATION`: not even the whole table fulfils it, or a number is odd.
 * @see LeFevre, DeWitt and Ramakrishnan 2006 (Mondrian); Xu et al. 2006 (normalised certainty penalty, the loss)
 */
export function anonymiseTable(
  rows: readonly TableRow[],
  options: AnonymiseTableOptions,
): AnonymisedTable {
  const { k, l = 1, t = 1, sensitive = [], diversity = 'distinct' } = options;
  if (!Number.isInteger(k) || k < 2 || l < 1 || t < 0)
    throw new AnonymisationError({
      problem: `k ${k}, l ${l}, t ${t} make no sense. Give k of at least 2, l of at least 1 and t in [0, 1].`,
    });
  if ((l > 1 || t < 1) && sensitive.length === 0)
    throw new AnonymisationError({ problem: 'l and t need `sensitive` columns. Name them.' });
  if (rows.length === 0) return { rows: [], groups: 0, informationLoss: 0 };
  const columns = Object.entries(options.quasiIdentifiers);
  const distances = sensitive.map((column) => createDistance(rows.map((row) => row[column])));

  const fulfils = (group: readonly TableRow[]): boolean =>
    group.length >= k &&
    sensitive.every((column, index) => {
      const cells = group.map((row) => row[column]);
      const counts = countValues(cells);
      const found = diversity === 'distinct' ? counts.size : Math.exp(entropyOf(counts));
      return found >= l - 1e-9 && (t >= 1 || (distances[index]?.(cells) ?? 0) <= t + 1e-9);
    });
  if (!fulfils(rows))
    throw new AnonymisationError({
      problem: `even as one group its ${rows.length} rows do not reach k ${k}, l ${l} and t ${t}. Lower them.`,
    });

  const spans = columns.map(([column, how]) =>
    spanOf(
      rows.map((row) => row[column]),
      how,
    ),
  );
  const finished: TableRow[][] = [];
  const open: TableRow[][] = [[...rows]];
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    const parts = split(group, columns, spans, fulfils);
    if (parts === undefined) finished.push(group);
    else open.push(...parts);
  }

  const coarse = new Map<TableRow, TableRow>();
  let lost = 0;
  for (const group of finished) {
    const shared = Object.fromEntries(
      columns.map(([column, how]) => [
        column,
        generaliseCells(
          group.map((row) => row[column]),
          how,
        ),
      ]),
    );
    for (const [index, [column, how]] of columns.entries()) {
      const whole = spans[index] ?? 0;
      if (whole > 0)
        lost +=
          (group.length *
            spanOf(
              group.map((row) => row[column]),
              how,
            )) /
          whole;
    }
    for (const row of group) coarse.set(row, { ...row, ...shared });
  }
  const hidden = new Set(options.identifiers ?? []);
  return {
    rows: rows.map((row) =>
      Object.fromEntries(
        Object.entries(coarse.get(row) ?? row).filter(([column]) => !hidden.has(column)),
      ),
    ),
    groups: finished.length,
    informationLoss: columns.length === 0 ? 0 : lost / (rows.length * columns.length),
  };
}

/** How wide a column is: the range of numbers, or how many other values there are. */
function spanOf(cells: readonly Cell[], how: QuasiIdentifier): number {
  if (how.type !== 'number') return new Set(cells.map(cellText)).size - 1;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const cell of cells) {
    low = Math.min(low, numberOf(cell));
    high = Math.max(high, numberOf(cell));
  }
  return high - low;
}

function numberOf(cell: Cell): number {
  const number = Number(cell ?? Number.NaN);
  if (!Number.isFinite(number))
    throw new AnonymisationError({
      problem: `a column of numbers holds ${JSON.stringify(cell ?? null)}. Fill it, or declare it a category.`,
    });
  return number;
}

function split(
  group: readonly TableRow[],
  columns: readonly (readonly [string, QuasiIdentifier])[],
  spans: readonly number[],
  fulfils: (part: readonly TableRow[]) => boolean,
): [TableRow[], TableRow[]] | undefined {
  const byWidth = columns
    .map(([column, how], index) => ({
      column,
      how,
      width:
        spanOf(
          group.map((row) => row[column]),
          how,
        ) / Math.max(spans[index] ?? 0, 1e-12),
    }))
    .filter(({ width }) => width > 0)
    .sort((a, b) => b.width - a.width);
  for (const { column, how } of byWidth) {
    const compare =
      how.type === 'number'
        ? (a: TableRow, b: TableRow): number => numberOf(a[column]) - numberOf(b[column])
        : (a: TableRow, b: TableRow): number =>
            compareTexts(cellText(a[column]), cellText(b[column]));
    const sorted = [...group].sort(compare);
    for (const at of cuts(sorted, compare)) {
      const parts: [TableRow[], TableRow[]] = [sorted.slice(0, at), sorted.slice(at)];
      if (parts.every((part) => fulfils(part))) return parts;
    }
  }
  return undefined;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The places nearest to the middle, one on each side, where the value changes. */
function cuts(
  sorted: readonly TableRow[],
  compare: (a: TableRow, b: TableRow) => number,
): number[] {
  const changes = (at: number): boolean => {
    const [before, after] = [sorted[at - 1], sorted[at]];
    return before !== undefined && after !== undefined && compare(before, after) !== 0;
  };
  const middle = sorted.length >> 1;
  let low = middle;
  while (low > 0 && !changes(low)) low -= 1;
  let high = middle + 1;
  while (high < sorted.length && !changes(high)) high += 1;
  return [low, high]
    .filter((at) => at > 0 && at < sorted.length)
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
}
