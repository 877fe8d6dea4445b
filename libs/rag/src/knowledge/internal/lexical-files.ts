import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '@espalier/core';
import type { Bm25Index } from '../../lexical/bm25-index.js';
import { restoreBm25Index } from '../../lexical/create-bm25-index.js';
import { CORPUS_BM25, type Corpus, type CorpusIndexes } from './corpus.js';

const FOLDER = 'lexical';
/** `ESP2`: the title is in front of the first chunk's words. */
const MAGIC = 0x32505345;
/** Magic, revision as a double, length of the first index. */
const HEAD_BYTES = 16;

/** Keeps the indexes of words of knowledge bases beyond the process, each under the key of its knowledge base. */
export interface LexicalFiles {
  /** Resolves to the indexes as they were at this revision of the catalogue; undefined where there are none. */
  load(key: string, revision: number): Promise<CorpusIndexes | undefined>;
  /** Writes the indexes, as a whole or not at all; does nothing where they are stored as they are. */
  save(key: string, revision: number, corpus: Corpus): Promise<void>;
  /** To be called before anything of the knowledge base changes: no file ever tells of words that were deleted. */
  remove(key: string): Promise<void>;
}

/**
 * Creates what keeps the indexes in files of a folder.
 *
 * A file that is damaged, or of another revision, counts as none: the index is then made anew from the catalogue.
 */
export function createLexicalFiles(options: { folder: string; logger: Logger }): LexicalFiles {
  const { logger } = options;
  /** The revisions that the files are known to be of. */
  const current = new Map<string, number>();
  const pathOf = (key: string): string => join(options.folder, FOLDER, `${key}.bm25`);
  return {
    async load(key, revision) {
      let bytes: Uint8Array;
      try {
        bytes = await readFile(pathOf(key));
      } catch {
        return undefined;
      }
      try {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        if (bytes.length < HEAD_BYTES || view.getUint32(0, true) !== MAGIC) return undefined;
        if (view.getFloat64(4, true) !== revision) return undefined;
        const end = HEAD_BYTES + view.getUint32(12, true);
        const indexes = {
          lexical: restoreBm25Index(bytes.subarray(HEAD_BYTES, end), CORPUS_BM25),
          documentLexical: restoreBm25Index(bytes.subarray(end), CORPUS_BM25),
        };
        current.set(key, revision);
        return indexes;
      } catch (error) {
        logger.warn('A stored index of words cannot be read and is made anew.', {
          key,
          problem: String(error),
        });
        return undefined;
      }
    },
    async save(key, revision, { lexical, documentLexical }) {
      if (current.get(key) === revision) return;
      const path = pathOf(key);
      const passing = `${path}.new`;
      try {
        await mkdir(dirname(path), { recursive: true });
        const file = await open(passing, 'w');
        try {
          for (const part of fileParts(revision, lexical, documentLexical))
            await file.writeFile(part);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(passing, path);
        current.set(key, revision);
      } catch (error) {
        // The catalogue has all that it holds.
        await rm(passing, { force: true }).catch(() => undefined);
        logger.warn('The index of words could not be stored; the next opening makes it anew.', {
          key,
          problem: String(error),
        });
      }
    },
    async remove(key) {
      const path = pathOf(key);
      current.delete(key);
      await rm(path, { force: true });
      await rm(`${path}.new`, { force: true });
    },
  };
}

function fileParts(revision: number, lexical: Bm25Index, documents: Bm25Index): Uint8Array[] {
  const chunks = lexical.serialize();
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, MAGIC, true);
  view.setFloat64(4, revision, true);
  view.setUint32(12, chunks.length, true);
  return [head, chunks, documents.serialize()];
}
