import { cellText, groupRows, type Cell, type TableRow } from './table.js';

/** How much each group of like rows tells about a sensitive column. */
export interface SensitiveMeasures {
  /** The fewest different values in a group. */
  readonly distinctL: number;
  /** e to the least entropy of a group: so many values seem equally likely there. */
  readonly entropyL: number;
  /** The largest distance of a group's distribution from that of the table, in [0, 1]. */
  readonly t: number;
}

/** How anonymous a table is. */
export interface AnonymityMeasures {
  /** Rows in the smallest group; 0 for an empty table. */
  readonly k: number;
  readonly groups: number;
  /** By column. */
  readonly sensitive: Readonly<Record<string, SensitiveMeasures>>;
}

/**
 * Measures k-anonymity, l-diversity and t-closeness of a table.
 *
 * The distance is the earth mover's: over ranks where all values are numbers, and with equal distances otherwise.
 *
 * @see Sweeney 2002 (k-anonymity); Machanavajjhala et al. 2007, §4 (distinct and entropy l-diversity); Li, Li and
 * Venkatasubramanian 2007, §3 (t-closeness)
 */
export function measureAnonymity(
  rows: readonly TableRow[],
  options: {
    readonly quasiIdentifiers: readonly string[];
    readonly sensitive?: readonly string[];
  },
): AnonymityMeasures {
  const groups = groupRows(rows, options.quasiIdentifiers);
  const measures = (column: string): SensitiveMeasures => {
    const distance = createDistance(rows.map((row) => row[column]));
    const counts = groups.map((group) => countValues(group.map((row) => row[column])));
    return {
      distinctL: least(counts.map((values) => values.size)),
      entropyL: least(counts.map((values) => Math.exp(entropyOf(values)))),
      t: Math.max(0, ...groups.map((group) => distance(group.map((row) => row[column])))),
    };
  };
  return {
    k: least(groups.map((group) => group.length)),
    groups: groups.length,
    sensitive: Object.fromEntries(
      (options.sensitive ?? []).map((column) => [column, measures(column)]),
    ),
  };
}

function least(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((low, value) => Math.min(low, value));
}

/** How often each value occurs. */
export function countValues(cells: readonly Cell[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cellText(cell), (counts.get(cellText(cell)) ?? 0) + 1);
  return counts;
}

/** Shannon's entropy. Units: nats. */
export function entropyOf(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / total) * Math.log(count / total);
  return entropy;
}

/** Makes the distance of a group's distribution from that of `all`. */
export function createDistance(all: readonly Cell[]): (group: readonly Cell[]) => number {
  const whole = countValues(all);
  const isNumeric = all.length > 0 && all.every((cell) => typeof cell === 'number');
  const values = [...whole.keys()];
  if (isNumeric) values.sort((a, b) => Number(a) - Number(b));
  return (group) => {
    const part = countValues(group);
    let moved = 0;
    let carried = 0;
    for (const value of values) {
      const difference =
        (part.get(value) ?? 0) / group.length - (whole.get(value) ?? 0) / all.length;
      carried += difference;
      moved += Math.abs(isNumeric ? carried : difference);
    }
    if (isNumeric) return values.length < 2 ? 0 : moved / (values.length - 1);
    return moved / 2;
  };
}
