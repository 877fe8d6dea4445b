import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { VectorIndexHealth } from '@espalier/core';
import type { Table } from '@lancedb/lancedb';
import { readSearchPlan } from './lance-search.js';

/** More fragments than this make reads slow. */
const MANY_FRAGMENTS = 1000;

/** Looks whether a table is whole and how it is searched. */
export async function checkTable(options: {
  table: Table;
  /** The ids of all rows. */
  ids: readonly string[];
  folder: string | undefined;
}): Promise<VectorIndexHealth> {
  const { table, ids, folder } = options;
  const problems: string[] = [];
  const doubled = ids.length - new Set(ids).size;
  if (doubled > 0)
    problems.push(
      `${doubled} ids are there more than once, as writers without a common lock leave them. Upsert these records again.`,
    );
  const statistics = await table.stats();
  const { numFragments } = statistics.fragmentStats;
  if (numFragments > MANY_FRAGMENTS)
    problems.push(`The table is in ${numFragments} pieces. Call optimize.`);
  const plan = await readSearchPlan(table);
  return {
    isHealthy: problems.length === 0,
    records: ids.length,
    bytes: folder === undefined ? statistics.totalBytes : await bytesOf(folder),
    search: plan === undefined ? 'exact' : 'approximate',
    ...(plan === undefined ? {} : { recall: plan.recall }),
    problems,
  };
}

async function bytesOf(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    // A compaction of another process may take a file away between the two calls.
    if (entry.isFile())
      sum += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return sum;
}
