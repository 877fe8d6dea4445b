import { createHash } from 'node:crypto';
import {
  EspalierError,
  isAbortError,
  type Chunk,
  type Chunker,
  type Clock,
  type DocumentLoader,
  type EmbeddingModel,
  type Logger,
  type VectorIndex,
} from '@espalier/core';
import type { Catalogue, DocumentWrite, StoredDocument } from '../../catalogue/catalogue.js';
import { MediaTypeUnsupportedError } from '../../errors.js';
import type {
  IngestFailure,
  IngestOptions,
  IngestProgress,
  IngestReport,
  IngestSource,
} from '../knowledge-base.js';
import { normalizePrincipals } from './access.js';
import { toRecord, type Corpus } from './corpus.js';
import { documentName } from './document-name.js';
import { wellFormed } from './well-formed.js';
import { embedTexts } from './embed-texts.js';

/** What the parts of a knowledge base share. */
export interface KnowledgeBaseParts {
  readonly catalogue: Catalogue;
  readonly corpus: Corpus;
  readonly index: VectorIndex;
  readonly embeddingModel: EmbeddingModel;
  readonly maxRecordsPerUpsert: number;
  readonly chunker: Chunker;
  readonly loaders: readonly DocumentLoader[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A batch is stored when it has so many chunks or documents. */
const CHUNKS_PER_BATCH = 128;
const DOCUMENTS_PER_BATCH = 64;

interface Prepared {
  readonly document: StoredDocument;
  readonly chunks: DocumentWrite['chunks'];
  readonly isNew: boolean;
}

/** Runs one ingest. See `KnowledgeBase.ingest`. */
export async function ingest(
  parts: KnowledgeBaseParts,
  options: IngestOptions,
): Promise<IngestReport> {
  const { corpus, clock } = parts;
  const { abortSignal } = options;
  const startedAt = clock.monotonic();
  const counts = { seen: 0, added: 0, updated: 0, unchanged: 0, removed: 0, chunks: 0 };
  const failed: IngestFailure[] = [];
  const seen = new Set<string>();
  let batch: Prepared[] = [];

  const report = (phase: IngestProgress['phase'], source?: string): void => {
    options.onProgress?.({
      phase,
      ...(source === undefined ? {} : { source }),
      ...counts,
      failed: failed.length,
    });
  };
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const current = batch;
    batch = [];
    await storeDocuments(parts, current, abortSignal);
    for (const { isNew, chunks } of current) {
      counts[isNew ? 'added' : 'updated'] += 1;
      counts.chunks += chunks.length;
    }
    report('ingesting', current.at(-1)?.document.source);
  };

  for await (const source of options.sources) {
    abortSignal?.throwIfAborted();
    counts.seen += 1;
    try {
      const name = documentName(source.source);
      // Of two sources of one name the last one counts, as if they had come in two calls.
      if (batch.some(({ document }) => document.id === name)) await flush();
      seen.add(name);
      const contentHash = hashOf(parts, source, name);
      if (corpus.documents.get(name)?.contentHash === contentHash) counts.unchanged += 1;
      else batch.push(await prepare(parts, source, { name, contentHash, abortSignal }));
    } catch (error) {
      if (isAbortError(error) || !EspalierError.isInstance(error)) throw error;
      if (
        !error.code.startsWith('ERR_RAG_DOCUMENT') &&
        !MediaTypeUnsupportedError.isInstance(error)
      )
        throw error;
      const { code, message, isRetryable } = error;
      failed.push({ source: String(source.source), error: { code, message, isRetryable } });
    }
    const chunks = batch.reduce((sum, prepared) => sum + prepared.chunks.length, 0);
    if (chunks >= CHUNKS_PER_BATCH || batch.length >= DOCUMENTS_PER_BATCH) await flush();
    else report('ingesting', String(source.source));
  }
  await flush();

  if (options.prune !== undefined && options.prune !== false) {
    const prefix = options.prune === true ? '' : (options.prune.prefix ?? '');
    // A source that failed is still there: what was stored for it stays.
    const keep = new Set([...seen, ...failed.map(({ source }) => source)]);
    const gone = [...corpus.documents.values()].filter(
      ({ id, source }) => source.startsWith(prefix) && !keep.has(id),
    );
    report('pruning');
    await removeDocuments(
      parts,
      gone.map(({ id }) => id),
    );
    counts.removed += gone.length;
  }
  report('finished');
  const { added, updated, unchanged, removed, chunks } = counts;
  return {
    added,
    updated,
    unchanged,
    removed,
    failed,
    chunks,
    durationMs: clock.monotonic() - startedAt,
  };
}

/** Removes documents from catalogue, store and memory. */
export async function removeDocuments(
  parts: KnowledgeBaseParts,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const gone = ids.flatMap(
    (id) => parts.corpus.documents.get(id)?.chunks.map((chunk) => chunk.id) ?? [],
  );
  await parts.catalogue.commit({ write: [], remove: ids, goneChunkIds: gone });
  for (const id of ids) parts.corpus.delete(id);
  await sweepStrays(parts, gone);
}

/** Removes vectors from the store that no chunk owns, and forgets that they were there. */
export async function sweepStrays(
  parts: KnowledgeBaseParts,
  ids: readonly string[],
): Promise<void> {
  const strays = ids.filter((id) => parts.corpus.ownerOf(id) === undefined);
  if (strays.length > 0) await parts.index.delete({ ids: strays });
  if (ids.length > 0) await parts.catalogue.clearStrays(ids);
}

function hashOf(parts: KnowledgeBaseParts, source: IngestSource, name: string): string {
  const described = JSON.stringify([
    name,
    source.mediaType ?? null,
    source.metadata ?? null,
    normalizePrincipals(source.principals) ?? null,
    parts.chunker.fingerprint,
  ]);
  return createHash('sha256').update(described).update('\0').update(source.bytes).digest('hex');
}

async function prepare(
  parts: KnowledgeBaseParts,
  source: IngestSource,
  context: { name: string; contentHash: string; abortSignal: AbortSignal | undefined },
): Promise<Prepared> {
  const { name, contentHash, abortSignal } = context;
  const mediaType = source.mediaType === undefined ? {} : { mediaType: source.mediaType };
  const loader = parts.loaders.find((candidate) => candidate.accepts({ name, ...mediaType }));
  if (loader === undefined) {
    const problem = `no loader reads ${source.mediaType ?? 'files with this ending'}`;
    throw new MediaTypeUnsupportedError({ source: name, mediaType: source.mediaType, problem });
  }
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const loaded = wellFormed(
    await loader.load({ bytes: source.bytes, name, ...mediaType, ...signal }),
  );
  const principals = normalizePrincipals(source.principals ?? loaded.principals);
  const existing = parts.corpus.documents.get(name);
  const nowMs = parts.clock.now();
  const document: StoredDocument = {
    id: name,
    source: name,
    ...(loaded.title === undefined ? {} : { title: loaded.title }),
    mediaType: loaded.mediaType,
    text: loaded.text,
    contentHash,
    metadata: { ...loaded.metadata, ...wellFormed(source.metadata ?? {}) },
    ...(principals === undefined ? {} : { principals }),
    createdAtMs: existing?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  };
  const chunks = parts.chunker.chunk({ ...loaded, id: name, source: name }).map((chunk) => ({
    ...chunk,
    textHash: createHash('sha256').update(chunk.text).digest('hex'),
  }));
  return { document, chunks, isNew: existing === undefined };
}

/**
 * Brings a batch into store and catalogue.
 *
 * The order makes it safe to die at any point: first the catalogue notes what the store may soon hold, then the store
 * takes the vectors, then one transaction makes them owned and what they replace stray, then strays are removed.
 */
async function storeDocuments(
  parts: KnowledgeBaseParts,
  batch: readonly Prepared[],
  abortSignal: AbortSignal | undefined,
): Promise<void> {
  const { catalogue, corpus, index } = parts;
  const chunks = batch.flatMap(({ document, chunks: own }) =>
    own.map((chunk) => ({ document, chunk })),
  );
  const vectors = await vectorsOf(
    parts,
    chunks.map(({ chunk }) => chunk),
    abortSignal,
  );
  abortSignal?.throwIfAborted();
  const records = chunks.map(({ document, chunk }, position) =>
    toRecord(document, chunk, vectors[position] as Float32Array),
  );
  const gone = batch.flatMap(
    ({ document }) => corpus.documents.get(document.id)?.chunks.map(({ id }) => id) ?? [],
  );
  const fresh = records.map(({ id }) => id).filter((id) => corpus.ownerOf(id) === undefined);

  await catalogue.addStrays(fresh);
  for (let start = 0; start < records.length; start += parts.maxRecordsPerUpsert) {
    await index.upsert({ records: records.slice(start, start + parts.maxRecordsPerUpsert) });
  }
  await catalogue.commit({ write: batch, remove: [], goneChunkIds: gone });
  for (const { document, chunks: own } of batch) corpus.set(document, own);
  const kept = new Set(records.map(({ id }) => id));
  await sweepStrays(
    parts,
    gone.filter((id) => !kept.has(id)),
  );
}

/** Vectors of chunks, taken from the store where a chunk with the same words has one. */
async function vectorsOf(
  parts: KnowledgeBaseParts,
  chunks: readonly (Chunk & { textHash: string })[],
  abortSignal: AbortSignal | undefined,
): Promise<readonly Float32Array[]> {
  const twins = chunks.map(({ textHash }) => parts.corpus.chunkWithText(textHash));
  const ids = [...new Set(twins.filter((id) => id !== undefined))];
  const found = ids.length === 0 ? [] : await parts.index.get({ ids });
  const known = new Map(found.map(({ id, vector }) => [id, vector]));
  const missing = chunks.flatMap(({ text }, position) =>
    known.has(twins[position] ?? '') ? [] : [text],
  );
  const embedded = await embedTexts({ model: parts.embeddingModel, texts: missing, abortSignal });
  const fresh = embedded.values();
  return chunks.map(
    (_, position) => known.get(twins[position] ?? '') ?? (fresh.next().value as Float32Array),
  );
}
