import type { VectorIndex, VectorRecord } from '@espalier/core';
import type { TokenStateCache } from '../../ranking/token-state-cache.js';
import type { WorkOptions } from '../lifecycle.js';
import { toRecord } from './corpus.js';
import type { Examination } from './check-health.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import { sweepStrays } from './store-documents.js';

const CHUNKS_PER_BATCH = 256;

/** What a repair changed. Counts are of vectors. */
export interface RepairCounts {
  readonly added: number;
  /** Of those added, the ones that were taken from another index. */
  readonly copied: number;
  readonly replaced: number;
  readonly removed: number;
}

/**
 * Makes the store hold exactly one vector for each chunk of the catalogue.
 *
 * Costs one count where nothing is wrong. A store that does not persist is filled anew: from the cache of vectors, else
 * from the texts in the catalogue. With `from`, vectors that another index has are copied instead of embedded.
 */
export async function repairIndex(
  parts: KnowledgeBaseParts,
  options: WorkOptions & { from?: VectorIndex } = {},
): Promise<RepairCounts> {
  const { corpus, index } = parts;
  const none = { added: 0, copied: 0, replaced: 0, removed: 0 };
  if ((await index.count()) === corpus.chunkCount) return none;
  const signal = options.abortSignal === undefined ? {} : { abortSignal: options.abortSignal };
  const stored = new Set<string>();
  for await (const page of index.scroll(signal)) for (const { id } of page) stored.add(id);
  const orphans = [...stored].filter((id) => corpus.ownerOf(id) === undefined);
  if (orphans.length > 0) await index.delete({ ids: orphans });
  const counts = await writeRecords(parts, { ...options, wanted: (id) => !stored.has(id) });
  return { ...none, ...counts, removed: orphans.length };
}

/** Puts right what an examination found. */
export async function repairFindings(
  parts: KnowledgeBaseParts,
  { ids }: Examination,
  { states, ...options }: WorkOptions & { states?: TokenStateCache | undefined },
): Promise<RepairCounts> {
  const of = (kind: Parameters<typeof ids.get>[0]): Set<string> => new Set(ids.get(kind) ?? []);
  const orphans = of('orphan-vectors');
  const removed = orphans.size > 0 ? await parts.index.delete({ ids: [...orphans] }) : 0;
  await sweepStrays(parts, [...of('unfinished-removals')]);
  await states?.forget([...of('stale-token-states')]);
  const missing = of('missing-vectors');
  const invalid = of('invalid-vectors');
  const stale = of('stale-records');
  const anew = await writeRecords(parts, {
    ...options,
    wanted: (id) => missing.has(id) || invalid.has(id),
  });
  const kept = [...stale].filter((id) => !invalid.has(id));
  await writeRecords(parts, {
    ...options,
    from: parts.index,
    wanted: (id) => stale.has(id) && !invalid.has(id),
  });
  return {
    added: missing.size,
    copied: anew.copied,
    replaced: [...invalid].filter((id) => !missing.has(id)).length + kept.length,
    removed,
  };
}

/** Writes the records of chunks, with the vectors of `from` where it has them. */
async function writeRecords(
  parts: KnowledgeBaseParts,
  options: WorkOptions & { wanted: (chunkId: string) => boolean; from?: VectorIndex },
): Promise<{ added: number; copied: number }> {
  const { catalogue, corpus, index, embedder } = parts;
  const { abortSignal, from } = options;
  let added = 0;
  let copied = 0;
  let seen = 0;
  let batch: {
    id: string;
    embedded: string;
    record: (vector: Float32Array) => VectorRecord;
  }[] = [];

  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const current = batch;
    batch = [];
    const known = new Map<string, Float32Array>();
    if (from !== undefined) {
      const found = await from.get({ ids: current.map(({ id }) => id) });
      for (const { id, vector } of found) known.set(id, vector);
    }
    const missing = current.filter(({ id }) => !known.has(id));
    const vectors = await embedder.embed({
      texts: missing.map(({ embedded }) => embedded),
      abortSignal,
    });
    for (const [place, { id }] of missing.entries()) known.set(id, vectors[place] as Float32Array);
    const records = current.map(({ id, record }) => record(known.get(id) as Float32Array));
    for (let start = 0; start < records.length; start += parts.maxRecordsPerUpsert) {
      await index.upsert({ records: records.slice(start, start + parts.maxRecordsPerUpsert) });
    }
    added += current.length;
    copied += current.length - missing.length;
  };
  for await (const { document, chunks } of catalogue.documents()) {
    abortSignal?.throwIfAborted();
    for (const { id, span, indexText } of chunks) {
      if (!options.wanted(id)) continue;
      const text = document.text.slice(span.start, span.end);
      batch.push({
        id,
        embedded: indexText ?? text,
        record: (vector) => toRecord(document, { id, text }, vector),
      });
      if (batch.length >= CHUNKS_PER_BATCH) await flush();
    }
    seen += chunks.length;
    options.onProgress?.({ done: seen, total: corpus.chunkCount });
  }
  await flush();
  return { added, copied };
}
