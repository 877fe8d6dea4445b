import { AnonymisationError } from '../errors.js';
import { cellText, groupRows, type TableRow } from './table.js';

/** What `assessReidentificationRisk` takes. */
export interface RiskOptions {
  readonly quasiIdentifiers: readonly string[];
  /** The chance of being found from which a person counts as at risk. Default 0.2. */
  readonly threshold?: number;
  /**
   * The people among whom the table's are: their rows with the same columns, or the share of them that the table holds, by
   * which groups are scaled up. Default: the table itself, so that journalists know as much as prosecutors.
   */
  readonly population?: readonly TableRow[] | { readonly samplingFraction: number };
}

/** One attacker's chances. All in [0, 1]. */
export interface AttackerRisk {
  /** Of the person who is found most easily. */
  readonly highest: number;
  readonly average: number;
  /** The share of people with at least `threshold`. */
  readonly shareAtRisk: number;
}

/** How easily people of a table are found again. */
export interface RiskReport {
  readonly people: number;
  readonly groups: number;
  /** The share that nobody else in the table looks like. */
  readonly uniqueShare: number;
  /** Who knows that the person is in the table. */
  readonly prosecutor: AttackerRisk;
  /** Who knows that the person is in the population, and wants to find any. */
  readonly journalist: AttackerRisk;
  /** The share of the table that an attacker who matches all of it to the population gets right on average. */
  readonly marketer: number;
}

/**
 * Reports how easily people of a table are found by their quasi-identifiers, by three attackers.
 *
 * @throws {AnonymisationError} `ERR_GUARDRAILS_ANONYMISATION`: a row is missing in the population, or a share is not in (0, 1].
 * @see El Emam and Dankar 2008, Protecting Privacy Using k-Anonymity, JAMIA 15(5); El Emam 2013, ch. 16–18
 */
export function assessReidentificationRisk(
  rows: readonly TableRow[],
  options: RiskOptions,
): RiskReport {
  const { quasiIdentifiers, threshold = 0.2, population } = options;
  const groups = groupRows(rows, quasiIdentifiers).map((group) => ({
    inTable: group.length,
    key: keyOf(group[0] ?? {}, quasiIdentifiers),
  }));
  const sizeOf = populationSizes(population, quasiIdentifiers);
  const sized = groups.map(({ inTable, key }) => {
    const inPopulation = sizeOf(key, inTable);
    if (inPopulation < inTable)
      throw new AnonymisationError({
        problem: `the population has ${inPopulation} rows like a group of ${inTable} in the table. Give one that holds the table.`,
      });
    return { inTable, inPopulation };
  });
  const risk = (
    chanceOf: (group: { inTable: number; inPopulation: number }) => number,
  ): AttackerRisk => {
    let [highest, sum, atRisk] = [0, 0, 0];
    for (const group of sized) {
      const chance = chanceOf(group);
      highest = Math.max(highest, chance);
      sum += chance * group.inTable;
      if (chance >= threshold) atRisk += group.inTable;
    }
    const people = Math.max(rows.length, 1);
    return { highest, average: sum / people, shareAtRisk: atRisk / people };
  };
  const journalist = risk(({ inPopulation }) => 1 / inPopulation);
  return {
    people: rows.length,
    groups: groups.length,
    uniqueShare: groups.filter(({ inTable }) => inTable === 1).length / Math.max(rows.length, 1),
    prosecutor: risk(({ inTable }) => 1 / inTable),
    journalist,
    // Of the people in a group so many are matched rightly by chance as one over its size in the population.
    marketer: journalist.average,
  };
}

function keyOf(row: TableRow, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => cellText(row[column])));
}

function populationSizes(
  population: RiskOptions['population'],
  columns: readonly string[],
): (key: string, inTable: number) => number {
  if (population === undefined) return (_, inTable) => inTable;
  if ('samplingFraction' in population) {
    const { samplingFraction } = population;
    if (!(samplingFraction > 0 && samplingFraction <= 1))
      throw new AnonymisationError({
        problem: `the sampling fraction ${samplingFraction} is not in (0, 1]. Give the share of the population that the table holds.`,
      });
    return (_, inTable) => inTable / samplingFraction;
  }
  const sizes = new Map(
    groupRows(population, columns).map((group) => [keyOf(group[0] ?? {}, columns), group.length]),
  );
  return (key) => sizes.get(key) ?? 0;
}
