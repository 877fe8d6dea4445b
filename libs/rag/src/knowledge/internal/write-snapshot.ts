import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { KnowledgeBaseInfo } from '../knowledge-base.js';
import type { SnapshotReport, WorkOptions } from '../lifecycle.js';
import type { KnowledgeBaseParts } from './knowledge-base-parts.js';
import {
  encodeVector,
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
  type SnapshotDocument,
} from './snapshot-format.js';

/** Writes a knowledge base to one file: JSON lines, gzipped. See `KnowledgeBase.snapshot`. */
export async function writeSnapshot(
  parts: KnowledgeBaseParts,
  info: KnowledgeBaseInfo,
  options: { readonly path: string } & WorkOptions,
): Promise<SnapshotReport> {
  const { path, abortSignal, onProgress } = options;
  const counts = { documents: 0, chunks: 0 };
  const total = parts.corpus.documents.size;

  async function* lines(): AsyncGenerator<string> {
    const head = {
      format: SNAPSHOT_FORMAT,
      version: SNAPSHOT_VERSION,
      name: info.name,
      ...(info.description === undefined ? {} : { description: info.description }),
      embedding: info.embedding,
      dimension: info.dimension,
    };
    yield `${JSON.stringify(head)}\n`;
    for await (const { document, chunks } of parts.catalogue.documents()) {
      abortSignal?.throwIfAborted();
      const records = await parts.index.get({ ids: chunks.map(({ id }) => id) });
      const vectors = new Map(records.map(({ id, vector }) => [id, encodeVector(vector)]));
      const line: SnapshotDocument = {
        document: document as SnapshotDocument['document'],
        chunks: chunks.map(
          ({ id, position, span, lines: own, headingPath, indexText, parent }) => ({
            id,
            position,
            span,
            lines: own,
            headingPath: [...headingPath],
            ...(indexText === undefined ? {} : { indexText }),
            ...(parent === undefined ? {} : { parent }),
            // A missing one is embedded again by whoever restores it.
            vector: vectors.get(id) ?? '',
          }),
        ),
      };
      yield `${JSON.stringify(line)}\n`;
      counts.documents += 1;
      counts.chunks += chunks.length;
      onProgress?.({ done: counts.documents, total });
    }
    yield `${JSON.stringify({ end: counts })}\n`;
  }

  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.part`;
  try {
    await pipeline(Readable.from(lines()), createGzip(), createWriteStream(unfinished), {
      ...(abortSignal === undefined ? {} : { signal: abortSignal }),
    });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return { ...counts, bytes: (await stat(path)).size };
}
