import type { JsonObject, VectorRecord } from '@espalier/core';
import type { StoredChunk, StoredDocument } from '../../catalogue/catalogue.js';
import type { Bm25Index } from '../../lexical/bm25-index.js';
import { createBm25Index } from '../../lexical/create-bm25-index.js';
import { indexedText } from '../../ranking/internal/passage-text.js';
import { accessKey } from './access.js';

/** A document as search sees it: without its text. */
export interface CorpusDocument extends Omit<StoredDocument, 'text' | 'structure'> {
  readonly access: string;
  /** What filters see. */
  readonly fields: JsonObject;
  readonly chunks: readonly CorpusChunk[];
}

/** A chunk as search sees it: without its text. */
export type CorpusChunk = Omit<StoredChunk, 'documentId' | 'indexText' | 'parent'>;

/** What one knowledge base holds, in memory: everything that search needs beside the vectors. */
export interface Corpus {
  readonly documents: ReadonlyMap<string, CorpusDocument>;
  readonly lexical: Bm25Index;
  /** The words of whole documents. */
  readonly documentLexical: Bm25Index;
  readonly chunkCount: number;
  /** The document of a chunk. */
  ownerOf(chunkId: string): { document: CorpusDocument; chunk: CorpusChunk } | undefined;
  /** Ids of chunks with these words. */
  chunkWithText(textHash: string): string | undefined;
  /** The readers of the documents, by key. */
  accessKeys(): ReadonlyMap<string, readonly string[] | undefined>;
  /** The fields that documents have, by the key of their readers. */
  fieldsByAccess(): ReadonlyMap<string, ReadonlySet<string>>;
  setSourceVersion(documentId: string, version: string): void;
  set(document: StoredDocument, chunks: readonly StoredChunk[]): void;
  delete(documentId: string): void;
}

/** Chosen with the weights of the legs. */
export const CORPUS_BM25 = { k1: 1.5, b: 0.75 };

/** The indexes of a corpus's words. */
export type CorpusIndexes = Pick<Corpus, 'lexical' | 'documentLexical'>;

/** The field of a record that names the readers of its document. */
export const ACCESS_FIELD = 'access';
const BUILT_IN_FIELDS = new Set(['source', 'documentId', 'mediaType', 'title']);

/** The name under which a store keeps a field that a filter names. */
export function storedField(field: string): string {
  return BUILT_IN_FIELDS.has(field) ? field : `metadata.${field}`;
}

/** Creates an empty corpus; over indexes that hold its words already, those are not read again as documents are set. */
export function createCorpus(indexes?: CorpusIndexes): Corpus {
  const documents = new Map<string, CorpusDocument>();
  const owners = new Map<string, { document: CorpusDocument; chunk: CorpusChunk }>();
  const byText = new Map<string, Set<string>>();
  const lexical = indexes?.lexical ?? createBm25Index(CORPUS_BM25);
  const documentLexical = indexes?.documentLexical ?? createBm25Index(CORPUS_BM25);
  let fieldSets: Map<string, Set<string>> | undefined;

  const remove = (documentId: string): void => {
    const document = documents.get(documentId);
    if (document === undefined) return;
    documents.delete(documentId);
    fieldSets = undefined;
    documentLexical.delete(documentId);
    for (const { id, textHash } of document.chunks) {
      owners.delete(id);
      lexical.delete(id);
      const ids = byText.get(textHash);
      ids?.delete(id);
      if (ids?.size === 0) byText.delete(textHash);
    }
  };

  return {
    documents,
    lexical,
    documentLexical,
    get chunkCount() {
      return owners.size;
    },
    ownerOf: (chunkId) => owners.get(chunkId),
    chunkWithText: (textHash) => byText.get(textHash)?.values().next().value,
    accessKeys: () =>
      new Map([...documents.values()].map(({ access, principals }) => [access, principals])),
    fieldsByAccess() {
      if (fieldSets === undefined) {
        fieldSets = new Map();
        for (const { access, fields } of documents.values()) {
          const known = fieldSets.get(access) ?? new Set();
          for (const field of Object.keys(fields)) known.add(field);
          fieldSets.set(access, known);
        }
      }
      return fieldSets;
    },
    setSourceVersion(documentId, sourceVersion) {
      const document = documents.get(documentId);
      if (document === undefined) return;
      const changed = { ...document, sourceVersion };
      documents.set(documentId, changed);
      for (const chunk of changed.chunks) owners.set(chunk.id, { document: changed, chunk });
    },
    set(stored, chunks) {
      remove(stored.id);
      fieldSets = undefined;
      const { text, structure: _structure, ...rest } = stored;
      const kept = chunks.map(
        ({ id, position, span, lines, headingPath, textHash }): CorpusChunk => ({
          id,
          position,
          span,
          lines,
          headingPath,
          textHash,
        }),
      );
      const access = accessKey(stored.principals);
      const document: CorpusDocument = {
        ...rest,
        access,
        fields: recordFields(stored),
        chunks: kept,
      };
      documents.set(document.id, document);
      const titled = (words: string): string => indexedText({ ...titleOf(document), text: words });
      if (kept.length > 0 && !documentLexical.has(document.id))
        documentLexical.set(document.id, titled(text));
      for (const [place, chunk] of kept.entries()) {
        owners.set(chunk.id, { document, chunk });
        const own = chunks[place]?.indexText ?? text.slice(chunk.span.start, chunk.span.end);
        // The title stands over the first chunk only: before each it would drown what sets them apart.
        if (!lexical.has(chunk.id)) lexical.set(chunk.id, place === 0 ? titled(own) : own);
        const ids = byText.get(chunk.textHash);
        if (ids === undefined) byText.set(chunk.textHash, new Set([chunk.id]));
        else ids.add(chunk.id);
      }
    },
    delete: remove,
  };
}

/** A title to be counted; the name of a file is none. */
function titleOf({ title, source }: { title?: string; source: string }): { title?: string } {
  return title === undefined || source.endsWith(title) ? {} : { title };
}

/** Makes the record that a store keeps for a chunk. */
export function toRecord(
  document: StoredDocument,
  chunk: { id: string; text: string },
  vector: Float32Array,
): VectorRecord {
  const metadata = { ...recordFields(document), [ACCESS_FIELD]: accessKey(document.principals) };
  return { id: chunk.id, vector, text: chunk.text, metadata };
}

/** The fields of a document by the names that stores keep them under. */
export function recordFields(document: StoredDocument): JsonObject {
  const fields: JsonObject = {
    source: document.source,
    documentId: document.id,
    mediaType: document.mediaType,
    ...(document.title === undefined ? {} : { title: document.title }),
  };
  for (const [name, value] of Object.entries(document.metadata)) {
    // Filters compare scalars only.
    if (value !== null && typeof value !== 'object') fields[`metadata.${name}`] ??= value;
  }
  return fields;
}
