import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { isAbortError } from '@espalier/core';
import type * as z from '@espalier/core/zod';
import { SnapshotInvalidError } from '../../errors.js';
import {
  snapshotDocumentSchema,
  snapshotEndSchema,
  snapshotHeadSchema,
  type SnapshotDocument,
} from './snapshot-format.js';

/** The first line of a snapshot. */
export type SnapshotHead = z.infer<typeof snapshotHeadSchema>;

/**
 * Reads a snapshot: its head, then its documents one by one.
 *
 * @throws {SnapshotInvalidError} `ERR_RAG_SNAPSHOT_INVALID`: before the last document where anything is wrong.
 */
export async function readSnapshot(
  path: string,
  abortSignal: AbortSignal | undefined,
): Promise<{ head: SnapshotHead; documents: AsyncGenerator<SnapshotDocument> }> {
  const invalid = (problem: string, cause?: unknown): SnapshotInvalidError =>
    new SnapshotInvalidError({ path, problem, cause });
  const lines = linesOf(path, abortSignal, invalid);
  const first = await lines.next();
  const head = snapshotHeadSchema.safeParse(first.done === true ? undefined : parse(first.value));
  if (!head.success) throw invalid('it does not begin as a snapshot of this version does');

  async function* documents(): AsyncGenerator<SnapshotDocument> {
    const counts = { documents: 0, chunks: 0 };
    let isWhole = false;
    for await (const line of lines) {
      const value = parse(line);
      const end = snapshotEndSchema.safeParse(value);
      if (end.success) {
        isWhole =
          end.data.end.documents === counts.documents && end.data.end.chunks === counts.chunks;
        break;
      }
      const read = snapshotDocumentSchema.safeParse(value);
      if (!read.success) throw invalid(`line ${counts.documents + 2} is not a document`);
      counts.documents += 1;
      counts.chunks += read.data.chunks.length;
      yield read.data;
    }
    if (!isWhole) throw invalid('its end is missing');
  }
  return { head: head.data, documents: documents() };
}

async function* linesOf(
  path: string,
  abortSignal: AbortSignal | undefined,
  invalid: (problem: string, cause: unknown) => SnapshotInvalidError,
): AsyncGenerator<string> {
  const file = createReadStream(path);
  const unpacked = file.pipe(createGunzip());
  // A stream that fails does not pass it on through pipe.
  file.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const line of createInterface({ input: unpacked, crlfDelay: Infinity })) {
      abortSignal?.throwIfAborted();
      yield line;
    }
    // The line reader swallows what the stream failed with.
    if (unpacked.errored !== null) throw unpacked.errored;
  } catch (error) {
    if (isAbortError(error) || SnapshotInvalidError.isInstance(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(code === 'ENOENT' ? 'there is no such file' : String(error), error);
  } finally {
    file.destroy();
    unpacked.destroy();
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
