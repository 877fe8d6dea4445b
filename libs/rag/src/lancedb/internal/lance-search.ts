import type { Table } from '@lancedb/lancedb';
import * as z from '@espalier/core/zod';
import type { LanceDriver } from './lance-driver.js';

const PLAN_KEY = 'espalier.search';
const INDEX_NAME = 'vector_idx';
const SAMPLE = 32;
const NEIGHBOURS = 10;
/** IVF needs enough vectors to train on. */
const MIN_INDEXED = 256;
/** IVF_RQ takes only dimensions that are a multiple of this. */
const DIMENSION_STEP = 8;
const REFINES = [5, 20] as const;
const PROBE_SHARES = [0.05, 0.15, 0.4, 1] as const;
const MIN_PROBES = 8;

const planSchema = z.object({
  probes: z.int().min(1),
  refine: z.int().min(1),
  recall: z.number().min(0).max(1),
  rows: z.int().min(0),
});

/** Settings of the index with which a sample was found again; rows: how many there were then. */
export type LanceSearchPlan = z.infer<typeof planSchema>;

/** Reads the plan that is kept with the table; undefined where search is flat. */
export async function readSearchPlan(table: Table): Promise<LanceSearchPlan | undefined> {
  const field = (await table.schema()).fields.find(({ name }) => name === 'vector');
  const text = field?.metadata.get(PLAN_KEY);
  if (text === undefined) return undefined;
  try {
    return planSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Builds an IVF_RQ index, measures its recall@10 against flat search with vectors of the table as queries, and keeps the
 * cheapest settings that reach the target; where none does, the index is dropped and search stays flat, as it does with a dimension that is not a
 * multiple of 8.
 *
 * LanceDB's default index (IVF_PQ without refining) finds less than half of the true neighbours of text embeddings.
 */
export async function buildSearchPlan(options: {
  driver: LanceDriver;
  table: Table;
  dimension: number;
  targetRecall: number;
  abortSignal?: AbortSignal | undefined;
}): Promise<LanceSearchPlan | undefined> {
  const { driver, table, targetRecall, abortSignal } = options;
  const rows = await table.countRows();
  if (rows < MIN_INDEXED || options.dimension % DIMENSION_STEP !== 0) {
    await dropSearchIndex(table);
    return undefined;
  }
  const partitions = Math.max(1, Math.round(Math.sqrt(rows)));
  await table.createIndex('vector', {
    config: driver.lancedb.Index.ivfRq({ distanceType: 'cosine', numPartitions: partitions }),
    replace: true,
    name: INDEX_NAME,
  });
  const queries = await sampleVectors(table, rows);
  const truths: string[][] = [];
  for (const query of queries) {
    abortSignal?.throwIfAborted();
    truths.push(await nearestIds(table, query, undefined));
  }
  for (const refine of REFINES) {
    for (const share of PROBE_SHARES) {
      abortSignal?.throwIfAborted();
      const probes = Math.min(partitions, Math.max(MIN_PROBES, Math.ceil(partitions * share)));
      let hits = 0;
      let wanted = 0;
      for (const [at, query] of queries.entries()) {
        const found = new Set(await nearestIds(table, query, { probes, refine }));
        const truth = truths[at] ?? [];
        hits += truth.filter((id) => found.has(id)).length;
        wanted += truth.length;
      }
      const recall = wanted === 0 ? 0 : hits / wanted;
      if (recall < targetRecall) continue;
      const plan = { probes, refine, recall, rows };
      await setPlan(table, JSON.stringify(plan));
      return plan;
    }
  }
  await dropSearchIndex(table);
  return undefined;
}

/** Leaves flat search only. */
export async function dropSearchIndex(table: Table): Promise<void> {
  if ((await readSearchPlan(table)) !== undefined) await setPlan(table, null);
  const names = (await table.listIndices()).map(({ name }) => name);
  if (names.includes(INDEX_NAME)) await table.dropIndex(INDEX_NAME);
}

async function setPlan(table: Table, text: string | null): Promise<void> {
  await table.updateFieldMetadata([{ path: 'vector', metadata: { [PLAN_KEY]: text } }]);
}

async function sampleVectors(table: Table, rows: number): Promise<Float32Array[]> {
  const stride = Math.max(1, Math.floor(rows / SAMPLE));
  const found: Float32Array[] = [];
  for (let at = 0; at < SAMPLE && at * stride < rows; at += 1) {
    const [row] = (await table
      .query()
      .select(['vector'])
      .offset(at * stride)
      .limit(1)
      .toArray()) as { vector: Iterable<number> }[];
    if (row !== undefined) found.push(Float32Array.from(row.vector));
  }
  return found.filter((vector) => vector.some((value) => value !== 0));
}

async function nearestIds(
  table: Table,
  vector: Float32Array,
  plan: Pick<LanceSearchPlan, 'probes' | 'refine'> | undefined,
): Promise<string[]> {
  const search = table.query().nearestTo(vector).column('vector').distanceType('cosine');
  const how =
    plan === undefined
      ? search.bypassVectorIndex()
      : search.nprobes(plan.probes).refineFactor(plan.refine);
  const rows = (await how.select(['id', '_distance']).limit(NEIGHBOURS).toArray()) as {
    id: string;
  }[];
  return rows.map(({ id }) => id);
}
