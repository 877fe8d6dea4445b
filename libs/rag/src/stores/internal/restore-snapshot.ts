import type { VectorIndex, VectorIndexProgress, VectorRecord } from '@espalier/core';
import { decodeSnapshot } from './snapshot-codec.js';

const RECORDS_PER_UPSERT = 1000;
const IDS_PER_DELETE = 1000;

/**
 * Makes an index hold what a snapshot does, by its own upserts and deletions.
 *
 * The snapshot is read once to verify it and once to apply it. Records come before deletions, so that what breaks off
 * leaves nothing out that was there and is in the snapshot.
 *
 * @throws {IndexSnapshotInvalidError} `ERR_RAG_INDEX_SNAPSHOT_INVALID`; nothing was changed.
 */
export async function restoreSnapshot(options: {
  index: Pick<VectorIndex, 'name' | 'dimension' | 'embedding' | 'upsert' | 'delete' | 'scroll'>;
  open: () => AsyncIterable<Uint8Array>;
  onProgress?: ((progress: VectorIndexProgress) => void) | undefined;
  abortSignal?: AbortSignal | undefined;
}): Promise<number> {
  const { index, abortSignal } = options;
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const kept = new Set<string>();
  for await (const { id } of decodeSnapshot(index, options.open())) {
    abortSignal?.throwIfAborted();
    kept.add(id);
  }

  let done = 0;
  let records: VectorRecord[] = [];
  const flush = async (): Promise<void> => {
    if (records.length === 0) return;
    await index.upsert({ records, ...signal });
    done += records.length;
    records = [];
    options.onProgress?.({ done, total: kept.size });
  };
  for await (const record of decodeSnapshot(index, options.open())) {
    records.push(record);
    if (records.length === RECORDS_PER_UPSERT) await flush();
  }
  await flush();

  const surplus: string[] = [];
  for await (const page of index.scroll(signal))
    for (const { id } of page) if (!kept.has(id)) surplus.push(id);
  for (let start = 0; start < surplus.length; start += IDS_PER_DELETE)
    await index.delete({ ids: surplus.slice(start, start + IDS_PER_DELETE), ...signal });
  return kept.size;
}
