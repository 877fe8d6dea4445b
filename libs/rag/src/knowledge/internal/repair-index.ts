import { embedTexts } from './embed-texts.js';
import { toRecord } from './corpus.js';
import type { KnowledgeBaseParts } from './ingest.js';

const CHUNKS_PER_BATCH = 256;

/** What a repair changed. Counts are of vectors. */
export interface RepairReport {
  readonly added: number;
  readonly removed: number;
}

/**
 * Makes the store hold exactly one vector for each chunk of the catalogue.
 *
 * Costs one count where nothing is wrong. A store that does not persist is filled anew from the texts in the catalogue.
 */
export async function repairIndex(
  parts: KnowledgeBaseParts,
  options: { abortSignal?: AbortSignal } = {},
): Promise<RepairReport> {
  const { catalogue, corpus, index, embeddingModel } = parts;
  const { abortSignal } = options;
  if ((await index.count()) === corpus.chunkCount) return { added: 0, removed: 0 };

  const stored = new Set<string>();
  for await (const page of index.scroll({})) for (const { id } of page) stored.add(id);
  const orphans = [...stored].filter((id) => corpus.ownerOf(id) === undefined);
  if (orphans.length > 0) await index.delete({ ids: orphans });

  let added = 0;
  let batch: { text: string; record: (vector: Float32Array) => ReturnType<typeof toRecord> }[] = [];
  const flush = async (): Promise<void> => {
    const vectors = await embedTexts({
      model: embeddingModel,
      texts: batch.map(({ text }) => text),
      abortSignal,
    });
    await index.upsert({
      records: batch.map(({ record }, position) => record(vectors[position] as Float32Array)),
    });
    added += batch.length;
    batch = [];
  };
  for await (const { document, chunks } of catalogue.documents()) {
    for (const { id, span } of chunks) {
      if (stored.has(id)) continue;
      const text = document.text.slice(span.start, span.end);
      batch.push({ text, record: (vector) => toRecord(document, { id, text }, vector) });
      if (batch.length >= CHUNKS_PER_BATCH) await flush();
    }
  }
  if (batch.length > 0) await flush();
  return { added, removed: orphans.length };
}
