import { EspalierError, type Warning } from '@espalier/core';
import type { StoredDocument } from '../../catalogue/catalogue.js';
import { MediaTypeUnsupportedError } from '../../errors.js';
import type {
  IngestFailure,
  IngestOptions,
  IngestProgress,
  IngestReport,
  IngestSource,
} from '../knowledge-base.js';
import { normalizePrincipals } from './access.js';
import { cutDocument } from './cut-document.js';
import { documentName } from './document-name.js';
import { hashBytes, hashSource, versionOf } from './hash-source.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import { removeDocuments, storeDocuments, type PreparedDocument } from './store-documents.js';
import { wellFormed } from './well-formed.js';

/** A batch is stored when it has so many chunks or documents. */
const CHUNKS_PER_BATCH = 128;
const DOCUMENTS_PER_BATCH = 64;
const VERSIONS_PER_BATCH = 500;

type Looked =
  | { readonly is: 'unchanged'; readonly newVersion?: string }
  | {
      readonly is: 'changed';
      readonly prepared: PreparedDocument;
      readonly warnings: readonly Warning[];
    };

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
  const warnings: { source: string; message: string }[] = [];
  const seen = new Set<string>();
  let batch: PreparedDocument[] = [];
  let chunksInBatch = 0;
  const versions = new Map<string, string>();

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
    chunksInBatch = 0;
    const areNew = current.map(({ document }) => !corpus.documents.has(document.id));
    await storeDocuments(parts, current, { abortSignal });
    for (const [place, { chunks }] of current.entries()) {
      counts[areNew[place] === true ? 'added' : 'updated'] += 1;
      counts.chunks += chunks.length;
    }
    report('ingesting', current.at(-1)?.document.source);
  };
  const flushVersions = async (): Promise<void> => {
    if (versions.size === 0) return;
    await parts.catalogue.setSourceVersions(versions);
    for (const [id, version] of versions) corpus.setSourceVersion(id, version);
    versions.clear();
  };

  for await (const source of options.sources) {
    abortSignal?.throwIfAborted();
    counts.seen += 1;
    try {
      const name = documentName(source.source);
      // Of two sources of one name the last one counts, as if they had come in two calls.
      if (seen.has(name)) await flush();
      seen.add(name);
      const looked = await lookAt(parts, source, name, abortSignal);
      if (looked.is === 'unchanged') {
        counts.unchanged += 1;
        if (looked.newVersion !== undefined) versions.set(name, looked.newVersion);
        if (versions.size >= VERSIONS_PER_BATCH) await flushVersions();
      } else {
        batch.push(looked.prepared);
        chunksInBatch += looked.prepared.chunks.length;
        for (const { message } of looked.warnings) warnings.push({ source: name, message });
      }
    } catch (error) {
      failed.push({ source: String(source.source), error: refusalOf(error) });
    }
    if (chunksInBatch >= CHUNKS_PER_BATCH || batch.length >= DOCUMENTS_PER_BATCH) await flush();
    else report('ingesting', String(source.source));
  }
  await flush();
  await flushVersions();

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
    warnings,
    chunks,
    durationMs: clock.monotonic() - startedAt,
  };
}

/** What is the document's own fault, for the report; anything else ends the ingest. */
function refusalOf(error: unknown): IngestFailure['error'] {
  const isDocuments =
    EspalierError.isInstance(error) &&
    (error.code.startsWith('ERR_RAG_DOCUMENT') || MediaTypeUnsupportedError.isInstance(error));
  if (!isDocuments) throw error as Error;
  const { code, message, isRetryable } = error;
  return { code, message, isRetryable };
}

/** Finds out whether a source changed, at the cost of its version where it has one, else of its bytes. */
async function lookAt(
  parts: KnowledgeBaseParts,
  source: IngestSource,
  name: string,
  abortSignal: AbortSignal | undefined,
): Promise<Looked> {
  const existing = parts.corpus.documents.get(name);
  const known = existing?.chunkedBy === parts.chunker.fingerprint ? existing : undefined;
  const version = versionOf(source, name);
  if (version !== undefined && known?.sourceVersion === version) return { is: 'unchanged' };
  const bytes = typeof source.bytes === 'function' ? await source.bytes() : source.bytes;
  const contentHash = hashSource(source, name, hashBytes(bytes));
  if (known?.contentHash === contentHash) {
    return { is: 'unchanged', ...(version === undefined ? {} : { newVersion: version }) };
  }
  const prepared = await prepare(parts, source, {
    name,
    bytes,
    contentHash,
    version,
    abortSignal,
  });
  return { is: 'changed', ...prepared };
}

async function prepare(
  parts: KnowledgeBaseParts,
  source: IngestSource,
  context: {
    name: string;
    bytes: Uint8Array;
    contentHash: string;
    version: string | undefined;
    abortSignal: AbortSignal | undefined;
  },
): Promise<{ prepared: PreparedDocument; warnings: readonly Warning[] }> {
  const { name, bytes, contentHash, version, abortSignal } = context;
  const mediaType = source.mediaType === undefined ? {} : { mediaType: source.mediaType };
  const loader = parts.loaders.find((candidate) => candidate.accepts({ name, ...mediaType }));
  if (loader === undefined) {
    const problem = `no loader reads ${source.mediaType ?? 'files with this ending'}`;
    throw new MediaTypeUnsupportedError({ source: name, mediaType: source.mediaType, problem });
  }
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const loaded = wellFormed(await loader.load({ bytes, name, ...mediaType, ...signal }));
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
    chunkedBy: parts.chunker.fingerprint,
    ...(version === undefined ? {} : { sourceVersion: version }),
    structure: {
      ...(loaded.headings === undefined ? {} : { headings: loaded.headings }),
      ...(loaded.atoms === undefined ? {} : { atoms: loaded.atoms }),
    },
    metadata: { ...loaded.metadata, ...wellFormed(source.metadata ?? {}) },
    ...(principals === undefined ? {} : { principals }),
    createdAtMs: existing?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  };
  const cut = await cutDocument(parts.chunker, { ...loaded, id: name, source: name }, abortSignal);
  return { prepared: { document, ...cut }, warnings: loaded.warnings ?? [] };
}
